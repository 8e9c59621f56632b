"""Who delivers the facts of a kind of subject, and what the engine asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.backends.utils import CursorWrapper

from compliance.choices import SubjectKind


@dataclass(frozen=True)
class Scope:
    """What a statement is about.

    `as_of`: the day of the check and of the law. `path`: only units at or below it. `low`, `high`:
    the chunk, both ids inside. `standing`: the table of cadre facts that hold on `as_of`.
    `complete`: keep every subject, not only what the live state stores.
    """

    as_of: date
    path: str | None = None
    low: int = 0
    high: int = 2**62
    standing: str = "compliance_standing"
    complete: bool = False


class Source(Protocol):
    """Facts of some kinds of subjects as SQL.

    `stage` inserts one row per subject into `target` with the columns `kind, group_id, subject_id,
    unit_id, figures_id, outcomes, counts`. `chunks` cuts the work into ranges of group ids of about
    equal size. `people` is SQL for the ids of cadres (column `cadre_id`) whose standing is needed.
    `labels` is SQL with columns `subject_id, unit_code, unit_name, term, title_code, title_name,
    cadre_code, cadre_name, year, start_on` for the rows of `staged` of one kind.
    """

    @property
    def name(self) -> str:
        """What chunks call the source."""

    @property
    def kinds(self) -> tuple[SubjectKind, ...]:
        """The kinds of subjects that it delivers."""

    def chunks(self, cursor: CursorWrapper, scope: Scope, size: int) -> Sequence[tuple[int, int]]:
        """Ranges of group ids."""

    def people(self, scope: Scope) -> tuple[str, list[Any]]:
        """Whose standing the subjects of `scope` need: SQL with its parameters."""

    def people_between(self, low: int, high: int) -> tuple[str, list[Any]]:
        """Whose standing any subject needs, by range of cadre ids."""

    def stage(self, cursor: CursorWrapper, scope: Scope, target: str) -> None:
        """Judge the subjects in scope."""

    def labels(self, kind: SubjectKind, staged: str) -> str:
        """SQL that names the subjects in the table `staged`."""

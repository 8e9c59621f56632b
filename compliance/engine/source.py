"""Who delivers the facts of a kind of subject, and what the engine asks of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

from django.db.backends.utils import CursorWrapper

from compliance.choices import SubjectKind

#: Above every id.
LAST = 2**62

#: Makes a statement that writes out of SQL for rows of verdicts.
Insert = Callable[[str], str]


@dataclass(frozen=True)
class Scope:
    """What a statement is about.

    `as_of`: the day of the check and of the law. `path`: only units at or below it. `low`, `high`:
    the chunk, both ids inside. `standing`: the table of cadre facts that hold on `as_of`.
    `complete`: keep every subject, not only what the live state stores. `groups`: a table of the
    only groups to judge (column `group_id`), all of them inside the chunk. `is_shared`: `standing`
    holds everybody, each with how often they are `named` in the country.
    """

    as_of: date
    path: str | None = None
    low: int = 0
    high: int = LAST
    standing: str = "standing_then"
    complete: bool = False
    groups: str | None = None
    is_shared: bool = False

    def within(self, column: str) -> str:
        """SQL condition "the group in `column` is to be judged"; no parameters."""
        if self.groups:
            return f"{column} IN (SELECT group_id FROM {self.groups})"
        return f"{column} BETWEEN {self.low:d} AND {self.high:d}"


class Source(Protocol):
    """Facts of some kinds of subjects as SQL.

    `judge` executes `insert` of one row per subject with the columns `kind, group_id, subject_id,
    unit_id, figures_id, outcomes, counts`. `chunks` cuts the work into ranges of group ids of about
    equal size. `people` is SQL for the ids of cadres (column `cadre_id`) whose standing is needed.
    `beside` names whole numbers of a subject that are kept beside those of its rules. `labels` is
    SQL with columns `subject_id, unit_code, unit_name, term, title_code, title_name, cadre_code,
    cadre_name, year, start_on` for the rows of `staged` of one kind.
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

    def beside(self, kind: SubjectKind) -> tuple[str, ...]:
        """Facts of the subjects of one kind, kept in `counts` after the values that rules show."""

    def judge(self, cursor: CursorWrapper, scope: Scope, insert: Insert) -> None:
        """Judge the subjects in scope."""

    def labels(self, kind: SubjectKind, staged: str) -> str:
        """SQL that names the subjects in the table `staged`."""


@runtime_checkable
class MarkedSource(Source, Protocol):
    """A source with many groups, which are judged again only when something touched them.

    Triggers mark what is edited (`compliance_mark`).
    """

    @property
    def groups(self) -> str:
        """SQL for the ids of all groups (column `group_id`)."""

    def touched(self, people: str) -> str:
        """SQL for the groups that have to be judged again on a later day (`group_id`).

        `people` is SQL for the cadres whose facts changed; takes %(since)s and %(d)s.
        """

    def everybody(self, as_of: date) -> str:
        """SQL for all cadres that are judged on the day (`cadre_id`), once for each subject.

        Ends in a condition, to which others may be added.
        """

    def basis(self) -> str:
        """Everything it asks, as text: where that is new, all groups are judged again."""

"""Sources whose subjects are judged one by one, without counting over groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.figures import stage_figures
from compliance.engine.registry import rules_of
from compliance.engine.source import Insert, Scope


@dataclass(frozen=True, kw_only=True)
class SingleSource:
    """One kind of subject whose facts stand in one row.

    `facts` is SQL with the columns `subject_id, unit_id`, the `days`, and whatever the rules read;
    it takes the day as %(d)s and may use `{standing}` and `%(year)s`. Groups are units. `people` is
    SQL for cadre ids whose standing the facts read. `kept` is `beside`, `label_sql` is `labels` of
    `Source`; `{places[name]}` in the latter is the place of a name in `counts`.
    """

    name: str
    kind: SubjectKind
    facts: str
    people_sql: str
    label_sql: str
    kept: tuple[str, ...] = ()
    days: tuple[str, ...] = ("on_date",)
    day_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[SubjectKind, ...]:
        """The one kind."""
        return (self.kind,)

    def chunks(self, cursor: CursorWrapper, scope: Scope, size: int) -> Sequence[tuple[int, int]]:
        """One chunk over all units: these subjects are few."""
        cursor.execute("SELECT min(id), max(id) FROM cadres_unit")
        low, high = cursor.fetchone()
        return [] if low is None else [(low, high)]

    def people(self, scope: Scope) -> tuple[str, list[Any]]:
        """All whose standing is read: these subjects are few."""
        return self.people_sql, []

    def beside(self, kind: SubjectKind) -> tuple[str, ...]:
        """What is kept beside the values that rules show."""
        return self.kept

    def judge(self, cursor: CursorWrapper, scope: Scope, insert: Insert) -> None:
        """Judge the subjects in scope."""
        kept = "unit_id BETWEEN %(low)s AND %(high)s" + (
            " AND unit_id IN (SELECT id FROM cadres_unit"
            " WHERE path >= %(path)s AND path < %(path)s || '~')"
            if scope.path is not None
            else ""
        )
        facts = self.facts.format(standing=scope.standing)
        cursor.execute(
            f"CREATE TEMP TABLE subject ON COMMIT DROP AS SELECT * FROM ({facts}) q WHERE {kept}",
            {
                "d": scope.as_of,
                "year": scope.as_of.year,
                "low": scope.low,
                "high": scope.high,
                "path": scope.path,
            },
        )
        rules = rules_of(self.kind)
        stage_figures(
            cursor,
            figures=compose.figures_of(rules),
            subjects="subject",
            days=self.days,
            day_of=self.day_of,
        )
        figures = "".join(f", f.{name}" for name in compose.figures_of(rules))
        match = "".join(f" AND f.{day} IS NOT DISTINCT FROM s.{day}" for day in self.days)
        columns, verdicts = compose.outcome_columns(self.kind)
        stored = (
            ""
            if scope.complete
            else (f" WHERE greatest({', '.join(columns)}) >= {Outcome.NOT_APPLICABLE.value}")
        )
        cursor.execute(
            insert(
                f"SELECT {self.kind.value}, unit_id, subject_id, unit_id, figures_id,"
                f" ARRAY[{', '.join(columns)}]::smallint[], {compose.counts(self.kind)}"
                f" FROM (SELECT *, {verdicts} FROM"
                f" (SELECT s.*, f.figures_id{figures} FROM subject s"
                f" JOIN figure f ON f.unit_id = s.unit_id{match}) x) y{stored}"
            )
        )
        cursor.execute("DROP TABLE subject, figure, figure_set, figure_key, figure_day")

    def labels(self, kind: SubjectKind, staged: str) -> str:
        """Names of the staged subjects."""
        places = {name: place for place, name in enumerate(compose.count_names(kind), start=1)}
        return self.label_sql.format(staged=staged, kind=kind.value, places=places)

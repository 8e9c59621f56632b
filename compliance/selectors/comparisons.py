"""What turned between two snapshot runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cadres.policies import Actor
from compliance.choices import Outcome
from compliance.engine import store
from compliance.engine.findings import Finding, Labels, finding
from compliance.engine.rule import Rule
from compliance.models import ComplianceRun
from compliance.selectors.findings import add_scope, rule_at, wanted_places


class Turn(TextChoices):
    """How a verdict differs from the one before."""

    WORSE = "kem-di", _("Kém đi")
    BETTER = "tot-len", _("Tốt lên")
    BEGUN = "moi-xet", _("Mới được xét")
    ENDED = "thoi-xet", _("Không còn xét")


@dataclass(frozen=True, kw_only=True)
class TurnedFinding:
    """One verdict that differs; what was not judged at all is None."""

    rule: Rule
    turn: Turn
    before: Finding | None
    after: Finding | None

    @property
    def shown(self) -> Finding:
        """The later of the two: it has the names."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - the query gives none without either
        return found


class RunComparison:
    """Verdicts of `after` that are not those of `before`, within the actor's scope.

    Worse first. Slices and `count()` are what a paginator asks for.
    """

    def __init__(
        self,
        *,
        actor: Actor,
        before: ComplianceRun,
        after: ComplianceRun,
        rule: Rule | None = None,
        turn: Turn | None = None,
    ) -> None:
        self.actor, self.before, self.after, self.rule, self.turn = actor, before, after, rule, turn

    @cached_property
    def totals(self) -> dict[str, dict[Turn, int]]:
        """Code of the rule -> how many turned which way; one query."""
        sql, values = self._turned(None)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT kind, place, turn, count(*) FROM ({sql}) t GROUP BY 1, 2, 3", values
            )
            rows = cursor.fetchall()
        result: dict[str, dict[Turn, int]] = {}
        for kind, place, turn, number in rows:
            by_turn = result.setdefault(rule_at(kind, place).code, {})
            by_turn[Turn(turn)] = by_turn.get(Turn(turn), 0) + number
        return result

    def number(self, turn: Turn | None = None, rule: Rule | None = None) -> int:
        """How many turned; one way or of one rule if given."""
        return sum(
            number
            for code, by_turn in self.totals.items()
            if rule is None or code == rule.code
            for its_turn, number in by_turn.items()
            if turn in (None, its_turn)
        )

    def count(self) -> int:
        """How many rows the list has."""
        return self.number(self.turn, self.rule)

    def __getitem__(self, wanted: slice) -> list[TurnedFinding]:
        start, stop = wanted.start or 0, wanted.stop
        sql, values = self._turned(self.rule)
        only, turns = ("WHERE turn = %s", [self.turn.value]) if self.turn else ("", [])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.kind, group_id, subject_id, unit_id, place, turn, labels,"
                " was, counts_was, f.figures, f.citations, now, counts_now, g.figures, g.citations"
                f" FROM (SELECT * FROM ({sql}) t {only} ORDER BY {_ORDER} LIMIT %s OFFSET %s) t"
                " LEFT JOIN compliance_figureset f ON f.id = t.figures_was"
                " LEFT JOIN compliance_figureset g ON g.id = t.figures_now"
                f" ORDER BY {_ORDER}",
                [*values, *turns, stop - start, start],
            )
            return [_turned_finding(row) for row in cursor.fetchall()]

    def _turned(self, rule: Rule | None) -> tuple[str, list[Any]]:
        where = [
            "nullif(d.outcomes_was[w.place], 0) IS DISTINCT FROM nullif(d.outcomes_now[w.place], 0)"
        ]
        scope: list[Any] = []
        add_scope(where, scope, self.actor)
        return (
            _TURNED.format(wanted=wanted_places(rule, None), where=" AND ".join(where)),
            [self.before.pk, self.after.pk, *scope],
        )


_ORDER = (
    "array_position(ARRAY['kem-di', 'tot-len', 'moi-xet', 'thoi-xet'], turn),"
    " path, t.kind, group_id, subject_id, place"
)

_TURNED = """
SELECT d.kind, d.group_id, d.subject_id, d.unit_id, u.path, w.place, d.labels,
       nullif(d.outcomes_was[w.place], 0) AS was, nullif(d.outcomes_now[w.place], 0) AS now,
       d.counts_was, d.counts_now, d.figures_was, d.figures_now,
       CASE WHEN coalesce(d.outcomes_was[w.place], 0) = 0 THEN 'moi-xet'
            WHEN coalesce(d.outcomes_now[w.place], 0) = 0 THEN 'thoi-xet'
            WHEN d.outcomes_now[w.place] > d.outcomes_was[w.place] THEN 'kem-di'
            ELSE 'tot-len' END AS turn
  FROM (SELECT kind, group_id, subject_id, coalesce(b.unit_id, a.unit_id) AS unit_id,
               a.outcomes AS outcomes_was, b.outcomes AS outcomes_now,
               a.counts AS counts_was, b.counts AS counts_now,
               a.figures_id AS figures_was, b.figures_id AS figures_now,
               coalesce(b.labels, a.labels) AS labels
          FROM (SELECT * FROM compliance_snapshot WHERE run_id = %s) a
          FULL JOIN (SELECT * FROM compliance_snapshot WHERE run_id = %s) b
               USING (kind, group_id, subject_id)) d
  JOIN cadres_unit u ON u.id = d.unit_id
  JOIN (VALUES {wanted}) w (kind, place, rule) ON w.kind = d.kind
 WHERE {where}"""


def _turned_finding(row: tuple[Any, ...]) -> TurnedFinding:
    kind, group_id, subject_id, unit_id, place, turn, labels, *sides = row
    rule, names = rule_at(kind, place), Labels.from_json(labels)

    def side(outcome: int | None, counts: Any, figures: Any, citations: Any) -> Finding | None:
        if outcome is None:
            return None
        verdict = store.verdict_of(
            kind, group_id, subject_id, unit_id, (), counts, figures, citations
        )
        return finding(verdict, names, rule, Outcome(outcome))

    return TurnedFinding(
        rule=rule, turn=Turn(turn), before=side(*sides[:4]), after=side(*sides[4:])
    )

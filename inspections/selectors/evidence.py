"""Takings of evidence, what is frozen in them, and how the data of now differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import FindingState
from inspections.models import (
    Evidence,
    EvidenceTaking,
    Finding,
    FindingEvidence,
    InspectedUnit,
    Inspection,
)
from inspections.policies import SHOWN_TO_UNITS, inspected_scope
from inspections.selectors.inspections import inspections_visible
from inspections.selectors.seen import units_read
from planning.selectors.stored import Statement, rows_of

#: Outcomes in the order in which they are told, worst first.
OUTCOMES = ("not_met", "cannot_tell", "met", "not_applicable")


def takings_of(inspection: Inspection) -> QuerySet[EvidenceTaking]:
    """Takings of an inspection, the latest first."""
    return inspection.takings.select_related("asked_by").order_by("-pk")


def taking_get(inspection: Inspection, pk: int) -> EvidenceTaking:
    """One of them. Raises Http404."""
    found: EvidenceTaking = get_object_or_404(takings_of(inspection), pk=pk)
    return found


# ---- What is frozen --------------------------------------------------------------------------


def evidence_of(
    taking: EvidenceTaking, units: Iterable[InspectedUnit]
) -> list[tuple[Evidence, dict[str, int]]]:
    """Rows of a taking on these units with their results counted by outcome; two queries.

    The contents are not read: together they are large. Results of sensitive rules are not counted.
    """
    rows = (
        Evidence.objects.filter(taking=taking, inspected_unit__in=list(units))
        .defer("content")
        .select_related("inspected_unit__unit")
        .order_by("inspected_unit__place", "inspected_unit_id", "pk")
    )
    counts = _counts(taking)
    return [(row, counts.get(row.pk, {})) for row in rows]


def _counts(taking: EvidenceTaking) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for row in rows_of(
        Statement(
            "SELECT e.id, f ->> 'outcome' AS outcome, count(*) AS number"
            " FROM inspections_evidence e, jsonb_array_elements(e.content -> 'findings') f"
            " WHERE e.taking_id = %s AND NOT (f ->> 'is_sensitive')::boolean GROUP BY 1, 2",
            [taking.pk],
        )
    ):
        found.setdefault(row["id"], {})[row["outcome"]] = row["number"]
    return found


def evidence_get(actor: Actor, pk: int) -> Evidence:
    """Evidence that the actor may read: of a unit in the mandate; or, for officers of the unit,
    evidence that an approved finding on it rests on. Raises Http404.
    """
    row: Evidence = get_object_or_404(
        Evidence.objects.select_related(
            "taking__inspection__unit", "inspected_unit__unit", "plan__unit", "plan__term"
        ),
        Q(Exists(_worked_in(actor))) | Q(Exists(_own(actor))),
        pk=pk,
    )
    inspection = row.taking.inspection
    is_read = row.inspected_unit_id in {each.pk for each in units_read(actor, inspection)}
    if not is_read and not Evidence.objects.filter(Exists(_own(actor)), pk=pk).exists():
        # Not there, as for everybody else: the mandate is over, or the unit is another's.
        get_object_or_404(Evidence.objects.none())
    return row


def _worked_in(actor: Actor) -> QuerySet[Inspection]:
    return inspections_visible(actor).filter(takings=OuterRef("taking"))


def _own(actor: Actor) -> QuerySet[FindingEvidence]:
    """Proofs by the evidence of which a unit's officers see the finding."""
    shown = Finding.objects.filter(
        inspected_scope(actor, "inspected_unit__"),
        state=FindingState.APPROVED,
        inspection__stage__in=SHOWN_TO_UNITS,
    )
    return FindingEvidence.objects.filter(evidence=OuterRef("pk"), finding__in=shown)


# ---- Results in it ---------------------------------------------------------------------------


def results_of(
    content: Mapping[str, Any], key: str = "", *, is_told: bool
) -> list[Mapping[str, Any]]:
    """Frozen results, worst first; `key`: one of them, or all of a rule and subject kind.

    Without `is_told` those of sensitive rules are left out.
    """
    rows = [
        row
        for row in content["findings"]
        if (is_told or not row["is_sensitive"]) and is_meant(row["key"], key)
    ]
    return sorted(rows, key=lambda row: OUTCOMES.index(row["outcome"]))


def is_meant(own: str, asked: str) -> bool:
    """Whether a result's key is the one that is asked for, or one of its rule and kind."""
    return not asked or own == asked or own.rsplit(":", 1)[0] == asked


def observed_of(content: Mapping[str, Any], key: str = "") -> list[Mapping[str, Any]]:
    """What is observed without a rule."""
    return [row for row in content.get("observed", ()) if not key or row["key"] == key]


@dataclass(frozen=True)
class ResultChange:
    """A result as it was frozen and as it would be; `now` None: there is no such subject now."""

    before: Mapping[str, Any]
    now: Mapping[str, Any] | None


def result_changes(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[ResultChange]:
    """Results whose outcome is another one now, in their order."""
    by_key = {row["key"]: row for row in now}
    found = []
    for row in before:
        other = by_key.get(row["key"])
        if other is None or other["outcome"] != row["outcome"]:
            found.append(ResultChange(row, other))
    return found


# ---- Side by side ----------------------------------------------------------------------------


def rule_figures(taking: EvidenceTaking, units: Iterable[InspectedUnit]) -> list[dict[str, Any]]:
    """Results by inspected unit, rule and subject kind, outcomes counted; people once each.

    `worst`: the worst result, `evidence`: where it stands. One query.
    """
    rows = rows_of(
        Statement(
            """
SELECT e.inspected_unit_id AS unit, f ->> 'rule' AS rule, f ->> 'subject' AS subject,
       (f ->> 'is_sensitive')::boolean AS is_sensitive,
       count(DISTINCT w.who) FILTER (WHERE f ->> 'outcome' = 'not_met') AS not_met,
       count(DISTINCT w.who) FILTER (WHERE f ->> 'outcome' = 'cannot_tell') AS cannot_tell,
       count(DISTINCT w.who) AS total,
       (array_agg(f ORDER BY array_position(ARRAY['not_met', 'cannot_tell', 'met'],
                                            f ->> 'outcome'), e.id))[1] AS worst,
       (array_agg(e.id ORDER BY array_position(ARRAY['not_met', 'cannot_tell', 'met'],
                                               f ->> 'outcome'), e.id))[1] AS evidence
  FROM inspections_evidence e, jsonb_array_elements(e.content -> 'findings') f,
       LATERAL (SELECT CASE f ->> 'subject' WHEN 'nomination' THEN f ->> 'cadre'
                                            ELSE f ->> 'key' END AS who) w
 WHERE e.taking_id = %s AND e.inspected_unit_id = ANY(%s)
   AND f ->> 'outcome' <> 'not_applicable' AND coalesce((f ->> 'in_period')::boolean, true)
 GROUP BY 1, 2, 3, 4""",
            [taking.pk, [each.pk for each in units]],
        )
    )
    return [{**row, "worst": json.loads(row["worst"])} for row in rows]

"""What the papers of one inspection are made of, as far as one reader may see it.

Read once, whatever the number of papers made of it: a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q

from cadres.policies import Actor, can_see_sensitive
from cadres.selectors.units import units_by_path
from inspections.choices import DocumentKind, FindingState, MinutesKind
from inspections.models import (
    Attachment,
    EvidenceTaking,
    Finding,
    InspectedUnit,
    Inspection,
    Minutes,
    OutlineItem,
    RegisteredDocument,
    SelfReport,
    TeamMember,
    TeamReport,
)
from inspections.policies import told_minutes
from inspections.selectors.findings import Seen, seen_by
from inspections.selectors.inspections import Limit, limits_of
from inspections.selectors.self_reports import ASSESSMENT, submissions_latest, unit_files

#: Minutes -> the paper that they are printed as.
MINUTES_PAPERS = {
    MinutesKind.DEPLOY: DocumentKind.KT4,
    MinutesKind.WORKING: DocumentKind.KT6,
    MinutesKind.VERIFYING: DocumentKind.KT7,
    MinutesKind.CONFERENCE: DocumentKind.KT9,
    MinutesKind.ANNOUNCING: DocumentKind.KT11,
}
MINUTES_OF = {kind: minutes for minutes, kind in MINUTES_PAPERS.items()}


@dataclass(frozen=True)
class Compared:
    """How many plans of an inspected unit came out how by one criterion, on the day of evidence."""

    inspected_id: int
    rule: str
    title: str
    met: int
    not_met: int
    cannot_tell: int

    @property
    def total(self) -> int:
        """Plans that could be judged."""
        return self.met + self.not_met + self.cannot_tell


@dataclass(frozen=True)
class ReportTold:
    """A self-report as the reader may read it: the unit what it is writing, the others what was
    last submitted. `answers`: {id of the question: {"text", "table"}}."""

    state: str
    number: str
    submitted_on: dt.date | None
    assessment: Mapping[str, str]
    answers: Mapping[int, Mapping[str, Any]]
    files: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Source:
    """All that is told in papers. `side`: the inspected unit that reads; None: the issuing side.

    `seen`: inspected units that the reader looks at; `left_out`: findings that exist and are not
    for this reader; `has_sensitive`: some finding is sensitive, whoever reads; `reports`,
    `minutes`, `documents`: those of `seen`.
    """

    inspection: Inspection
    side: InspectedUnit | None
    units: Sequence[InspectedUnit]
    seen: frozenset[int]
    above: Mapping[str, Any]
    team: Sequence[TeamMember]
    outline: Sequence[OutlineItem]
    reports: Mapping[int, ReportTold]
    attachments: Sequence[Attachment]
    minutes: Sequence[Minutes]
    findings: Sequence[Finding]
    left_out: int
    has_sensitive: bool
    report: TeamReport | None
    documents: Sequence[RegisteredDocument]
    taking: EvidenceTaking | None
    limits: Sequence[Limit]
    _compare: Callable[[], list[Compared]] = field(repr=False)

    @cached_property
    def compared(self) -> list[Compared]:
        """Criteria over the plans of the units seen; read when it is asked for."""
        return self._compare()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the inspection is kept from the reader."""
        return not self.left_out and len(self.seen) == len(self.units)

    def superiors(self, unit: Any) -> list[Any]:
        """The units above a unit, the topmost first."""
        steps = range(unit.steplen, len(unit.path), unit.steplen)
        return [self.above[unit.path[:end]] for end in steps if unit.path[:end] in self.above]

    def registered(
        self, kind: str, inspected: InspectedUnit | None = None, minutes: Minutes | None = None
    ) -> RegisteredDocument | None:
        """The line of the register for a paper, the latest that stands."""
        wanted = (kind, inspected and inspected.pk, minutes and minutes.pk)
        for line in reversed(self.documents):
            if line.cancelled_for:
                continue
            if (line.kind, line.inspected_unit_id, line.minutes_id) == wanted:
                return line
        return None


def source_of(actor: Actor, inspection: Inspection) -> Source:
    """For the issuing side and the team: what the actor looks at of an inspection they see."""
    units = list(inspection.units.select_related("unit"))
    return _source(seen_by(actor, inspection), units, side=None)


def source_of_side(actor: Actor, inspected: InspectedUnit) -> Source:
    """For an inspected unit: what is said of it alone, as far as it is said to it."""
    told = can_see_sensitive(actor, inspected.unit)
    seen = Seen(inspected.inspection, [inspected], frozenset({inspected.pk} if told else ()), told)
    return _source(seen, [inspected], side=inspected)


def _source(looks: Seen, units: list[InspectedUnit], *, side: InspectedUnit | None) -> Source:
    inspection = looks.inspection
    seen = frozenset(each.pk for each in looks.units)
    of_seen = Q(inspected_unit=None) | Q(inspected_unit__in=seen)
    rows = _findings(inspection, side=side)
    said = [each for each in rows if _is_for(each, looks, side)]
    reports = _given(seen) if side is None else _written(side)
    taking = (
        inspection.takings.filter(state=EvidenceTaking.State.READY).order_by("-pk").first()
        if side is None
        else None
    )
    return Source(
        inspection=inspection,
        side=side,
        units=units,
        seen=seen,
        above=units_by_path(
            path for unit in (inspection.unit, *(u.unit for u in units)) for path in _over(unit)
        ),
        team=list(
            inspection.team.select_related("user").prefetch_related(
                Prefetch("units", InspectedUnit.objects.select_related("unit"))
            )
        ),
        outline=list(inspection.outline.all()),
        reports=reports,
        attachments=_files(inspection, of_seen, reports),
        minutes=_minutes(inspection, of_seen, side=side),
        findings=said,
        left_out=len(rows) - len(said),
        has_sensitive=any(each.is_sensitive for each in rows),
        report=None if side else TeamReport.objects.filter(inspection=inspection).first(),
        documents=list(
            inspection.documents.filter(of_seen)
            .select_related("inspected_unit__unit")
            .order_by("pk")
        ),
        taking=taking,
        limits=limits_of(inspection),
        _compare=lambda: _compared(taking, seen, looks.told),
    )


def _over(unit: Any) -> list[str]:
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]


def _given(seen: frozenset[int]) -> dict[int, ReportTold]:
    """What units last submitted; two queries."""
    rows = submissions_latest().filter(report__inspected_unit__in=seen)
    rows = rows.select_related("report").defer(*(f"report__{name}" for name in ASSESSMENT))
    return {
        each.report.inspected_unit_id: ReportTold(
            each.report.state,
            each.number,
            each.submitted_on,
            {name: getattr(each, name) for name in ASSESSMENT},
            {int(item): said for item, said in each.answers.items()},
            frozenset(file.pk for file in each.files.all()),
        )
        for each in rows.prefetch_related(Prefetch("files", Attachment.objects.only("pk")))
    }


def _written(side: InspectedUnit) -> dict[int, ReportTold]:
    """What the unit has written so far; three queries at most."""
    report = SelfReport.objects.filter(inspected_unit=side).first()
    if report is None:
        return {}
    answers = {
        each.item_id: {"text": each.text, "table": each.table} for each in report.answers.all()
    }
    assessment = {name: getattr(report, name) for name in ASSESSMENT}
    files = frozenset(file.pk for file in unit_files(side))
    told = ReportTold(report.state, report.number, report.submitted_on, assessment, answers, files)
    return {side.pk: told}


def _files(
    inspection: Inspection, of_seen: Q, reports: Mapping[int, ReportTold]
) -> list[Attachment]:
    """Files put in; of answers those that stand with the reports as they are told."""
    told = {pk for report in reports.values() for pk in report.files}
    rows = inspection.attachments.filter(of_seen)
    return [each for each in rows if not each.is_answer or each.pk in told]


def _minutes(inspection: Inspection, of_seen: Q, *, side: InspectedUnit | None) -> list[Minutes]:
    """Minutes; a unit gets what is signed: how the decision was announced, and its own."""
    rows = inspection.minutes.filter(of_seen).select_related(
        "inspected_unit__unit", "written_by", "team_signed_by"
    )
    if side is not None:
        own = Q(kind=MinutesKind.DEPLOY) | (Q(inspected_unit=side) & told_minutes())
        rows = rows.filter(own, is_signed=True)
    return list(rows.order_by("held_on", "pk"))


def _findings(inspection: Inspection, *, side: InspectedUnit | None) -> list[Finding]:
    """Findings that count; for an inspected unit nothing before the conclusion."""
    if side is not None and not inspection.is_concluded:
        return []
    return list(
        inspection.findings.exclude(state=FindingState.DROPPED)
        .select_related("inspected_unit__unit", "recommendation__unit")
        .prefetch_related("corrections")
    )


def _is_for(finding: Finding, looks: Seen, side: InspectedUnit | None) -> bool:
    """Whether a finding is told: of units looked at; what is sensitive where it may be known. An
    inspected unit is told what concerns it."""
    where = finding.inspected_unit_id
    if where is not None and where not in {each.pk for each in looks.units}:
        return False
    if finding.is_sensitive and not (
        looks.is_told_of_all if where is None else where in looks.told
    ):
        return False
    return side is None or _concerns(finding, side)


def _concerns(finding: Finding, side: InspectedUnit) -> bool:
    """Whether what is said of all is for this unit: a recommendation names who carries it out."""
    asked = getattr(finding, "recommendation", None)
    if finding.inspected_unit_id is not None or asked is None:
        return True
    return bool(asked.unit.path.startswith(side.unit.path))


def is_told(actor: Actor, source: Source, document: RegisteredDocument) -> bool:
    """Whether a registered file is for the actor: what tells of sensitive things, for who may see
    them in the unit that it is about, or in all."""
    if not document.is_sensitive:
        return True
    about = document.inspected_unit_id
    units = [each for each in source.units if about is None or each.pk == about]
    return all(can_see_sensitive(actor, each.unit) for each in units)


_COMPARE = """
SELECT e.inspected_unit_id, f ->> 'rule' AS rule, max(f ->> 'rule_title') AS title,
       count(*) FILTER (WHERE f ->> 'outcome' = 'met') AS met,
       count(*) FILTER (WHERE f ->> 'outcome' = 'not_met') AS not_met,
       count(*) FILTER (WHERE f ->> 'outcome' = 'cannot_tell') AS cannot_tell
  FROM inspections_evidence e,
       jsonb_path_query(e.content, '$.findings[*] ? (@.subject == "plan")') f
 WHERE e.taking_id = %s AND e.plan_id IS NOT NULL AND e.inspected_unit_id = ANY(%s)
   AND (NOT (f ->> 'is_sensitive')::boolean OR e.inspected_unit_id = ANY(%s))
   AND f ->> 'outcome' <> 'not_applicable'
 GROUP BY e.inspected_unit_id, rule ORDER BY rule, e.inspected_unit_id
"""


def _compared(
    taking: EvidenceTaking | None, seen: Iterable[int], open_to: Iterable[int]
) -> list[Compared]:
    if taking is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, [taking.pk, list(seen), list(open_to)])
        return [Compared(*row) for row in cursor.fetchall()]


def by_topic(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by topic, topics in the order in which they first occur."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        found[each.topic].append(each)
    return dict(found)

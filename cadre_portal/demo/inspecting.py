"""Acts of inspections in the order in which offices and teams do them, by the portal's services."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cadre_portal.common import clock
from cadre_portal.demo.process import on, user
from cadres.choices import UnitKind
from cadres.models import Unit, User
from inspections.choices import FindingState, MinutesKind, TeamRole
from inspections.models import (
    EvidenceTaking,
    Finding,
    InspectedUnit,
    Inspection,
    Minutes,
    TeamReport,
)
from inspections.services import evidence, findings, mandate, team_report
from inspections.services import inspections as services
from inspections.services.documents import document_register
from inspections.services.drafting import findings_draft


@dataclass(frozen=True, slots=True)
class Member:
    """Who is in a team, as what; `looks_at`: codes of units, none: all."""

    username: str
    role: TeamRole
    post: str
    assignment: str
    looks_at: tuple[str, ...] = ()


@dataclass(slots=True)
class Work:
    """One inspection under way: who prepares it, who leads, who writes, its units by code."""

    inspection: Inspection
    office: User
    lead: User
    secretary: User
    units: dict[str, InspectedUnit] = field(default_factory=dict)

    def seen(self) -> Inspection:
        """The inspection as it stands."""
        self.inspection.refresh_from_db()
        return self.inspection


def prepare(
    inspection: Inspection,
    office: str,
    codes: Sequence[str],
    team: Iterable[Member],
    report_due_on: date | None,
) -> Work:
    """Name the units and the team of an inspection that was opened."""
    actor = user(office)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    inspected = services.units_set(
        actor=actor,
        inspection=inspection,
        rows=[
            {"unit": units[code], "head": head_of(units[code]), "report_due_on": report_due_on}
            for code in codes
        ],
    )
    by_code = dict(zip(codes, inspected, strict=True))
    members = list(team)
    for each in members:
        mandate.member_set(
            actor=actor,
            inspection=inspection,
            user=user(each.username),
            role=each.role,
            post=each.post,
            assignment=each.assignment,
            units=[by_code[code] for code in each.looks_at],
        )
    by_role = {each.role: user(each.username) for each in members}
    lead = by_role[TeamRole.LEAD]
    return Work(inspection, actor, lead, by_role.get(TeamRole.SECRETARY, lead), by_code)


def head_of(unit: Unit) -> str:
    """The office that answers for a unit; never a person's name."""
    if unit.kind == UnitKind.PARTY_COMMITTEE:
        return "Bí thư Tỉnh ủy"
    if unit.kind == UnitKind.DISTRICT:
        return f"Bí thư Huyện ủy {unit.name.removeprefix('Huyện ')}"
    if unit.kind == UnitKind.COMMUNE:
        return f"Bí thư Đảng ủy {unit.name[:1].lower()}{unit.name[1:]}"
    return f"Giám đốc {unit.name}"


def advance(work: Work) -> None:
    """Begin the next step."""
    services.inspection_advance(actor=work.office, inspection=work.seen())


def minute(
    work: Work, kind: MinutesKind, text: str, unit: str = "", number: str = "", place: str = ""
) -> None:
    """Signed minutes of today."""
    Minutes.objects.create(
        inspection=work.inspection,
        inspected_unit=work.units.get(unit),
        kind=kind,
        number=number,
        held_on=clock.today(),
        place=place,
        participants="Đoàn kiểm tra\nĐại diện lãnh đạo đơn vị",
        text=text,
        is_signed=True,
        written_by=work.secretary,
    )


def excuse(work: Work, codes: Iterable[str], reason: str) -> None:
    """Say why units sent no self-report in the portal."""
    rows: list[Mapping[str, Any]] = [
        {
            "unit": each.unit,
            "head": each.head,
            "report_due_on": each.report_due_on,
            "late_reason": reason if code in set(codes) else each.late_reason,
        }
        for code, each in work.units.items()
    ]
    inspected = services.units_set(actor=work.office, inspection=work.seen(), rows=rows)
    work.units = dict(zip(work.units, inspected, strict=True))


def freeze(work: Work) -> EvidenceTaking:
    """Take the evidence and draft findings from it."""
    taking = evidence.evidence_take(actor=work.lead, inspection=work.seen())
    EvidenceTaking.objects.filter(pk=taking.pk).update(asked_at=clock.now())
    taking = evidence.evidence_inline(taking)
    findings_draft(actor=work.secretary, inspection=work.seen())
    return taking


def approve(work: Work, rows: Iterable[Finding]) -> None:
    """The lead approves findings as they stand."""
    findings.findings_approve(
        actor=work.lead,
        inspection=work.seen(),
        versions={row.pk: row.version for row in rows},
    )


def standing(work: Work, code: str = "") -> Iterator[Finding]:
    """Findings that are not left out, on one unit or on all."""
    rows = work.inspection.findings.exclude(state=FindingState.DROPPED).order_by("pk")
    yield from rows.filter(inspected_unit=work.units[code]) if code else rows


def report(work: Work, number: str) -> None:
    """The secretary puts the report together and signs; then the lead does, with the number."""
    inspection = work.seen()
    texts = team_report.report_prefill(work.secretary, inspection)
    team_report.report_save(actor=work.secretary, inspection=inspection, version=0, values=texts)
    while owed := team_report.next_signature(inspection, _report(inspection)):
        _state, roles = owed
        signer = inspection.team.filter(role__in=roles).select_related("user").first()
        assert signer is not None  # noqa: S101 - the order follows from the team
        team_report.report_sign_off(
            actor=signer.user,
            inspection=inspection,
            version=_report(inspection).version,
            number=number,
            signed_on=clock.today(),
        )


def _report(inspection: Inspection) -> TeamReport:
    return TeamReport.objects.get(inspection=inspection)


def conclude(work: Work, approver: str, number: str) -> None:
    """Issue the conclusion today."""
    services.inspection_conclude(
        actor=user(approver),
        inspection=work.seen(),
        conclusion_no=number,
        concluded_on=clock.today(),
    )


def enter(work: Work, kind: str, title: str, symbol: str, number: int, day: date) -> None:
    """Enter a paper in the register; the paper itself lies in the office."""
    with on(day):
        document_register(
            actor=work.office,
            inspection=work.seen(),
            values={
                "kind": kind,
                "title": title,
                "symbol": symbol,
                "number": number,
                "dated_on": day,
            },
        )

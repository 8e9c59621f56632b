"""Acts of inspections in the order in which offices and teams do them, by the portal's services."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from cadre_portal.common import clock
from cadre_portal.demo.process import on, user
from cadres.choices import UnitKind
from cadres.models import Unit, User
from inspections.choices import AnswerKind, FindingState, MinutesKind, TeamRole
from inspections.models import (
    EvidenceTaking,
    Finding,
    InspectedUnit,
    Inspection,
    SelfAnswer,
    TeamReport,
)
from inspections.policies import MINUTES_OF_UNITS
from inspections.selectors.prefill import table_now
from inspections.selectors.team_report import next_signature
from inspections.services import (
    evidence,
    findings,
    mandate,
    minutes,
    self_reports,
    team_report,
)
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
    #: Code of a unit -> the account that answers and signs for it in the portal.
    officers: Mapping[str, str] = field(default_factory=dict)

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
    officers: Mapping[str, str] | None = None,
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
    secretary = by_role.get(TeamRole.SECRETARY, lead)
    return Work(inspection, actor, lead, secretary, by_code, officers or {})


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
    work: Work,
    kind: MinutesKind,
    text: str,
    unit: str = "",
    number: str = "",
    place: str = "",
    signer: str = "Đại diện đơn vị được kiểm tra",
) -> None:
    """Minutes of today, signed in the portal where the unit has an officer, else on paper."""
    # The mandate of the team ends with the conclusion.
    is_after = kind == MinutesKind.ANNOUNCING
    written = minutes.minutes_write(
        actor=work.office if is_after else work.secretary,
        inspection=work.seen(),
        kind=kind,
        inspected=work.units.get(unit),
        values={
            "number": number,
            "held_on": clock.today(),
            "place": place,
            "participants": "Đoàn kiểm tra\nĐại diện lãnh đạo đơn vị",
            "text": text,
        },
    )
    officer = work.officers.get(unit)
    if officer and kind in MINUTES_OF_UNITS:
        minutes.minutes_sign_team(actor=work.lead, minutes=written, version=written.version)
        minutes.minutes_sign_unit(
            actor=user(officer),
            minutes=written,
            version=written.version,
            signer=work.units[unit].head,
        )
        return
    minutes.minutes_sign_paper(
        actor=work.office if is_after else work.lead,
        minutes=written,
        version=written.version,
        signer=signer,
        signed_on=clock.today(),
        uploads=[SimpleUploadedFile("ban-quet-gia-dinh.pdf", _scan())],
    )


def _scan() -> bytes:
    """A page that stands for a scan, and says so."""
    return typst.compile(
        '#set page("a5")\n#set text(lang: "vi")\nBản quét biên bản có chữ ký (giả định).'.encode(),
        ignore_system_fonts=True,
    )


def self_report(work: Work, unit: str, number: str) -> None:
    """The unit's officer answers everything and submits the report."""
    begin_report(work, unit)
    officer, inspected = user(work.officers[unit]), work.units[unit]
    self_reports.assessment_save(
        actor=officer,
        inspected=inspected,
        version=0,
        values={
            "strengths": "Cấp ủy quan tâm rà soát, bổ sung quy hoạch (giả định).",
            "shortcomings": "Nguồn cán bộ trẻ còn ít; quy hoạch chưa có người từ nơi khác.",
            "causes": "Xã mới sắp xếp, cán bộ phần lớn cùng lứa tuổi.",
            "proposals": "Đề nghị tỉnh điều động cán bộ trẻ về xã.",
        },
    )
    self_reports.report_submit(actor=officer, inspected=inspected, number=number)


def send_back(work: Work, unit: str, asked: str) -> SelfAnswer:
    """The lead asks for more to the first question that is answered in words."""
    inspected = work.units[unit]
    answer = SelfAnswer.objects.filter(
        report__inspected_unit=inspected, item__kind=AnswerKind.TEXT
    ).earliest("item__number")
    self_reports.report_return(actor=work.lead, inspected=inspected, items={answer.item_id: asked})
    return answer


def amend(work: Work, unit: str, answer: SelfAnswer, text: str) -> None:
    """The unit's officer writes more, and has not submitted it yet."""
    self_reports.answer_save(
        actor=user(work.officers[unit]),
        inspected=work.units[unit],
        item=answer.item,
        version=answer.version,
        text=text,
    )


def begin_report(work: Work, unit: str, most: int | None = None) -> None:
    """The unit's officer answers questions, the first `most` of them or all; tables with what the
    portal fills in."""
    officer, inspected = user(work.officers[unit]), work.units[unit]
    for item in work.inspection.outline.order_by("number")[:most]:
        is_table = item.kind == AnswerKind.TABLE
        self_reports.answer_save(
            actor=officer,
            inspected=inspected,
            item=item,
            version=0,
            text=_ANSWERS[AnswerKind(item.kind)],
            table=table_now(inspected, item.table) if is_table else None,
        )


_ANSWERS = {
    AnswerKind.TEXT: "Đảng ủy phân công đồng chí Phó Bí thư Thường trực phụ trách (giả định).",
    AnswerKind.TABLE: "",
    AnswerKind.FILES: "Gửi kèm hồ sơ giấy (giả định).",
}


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
    while owed := next_signature(inspection, _report(inspection)):
        _state, roles = owed
        signer = inspection.team.filter(role__in=roles).select_related("user").earliest("pk")
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

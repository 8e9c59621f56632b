"""Inspections of the present: one concluded, one under way, one in preparation, two programmes.

Everything is invented but the names of units; documents say so. Days count back from the day of the
load, so that what is under way stays under way.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from cadre_portal.common import clock
from cadre_portal.demo.accounts import (
    DRAFTING_COMMUNE,
    INSPECTED_COMMUNE,
    LATE_COMMUNE,
    OFFICER_COMMUNE,
    RETURNED_COMMUNE,
)
from cadre_portal.demo.inspecting import (
    Member,
    Work,
    advance,
    amend,
    approve,
    begin_report,
    conclude,
    enter,
    excuse,
    freeze,
    minute,
    prepare,
    report,
    self_report,
    send_back,
    standing,
)
from cadre_portal.demo.inspection_2017 import create_2017
from cadre_portal.demo.process import on, user
from cadres.models import Notice, Unit
from inspections.choices import (
    DocumentKind,
    FindingKind,
    FindingState,
    MinutesKind,
    TeamRole,
)
from inspections.models import Finding, Inspection, Programme, Recommendation
from inspections.services import findings, followup, objections, programmes
from inspections.services.inspections import inspection_open
from inspections.wording import unit_words

_OFFICE = "canbotinh"
#: Communes whose mending of what was found in 2017 was looked at, and those looked at now.
FOLLOWED = (OFFICER_COMMUNE, "01726")
INSPECTED = (
    *(INSPECTED_COMMUNE, RETURNED_COMMUNE, LATE_COMMUNE, DRAFTING_COMMUNE),
    *("01648", "01654"),
)
#: Departments whose inspection is being prepared.
PREPARED = ("SNV", "STC")
_ASSIGNED = INSPECTED[:3]
_SUBJECT = "Công tác quy hoạch, luân chuyển cán bộ"
_GRADING = "Đánh giá, xếp loại cán bộ; rà soát quy hoạch hằng năm"
_ISSUER = "Ban Thường vụ Tỉnh ủy"
_STILL_WRITING = "Đơn vị đề nghị lùi thời hạn để hoàn thiện báo cáo (giả định)"
_PAPER = "Đơn vị gửi báo cáo bằng văn bản giấy (giả định)"
_LEAD = Member(
    *("truongdoan", TeamRole.LEAD, "Phó Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy"),
    "Phụ trách chung; duyệt nhận định; ký báo cáo",
)
_SECRETARY = Member(
    *("thuky", TeamRole.SECRETARY, "Chuyên viên Ban Tổ chức Tỉnh ủy"),
    "Ghi biên bản; tổng hợp, dự thảo báo cáo của đoàn",
)
_THANHTRA = Member(
    *("thanhtra", TeamRole.MEMBER, "Trưởng phòng, Ủy ban Kiểm tra Tỉnh ủy"),
    "Thẩm tra quy hoạch của sáu xã",
)
_THANHVIEN = Member(
    *("thanhvien", TeamRole.MEMBER, "Phó Trưởng phòng, Ủy ban Kiểm tra Tỉnh ủy"),
    "Thẩm tra luân chuyển, đánh giá cán bộ của ba xã được phân công",
    _ASSIGNED,
)


@dataclass(frozen=True, slots=True)
class Mandate:
    """What an inspection of the province is opened with."""

    name: str
    subject: str
    starts_on: date
    days: int
    evidence_on: date
    decision_no: str = ""
    decision_on: date | None = None

    def open(self, programme: Programme) -> Inspection:
        """Open it today, within the programme of the year."""
        inspection = inspection_open(
            actor=user(_OFFICE),
            values={
                "name": f"{self.name} (giả định)",
                "unit": programme.unit,
                "programme": programme,
                "decision_no": self.decision_no,
                "decision_on": self.decision_on,
                "issuer": _ISSUER if self.decision_no else "",
                "subject": self.subject,
                "purpose": (
                    "Đánh giá ưu điểm, hạn chế, nguyên nhân; kiến nghị biện pháp khắc phục.\n"
                    "Bảo đảm khách quan, chính xác, đúng quy trình"
                ),
                "law_examined": "Quy định 377-QĐ/TW, Quy định 65-QĐ/TW",
                "period_from": date(2025, 7, 1),
                "period_to": self.evidence_on,
                "starts_on": self.starts_on,
                "ends_on": self.starts_on + timedelta(days=self.days - 1),
                "evidence_on": self.evidence_on,
            },
        )
        Inspection.objects.filter(pk=inspection.pk).update(created_at=clock.now())
        return inspection


def create_inspections(as_of: date) -> None:
    """All of them, the oldest first, so that what is asked again finds what was asked before."""
    create_2017()
    this_year, _next_year = _programmes(as_of)
    _concluded(this_year, as_of)
    _under_way(this_year, as_of)
    _in_preparation(this_year, as_of)
    _mark_read(as_of)


# ---- Programmes ------------------------------------------------------------------------------


def _programmes(as_of: date) -> tuple[Programme, Programme]:
    """This year's, issued before its first inspection, and a draft of next year's."""
    begun = as_of - timedelta(days=_FOLLOWED_BEFORE + 40)
    with on(begun):
        this_year = _programme(as_of.year, "05-CTr/TU (giả định)", begun)
        _plan(this_year, FOLLOWED, _SUBJECT, 1, "Kết luận năm 2017 còn kiến nghị chưa thực hiện")
        _plan(this_year, INSPECTED, _SUBJECT, 4, "Xã mới thành lập, chưa được kiểm tra lần nào")
        _plan(this_year, PREPARED, _GRADING, 4, "Xếp loại nhiều năm chưa phân hóa")
        _plan(this_year, ("01438",), _SUBJECT, 3, "Quy hoạch còn khép kín")
    with on(as_of - timedelta(days=6)):
        next_year = _programme(as_of.year + 1, "", None)
        _plan(next_year, ("01774", "01792", "01807"), _SUBJECT, 1, "Nhiều tiêu chí chưa đạt")
        _plan(next_year, ("SXD",), _GRADING, 2, "Chưa được kiểm tra trong ba năm")
    return this_year, next_year


def _programme(year: int, number: str, day: date | None) -> Programme:
    return programmes.programme_open(
        actor=user(_OFFICE),
        values={
            "year": year,
            "unit": Unit.objects.get(code="CB"),
            "decision_no": number,
            "decision_on": day,
            "note": "Tập trung đơn vị mới sắp xếp và nơi còn kiến nghị chưa thực hiện (giả định).",
        },
    )


def _plan(
    programme: Programme, codes: tuple[str, ...], subject: str, quarter: int, reason: str
) -> None:
    units = Unit.objects.filter(code__in=codes).order_by("code")
    programmes.items_add(
        actor=user(_OFFICE),
        programme=programme,
        rows=[
            {"unit": unit, "subject": subject, "quarter": quarter, "reason": reason}
            for unit in units
        ],
    )


# ---- Concluded this year: what was asked in 2017 is asked again ------------------------------

#: Days between its begin and the load.
_FOLLOWED_BEFORE = 240


def _concluded(programme: Programme, as_of: date) -> None:
    begin = as_of - timedelta(days=_FOLLOWED_BEFORE)
    decided = begin - timedelta(days=12)
    with on(decided):
        mandate = Mandate(
            "Kiểm tra việc khắc phục hạn chế sau kiểm tra năm 2017",
            _SUBJECT,
            begin,
            30,
            begin - timedelta(days=1),
            "57-QĐ/TU (giả định)",
            decided,
        )
        due = begin + timedelta(days=7)
        officers = {OFFICER_COMMUNE: "canboxa"}
        team = (_LEAD, _SECRETARY)
        work = prepare(mandate.open(programme), _OFFICE, FOLLOWED, team, due, officers)
    with on(begin):
        _deploy(work)
    with on(due):
        excuse(work, FOLLOWED, _PAPER)
        advance(work)
        freeze(work)
    with on(begin + timedelta(days=14)):
        _meet(work, FOLLOWED)
        approve(work, standing(work))
        advance(work)
    with on(begin + timedelta(days=26)):
        report(work, "03-BC/ĐKT (giả định)")
        advance(work)
        report_day = clock.today()
    with on(begin + timedelta(days=30)):
        minute(
            work,
            MinutesKind.CONFERENCE,
            "Ban Thường vụ Tỉnh ủy thống nhất với báo cáo của Đoàn kiểm tra; giao Ban Tổ chức Tỉnh"
            " ủy theo dõi việc thực hiện kiến nghị.",
            number="17-BB/TU (giả định)",
            place="Trụ sở Tỉnh ủy Cao Bằng",
            signer="Đại diện Văn phòng Tỉnh ủy",
        )
    with on(begin + timedelta(days=35)):
        conclude(work, "nguoiduyet", "41-TB/TU (giả định)")
        concluded = clock.today()
    with on(begin + timedelta(days=37)):
        minute(
            work,
            MinutesKind.ANNOUNCING,
            "Công bố thông báo kết luận; đơn vị tiếp thu, xây dựng kế hoạch khắc phục.",
            unit=OFFICER_COMMUNE,
            number="04-BB/ĐKT (giả định)",
            place=f"Trụ sở Đảng ủy {unit_words(work.units[OFFICER_COMMUNE].unit)}",
        )
    for kind, title, symbol, number, day in (
        (DocumentKind.DECISION, "Thành lập đoàn kiểm tra (giả định)", "QĐ/TU", 57, decided),
        (DocumentKind.KT8, "Kết quả kiểm tra (giả định)", "BC/ĐKT", 3, report_day),
        (DocumentKind.KT10, "Kết luận kiểm tra (giả định)", "TB/TU", 41, concluded),
    ):
        enter(work, kind, title, symbol, number, day)
    _follow(work, concluded)


def _follow(work: Work, concluded: date) -> None:
    """The unit officer reports: some are closed, one is to be completed, one waits, others late."""
    asked = Recommendation.objects.filter(
        finding__inspection=work.inspection, unit__code=OFFICER_COMMUNE
    ).order_by("pk")
    acts = ("close", "close", "more", "wait")
    for number, (row, act) in enumerate(zip(asked, acts, strict=False)):
        day = concluded + timedelta(days=60 + 9 * number)
        with on(day):
            followup.remedy_report(
                actor=user("canboxa"),
                recommendation=row,
                text="Đảng ủy xã đã rà soát, bổ sung quy hoạch theo kiến nghị (giả định).",
                reported_on=day,
                number=f"{number + 31}-BC/ĐU (giả định)",
            )
        with on(day + timedelta(days=5)):
            if act == "close":
                followup.remedy_close(
                    actor=user(_OFFICE),
                    recommendation=row,
                    grounds="Quyết định phê duyệt bổ sung quy hoạch gửi kèm (giả định).",
                )
            elif act == "more":
                followup.remedy_ask_more(
                    actor=user(_OFFICE),
                    recommendation=row,
                    text="Gửi danh sách nguồn cán bộ trẻ và thời gian dự kiến bổ sung.",
                )


# ---- Under way -------------------------------------------------------------------------------


def _under_way(programme: Programme, as_of: date) -> None:
    """Six communes: evidence is frozen, findings are drafted, some read and approved, one
    objected to."""
    begin = as_of - timedelta(days=24)
    decided = begin - timedelta(days=8)
    with on(decided):
        mandate = Mandate(
            "Kiểm tra công tác quy hoạch, luân chuyển cán bộ ở sáu xã",
            _SUBJECT,
            begin,
            42,
            begin,
            "214-QĐ/TU (giả định)",
            decided,
        )
        team = (_LEAD, _SECRETARY, _THANHTRA, _THANHVIEN)
        due = begin + timedelta(days=9)
        officers = {
            INSPECTED_COMMUNE: "canbobaolam",
            RETURNED_COMMUNE: "canbothongnong",
            LATE_COMMUNE: "canboquanguyen",
            DRAFTING_COMMUNE: "canbotrungkhanh",
        }
        work = prepare(mandate.open(programme), _OFFICE, INSPECTED, team, due, officers)
    with on(begin):
        _deploy(work)
    with on(due - timedelta(days=1)):
        self_report(work, INSPECTED_COMMUNE, "62-BC/ĐU (giả định)")
        self_report(work, RETURNED_COMMUNE, "48-BC/ĐU (giả định)")
    with on(due):
        begin_report(work, DRAFTING_COMMUNE, 4)
        excuse(work, INSPECTED[4:], _PAPER)
        excuse(work, (DRAFTING_COMMUNE,), _STILL_WRITING)
    with on(due + timedelta(days=2)):
        self_report(work, LATE_COMMUNE, "57-BC/ĐU (giả định)")
        advance(work)
        freeze(work)
    title = "Thành lập đoàn kiểm tra (giả định)"
    enter(work, DocumentKind.DECISION, title, "QĐ/TU", 214, decided)
    with on(as_of - timedelta(days=9)):
        _meet(work, INSPECTED[:2])
    with on(as_of - timedelta(days=8)):
        minute(
            work,
            MinutesKind.VERIFYING,
            "Đối chiếu danh sách quy hoạch đã phê duyệt với hồ sơ gốc tại đơn vị; hai quyết định"
            " gửi sau ngày chốt được bổ sung vào hồ sơ.",
            unit=INSPECTED_COMMUNE,
            number="04-BB/ĐKT (giả định)",
            place=f"Trụ sở Đảng ủy {unit_words(work.units[INSPECTED_COMMUNE].unit)}",
        )
        sent_back = send_back(
            work, RETURNED_COMMUNE, "Nêu rõ trách nhiệm của người đứng đầu và thời gian thực hiện."
        )
    with on(as_of - timedelta(days=7)):
        _edit(work)
    with on(as_of - timedelta(days=6)):
        amend(
            work,
            RETURNED_COMMUNE,
            sent_back,
            "Đồng chí Bí thư Đảng ủy trực tiếp chỉ đạo, đang bổ sung mốc thời gian (giả định).",
        )
    with on(as_of - timedelta(days=5)):
        for code in INSPECTED[:2]:
            approve(work, standing(work, code))
    with on(as_of - timedelta(days=4)):
        shortcomings = _approved(work, FindingKind.SHORTCOMING)
        for finding, text in zip(shortcomings, _OBJECTED, strict=False):
            objections.objection_raise(actor=user("canbobaolam"), finding=finding, text=text)
    with on(as_of - timedelta(days=2)):
        for finding in shortcomings[:1]:
            objections.objection_answer(
                actor=work.secretary,
                objection=finding.objections.get(),
                text="Đoàn đã đối chiếu danh sách phê duyệt tại ngày chốt và giữ nhận định.",
            )


_OBJECTED = (
    "Đề nghị đoàn xem lại: một đồng chí đã được bổ sung nhưng quyết định gửi sau ngày chốt.",
    "Xã mới thành lập từ 01/7/2025, đề nghị ghi rõ khó khăn về nguồn cán bộ.",
)


def _edit(work: Work) -> None:
    """A member puts one draft into better words and leaves out another."""
    member = user("thanhtra")
    rows = list(standing(work, INSPECTED_COMMUNE))
    lacks = [row for row in rows if row.kind == FindingKind.SHORTCOMING]
    strengths = [row for row in rows if row.kind == FindingKind.STRENGTH]
    for row in lacks[-1:]:
        findings.finding_change(
            actor=member,
            finding=row,
            version=row.version,
            values={"text": f"{row.text} Đảng ủy xã đã nhận ra và đang khắc phục."},
        )
    for row in strengths[-1:]:
        findings.finding_drop(
            actor=member, finding=row, reason="Không tiêu biểu, đã có trong báo cáo của xã"
        )


def _approved(work: Work, kind: FindingKind) -> list[Finding]:
    rows = work.inspection.findings.filter(
        inspected_unit=work.units[INSPECTED_COMMUNE], kind=kind, state=FindingState.APPROVED
    )
    return list(rows.order_by("pk"))


# ---- In preparation --------------------------------------------------------------------------


def _in_preparation(programme: Programme, as_of: date) -> None:
    """No decision yet, and a unit has no day for its self-report: the page says what is wanting."""
    with on(as_of - timedelta(days=3)):
        begin = as_of + timedelta(days=21)
        mandate = Mandate("Kiểm tra đánh giá, xếp loại cán bộ ở hai sở", _GRADING, begin, 30, as_of)
        prepare(mandate.open(programme), _OFFICE, PREPARED, (_LEAD,), None)


# ---- Steps that two share --------------------------------------------------------------------


def _deploy(work: Work) -> None:
    advance(work)
    minute(
        work,
        MinutesKind.DEPLOY,
        "Công bố quyết định; thống nhất lịch làm việc, đề cương và hạn báo cáo tự kiểm tra.",
        number="01-BB/ĐKT (giả định)",
        place="Trụ sở Tỉnh ủy Cao Bằng",
    )
    advance(work)


def _meet(work: Work, codes: tuple[str, ...]) -> None:
    for number, code in enumerate(codes, start=2):
        minute(
            work,
            MinutesKind.WORKING,
            "Đơn vị báo cáo; đoàn đối chiếu hồ sơ quy hoạch, quyết định luân chuyển, kết quả xếp"
            " loại và trao đổi các nội dung còn khác nhau.",
            unit=code,
            number=f"{number:02}-BB/ĐKT (giả định)",
            place=work.units[code].unit.name,
        )


def _mark_read(as_of: date) -> None:
    """What was told long ago was read at that time."""
    old = Notice.objects.filter(at__date__lt=as_of - timedelta(days=14), read_at=None)
    old.update(read_at=F("at") + timedelta(hours=3))

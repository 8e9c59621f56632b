"""The inspection by decision 469-QĐNS/TW as the portal would have led it.

Real: the decision and its day, that Conclusion 24-KL/TW was examined, the days on site, the day on
which results were announced, and what was found in the province as a whole (DESIGN section 1).
Invented: which six districts it were, everybody in the team, every number about people, the number
of the conclusion, and what became of the recommendations. The accounts are those of that time: none
of them can sign in.
"""

from datetime import date
from typing import NamedTuple

from cadre_portal.common import clock
from cadre_portal.demo import organisation as org
from cadre_portal.demo.accounts import DemoUser, former_users
from cadre_portal.demo.inspecting import (
    Member,
    Work,
    advance,
    approve,
    conclude,
    enter,
    excuse,
    freeze,
    minute,
    prepare,
    report,
    standing,
)
from cadre_portal.demo.process import on, user
from cadres.choices import Role
from cadres.models import Unit, User
from inspections.choices import (
    DocumentKind,
    FindingKind,
    MinutesKind,
    Severity,
    TeamRole,
    Topic,
)
from inspections.models import Evidence, EvidenceTaking, Inspection, Recommendation
from inspections.services import findings, followup
from inspections.services.inspections import inspection_open

DECIDED, ON_SITE, LEFT = date(2017, 3, 21), date(2017, 4, 15), date(2017, 4, 18)
REPORTED, ANNOUNCED = date(2017, 6, 26), date(2017, 7, 7)
UNITS = (org.PROVINCE, *org.INSPECTED_2017)
_OFFICE, _LEAD, _DEPUTY = "kt469.vanphong", "kt469.truongdoan", "kt469.phodoan"
_SECRETARY, _MEMBER, _APPROVER = "kt469.thuky", "kt469.thanhvien", "kt469.kyketluan"
_DISTRICTS, _COMMITTEE = "kt469.caphuyen", "kt469.tinhuy"
_FIRST, _LAST = date(2017, 1, 1), date(2025, 6, 30)

_ACCOUNTS = (
    DemoUser(_OFFICE, "Hoàng Văn A (giả định)", Role.PROVINCIAL_OFFICER, ("TW",)),
    DemoUser(_APPROVER, "Nguyễn Văn B (giả định)", Role.APPROVER, ("TW",)),
    DemoUser(_LEAD, "Trần Văn C (giả định)"),
    DemoUser(_DEPUTY, "Lê Thị D (giả định)"),
    DemoUser(_SECRETARY, "Phạm Văn E (giả định)"),
    DemoUser(_MEMBER, "Vũ Thị G (giả định)"),
    DemoUser(_DISTRICTS, "Đặng Văn H (giả định)", Role.UNIT_OFFICER, org.INSPECTED_2017),
    DemoUser(_COMMITTEE, "Bùi Thị K (giả định)", Role.UNIT_OFFICER, (org.PROVINCE,)),
)
_POST = "Cơ quan Trung ương (giả định)"
_TEAM = (
    Member(_LEAD, TeamRole.LEAD, _POST, "Phụ trách chung; làm việc với Ban Thường vụ Tỉnh ủy"),
    Member(_DEPUTY, TeamRole.DEPUTY, _POST, "Phụ trách ba huyện ủy; soát báo cáo của đoàn"),
    Member(
        *(_MEMBER, TeamRole.MEMBER, _POST, "Thẩm tra hồ sơ quy hoạch, luân chuyển"),
        org.INSPECTED_2017,
    ),
    Member(_SECRETARY, TeamRole.SECRETARY, _POST, "Tổng hợp, dự thảo báo cáo và thông báo"),
)
_SUMMED_UP = "Đã tổng hợp trong nhận định chung về Đảng bộ tỉnh"
_PAPER = "Báo cáo bằng văn bản giấy, lưu trong hồ sơ của đoàn (giả định)"


class Said(NamedTuple):
    """A finding on the province as a whole, the rules that it rests on, and who is to act."""

    kind: FindingKind
    topic: Topic
    text: str
    rests_on: tuple[str, ...] = ()
    severity: Severity | None = None
    head: str = ""


_STRENGTH, _LACK = FindingKind.STRENGTH, FindingKind.SHORTCOMING
_CAUSE, _ASK = FindingKind.CAUSE, FindingKind.RECOMMENDATION
_PROVINCE = "Ban Thường vụ Tỉnh ủy"
#: What the inspection said, by the rows of DESIGN section 1.
_SAID = (
    Said(
        *(_STRENGTH, Topic.YOUNG),
        "Tỷ lệ cán bộ trẻ, cán bộ nữ trong quy hoạch đạt và vượt mức yêu cầu.",
        ("planning.young_share:plan", "planning.women_share:plan"),
    ),
    Said(
        *(_LACK, Topic.AGES),
        "Quy hoạch cấp huyện cơ bản bảo đảm cơ cấu ba độ tuổi; quy hoạch cấp xã chưa bảo đảm.",
        ("planning.three_age_bands:plan",),
        Severity.MEDIUM,
    ),
    Said(
        *(_LACK, Topic.OPENNESS),
        "Quy hoạch chưa thật sự “động” và “mở”: cấp xã còn khép kín, ít nguồn từ nơi khác.",
        ("planning.openness:plan",),
        Severity.MEDIUM,
    ),
    Said(
        *(_LACK, Topic.ROTATION),
        "Số cán bộ được luân chuyển còn ít; cán bộ còn ngại thay đổi môi trường công tác.",
        ("observed.rotations",),
        Severity.MEDIUM,
    ),
    Said(
        *(_LACK, Topic.EVALUATION),
        "Đánh giá cán bộ chưa có chuyển biến mạnh; còn nể nang, né tránh, ngại va chạm.",
        ("observed.grades.2016",),
        Severity.MEDIUM,
    ),
    Said(
        *(_LACK, Topic.TRAINING),
        "Việc đào tạo, bồi dưỡng cán bộ sau khi được quy hoạch chưa được quan tâm đúng mức.",
        ("planning.qualification:nomination",),
        Severity.LIGHT,
    ),
    Said(
        *(_CAUSE, Topic.HEAD),
        "Nhận thức và trách nhiệm của một số cấp ủy, người đứng đầu về công tác quy hoạch, luân"
        " chuyển chưa đầy đủ.",
    ),
    Said(
        *(_ASK, Topic.REVIEW),
        "Rà soát, bổ sung quy hoạch hằng năm theo phương châm “động” và “mở”; lấy quy hoạch cấp"
        " dưới làm cơ sở cho quy hoạch cấp trên; đưa ra khỏi quy hoạch người không còn đủ tiêu"
        " chuẩn.",
        head=_PROVINCE,
    ),
    Said(
        *(_ASK, Topic.MINORITY),
        "Có kế hoạch tạo nguồn cán bộ người dân tộc thiểu số.",
        head=_PROVINCE,
    ),
    Said(
        *(_ASK, Topic.ROTATION),
        "Đẩy mạnh luân chuyển cán bộ trong quy hoạch, gắn với bố trí không là người địa phương.",
        head=_PROVINCE,
    ),
    Said(
        *(_ASK, Topic.APPOINTMENT),
        "Gắn quy hoạch với bổ nhiệm, giới thiệu ứng cử; thực hiện đúng các bước của quy trình.",
        head=_PROVINCE,
    ),
)
#: Never carried out, and where: what is left when districts end.
_LEFT_OPEN = frozenset({Topic.OPENNESS, Topic.AGES, Topic.ROTATION})
_LEFT_IN = frozenset({org.PROVINCE, "044", "052"})


def create_2017() -> Inspection:
    """All of it, from the decision to what is still open today."""
    with former_users(_ACCOUNTS, _FIRST, _LAST):
        return _led()


def _led() -> Inspection:
    with on(DECIDED):
        work = _opened()
    with on(date(2017, 3, 24)):
        advance(work)
        minute(
            work,
            MinutesKind.DEPLOY,
            "Công bố quyết định; thống nhất lịch làm việc và đề cương báo cáo tự kiểm tra.",
            number="01-BB/ĐKT469",
            place="Tỉnh ủy Cao Bằng",
        )
        advance(work)
    with on(date(2017, 4, 11)):
        excuse(work, UNITS, _PAPER)
        advance(work)
    with on(ON_SITE):
        taking = freeze(work)
        _say(work, taking)
    for number, code in enumerate(UNITS):
        with on(date(2017, 4, 15 + number * 3 // len(UNITS))):
            minute(
                work,
                MinutesKind.WORKING,
                "Đơn vị trình bày báo cáo tự kiểm tra; đoàn đối chiếu hồ sơ, số liệu.",
                unit=code,
                number=f"{number + 2:02}-BB/ĐKT469",
                place=work.units[code].unit.name,
            )
    with on(date(2017, 6, 12)):
        approve(work, standing(work))
        advance(work)
    with on(REPORTED):
        report(work, "12-BC/ĐKT469 (giả định)")
        advance(work)
    with on(ANNOUNCED):
        conclude(work, _APPROVER, "88-TB/TW (giả định)")
    _register(work)
    _follow_up(work)
    return work.seen()


def _opened() -> Work:
    inspection = inspection_open(
        actor=user(_OFFICE),
        values={
            "name": "Kiểm tra việc thực hiện Kết luận 24-KL/TW tại Cao Bằng (số liệu giả định)",
            "unit": Unit.objects.get(code="TW"),
            "decision_no": "469-QĐNS/TW",
            "decision_on": DECIDED,
            "issuer": "Bộ Chính trị",
            "subject": (
                "Công tác quy hoạch và luân chuyển cán bộ lãnh đạo, quản lý theo Kết luận 24-KL/TW."
                " Cuộc kiểm tra là thật; sáu huyện, người, số liệu và văn bản sau đó là giả định."
            ),
            "purpose": (
                "Đánh giá ưu điểm, hạn chế, nguyên nhân trong thực hiện Kết luận 24-KL/TW.\n"
                "Kiến nghị giải pháp để quy hoạch, luân chuyển gắn với bố trí, sử dụng cán bộ"
            ),
            "law_examined": "Kết luận 24-KL/TW ngày 05/6/2012",
            "period_from": date(2012, 6, 5),
            "period_to": date(2017, 3, 31),
            "starts_on": ON_SITE,
            "ends_on": ANNOUNCED,
            "evidence_on": ON_SITE,
        },
    )
    Inspection.objects.filter(pk=inspection.pk).update(created_at=clock.now())
    officers = {code: _COMMITTEE if code == org.PROVINCE else _DISTRICTS for code in UNITS}
    return prepare(inspection, _OFFICE, UNITS, _TEAM, date(2017, 4, 10), officers)


def _say(work: Work, taking: EvidenceTaking) -> None:
    """What holds of the province as a whole; drafts on the same topics are left out for it."""
    province = work.units[org.PROVINCE]
    rows = list(Evidence.objects.filter(taking=taking, inspected_unit=province))
    topics = {said.topic for said in _SAID}
    for draft in standing(work, org.PROVINCE):
        if draft.topic in topics:
            findings.finding_drop(actor=work.secretary, finding=draft, reason=_SUMMED_UP)
    for said in _SAID:
        finding = findings.finding_add(
            actor=work.secretary,
            inspection=work.seen(),
            values={
                "inspected_unit": province,
                "kind": said.kind,
                "topic": said.topic,
                "text": said.text,
                "severity": said.severity,
                "head": said.head,
                "due_on": date(2017, 12, 31) if said.head else None,
            },
        )
        proofs = [
            {"evidence": row, "key": key}
            for key in said.rests_on
            for row in rows
            if key in _keys(row)
        ]
        if proofs:
            findings.proofs_add(actor=work.secretary, finding=finding, proofs=proofs)


def _keys(row: Evidence) -> set[str]:
    """Everything that a finding may rest on in a row: all results of a rule, what was observed."""
    results = {each["key"].rsplit(":", 1)[0] for each in row.content["findings"]}
    return results | {each["key"] for each in row.content.get("observed", ())}


# ---- Afterwards ------------------------------------------------------------------------------


def _register(work: Work) -> None:
    for kind, title, symbol, number, day in (
        (DocumentKind.DECISION, "Thành lập đoàn kiểm tra", "QĐNS/TW", 469, DECIDED),
        (DocumentKind.KT8, "Kết quả kiểm tra (giả định)", "BC/ĐKT469", 12, REPORTED),
        (DocumentKind.KT10, "Kết luận kiểm tra (giả định)", "TB/TW", 88, ANNOUNCED),
    ):
        enter(work, kind, title, symbol, number, day)


def _follow_up(work: Work) -> None:
    """Province and districts report within the year, and most is closed in the next."""
    asked = (
        Recommendation.objects.filter(finding__inspection=work.inspection)
        .select_related("finding", "unit")
        .order_by("pk")
    )
    for number, row in enumerate(asked):
        if row.unit.code in _LEFT_IN and row.finding.topic in _LEFT_OPEN:
            continue
        symbol = "TU" if row.unit.code == org.PROVINCE else "HU"
        with on(date(2017, 10, 2 + number % 27)):
            followup.remedy_report(
                actor=_reporter(row),
                recommendation=row,
                text="Đã thực hiện trong đợt rà soát quy hoạch năm 2017 (nội dung giả định).",
                reported_on=date(2017, 10, 2 + number % 27),
                number=f"{number + 101}-BC/{symbol} (giả định)",
            )
        if number % 7 == 3:
            _asked_more(row)
        with on(date(2018, 3, 5 + number % 20)):
            followup.remedy_close(
                actor=user(_OFFICE),
                recommendation=row,
                grounds="Báo cáo của cấp ủy và kết quả rà soát quy hoạch (giả định).",
            )


def _reporter(row: Recommendation) -> User:
    return user(_COMMITTEE if row.unit.code == org.PROVINCE else _DISTRICTS)


def _asked_more(row: Recommendation) -> None:
    with on(date(2017, 11, 20)):
        followup.remedy_ask_more(
            actor=user(_OFFICE),
            recommendation=row,
            text="Gửi kèm quyết định phê duyệt bổ sung quy hoạch.",
        )
    with on(date(2017, 12, 15)):
        followup.remedy_report(
            actor=_reporter(row),
            recommendation=row,
            text="Gửi bổ sung quyết định phê duyệt quy hoạch (nội dung giả định).",
            reported_on=date(2017, 12, 15),
        )

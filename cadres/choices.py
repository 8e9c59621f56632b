"""Closed lists of the people-and-organisation app.

Ordered scales (degree, theory, grade) are small integers so that SQL compares them directly; their
exchange codes (CONTRACT section 2) are the lower-case member names. NULL means unknown.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Level of a unit; legal values are given by level."""

    CENTRAL = "central", _("Trung ương")
    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện")
    COMMUNE = "commune", _("Cấp xã")


class UnitKind(models.TextChoices):
    """What a unit is."""

    PARTY_COMMITTEE = "party_committee", _("Cấp ủy, cơ quan Đảng")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    DISTRICT = "district", _("Huyện, thành phố")
    COMMUNE = "commune", _("Xã, phường")
    OTHER = "other", _("Đơn vị khác")


class TitleKind(models.TextChoices):
    """A leadership title or membership of a committee."""

    LEADERSHIP = "leadership", _("Lãnh đạo, quản lý")
    COMMITTEE = "committee", _("Cấp ủy")


class Sex(models.TextChoices):
    """Sex as the file gives it; empty is unknown."""

    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")


class BirthPrecision(models.TextChoices):
    """How much of the birth date is known; calculations take the earliest day."""

    DAY = "day", _("Ngày, tháng, năm")
    MONTH = "month", _("Tháng, năm")
    YEAR = "year", _("Năm")


class Degree(models.IntegerChoices):
    """Professional degree, low to high."""

    NONE = 0, _("Chưa qua đào tạo")
    INTERMEDIATE = 1, _("Trung cấp")
    COLLEGE = 2, _("Cao đẳng")
    BACHELOR = 3, _("Đại học")
    MASTER = 4, _("Thạc sĩ")
    DOCTOR = 5, _("Tiến sĩ")


class Theory(models.IntegerChoices):
    """Political theory, low to high."""

    NONE = 0, _("Chưa qua đào tạo")
    ELEMENTARY = 1, _("Sơ cấp")
    INTERMEDIATE = 2, _("Trung cấp")
    ADVANCED = 3, _("Cao cấp")
    BACHELOR = 4, _("Cử nhân")


class Grade(models.IntegerChoices):
    """Yearly evaluation, worst to best."""

    KHTNV = 1, _("Không hoàn thành nhiệm vụ")
    HTNV = 2, _("Hoàn thành nhiệm vụ")
    HTTNV = 3, _("Hoàn thành tốt nhiệm vụ")
    HTXSNV = 4, _("Hoàn thành xuất sắc nhiệm vụ")


class DisciplineKind(models.TextChoices):
    """Discipline of a Party member."""

    REPRIMAND = "reprimand", _("Khiển trách")
    WARNING = "warning", _("Cảnh cáo")
    REMOVAL = "removal", _("Cách chức")
    EXPULSION = "expulsion", _("Khai trừ")


class TrainingKind(models.TextChoices):
    """What a course teaches."""

    THEORY = "theory", _("Lý luận chính trị")
    STATE_MANAGEMENT = "state_management", _("Quản lý nhà nước")
    PROFESSIONAL = "professional", _("Chuyên môn, nghiệp vụ")
    LANGUAGE = "language", _("Ngoại ngữ, tiếng dân tộc")
    OTHER = "other", _("Khác")


class Role(models.TextChoices):
    """What a person may do inside the scope of a grant."""

    ADMINISTRATOR = "administrator", _("Quản trị")
    PROVINCIAL_OFFICER = "provincial_officer", _("Cán bộ tổ chức cấp tỉnh")
    UNIT_OFFICER = "unit_officer", _("Cán bộ tổ chức đơn vị")
    APPROVER = "approver", _("Người phê duyệt")
    INSPECTOR = "inspector", _("Thành viên đoàn kiểm tra")
    AUDITOR = "auditor", _("Kiểm toán hệ thống")


class ProposalStatus(models.TextChoices):
    """What became of a value proposed in a round."""

    PENDING = "pending", _("Chờ duyệt")
    ACCEPTED = "accepted", _("Đã nhận")
    REFUSED = "refused", _("Không nhận")
    #: Another value was proposed, or this one taken back, before anybody decided.
    REPLACED = "replaced", _("Đã thay")


class FileDoor(models.TextChoices):
    """Through which door a person's file was opened."""

    PAGE = "page", _("Trang hồ sơ")
    HISTORY = "history", _("Lịch sử thay đổi")
    EDIT = "edit", _("Sửa hồ sơ")
    ROUND = "round", _("Bổ sung lý lịch")
    DOCUMENT = "document", _("Sơ yếu lý lịch")
    TRAINING = "training", _("Đào tạo, kỹ năng")
    API = "api", _("Giao diện lập trình")
    INSPECTION = "inspection", _("Hồ sơ kiểm tra")


#: What can be taken away, by the code that its record keeps; rooms above add theirs here.
EXPORT_NAMES = {
    "cadre-list": _("Danh sách cán bộ"),
    "cadre-documents": _("Sơ yếu lý lịch (2C)"),
    "evaluations": _("Đánh giá, xếp loại"),
    "trainings": _("Đào tạo, bồi dưỡng"),
    "units": _("Tổ chức và vị trí"),
    "workbook": _("Tệp trao đổi"),
    "import-template": _("Tệp mẫu để nhập"),
    "import-errors": _("Lỗi của tệp nhập"),
    "import-file": _("Tệp đã tải lên"),
    "records": _("Nhật ký xem và xuất"),
    "findings": _("Kết quả kiểm tra"),
    "overview": _("Tổng quan"),
    "plan-list": _("Danh sách quy hoạch"),
    "plan-structure": _("Biểu tổng hợp số lượng, cơ cấu"),
    "plan-appendix-1": _("Phụ lục 1: rà soát, chuyển tiếp"),
    "plan-appendix-2": _("Phụ lục 2: rà soát, bổ sung"),
    "province-summary": _("Tổng hợp quy hoạch"),
    "rotation-plan": _("Kế hoạch luân chuyển năm"),
    "rotation-list": _("Danh sách luân chuyển, điều động, biệt phái"),
    "rotation-results": _("Tổng hợp kết quả luân chuyển"),
    "rotation-submission": _("Tờ trình về luân chuyển"),
    "rotation-needs": _("Nhu cầu luân chuyển"),
    "appointment-origins": _("Gắn quy hoạch với bổ nhiệm"),
    "law": _("Căn cứ"),
    "inspection-file": _("Tệp của cuộc kiểm tra"),
    "recommendations": _("Kiến nghị sau kiểm tra"),
    "inspection-paper": _("Văn bản của cuộc kiểm tra"),
    "inspection-annex": _("Phụ lục số liệu của cuộc kiểm tra"),
    "inspection-set": _("Bộ hồ sơ kiểm tra"),
    "inspection-register": _("Sổ văn bản kiểm tra"),
    "inspection-template": _("Mẫu văn bản kiểm tra"),
    "api-cadres": _("Hồ sơ cán bộ, qua API"),
    "api-plans": _("Kế hoạch quy hoạch, qua API"),
    "api-nominations": _("Người được quy hoạch, qua API"),
    "api-findings": _("Kết quả kiểm tra, qua API"),
}


class StepKind(models.TextChoices):
    """What a step of a reorganisation does."""

    CREATE = "create", _("Lập đơn vị mới")
    MERGE = "merge", _("Hợp nhất, sáp nhập")
    SPLIT = "split", _("Chia, tách")
    RENAME = "rename", _("Đổi tên")
    MOVE = "move", _("Chuyển cấp trên")
    CLOSE = "close", _("Kết thúc hoạt động")


class ReorganisationStatus(models.TextChoices):
    """Where a reorganisation stands."""

    DRAFT = "draft", _("Dự thảo")
    APPLIED = "applied", _("Đã áp dụng")
    UNDONE = "undone", _("Đã hoàn tác")


class CourseState(models.TextChoices):
    """Where a course stands."""

    PLANNED = "planned", _("Dự kiến")
    OPEN = "open", _("Đang học")
    FINISHED = "finished", _("Đã kết thúc")
    CANCELLED = "cancelled", _("Đã hủy")


class MemberState(models.TextChoices):
    """How a person stands to a course."""

    INVITED = "invited", _("Được cử")
    ATTENDING = "attending", _("Đang học")
    COMPLETED = "completed", _("Hoàn thành")
    ABSENT = "absent", _("Không học")


class SkillKind(models.TextChoices):
    """What a title may ask beyond degree and political theory."""

    STATE_MANAGEMENT = "state_management", _("Quản lý nhà nước")
    MANAGEMENT = "management", _("Bồi dưỡng lãnh đạo, quản lý")
    LANGUAGE = "language", _("Ngoại ngữ")
    ETHNIC_LANGUAGE = "ethnic_language", _("Tiếng dân tộc thiểu số")
    IT = "it", _("Tin học")


#: Levels of each skill, low to high; a level counts for those below it.
SKILL_LEVELS = {
    SkillKind.STATE_MANAGEMENT: {
        1: _("ngạch chuyên viên"),
        2: _("ngạch chuyên viên chính"),
        3: _("ngạch chuyên viên cao cấp"),
    },
    SkillKind.MANAGEMENT: {1: _("cấp phòng"), 2: _("cấp xã"), 3: _("cấp sở"), 4: _("cấp vụ")},
    SkillKind.LANGUAGE: {
        1: _("bậc 1 (A1)"),
        2: _("bậc 2 (A2)"),
        3: _("bậc 3 (B1)"),
        4: _("bậc 4 (B2)"),
        5: _("bậc 5 (C1)"),
        6: _("bậc 6 (C2)"),
    },
    SkillKind.ETHNIC_LANGUAGE: {1: _("giao tiếp được"), 2: _("có chứng chỉ")},
    SkillKind.IT: {1: _("cơ bản"), 2: _("nâng cao")},
}


def skill_words(kind: str, level: int | None) -> str:
    """The level alone: "ngạch chuyên viên chính"; "" for any or none."""
    return "" if level is None else str(SKILL_LEVELS[SkillKind(kind)].get(level, ""))


def skill_level_label(kind: str, level: int | None) -> str:
    """A skill with its level in words: "Quản lý nhà nước, ngạch chuyên viên chính"."""
    return ", ".join(filter(None, (str(SkillKind(kind).label), skill_words(kind, level))))

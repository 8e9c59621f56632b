"""Closed lists of the inspections app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How far an inspection has come (qd-331-2025: three steps, cut finer here)."""

    PREPARING = "preparing", _("Chuẩn bị")
    DEPLOYING = "deploying", _("Triển khai")
    SELF_REPORTING = "self_reporting", _("Tự kiểm tra")
    VERIFYING = "verifying", _("Thẩm tra, xác minh")
    REPORTING = "reporting", _("Báo cáo của đoàn")
    CONCLUDING = "concluding", _("Thông báo kết luận")
    FOLLOWING = "following", _("Theo dõi thực hiện")
    CLOSED = "closed", _("Kết thúc hồ sơ")


class TeamRole(models.TextChoices):
    """What somebody is in the team (second-hand)."""

    LEAD = "lead", _("Trưởng đoàn")
    DEPUTY = "deputy", _("Phó trưởng đoàn")
    MEMBER = "member", _("Thành viên")
    SECRETARY = "secretary", _("Thư ký")


class AnswerKind(models.TextChoices):
    """How a question of the outline is answered."""

    TEXT = "text", _("Viết")
    TABLE = "table", _("Bảng số liệu")
    FILES = "files", _("Tệp")


class TableKind(models.TextChoices):
    """Tables that the portal fills in from a unit's own data."""

    PLANS = "plans", _("Quy hoạch: số lượng, cơ cấu")
    NOMINEES = "nominees", _("Danh sách quy hoạch")
    REVIEWS = "reviews", _("Rà soát, bổ sung hằng năm")
    ROTATIONS = "rotations", _("Luân chuyển, điều động, biệt phái")
    GRADES = "grades", _("Đánh giá, xếp loại")
    TRAININGS = "trainings", _("Đào tạo, bồi dưỡng")
    APPOINTMENTS = "appointments", _("Bổ nhiệm từ quy hoạch")
    FINDINGS = "findings", _("Kết quả đối chiếu tiêu chí quy hoạch")


class ReportState(models.TextChoices):
    """Where a unit's self-report stands."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã nộp")
    RETURNED = "returned", _("Yêu cầu bổ sung")


class MinutesKind(models.TextChoices):
    """What is minuted."""

    DEPLOY = "deploy", _("Biên bản triển khai")
    WORKING = "working", _("Biên bản làm việc")
    VERIFYING = "verifying", _("Biên bản xác minh")
    CONFERENCE = "conference", _("Trích biên bản hội nghị")
    ANNOUNCING = "announcing", _("Biên bản triển khai thông báo")


class FindingKind(models.TextChoices):
    """What a finding says (REGULATIONS: ưu điểm, hạn chế, khuyết điểm, nguyên nhân, kiến nghị)."""

    STRENGTH = "strength", _("Ưu điểm")
    SHORTCOMING = "shortcoming", _("Hạn chế")
    VIOLATION = "violation", _("Khuyết điểm, vi phạm")
    CAUSE = "cause", _("Nguyên nhân")
    RECOMMENDATION = "recommendation", _("Kiến nghị")


class Topic(models.TextChoices):
    """What a finding is about: the list of requirements that the inspection of 2017 left."""

    AGES = "ages", _("Cơ cấu ba độ tuổi")
    OPENNESS = "openness", _("Tính “mở”")
    REVIEW = "review", _("Rà soát hằng năm")
    STANDARDS = "standards", _("Tiêu chuẩn chức danh")
    YOUNG = "young", _("Cán bộ trẻ")
    WOMEN = "women", _("Cán bộ nữ")
    MINORITY = "minority", _("Cán bộ dân tộc thiểu số")
    NUMBER = "number", _("Số lượng, hệ số")
    ROTATION = "rotation", _("Luân chuyển")
    EVALUATION = "evaluation", _("Đánh giá cán bộ")
    TRAINING = "training", _("Đào tạo, bồi dưỡng")
    APPOINTMENT = "appointment", _("Gắn quy hoạch với bổ nhiệm")
    PROCESS = "process", _("Quy trình, phiếu")
    LINEAGE = "lineage", _("Liên thông quy hoạch")
    HEAD = "head", _("Trách nhiệm người đứng đầu")
    DISCIPLINE = "discipline", _("Kỷ luật, tiêu chuẩn chính trị")
    RECORDS = "records", _("Hồ sơ cán bộ")
    OTHER = "other", _("Nội dung khác")


class FindingState(models.TextChoices):
    """How far a finding has come."""

    DRAFTED = "drafted", _("Soạn tự động, chờ sửa")
    EDITED = "edited", _("Đang sửa")
    APPROVED = "approved", _("Đã duyệt")
    DROPPED = "dropped", _("Đã bỏ")


class Severity(models.IntegerChoices):
    """How much a finding weighs; the office's own scale."""

    LIGHT = 1, _("Cần lưu ý")
    MEDIUM = 2, _("Cần khắc phục")
    GRAVE = 3, _("Nghiêm trọng")


class RemedyState(models.TextChoices):
    """What became of a recommendation."""

    OPEN = "open", _("Đang thực hiện")
    REPORTED = "reported", _("Đã báo cáo, chờ xem xét")
    CLOSED = "closed", _("Đã thực hiện xong")


class RemedyActKind(models.TextChoices):
    """What the inspecting side did with a recommendation after the conclusion."""

    ASKED_MORE = "asked_more", _("Yêu cầu bổ sung")
    CLOSED = "closed", _("Kết thúc theo dõi")
    REOPENED = "reopened", _("Mở lại")


class SignState(models.TextChoices):
    """Where the team's report stands: synthesised, then signed off from below."""

    DRAFT = "draft", _("Đang tổng hợp")
    SYNTHESISED = "synthesised", _("Thư ký đã tổng hợp")
    REVIEWED = "reviewed", _("Phó trưởng đoàn đã soát")
    SIGNED = "signed", _("Trưởng đoàn đã ký")


class DocumentKind(models.TextChoices):
    """The set of one thematic inspection (second-hand: KT1 to KT12), and the decision before it."""

    DECISION = "qd", _("Quyết định thành lập đoàn")
    KT1 = "kt1", _("Kế hoạch kiểm tra")
    KT2 = "kt2", _("Kế hoạch chi tiết của đoàn")
    KT3 = "kt3", _("Đề cương báo cáo tự kiểm tra")
    KT4 = "kt4", _("Biên bản triển khai")
    KT5 = "kt5", _("Báo cáo tự kiểm tra")
    KT6 = "kt6", _("Biên bản làm việc")
    KT7 = "kt7", _("Biên bản xác minh")
    KT8 = "kt8", _("Báo cáo kết quả kiểm tra")
    KT9 = "kt9", _("Trích biên bản hội nghị")
    KT10 = "kt10", _("Thông báo kết luận kiểm tra")
    KT11 = "kt11", _("Biên bản triển khai thông báo")
    KT12 = "kt12", _("Mục lục và chứng từ kết thúc hồ sơ")


class Secrecy(models.TextChoices):
    """How secret a paper is. Of a secret one only the line in the register is kept, never a file
    (REGULATIONS section 14)."""

    NONE = "", _("Không mật")
    MAT = "mat", _("Mật")
    TOI_MAT = "toi_mat", _("Tối mật")
    TUYET_MAT = "tuyet_mat", _("Tuyệt mật")

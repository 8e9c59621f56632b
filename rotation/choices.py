"""Closed lists of the rotation app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RotationKind(models.TextChoices):
    """Luân chuyển, điều động and biệt phái are three different things in law."""

    ROTATION = "rotation", _("Luân chuyển")
    TRANSFER = "transfer", _("Điều động")
    SECONDMENT = "secondment", _("Biệt phái")


class RotationStatus(models.TextChoices):
    """Where a rotation stands."""

    PROPOSED = "proposed", _("Đề xuất")
    APPROVED = "approved", _("Đã phê duyệt")
    DECLINED = "declined", _("Từ chối")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    COMPLETED = "completed", _("Hoàn thành")
    CANCELLED = "cancelled", _("Đã hủy")


class NeedKind(models.TextChoices):
    """Why somebody should move, or why somebody is needed somewhere (65-QĐ/TW, Điều 4)."""

    NON_LOCAL = "non_local", _("Người địa phương đứng đầu")
    HEAD_TERMS = "head_terms", _("Đủ hoặc sắp đủ nhiệm kỳ liên tiếp")
    EXPERIENCE = "experience", _("Quy hoạch cần rèn luyện ở nơi khác")
    TOUR_END = "tour_end", _("Hết thời gian luân chuyển")
    VACANCY = "vacancy", _("Nơi đến thiếu người")
    OTHER = "other", _("Lý do khác")


class DeclineReason(models.TextChoices):
    """Why a person did not go."""

    FAMILY = "family", _("Hoàn cảnh gia đình")
    HEALTH = "health", _("Sức khỏe")
    DISTANCE = "distance", _("Xa nhà, đi lại khó khăn")
    STUDY = "study", _("Đang đi học")
    WORK = "work", _("Cơ quan chưa bố trí được người thay")
    RECEIVER = "receiver", _("Nơi đến không tiếp nhận")
    OTHER = "other", _("Lý do khác")


class EndReason(models.TextChoices):
    """Why a tour ended before its minimum time."""

    NEED = "need", _("Yêu cầu nhiệm vụ")
    PROMOTED = "promoted", _("Được bổ nhiệm, bầu giữ chức vụ khác")
    FAMILY = "family", _("Hoàn cảnh gia đình")
    HEALTH = "health", _("Sức khỏe")
    DISCIPLINE = "discipline", _("Không hoàn thành nhiệm vụ, vi phạm")
    RETIRED = "retired", _("Nghỉ hưu, nghỉ công tác")
    OTHER = "other", _("Lý do khác")


class Side(models.TextChoices):
    """Whose opinion is asked before a rotation is decided."""

    PERSON = "person", _("Cán bộ được đề xuất")
    SENDING = "sending", _("Nơi đi")
    RECEIVING = "receiving", _("Nơi đến")


class Stance(models.TextChoices):
    """What somebody says of a proposal."""

    AGREE = "agree", _("Đồng ý")
    CONDITIONS = "conditions", _("Đồng ý, có đề nghị")
    DISAGREE = "disagree", _("Không đồng ý")


class ReportKind(models.TextChoices):
    """What the receiving body says of somebody on a tour."""

    YEARLY = "yearly", _("Nhận xét hằng năm")
    FINAL = "final", _("Nhận xét khi kết thúc")


class PlanState(models.TextChoices):
    """Where the rotation plan of a year stands."""

    DRAFT = "draft", _("Dự thảo")
    SUBMITTED = "submitted", _("Đã trình")
    APPROVED = "approved", _("Đã phê duyệt")


class Stage(models.TextChoices):
    """How far a move is that a plan counts."""

    DONE = "done", _("Đã thực hiện")
    DECIDED = "decided", _("Đã phê duyệt, chưa đi")
    PROPOSED = "proposed", _("Đang đề xuất")
    OFF = "off", _("Từ chối, đã hủy")


class CheckCode(models.TextChoices):
    """What has to hold before a rotation is approved; in the order in which it is shown."""

    IN_PLAN = "in_plan", _("Trong quy hoạch")
    SERVICE = "remaining_service", _("Thời gian công tác còn lại")
    EQUIVALENT = "equivalent", _("Chức vụ tương đương")
    NON_LOCAL = "non_local", _("Không là người địa phương")
    SEAT = "seat", _("Không tăng số lượng chức danh")


class NeedReason(models.TextChoices):
    """What exactly makes a need; in the order in which they are shown, the most pressing first."""

    LOCAL = "local", _("Người địa phương đứng đầu")
    TERMS_OVER = "terms_over", _("Đủ số nhiệm kỳ liên tiếp")
    TOUR_LATE = "tour_late", _("Quá hạn luân chuyển")
    TERMS_SOON = "terms_soon", _("Sắp đủ số nhiệm kỳ liên tiếp")
    TOUR_ENDING = "tour_ending", _("Sắp hết hạn luân chuyển")
    LOCAL_UNKNOWN = "local_unknown", _("Chưa rõ quê quán")
    TOUR_REACHED = "tour_reached", _("Đủ thời gian luân chuyển tối thiểu")
    BASE = "base", _("Quy hoạch cần qua cơ sở")
    PROVINCE = "province", _("Quy hoạch cần qua cấp tỉnh")
    ELSEWHERE = "elsewhere", _("Chưa công tác ở nơi khác")
    CAREER_UNKNOWN = "career_unknown", _("Chưa rõ quá trình công tác")


class Flow(models.TextChoices):
    """A unit whose exchange of people goes one way only."""

    GIVES = "gives", _("Chỉ cử đi")
    RECEIVES = "receives", _("Chỉ nhận về")


class AnswerStage(models.TextChoices):
    """How far a proposal that answers a need has come."""

    PREPARED = "prepared", _("Đang lấy ý kiến")
    SUBMITTED = "submitted", _("Đã trình, chờ quyết định")
    DECIDED = "decided", _("Đã phê duyệt")

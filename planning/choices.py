"""Closed lists of the planning app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanStatus(models.TextChoices):
    """Where a plan stands on its way to approval."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã trình")
    RETURNED = "returned", _("Bị trả lại")
    APPROVED = "approved", _("Đã phê duyệt")


class CycleKind(models.TextChoices):
    """What units are asked for in a cycle."""

    FIRST = "first", _("Xây dựng quy hoạch lần đầu")
    REVIEW = "review", _("Rà soát, bổ sung hằng năm")


class DraftAct(models.TextChoices):
    """What a draft does with a person in a pool."""

    KEEP = "keep", _("Tiếp tục quy hoạch")
    ADD = "add", _("Bổ sung")
    REMOVE = "remove", _("Đưa ra khỏi quy hoạch")


class RemovalReason(models.TextChoices):
    """Why somebody is taken out of a plan; sources stand in `law/process.yaml`."""

    OVER_AGE = "over_age", _("Quá tuổi quy hoạch")
    DISCIPLINE = "discipline", _("Bị kỷ luật từ khiển trách trở lên")
    POLITICAL = "political_standard", _("Có kết luận không bảo đảm tiêu chuẩn chính trị")
    STANDARDS = "standards", _("Không còn đáp ứng tiêu chuẩn, điều kiện")
    TASKS = "tasks", _("Không hoàn thành nhiệm vụ")
    VIOLATION = "violation", _("Có vi phạm")
    RETIREMENT = "retirement", _("Nghỉ hưu")
    RESIGNATION = "resignation", _("Từ chức, thôi giữ chức vụ, miễn nhiệm")
    DEATH = "death", _("Từ trần")
    OTHER = "other", _("Lý do khác (ghi rõ)")


class BallotDenominator(models.TextChoices):
    """What the share of agreeing ballots is taken of."""

    SUMMONED = "summoned", _("Số người triệu tập")
    PRESENT = "present", _("Số người có mặt")
    ISSUED = "issued", _("Số phiếu phát ra")
    COLLECTED = "collected", _("Số phiếu thu về")
    VALID = "valid", _("Số phiếu hợp lệ")

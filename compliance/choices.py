"""Closed lists of the compliance app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.IntegerChoices):
    """Verdict of one rule on one subject. Higher is worse, so `max` gives the worst."""

    NOT_APPLICABLE = 0, _("Không áp dụng")
    MET = 1, _("Đạt")
    CANNOT_TELL = 2, _("Chưa rõ")
    NOT_MET = 3, _("Chưa đạt")

    @property
    def code(self) -> str:
        """The exchange word of CONTRACT section 3, such as `not_met`."""
        return self.name.lower()


class SubjectKind(models.IntegerChoices):
    """What a rule judges. The number is stored with every verdict: never reuse one."""

    PLAN = 1, _("Kế hoạch")
    POOL = 2, _("Chức danh trong kế hoạch")
    NOMINATION = 3, _("Người được quy hoạch")
    ROTATION = 4, _("Luân chuyển")
    APPOINTMENT = 5, _("Người giữ chức vụ")
    UNIT_YEAR = 6, _("Xếp loại của đơn vị")

    @property
    def code(self) -> str:
        """The exchange word of CONTRACT section 3, such as `unit_year`."""
        return self.name.lower()


class Confidence(models.TextChoices):
    """How sure the portal is of a legal value."""

    READ = "read", _("đã đối chiếu")
    SECOND_HAND = "second-hand", _("nguồn gián tiếp")
    RECALLED = "recalled", _("chưa đối chiếu văn bản gốc")


class RunKind(models.TextChoices):
    """What a run is for."""

    LIVE = "live", _("Cập nhật hiện trạng")
    SNAPSHOT = "snapshot", _("Xét tại một ngày")


class RunStatus(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    FINISHED = "finished", _("Đã xong")
    FAILED = "failed", _("Bị lỗi")
    CANCELLED = "cancelled", _("Đã hủy")


class MarkKind(models.IntegerChoices):
    """What a mark is on."""

    EVERYTHING = 0, _("Tất cả")
    CADRE = 1, _("Cán bộ")
    GROUP = 2, _("Kế hoạch")

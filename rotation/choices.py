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

"""Who opened which file and who took what out of the portal. Written once, never changed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import FileDoor
from cadres.models.people import Cadre


def _append_only() -> tuple[pgtrigger.Trigger, ...]:
    """The database refuses any change; only the service that drops old records steps round it."""
    return (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class FileOpening(models.Model):
    """Somebody opened a person's file through `door`; once an hour, however often they look.

    The record outlives the file: `cadre_code` still names it when the person is gone.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người xem"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="file_openings",
    )
    cadre = models.ForeignKey(
        Cadre,
        verbose_name=_("hồ sơ"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="openings",
    )
    cadre_code = models.CharField(_("số hiệu"), max_length=40)
    door = models.CharField(_("cách xem"), max_length=12, choices=FileDoor)
    hour = models.DateTimeField(_("giờ"), help_text=_("Đầu giờ: mỗi giờ ghi một lần."))
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("lần mở hồ sơ")
        verbose_name_plural = _("lần mở hồ sơ")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(name="opening_by_time", fields=("at", "id")),
            models.Index(name="opening_of_cadre", fields=("cadre", "at")),
        )
        constraints = (
            # Also serves "what did this account open".
            models.UniqueConstraint(
                name="opening_once_an_hour", fields=("actor", "hour", "cadre", "door")
            ),
            models.CheckConstraint(
                name="opening_door_listed", condition=Q(door__in=FileDoor.values)
            ),
        )
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.cadre_code}: {self.actor}"


class ExportRecord(models.Model):
    """One file that somebody took away.

    `what` is the code of the form (EXPORT_NAMES), `filters` what it was narrowed to, `unit_ids` the
    units it may tell of (empty: all). `people` and `rows` are None where they say nothing.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người xuất"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="export_records",
    )
    what = models.CharField(_("nội dung"), max_length=40)
    file_format = models.CharField(_("định dạng"), max_length=10)
    filters = models.JSONField(_("bộ lọc"), default=dict)
    unit_ids = ArrayField(models.BigIntegerField(), verbose_name=_("phạm vi"), default=list)
    people = models.PositiveIntegerField(_("số người"), null=True)
    rows = models.PositiveIntegerField(_("số dòng"), null=True)
    is_sensitive = models.BooleanField(_("có thông tin nhạy cảm"))
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    as_of = models.DateField(_("ngày xét"), null=True)
    law_fingerprint = models.CharField(_("mã bộ căn cứ"), max_length=64, blank=True)
    sha256 = models.CharField(_("dấu của tệp (SHA-256)"), max_length=64, blank=True)
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("lần xuất dữ liệu")
        verbose_name_plural = _("lần xuất dữ liệu")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(name="export_by_time", fields=("at", "id")),
            models.Index(name="export_by_actor", fields=("actor", "at")),
        )
        constraints = (
            models.CheckConstraint(name="export_what_given", condition=~Q(what="")),
            models.CheckConstraint(name="export_format_given", condition=~Q(file_format="")),
        )
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.what}: {self.actor}"

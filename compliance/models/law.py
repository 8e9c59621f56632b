"""What a province adds to the law: targets for a subtree, and waivers."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from cadres.models.history import tracked
from compliance.choices import Confidence, SubjectKind


@tracked()
class Target(models.Model):
    """A provincial value of a legal parameter for a unit's subtree at one level.

    Both days of the period are inside. It replaces the national value only where it is stricter
    or where there is none (CONTRACT section 3).
    """

    unit = models.ForeignKey(
        "cadres.Unit", verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="targets"
    )
    parameter = models.CharField(_("tham số"), max_length=80)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    value = models.PositiveIntegerField(_("giá trị"))
    in_force_from = models.DateField(_("từ ngày"))
    in_force_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    document = models.CharField(_("văn bản"), max_length=120)
    document_on = models.DateField(_("ngày ký"), null=True, blank=True)
    at = models.CharField(_("điều, khoản"), max_length=80, blank=True)
    confidence = models.CharField(
        _("mức chắc chắn"), max_length=12, choices=Confidence, default=Confidence.READ
    )
    #: What ended it before its time, or replaced it. The exchange workbook has no column for it.
    end_document = models.CharField(
        _("văn bản kết thúc, thay thế"), max_length=120, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("chỉ tiêu của tỉnh")
        verbose_name_plural = _("chỉ tiêu của tỉnh")
        constraints = (
            models.UniqueConstraint(
                name="target_once", fields=("unit", "parameter", "level", "in_force_from")
            ),
            models.CheckConstraint(
                name="target_period", condition=Q(in_force_to__gte=F("in_force_from"))
            ),
            models.CheckConstraint(name="target_level_listed", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="target_document_given", condition=~Q(document="")),
        )

    def __str__(self) -> str:
        return f"{self.parameter} = {self.value} ({self.document})"

    def has_begun(self, today: dt.date) -> bool:
        """Whether it is or was in force: then it is not changed any more, only ended."""
        return self.in_force_from <= today


@tracked()
class Waiver(models.Model):
    """A decision that a rule is not held against a unit; the finding itself stays as it is."""

    rule = models.CharField(_("tiêu chí"), max_length=80)
    unit = models.ForeignKey(
        "cadres.Unit", verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="waivers"
    )
    subject_kind = models.SmallIntegerField(
        _("đối tượng"), choices=SubjectKind, null=True, blank=True
    )
    subject_id = models.BigIntegerField(_("mã đối tượng"), null=True, blank=True)
    reason = models.TextField(_("lý do"))
    document = models.CharField(_("văn bản cho phép"), max_length=120)
    document_on = models.DateField(_("ngày ký"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đề nghị"),
        on_delete=models.PROTECT,
        related_name="waivers_asked",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người phê duyệt"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waivers_approved",
    )
    in_force_from = models.DateField(_("từ ngày"))
    in_force_to = models.DateField(_("đến hết ngày"))

    class Meta:
        verbose_name = _("miễn áp dụng")
        verbose_name_plural = _("miễn áp dụng")
        constraints = (
            models.CheckConstraint(
                name="waiver_period", condition=Q(in_force_to__gte=F("in_force_from"))
            ),
            models.CheckConstraint(
                name="waiver_not_self_approved", condition=~Q(approved_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="waiver_subject_whole",
                condition=Q(subject_kind=None, subject_id=None)
                | Q(subject_kind__isnull=False, subject_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.unit}"

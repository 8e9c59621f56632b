"""The rotation plan of a year with its targets, and which titles count as equivalent."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from rotation.choices import PlanState


@tracked()
class RotationPlan(models.Model):
    """How many each unit sends and receives in a year; rotations are counted against it."""

    year = models.PositiveSmallIntegerField(_("năm"), unique=True)
    purpose = models.TextField(_("mục đích, yêu cầu"), max_length=4000, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=9, choices=PlanState, default=PlanState.DRAFT
    )
    submission_no = models.CharField(_("tờ trình số"), max_length=80, blank=True)
    submitted_on = models.DateField(_("ngày trình"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người trình"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    return_reason = models.TextField(_("lý do trả lại"), max_length=2000, blank=True)
    decision_no = models.CharField(_("kế hoạch số"), max_length=80, blank=True)
    decision_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người phê duyệt"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("kế hoạch luân chuyển")
        verbose_name_plural = _("kế hoạch luân chuyển")
        ordering = ("-year",)
        constraints = (
            models.CheckConstraint(
                name="rotation_plan_year_sane", condition=Q(year__gte=1945, year__lte=2200)
            ),
            models.CheckConstraint(
                name="rotation_plan_status_listed", condition=Q(status__in=PlanState.values)
            ),
            models.CheckConstraint(
                name="rotation_plan_submitted_by_somebody",
                condition=Q(status=PlanState.DRAFT)
                | Q(submitted_on__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="rotation_plan_approved_with_decision",
                condition=~Q(status=PlanState.APPROVED)
                | (Q(decision_on__isnull=False, decided_by__isnull=False) & ~Q(decision_no="")),
            ),
            models.CheckConstraint(
                name="rotation_plan_decided_by_somebody_else",
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
            ),
        )

    def __str__(self) -> str:
        return str(_("Kế hoạch luân chuyển năm %(year)s")) % {"year": self.year}


@tracked()
class RotationTarget(models.Model):
    """How many people a unit sends and receives in the year of the plan."""

    plan = models.ForeignKey(
        RotationPlan, on_delete=models.CASCADE, db_index=False, related_name="targets"
    )
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("đơn vị"),
        on_delete=models.PROTECT,
        related_name="rotation_targets",
    )
    send = models.PositiveSmallIntegerField(_("cử đi"), default=0)
    receive = models.PositiveSmallIntegerField(_("tiếp nhận"), default=0)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("chỉ tiêu luân chuyển")
        verbose_name_plural = _("chỉ tiêu luân chuyển")
        constraints = (
            models.UniqueConstraint(name="rotation_target_once", fields=("plan", "unit")),
            models.CheckConstraint(
                name="rotation_target_says_something",
                condition=Q(send__gt=0) | Q(receive__gt=0) | ~Q(note=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan}: {self.unit}"


@tracked()
class RotationPlanDecision(models.Model):
    """A decision on the plan of a year, with the targets as they were decided.

    `targets`: `[[unit id, send, receive, note], …]`. Written once; a decision that is opened again
    for adjustment only learns why and by whom. Until the next decision it stays in force.
    """

    plan = models.ForeignKey(
        RotationPlan, on_delete=models.PROTECT, db_index=False, related_name="decisions"
    )
    number = models.PositiveSmallIntegerField()
    purpose = models.TextField(_("mục đích, yêu cầu"), max_length=4000, blank=True)
    submission_no = models.CharField(_("tờ trình số"), max_length=80, blank=True)
    submitted_on = models.DateField(_("ngày trình"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision_no = models.CharField(_("kế hoạch số"), max_length=80)
    decision_on = models.DateField(_("ngày ban hành"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    targets = models.JSONField()
    reopened_on = models.DateField(_("ngày mở lại"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopen_reason = models.CharField(_("lý do điều chỉnh"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("quyết định về kế hoạch luân chuyển")
        verbose_name_plural = _("quyết định về kế hoạch luân chuyển")
        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(name="rotation_decision_once", fields=("plan", "number")),
            models.CheckConstraint(name="rotation_decision_named", condition=~Q(decision_no="")),
            models.CheckConstraint(
                name="rotation_decision_by_somebody_else",
                condition=~Q(decided_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="rotation_decision_reopened_whole",
                condition=Q(reopened_on=None, reopened_by=None, reopen_reason="")
                | (Q(reopened_on__isnull=False, reopened_by__isnull=False) & ~Q(reopen_reason="")),
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="decided_once",
                exclude=["reopened_on", "reopened_by", "reopen_reason"],
            ),
            pgtrigger.Protect(name="decision_stays", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.plan}: {self.decision_no}"


@tracked()
class EquivalentTitle(models.Model):
    """A title in a group of equivalent ones, as the province decided (65-QĐ/TW, Điều 1).

    Titles of one rank are equivalent anyhow; a group says so across ranks.
    """

    title = models.OneToOneField(
        "cadres.Title",
        verbose_name=_("chức danh"),
        on_delete=models.CASCADE,
        related_name="equivalence",
    )
    group = models.CharField(_("nhóm tương đương"), max_length=80)
    document = models.CharField(_("văn bản"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("chức danh tương đương")
        verbose_name_plural = _("chức danh tương đương")
        ordering = ("group", "title")
        constraints = (
            models.CheckConstraint(name="equivalent_title_grouped", condition=~Q(group="")),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.title}"

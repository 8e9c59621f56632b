"""What inspected units answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from inspections.choices import ReportState
from inspections.models.mandate import InspectedUnit, OutlineItem


@tracked()
class SelfReport(models.Model):
    """The self-report of one unit: own assessment beside the answers; `version` counts saves."""

    inspected_unit = models.OneToOneField(
        InspectedUnit, on_delete=models.CASCADE, related_name="self_report"
    )
    state = models.CharField(
        _("trạng thái"), max_length=9, choices=ReportState, default=ReportState.DRAFT
    )
    strengths = models.TextField(_("ưu điểm"), max_length=10_000, blank=True)
    shortcomings = models.TextField(_("hạn chế, khuyết điểm"), max_length=10_000, blank=True)
    causes = models.TextField(_("nguyên nhân"), max_length=10_000, blank=True)
    proposals = models.TextField(_("kiến nghị"), max_length=10_000, blank=True)
    number = models.CharField(_("báo cáo số"), max_length=80, blank=True)
    submitted_on = models.DateField(_("ngày nộp"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_reason = models.TextField(_("yêu cầu bổ sung"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("báo cáo tự kiểm tra")
        verbose_name_plural = _("báo cáo tự kiểm tra")
        constraints = (
            models.CheckConstraint(
                name="self_report_state_listed", condition=Q(state__in=ReportState.values)
            ),
            models.CheckConstraint(
                name="self_report_submitted",
                condition=~Q(state=ReportState.SUBMITTED)
                | (Q(submitted_on__isnull=False, submitted_by__isnull=False) & ~Q(number="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspected_unit}"


@tracked()
class SelfAnswer(models.Model):
    """The answer to one question; `version` counts its saves.

    `table`: as the unit gave it (selectors.prefill says of what it is made). `returned_for`: what
    the team asks of a submitted answer, open for the unit until `amended_on`.
    """

    report = models.ForeignKey(
        SelfReport, on_delete=models.CASCADE, db_index=False, related_name="answers"
    )
    item = models.ForeignKey(OutlineItem, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(_("trả lời"), max_length=20_000, blank=True)
    table = models.JSONField(null=True, blank=True)
    returned_for = models.TextField(_("yêu cầu bổ sung"), max_length=2000, blank=True)
    returned_on = models.DateField(_("yêu cầu ngày"), null=True, blank=True)
    amended_on = models.DateField(_("bổ sung ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("trả lời của đơn vị")
        verbose_name_plural = _("trả lời của đơn vị")
        constraints = (
            models.UniqueConstraint(name="self_answer_once", fields=("report", "item")),
            models.CheckConstraint(
                name="self_answer_returned",
                condition=Q(returned_on=None, amended_on=None)
                | (Q(returned_on__isnull=False) & ~Q(returned_for="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.report}: {self.item}"

    @property
    def is_returned(self) -> bool:
        """Whether the team waits for the unit to amend it."""
        return self.returned_on is not None and self.amended_on is None


class SelfSubmission(models.Model):
    """A self-report as the unit submitted it: written once, and what the inspecting side reads.

    What the unit writes afterwards is its own until it submits again. `answers`: {id of the
    question: {"text", "table"}}; `files`: those it gave with them.
    """

    report = models.ForeignKey(SelfReport, on_delete=models.PROTECT, related_name="submissions")
    number = models.CharField(max_length=80)
    submitted_on = models.DateField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    strengths = models.TextField(blank=True)
    shortcomings = models.TextField(blank=True)
    causes = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    files = models.ManyToManyField("inspections.Attachment", blank=True, related_name="submissions")

    class Meta:
        verbose_name = _("báo cáo tự kiểm tra đã nộp")
        verbose_name_plural = _("báo cáo tự kiểm tra đã nộp")
        ordering = ("report", "pk")

    def __str__(self) -> str:
        return f"{self.report}: {self.number}"

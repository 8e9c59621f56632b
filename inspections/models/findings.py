"""Findings, objections, the team's report, recommendations and what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadres.models.history import tracked
from inspections.choices import (
    FindingKind,
    FindingState,
    RemedyActKind,
    RemedyState,
    Severity,
    SignState,
    Topic,
)
from inspections.models.evidence import Evidence
from inspections.models.mandate import InspectedUnit, Inspection

_NOT_RECOMMENDED = ~Q(kind=FindingKind.RECOMMENDATION)


@tracked()
class Finding(models.Model):
    """What is said of a unit, or of all (`inspected_unit` None); `source`: the rule it came from.

    `version` counts edits, so that of two people who edit at once the second is told.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="findings")
    inspected_unit = models.ForeignKey(
        InspectedUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    kind = models.CharField(_("loại"), max_length=14, choices=FindingKind)
    topic = models.CharField(_("chủ đề"), max_length=12, choices=Topic)
    severity = models.SmallIntegerField(_("mức độ"), choices=Severity, null=True, blank=True)
    text = models.TextField(_("nội dung"), max_length=10_000)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=FindingState, default=FindingState.EDITED
    )
    source = models.CharField(max_length=80, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    is_sensitive = models.BooleanField(_("có dữ liệu nhạy cảm"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dropped_for = models.CharField(_("lý do bỏ"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("nhận định")
        verbose_name_plural = _("nhận định")
        ordering = ("inspection", "inspected_unit", "place", "pk")
        constraints = (
            models.CheckConstraint(
                name="finding_kind_listed", condition=Q(kind__in=FindingKind.values)
            ),
            models.CheckConstraint(
                name="finding_topic_listed", condition=Q(topic__in=Topic.values)
            ),
            models.CheckConstraint(
                name="finding_state_listed", condition=Q(state__in=FindingState.values)
            ),
            models.CheckConstraint(
                name="finding_severity_listed", condition=Q(severity__in=Severity.values)
            ),
            models.CheckConstraint(name="finding_told", condition=~Q(text="")),
            models.CheckConstraint(
                name="finding_dropped_for_a_reason",
                condition=~Q(state=FindingState.DROPPED) | ~Q(dropped_for=""),
            ),
            models.UniqueConstraint(
                name="finding_drafted_once",
                fields=("inspection", "inspected_unit", "source"),
                condition=~Q(source=""),
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


class FindingEvidence(models.Model):
    """What a finding rests on: a frozen result (`evidence` and `key`), or a file."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="proofs")
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=120, blank=True)
    attachment = models.ForeignKey(
        "inspections.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("trang, mục"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("căn cứ của nhận định")
        verbose_name_plural = _("căn cứ của nhận định")
        constraints = (
            models.UniqueConstraint(
                name="finding_evidence_once",
                fields=("finding", "evidence", "key", "attachment"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="finding_evidence_one_thing",
                condition=Q(evidence__isnull=False, attachment=None)
                | Q(evidence=None, attachment__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding}: {self.key or self.attachment}"


@tracked()
class Objection(models.Model):
    """What a unit says against a finding, and what the team answers."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="objections")
    text = models.TextField(_("ý kiến của đơn vị"), max_length=10_000)
    raised_on = models.DateField(_("ngày"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(_("trả lời của đoàn"), max_length=10_000, blank=True)
    answered_on = models.DateField(_("ngày trả lời"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("ý kiến của đơn vị về nhận định")
        verbose_name_plural = _("ý kiến của đơn vị về nhận định")
        constraints = (
            models.CheckConstraint(name="objection_told", condition=~Q(text="")),
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=Q(answer="", answered_on=None, answered_by=None)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class TeamReport(models.Model):
    """The team's report: the secretary's synthesis, signed off in order; `version` counts saves."""

    inspection = models.OneToOneField(
        Inspection, on_delete=models.CASCADE, related_name="team_report"
    )
    state = models.CharField(
        _("trạng thái"), max_length=11, choices=SignState, default=SignState.DRAFT
    )
    overview = models.TextField(_("đánh giá chung"), max_length=20_000, blank=True)
    strengths = models.TextField(_("ưu điểm"), max_length=20_000, blank=True)
    shortcomings = models.TextField(
        _("hạn chế, khuyết điểm, nguyên nhân"), max_length=20_000, blank=True
    )
    proposals = models.TextField(_("đề nghị"), max_length=20_000, blank=True)
    number = models.CharField(_("báo cáo số"), max_length=80, blank=True)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    synthesised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("báo cáo của đoàn")
        verbose_name_plural = _("báo cáo của đoàn")
        constraints = (
            models.CheckConstraint(
                name="team_report_state_listed", condition=Q(state__in=SignState.values)
            ),
            models.CheckConstraint(
                name="team_report_signed",
                condition=~Q(state=SignState.SIGNED)
                | (Q(signed_on__isnull=False, signed_by__isnull=False) & ~Q(number="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection}"


@tracked()
class Recommendation(models.Model):
    """What is asked of a unit by a day, and what became of it; belongs to one finding.

    `rule`: the criterion whose live result tells whether it is mended; `repeats`: the earlier one
    that was not carried out.
    """

    finding = models.OneToOneField(Finding, on_delete=models.CASCADE, related_name="recommendation")
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("đơn vị thực hiện"),
        on_delete=models.PROTECT,
        related_name="recommendations",
    )
    head = models.CharField(_("người đứng đầu chịu trách nhiệm"), max_length=160)
    due_on = models.DateField(_("hạn"))
    rule = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=RemedyState, default=RemedyState.OPEN
    )
    closed_on = models.DateField(_("ngày kết thúc"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_for = models.CharField(_("căn cứ kết thúc"), max_length=500, blank=True)
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by"
    )

    class Meta:
        verbose_name = _("kiến nghị")
        verbose_name_plural = _("kiến nghị")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="recommendation_state_listed", condition=Q(state__in=RemedyState.values)
            ),
            models.CheckConstraint(name="recommendation_of_a_head", condition=~Q(head="")),
            models.CheckConstraint(
                name="recommendation_closed_whole",
                condition=~Q(state=RemedyState.CLOSED)
                | (Q(closed_on__isnull=False, closed_by__isnull=False) & ~Q(closed_for="")),
            ),
        )

    def __str__(self) -> str:
        return str(self.finding)


@tracked()
class RemedyReport(models.Model):
    """What a unit reports of carrying out a recommendation."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="reports"
    )
    text = models.TextField(_("kết quả thực hiện"), max_length=10_000)
    number = models.CharField(_("văn bản số"), max_length=80, blank=True)
    reported_on = models.DateField(_("ngày báo cáo"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(_("nhận lúc"), default=clock.now)

    class Meta:
        verbose_name = _("báo cáo thực hiện kiến nghị")
        verbose_name_plural = _("báo cáo thực hiện kiến nghị")
        ordering = ("recommendation", "reported_on", "pk")
        constraints = (models.CheckConstraint(name="remedy_report_told", condition=~Q(text="")),)

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class RemedyAct(models.Model):
    """What the inspecting side did with a recommendation, and why; never changed afterwards."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="acts"
    )
    kind = models.CharField(_("việc"), max_length=10, choices=RemedyActKind)
    text = models.TextField(_("nội dung, căn cứ"), max_length=2000)
    done_on = models.DateField(_("ngày"))
    done_at = models.DateTimeField(default=clock.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("xử lý kiến nghị")
        verbose_name_plural = _("xử lý kiến nghị")
        ordering = ("recommendation", "done_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="remedy_act_listed", condition=Q(kind__in=RemedyActKind.values)
            ),
            models.CheckConstraint(name="remedy_act_told", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text[:80]


class Correction(models.Model):
    """A recorded correction of a finding after the conclusion; written once."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="corrections")
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(_("lý do đính chính"), max_length=500)
    document = models.CharField(_("văn bản đính chính"), max_length=120)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField()

    class Meta:
        verbose_name = _("đính chính")
        verbose_name_plural = _("đính chính")
        ordering = ("finding", "corrected_at")
        constraints = (
            models.CheckConstraint(
                name="correction_told",
                condition=~Q(reason="") & ~Q(document="") & ~Q(after=""),
            ),
        )

    def __str__(self) -> str:
        return self.reason

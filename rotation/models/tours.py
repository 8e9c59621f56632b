"""A cadre's move from one post to another, from the proposal to what became of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Grade
from cadres.models.history import tracked
from rotation.choices import (
    CheckCode,
    DeclineReason,
    EndReason,
    NeedKind,
    ReportKind,
    RotationKind,
    RotationStatus,
    Side,
    Stance,
)
from rotation.models.plans import RotationPlan


def _short(label: Any, **more: Any) -> Any:
    """A text that the exchange workbook has no column for: the database fills it in."""
    return models.CharField(label, blank=True, default="", db_default="", **more)


@tracked()
class Rotation(models.Model):
    """A move between posts. `ended_on` is when the tour really ended.

    A proposal is open until it is submitted, and may be given back. `begun`, `ended`: what starting
    and ending it did to appointments, as `cadres.services.moves` returned it, so that it can be
    taken back exactly; None: nothing was written.
    """

    cadre = models.ForeignKey("cadres.Cadre", on_delete=models.PROTECT, related_name="rotations")
    kind = models.CharField(_("loại"), max_length=10, choices=RotationKind)
    from_unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("nơi đi"),
        on_delete=models.PROTECT,
        related_name="rotations_out",
    )
    from_title = models.ForeignKey(
        "cadres.Title", verbose_name=_("chức vụ nơi đi"), on_delete=models.PROTECT, related_name="+"
    )
    to_unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("nơi đến"),
        on_delete=models.PROTECT,
        related_name="rotations_in",
    )
    to_title = models.ForeignKey(
        "cadres.Title",
        verbose_name=_("chức vụ nơi đến"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    start_on = models.DateField(_("từ ngày"), null=True, blank=True)
    planned_end_on = models.DateField(_("dự kiến đến ngày"), null=True, blank=True)
    ended_on = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=11, choices=RotationStatus, default=RotationStatus.PROPOSED
    )
    decline_reason = models.CharField(_("lý do từ chối"), max_length=200, blank=True)

    # What follows the exchange workbook has no columns for.
    version = models.PositiveIntegerField(default=0, db_default=0)
    plan = models.ForeignKey(
        RotationPlan,
        verbose_name=_("kế hoạch"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rotations",
    )
    need = _short(_("căn cứ đề xuất"), max_length=12, choices=NeedKind.choices)
    need_note = _short(_("thuyết minh"), max_length=1000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đề xuất"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_on = models.DateField(_("ngày đề xuất"), null=True, blank=True)
    submission_no = _short(_("tờ trình số"), max_length=80)
    submitted_on = models.DateField(_("ngày trình"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người trình"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rotations_submitted",
    )
    return_reason = _short(_("lý do trả lại"), max_length=1000)
    decision_no = _short(_("số quyết định"), max_length=80)
    decision_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người quyết định"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rotations_decided",
    )
    decline_kind = _short(_("nhóm lý do từ chối"), max_length=8, choices=DeclineReason.choices)
    declined_on = models.DateField(_("ngày từ chối"), null=True, blank=True)
    end_kind = _short(_("lý do kết thúc sớm"), max_length=10, choices=EndReason.choices)
    end_note = _short(_("nội dung kết thúc"), max_length=500)
    cancel_reason = _short(_("lý do hủy"), max_length=500)
    after_unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("bố trí sau luân chuyển tại"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    after_title = models.ForeignKey(
        "cadres.Title",
        verbose_name=_("chức vụ sau luân chuyển"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    after_decision_no = _short(_("quyết định bố trí số"), max_length=80)
    begun = models.JSONField(null=True, blank=True)
    ended = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("luân chuyển, điều động, biệt phái")
        verbose_name_plural = _("luân chuyển, điều động, biệt phái")
        constraints = (
            models.UniqueConstraint(
                name="rotation_once",
                fields=(
                    "cadre",
                    "kind",
                    "from_unit",
                    "from_title",
                    "to_unit",
                    "to_title",
                    "start_on",
                ),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="rotation_planned_period", condition=Q(planned_end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="rotation_period", condition=Q(ended_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="rotation_kind_listed", condition=Q(kind__in=RotationKind.values)
            ),
            models.CheckConstraint(
                name="rotation_status_listed", condition=Q(status__in=RotationStatus.values)
            ),
            models.CheckConstraint(
                name="rotation_need_listed", condition=Q(need__in=["", *NeedKind.values])
            ),
            models.CheckConstraint(
                name="rotation_decline_listed",
                condition=Q(decline_kind__in=["", *DeclineReason.values]),
            ),
            models.CheckConstraint(
                name="rotation_end_listed", condition=Q(end_kind__in=["", *EndReason.values])
            ),
            models.CheckConstraint(
                name="rotation_decided_with_decision",
                condition=Q(decided_by=None) | (Q(decision_on__isnull=False) & ~Q(decision_no="")),
            ),
            models.CheckConstraint(
                name="rotation_decided_by_somebody_else",
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="rotation_arranged_whole",
                condition=Q(after_unit=None, after_title=None)
                | Q(after_unit__isnull=False, after_title__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.to_unit}"

    @property
    def is_open(self) -> bool:
        """Whether the proposal may still be changed: not submitted, or given back."""
        return self.status == RotationStatus.PROPOSED and self.submitted_on is None

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for a decision."""
        return self.status == RotationStatus.PROPOSED and self.submitted_on is not None


@tracked()
class RotationOpinion(models.Model):
    """What the person, the sending or the receiving unit says of a proposal; the last word counts.

    Law: qd-65-2022 (step 3 and 4, recalled).
    """

    rotation = models.ForeignKey(
        Rotation, on_delete=models.CASCADE, db_index=False, related_name="opinions"
    )
    side = models.CharField(_("bên cho ý kiến"), max_length=9, choices=Side)
    stance = models.CharField(_("ý kiến"), max_length=10, choices=Stance)
    text = models.CharField(_("nội dung"), max_length=1000, blank=True)
    document = models.CharField(_("văn bản, biên bản"), max_length=120, blank=True)
    given_on = models.DateField(_("ngày cho ý kiến"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("ý kiến về luân chuyển")
        verbose_name_plural = _("ý kiến về luân chuyển")
        constraints = (
            models.UniqueConstraint(name="rotation_opinion_once", fields=("rotation", "side")),
            models.CheckConstraint(
                name="rotation_opinion_side_listed", condition=Q(side__in=Side.values)
            ),
            models.CheckConstraint(
                name="rotation_opinion_stance_listed", condition=Q(stance__in=Stance.values)
            ),
            models.CheckConstraint(
                name="rotation_opinion_told",
                condition=Q(stance=Stance.AGREE) | ~Q(text=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.get_stance_display()}"


@tracked()
class RotationWaiver(models.Model):
    """A decision to approve a rotation although one of its conditions does not hold."""

    rotation = models.ForeignKey(
        Rotation, on_delete=models.CASCADE, db_index=False, related_name="waivers"
    )
    check_code = models.CharField(_("điều kiện"), max_length=20, choices=CheckCode)
    reason = models.CharField(_("lý do"), max_length=1000)
    document = models.CharField(_("văn bản cho phép"), max_length=120)
    document_on = models.DateField(_("ngày ký"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("miễn điều kiện luân chuyển")
        verbose_name_plural = _("miễn điều kiện luân chuyển")
        constraints = (
            models.UniqueConstraint(name="rotation_waiver_once", fields=("rotation", "check_code")),
            models.CheckConstraint(
                name="rotation_waiver_check_listed", condition=Q(check_code__in=CheckCode.values)
            ),
            models.CheckConstraint(
                name="rotation_waiver_told", condition=~Q(reason="") & ~Q(document="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.rotation}: {self.get_check_code_display()}"


@tracked()
class TourExtension(models.Model):
    """A decision that a tour lasts longer than planned; `was`: the planned end until then."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="extensions")
    was = models.DateField(_("đến ngày cũ"), null=True, blank=True)
    until = models.DateField(_("kéo dài đến ngày"))
    reason = models.CharField(_("lý do"), max_length=500)
    document = models.CharField(_("văn bản"), max_length=120)
    document_on = models.DateField(_("ngày ký"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("kéo dài thời gian luân chuyển")
        verbose_name_plural = _("kéo dài thời gian luân chuyển")
        ordering = ("rotation", "pk")
        constraints = (
            models.CheckConstraint(name="extension_lasts", condition=Q(until__gt=F("was"))),
            models.CheckConstraint(
                name="extension_told", condition=~Q(reason="") & ~Q(document="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.rotation}, {self.until}"


@tracked()
class TourReport(models.Model):
    """What the receiving body reports of somebody on a tour, each year and at the end.

    Law: qd-65-2022 (recalled).
    """

    rotation = models.ForeignKey(
        Rotation, on_delete=models.CASCADE, db_index=False, related_name="reports"
    )
    kind = models.CharField(_("loại"), max_length=6, choices=ReportKind)
    year = models.PositiveSmallIntegerField(_("năm"))
    grade = models.SmallIntegerField(_("xếp loại"), choices=Grade, null=True, blank=True)
    text = models.TextField(_("nhận xét"), max_length=4000)
    document = models.CharField(_("văn bản số"), max_length=120, blank=True)
    reported_on = models.DateField(_("ngày nhận xét"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("nhận xét của nơi đến")
        verbose_name_plural = _("nhận xét của nơi đến")
        ordering = ("rotation", "year", "kind")
        constraints = (
            models.UniqueConstraint(name="tour_report_once", fields=("rotation", "year", "kind")),
            models.CheckConstraint(
                name="tour_report_kind_listed", condition=Q(kind__in=ReportKind.values)
            ),
            models.CheckConstraint(
                name="tour_report_grade_listed", condition=Q(grade__in=Grade.values)
            ),
            models.CheckConstraint(
                name="tour_report_year_sane", condition=Q(year__gte=1945, year__lte=2200)
            ),
            models.CheckConstraint(name="tour_report_told", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return f"{self.rotation}, {self.year}"

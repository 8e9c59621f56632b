"""The way of a plan to its approval: cycles, the steps that are asked, what a province sets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from cadres.models.history import tracked
from compliance.choices import Confidence
from planning.choices import BallotDenominator, CycleKind
from planning.models.plans import Term


@tracked()
class PlanningCycle(models.Model):
    """Units are asked to plan for a term, or to review their plans, by a day.

    `unit`: asked are that unit and all below it; None: every unit. `level` "": all levels.
    """

    name = models.CharField(_("tên đợt"), max_length=160)
    term = models.ForeignKey(
        Term, verbose_name=_("nhiệm kỳ"), on_delete=models.PROTECT, related_name="cycles"
    )
    kind = models.CharField(_("loại"), max_length=6, choices=CycleKind)
    year = models.PositiveSmallIntegerField(_("năm"))
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("đơn vị và cấp dưới"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planning_cycles",
    )
    level = models.CharField(_("cấp"), max_length=10, choices=Level, blank=True)
    document = models.CharField(_("văn bản hướng dẫn"), max_length=120, blank=True)
    opens_on = models.DateField(_("bắt đầu"))
    due_on = models.DateField(_("hạn trình"))
    closed_on = models.DateField(_("kết thúc"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người mở"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("đợt quy hoạch")
        verbose_name_plural = _("đợt quy hoạch")
        ordering = ("-opens_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="cycle_once",
                fields=("term", "kind", "year", "unit", "level"),
                nulls_distinct=False,
                violation_error_message=_("Đã có một đợt như vậy. Hãy dùng đợt đó."),
            ),
            models.CheckConstraint(name="cycle_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="cycle_kind_listed", condition=Q(kind__in=CycleKind.values)
            ),
            models.CheckConstraint(
                name="cycle_level_listed", condition=Q(level__in=["", *Level.values])
            ),
            models.CheckConstraint(name="cycle_due", condition=Q(due_on__gte=F("opens_on"))),
            models.CheckConstraint(name="cycle_closed", condition=Q(closed_on__gte=F("opens_on"))),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether dossiers are still taken."""
        return self.closed_on is None


@tracked()
class StepTemplate(models.Model):
    """A step that a province's process asks for; dossiers copy it when they are opened.

    Law: hd-16-2022 (the steps themselves are second-hand); the province may change them.
    """

    kind = models.CharField(_("loại đợt"), max_length=6, choices=CycleKind)
    number = models.PositiveSmallIntegerField(_("bước"))
    name = models.CharField(_("nội dung"), max_length=160)
    body = models.CharField(_("hội nghị"), max_length=160, blank=True)
    has_ballot = models.BooleanField(_("bỏ phiếu kín"), default=False)
    confidence = models.CharField(
        _("mức chắc chắn"), max_length=12, choices=Confidence, default=Confidence.SECOND_HAND
    )

    class Meta:
        verbose_name = _("bước của quy trình")
        verbose_name_plural = _("bước của quy trình")
        ordering = ("kind", "number")
        constraints = (
            models.UniqueConstraint(name="step_template_once", fields=("kind", "number")),
            models.CheckConstraint(
                name="step_template_number", condition=Q(number__gte=1, number__lte=5)
            ),
            models.CheckConstraint(
                name="step_template_kind_listed", condition=Q(kind__in=CycleKind.values)
            ),
            models.CheckConstraint(name="step_template_named", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@tracked()
class ProcessSetting(models.Model):
    """What a province sets for the process; one row."""

    ballot_denominator = models.CharField(
        _("tỷ lệ phiếu tính trên"),
        max_length=9,
        choices=BallotDenominator,
        default=BallotDenominator.SUMMONED,
        help_text=_("Văn bản chưa nêu rõ; phiếu hợp lệ và người triệu tập đều có nơi dùng."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("nhắc trước hạn (ngày)"),
        default=7,
    )
    document = models.CharField(_("văn bản của tỉnh"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("thiết đặt quy trình")
        verbose_name_plural = _("thiết đặt quy trình")
        constraints = (
            models.CheckConstraint(name="process_setting_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="process_denominator_listed",
                condition=Q(ballot_denominator__in=BallotDenominator.values),
            ),
        )

    def __str__(self) -> str:
        return str(_("Thiết đặt quy trình"))


@tracked()
class Holiday(models.Model):
    """A day off that is no Saturday or Sunday: not counted in working days."""

    on_date = models.DateField(_("ngày"), unique=True)
    name = models.CharField(_("tên"), max_length=80)

    class Meta:
        verbose_name = _("ngày nghỉ lễ")
        verbose_name_plural = _("ngày nghỉ lễ")
        ordering = ("on_date",)

    def __str__(self) -> str:
        return self.name

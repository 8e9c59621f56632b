"""Reorganisations: several steps decided as one act, effective on one day; and dated unit facts."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level, ReorganisationStatus, StepKind, UnitKind
from cadres.models.history import tracked
from cadres.models.organisation import Position, Title, Unit
from cadres.models.people import Appointment


class ClosedDates(Func):
    """`daterange(from, to, '[]')`: both days inside; an empty bound is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s)"
    output_field = DateRangeField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(start), F(end), Value("[]"))


@tracked()
class Reorganisation(models.Model):
    """One act: its steps take effect together on `effective_on`, or not at all.

    `record` holds what applying it changed, row by row, so that it can be undone exactly.
    """

    name = models.CharField(_("nội dung"), max_length=200)
    effective_on = models.DateField(_("ngày hiệu lực"))
    decision_no = models.CharField(_("số quyết định, nghị quyết"), max_length=80, blank=True)
    decided_on = models.DateField(_("ngày ký"), null=True, blank=True)
    carries_plans = models.BooleanField(
        _("chuyển quy hoạch sang kế hoạch của đơn vị kế tục (bản dự thảo)"), default=False
    )
    carries_grants = models.BooleanField(
        _("phân quyền cho cán bộ tổ chức ở đơn vị kế tục"), default=True
    )
    status = models.CharField(
        _("trạng thái"),
        max_length=8,
        choices=ReorganisationStatus,
        default=ReorganisationStatus.DRAFT,
    )
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người lập"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("lập lúc"), auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người áp dụng"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("áp dụng lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người hoàn tác"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    record = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("sắp xếp tổ chức")
        verbose_name_plural = _("sắp xếp tổ chức")
        ordering = ("-effective_on", "-id")
        constraints = (
            models.CheckConstraint(
                name="reorganisation_status_listed",
                condition=Q(status__in=ReorganisationStatus.values),
            ),
            models.CheckConstraint(
                name="reorganisation_decided",
                condition=Q(status=ReorganisationStatus.DRAFT) | ~Q(decision_no=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class ReorganisationStep(models.Model):
    """A step of an act. Units are named by code, so that a step can use what one before creates.

    merge: `other_codes` go into `unit_code` · split: `unit_code` into `other_codes`, itself kept
    or closed · rename: `name`, `unit_kind`, `level` where given · close: `other_codes` carry on,
    if any · move: under `parent_code` · create: everything.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, db_index=False, related_name="steps"
    )
    number = models.PositiveSmallIntegerField(_("thứ tự"))
    kind = models.CharField(_("việc"), max_length=6, choices=StepKind)
    unit_code = models.CharField(_("mã đơn vị"), max_length=40)
    other_codes = ArrayField(
        models.CharField(max_length=40), verbose_name=_("các đơn vị khác"), default=list, blank=True
    )
    name = models.CharField(_("tên"), max_length=200, blank=True)
    unit_kind = models.CharField(_("loại"), max_length=20, choices=UnitKind, blank=True)
    level = models.CharField(_("cấp"), max_length=10, choices=Level, blank=True)
    parent_code = models.CharField(_("mã đơn vị cấp trên"), max_length=40, blank=True)
    keeps_source = models.BooleanField(_("đơn vị bị tách vẫn hoạt động"), default=False)

    class Meta:
        verbose_name = _("bước sắp xếp")
        verbose_name_plural = _("bước sắp xếp")
        ordering = ("reorganisation", "number")
        indexes = (
            models.Index(name="step_of_unit", fields=("unit_code",)),
            GinIndex(name="step_of_others", fields=("other_codes",)),
        )
        constraints = (
            models.UniqueConstraint(name="step_once", fields=("reorganisation", "number")),
            models.CheckConstraint(name="step_kind_listed", condition=Q(kind__in=StepKind.values)),
            models.CheckConstraint(name="step_unit_given", condition=~Q(unit_code="")),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()}"


@tracked()
class ReorganisationChoice(models.Model):
    """Where a holder of a post goes; an empty `unit_code`: the post ends and no other begins."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, db_index=False, related_name="choices"
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="reorganisation_choices"
    )
    unit_code = models.CharField(_("đơn vị đến"), max_length=40, blank=True)
    title = models.ForeignKey(
        Title,
        verbose_name=_("chức danh mới"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("bố trí người khi sắp xếp")
        verbose_name_plural = _("bố trí người khi sắp xếp")
        constraints = (
            models.UniqueConstraint(
                name="reorganisation_choice_once", fields=("reorganisation", "appointment")
            ),
            models.CheckConstraint(
                name="reorganisation_choice_whole",
                condition=Q(unit_code="", title=None) | (~Q(unit_code="") & Q(title__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.appointment} → {self.unit_code}"


@tracked()
class ReorganisationPost(models.Model):
    """How many posts of a title a successor gets, where the proposal is not taken; 0: none."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, db_index=False, related_name="posts"
    )
    unit_code = models.CharField(_("mã đơn vị"), max_length=40)
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="+")
    prescribed = models.PositiveIntegerField(_("số lượng quy định"))

    class Meta:
        verbose_name = _("vị trí khi sắp xếp")
        verbose_name_plural = _("vị trí khi sắp xếp")
        constraints = (
            models.UniqueConstraint(
                name="reorganisation_post_once", fields=("reorganisation", "unit_code", "title")
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_code}: {self.title} × {self.prescribed}"


@tracked()
class UnitPeriod(models.Model):
    """What a unit was called and where it stood before, or will be; both days are inside.

    The row of the unit says what holds on days that no period covers. A trigger on `cadres_unit`
    keeps what was whenever a name, kind, level or parent changes, whoever changes it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="periods")
    name = models.CharField(_("tên đơn vị"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=UnitKind)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        Unit,
        verbose_name=_("đơn vị cấp trên"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="periods_below",
    )
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("tên và vị trí theo thời gian")
        verbose_name_plural = _("tên và vị trí theo thời gian")
        ordering = ("unit", "valid_to")
        constraints = (
            models.CheckConstraint(
                name="unit_facts_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
            # What has neither end would hide the unit's own row for ever.
            models.CheckConstraint(
                name="unit_facts_bounded",
                condition=Q(valid_from__isnull=False) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="unit_facts_other_parent", condition=Q(parent=None) | ~Q(parent=F("unit"))
            ),
            ExclusionConstraint(
                name="unit_facts_no_overlap",
                expressions=(
                    ("unit", RangeOperators.EQUAL),
                    (ClosedDates("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class PositionPeriod(models.Model):
    """How many were prescribed for a position before, or will be; both days are inside.

    0: the post was not there, or is no more. The row of the position says what holds on days that
    no period covers; kept by reorganisations, since they alone say from which day a number holds.
    """

    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, db_index=False, related_name="periods"
    )
    prescribed = models.PositiveIntegerField(_("số lượng quy định"))
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("số lượng quy định theo thời gian")
        verbose_name_plural = _("số lượng quy định theo thời gian")
        ordering = ("position", "valid_to")
        constraints = (
            models.CheckConstraint(
                name="position_number_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="position_number_bounded",
                condition=Q(valid_from__isnull=False) | Q(valid_to__isnull=False),
            ),
            ExclusionConstraint(
                name="position_number_no_overlap",
                expressions=(
                    ("position", RangeOperators.EQUAL),
                    (ClosedDates("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.prescribed}"

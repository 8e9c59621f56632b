"""Cadres and the dated facts about them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import (
    BirthPrecision,
    Degree,
    DisciplineKind,
    Grade,
    Sex,
    Theory,
    TrainingKind,
)
from cadres.models.history import tracked
from cadres.models.organisation import Title, Unit
from cadres.models.text import name_sort_key, search_key


class HalfOpenDates(Func):
    """`daterange(from, to)`: the first day in, the end day out; an empty end is open."""

    function = "daterange"
    output_field = DateRangeField()


@tracked(exclude=("search_key", "sort_key"))
class Cadre(models.Model):
    """A cadre's file: identity with only what planning needs."""

    code = models.CharField(_("số hiệu"), max_length=40, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField(
        _("ngày sinh"), null=True, blank=True, help_text=_("Thiếu ngày, tháng: ngày sớm nhất.")
    )
    birth_precision = models.CharField(
        _("mức chi tiết của ngày sinh"), max_length=5, choices=BirthPrecision, blank=True
    )
    ethnicity_code = models.CharField(_("dân tộc"), max_length=2, blank=True)
    native_unit = models.ForeignKey(
        Unit,
        verbose_name=_("quê quán"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="natives",
    )
    party_joined_on = models.DateField(_("ngày vào Đảng"), null=True, blank=True)
    degree = models.SmallIntegerField(_("chuyên môn"), choices=Degree, null=True, blank=True)
    theory = models.SmallIntegerField(_("lý luận chính trị"), choices=Theory, null=True, blank=True)
    retires_on = models.DateField(
        _("ngày nghỉ hưu do cấp có thẩm quyền quyết định"), null=True, blank=True
    )
    sort_key = name_sort_key("full_name")
    search_key = search_key("full_name")

    class Meta:
        verbose_name = _("cán bộ")
        verbose_name_plural = _("cán bộ")
        ordering = ("sort_key", "code")
        indexes = (
            models.Index(name="cadre_by_name", fields=("sort_key", "code")),
            GinIndex(name="cadre_search", fields=("search_key",), opclasses=("gin_trgm_ops",)),
        )
        constraints = (
            models.CheckConstraint(name="cadre_code_given", condition=~Q(code="")),
            models.CheckConstraint(name="cadre_sex_listed", condition=Q(sex__in=["", *Sex.values])),
            models.CheckConstraint(
                name="cadre_born_since_1900", condition=Q(birth_date__gte="1900-01-01")
            ),
            models.CheckConstraint(
                name="cadre_birth_precision",
                condition=Q(birth_date=None, birth_precision="")
                | Q(birth_date__isnull=False, birth_precision__in=BirthPrecision.values),
            ),
            models.CheckConstraint(
                name="cadre_ethnicity_listed",
                condition=Q(ethnicity_code__regex=r"^(0[1-9]|[1-4][0-9]|5[0-4])?$"),
            ),
            models.CheckConstraint(
                name="cadre_degree_listed", condition=Q(degree__in=Degree.values)
            ),
            models.CheckConstraint(
                name="cadre_theory_listed", condition=Q(theory__in=Theory.values)
            ),
        )

    def __str__(self) -> str:
        return self.full_name


@tracked()
class Appointment(models.Model):
    """A cadre holds a title in a unit from `start_on` until the day before `end_on`."""

    # Indexes that begin with the cadre stand below; one more would only cost.
    cadre = models.ForeignKey(
        Cadre, on_delete=models.CASCADE, db_index=False, related_name="appointments"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="appointments")
    start_on = models.DateField(_("từ ngày"))
    end_on = models.DateField(_("đến ngày"), null=True, blank=True)
    decision_no = models.CharField(_("số quyết định"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("giữ chức vụ")
        verbose_name_plural = _("giữ chức vụ")
        indexes = (
            models.Index(
                name="appointment_of_cadre",
                fields=("cadre", "start_on", "end_on"),
                include=("title", "unit"),
            ),
            # Half a country is checked in the order of cadres: without the two thirds that ended.
            models.Index(
                name="appointment_open",
                fields=("cadre",),
                include=("start_on", "title", "unit"),
                condition=Q(end_on=None),
            ),
            models.Index(
                name="appointment_by_end", fields=("end_on",), condition=Q(end_on__isnull=False)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                name="appointment_once", fields=("cadre", "unit", "title", "start_on")
            ),
            models.CheckConstraint(
                name="appointment_period", condition=Q(end_on__gte=F("start_on"))
            ),
            ExclusionConstraint(
                name="appointment_no_overlap",
                expressions=(
                    ("cadre", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    (HalfOpenDates("start_on", "end_on"), RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("Người này đang giữ chính vị trí đó trong thời gian ấy."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.title}, {self.unit}"


@tracked()
class Evaluation(models.Model):
    """The grade of a cadre for a year, given in a unit."""

    # Indexes that begin with the cadre and with the unit stand below.
    cadre = models.ForeignKey(
        Cadre, on_delete=models.CASCADE, db_index=False, related_name="evaluations"
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    grade = models.SmallIntegerField(_("xếp loại"), choices=Grade)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, db_index=False, related_name="evaluations"
    )

    class Meta:
        verbose_name = _("đánh giá, xếp loại")
        verbose_name_plural = _("đánh giá, xếp loại")
        indexes = (
            models.Index(name="evaluation_by_year", fields=("year", "cadre", "grade")),
            models.Index(name="evaluation_of_unit", fields=("unit", "year", "grade")),
        )
        constraints = (
            models.UniqueConstraint(name="evaluation_once", fields=("cadre", "year", "unit")),
            models.CheckConstraint(
                name="evaluation_grade_listed", condition=Q(grade__in=Grade.values)
            ),
            models.CheckConstraint(
                name="evaluation_year_sane", condition=Q(year__gte=1945, year__lte=2200)
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}, {self.year}: {self.get_grade_display()}"


@tracked()
class Discipline(models.Model):
    """A discipline in force from `decided_on` to `effective_to`, both days included."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="disciplines")
    kind = models.CharField(_("hình thức"), max_length=10, choices=DisciplineKind)
    decided_on = models.DateField(_("ngày quyết định"))
    effective_to = models.DateField(_("hiệu lực đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("kỷ luật")
        verbose_name_plural = _("kỷ luật")
        constraints = (
            models.UniqueConstraint(name="discipline_once", fields=("cadre", "kind", "decided_on")),
            models.CheckConstraint(
                name="discipline_period", condition=Q(effective_to__gte=F("decided_on"))
            ),
            models.CheckConstraint(
                name="discipline_kind_listed", condition=Q(kind__in=DisciplineKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.get_kind_display()}"


@tracked()
class Training(models.Model):
    """A course that a cadre attended or attends."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="trainings")
    course = models.CharField(_("khóa học"), max_length=200)
    kind = models.CharField(_("loại"), max_length=16, choices=TrainingKind)
    start_on = models.DateField(_("từ ngày"), null=True, blank=True)
    end_on = models.DateField(_("đến ngày"), null=True, blank=True)
    result = models.CharField(_("kết quả"), max_length=80, blank=True)
    # Item 26 of form 2C. The exchange workbook has no columns for them, so the database fills in.
    school = models.CharField(_("trường"), max_length=200, blank=True, default="", db_default="")
    study_form = models.CharField(
        _("hình thức học"), max_length=80, blank=True, default="", db_default=""
    )
    certificate = models.CharField(
        _("văn bằng, chứng chỉ"), max_length=120, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("đào tạo, bồi dưỡng")
        verbose_name_plural = _("đào tạo, bồi dưỡng")
        constraints = (
            models.UniqueConstraint(
                name="training_once",
                fields=("cadre", "kind", "course", "start_on"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="training_period", condition=Q(end_on__gte=F("start_on"))),
            models.CheckConstraint(
                name="training_kind_listed", condition=Q(kind__in=TrainingKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.course}"

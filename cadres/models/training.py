"""Courses and who attends them; skills that titles ask for and that people have.

What a person went through ends up as a `Training`; a course is how it gets there.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from cadres.choices import (
    CourseState,
    MemberState,
    SkillKind,
    Theory,
    TrainingKind,
    skill_level_label,
)
from cadres.models.history import tracked
from cadres.models.organisation import Title, Unit
from cadres.models.people import Cadre, HalfOpenDates, Training


@tracked()
class Course(models.Model):
    """A course that a unit plans or takes part in; `unit` keeps it, people below may attend.

    `gives_theory`, `skill` and `skill_level`: what who completes it has afterwards.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị lập"), on_delete=models.PROTECT, related_name="courses"
    )
    name = models.CharField(_("tên khóa học"), max_length=200)
    kind = models.CharField(_("loại"), max_length=16, choices=TrainingKind)
    organiser = models.CharField(_("cơ sở đào tạo, bồi dưỡng"), max_length=200, blank=True)
    start_on = models.DateField(_("khai giảng"), null=True, blank=True)
    end_on = models.DateField(_("bế giảng"), null=True, blank=True)
    places = models.PositiveIntegerField(_("số chỗ"), null=True, blank=True)
    decision_no = models.CharField(_("số quyết định, công văn"), max_length=80, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=9, choices=CourseState, default=CourseState.PLANNED
    )
    gives_theory = models.SmallIntegerField(
        _("trình độ lý luận chính trị đạt được"), choices=Theory, null=True, blank=True
    )
    skill = models.CharField(_("kỹ năng đạt được"), max_length=16, choices=SkillKind, blank=True)
    skill_level = models.SmallIntegerField(_("mức kỹ năng"), null=True, blank=True)
    finished_on = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    cancel_reason = models.CharField(_("lý do hủy"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người lập"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("khóa đào tạo, bồi dưỡng")
        verbose_name_plural = _("khóa đào tạo, bồi dưỡng")
        ordering = ("-start_on", "name")
        constraints = (
            # A double click, or two officers of one unit, make one course.
            models.UniqueConstraint(
                name="course_once", fields=("unit", "name", "start_on"), nulls_distinct=False
            ),
            models.CheckConstraint(name="course_named", condition=~Q(name="")),
            models.CheckConstraint(name="course_period", condition=Q(end_on__gte=F("start_on"))),
            models.CheckConstraint(name="course_places", condition=Q(places__gte=1)),
            models.CheckConstraint(
                name="course_kind_listed", condition=Q(kind__in=TrainingKind.values)
            ),
            models.CheckConstraint(
                name="course_state_listed", condition=Q(state__in=CourseState.values)
            ),
            models.CheckConstraint(
                name="course_theory_listed",
                condition=Q(gives_theory=None)
                | Q(gives_theory__in=Theory.values, kind=TrainingKind.THEORY),
            ),
            models.CheckConstraint(
                name="course_skill_listed",
                condition=Q(skill="", skill_level=None) | Q(skill__in=SkillKind.values),
            ),
            models.CheckConstraint(
                name="course_finished_on_a_day",
                condition=Q(state=CourseState.FINISHED, finished_on__isnull=False)
                | (~Q(state=CourseState.FINISHED) & Q(finished_on=None)),
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class CourseMember(models.Model):
    """A cadre in a course. `training` is what its completion wrote to the file."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, db_index=False, related_name="members"
    )
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="course_members")
    state = models.CharField(
        _("tham gia"), max_length=9, choices=MemberState, default=MemberState.INVITED
    )
    reason = models.CharField(_("lý do vắng"), max_length=200, blank=True)
    result = models.CharField(_("kết quả"), max_length=80, blank=True)
    training = models.OneToOneField(
        Training, on_delete=models.SET_NULL, null=True, blank=True, related_name="course_member"
    )

    class Meta:
        verbose_name = _("học viên")
        verbose_name_plural = _("học viên")
        constraints = (
            models.UniqueConstraint(name="course_member_once", fields=("course", "cadre")),
            models.CheckConstraint(
                name="course_member_state_listed", condition=Q(state__in=MemberState.values)
            ),
            models.CheckConstraint(
                name="course_member_absent_why",
                condition=~Q(state=MemberState.ABSENT) | ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.course}"


@tracked()
class TitleSkill(models.Model):
    """What a title asks for beyond degree and theory, by a document of the province.

    `level` empty: any level will do. Both days are inside.
    """

    title = models.ForeignKey(
        Title,
        verbose_name=_("chức danh"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="skills",
    )
    kind = models.CharField(_("kỹ năng"), max_length=16, choices=SkillKind)
    level = models.SmallIntegerField(_("mức tối thiểu"), null=True, blank=True)
    document = models.CharField(_("văn bản"), max_length=80)
    at = models.CharField(_("điều, khoản"), max_length=80, blank=True)
    in_force_from = models.DateField(_("từ ngày"))
    in_force_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("kỹ năng của chức danh")
        verbose_name_plural = _("kỹ năng của chức danh")
        constraints = (
            models.CheckConstraint(
                name="title_skill_kind_listed", condition=Q(kind__in=SkillKind.values)
            ),
            models.CheckConstraint(name="title_skill_cited", condition=~Q(document="")),
            models.CheckConstraint(
                name="title_skill_period", condition=Q(in_force_to__gte=F("in_force_from"))
            ),
            ExclusionConstraint(
                name="title_skill_no_overlap",
                expressions=(
                    ("title", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        HalfOpenDates("in_force_from", "in_force_to", Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                violation_error_message=_(
                    "Chức danh này đã có yêu cầu về kỹ năng đó trong thời gian ấy."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}: {self.words}"

    @property
    def words(self) -> str:
        """What is asked, as a reader says it."""
        return skill_level_label(self.kind, self.level)


@tracked()
class CadreSkill(models.Model):
    """A skill that a cadre has. `level` empty: not known; `detail` says which language and such."""

    cadre = models.ForeignKey(
        Cadre, on_delete=models.CASCADE, db_index=False, related_name="skills"
    )
    kind = models.CharField(_("kỹ năng"), max_length=16, choices=SkillKind)
    level = models.SmallIntegerField(_("mức"), null=True, blank=True)
    detail = models.CharField(
        _("cụ thể"), max_length=80, blank=True, help_text=_("Thí dụ: tiếng Anh, tiếng Tày.")
    )
    certificate = models.CharField(_("văn bằng, chứng chỉ"), max_length=120, blank=True)
    issued_on = models.DateField(_("cấp ngày"), null=True, blank=True)
    valid_to = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("kỹ năng của cán bộ")
        verbose_name_plural = _("kỹ năng của cán bộ")
        constraints = (
            models.UniqueConstraint(name="cadre_skill_once", fields=("cadre", "kind", "detail")),
            models.CheckConstraint(
                name="cadre_skill_kind_listed", condition=Q(kind__in=SkillKind.values)
            ),
            models.CheckConstraint(
                name="cadre_skill_period", condition=Q(valid_to__gte=F("issued_on"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.words}"

    @property
    def words(self) -> str:
        """What it is, as a reader says it."""
        text = skill_level_label(self.kind, self.level)
        return f"{text} ({self.detail})" if self.detail else text

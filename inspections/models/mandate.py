"""Who inspects whom, on what, for how long, by which decision; and the programme of a year."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from inspections.choices import AnswerKind, Stage, TableKind, TeamRole, Topic


@tracked()
class Programme(models.Model):
    """The yearly programme of inspections of a body."""

    year = models.PositiveSmallIntegerField(_("năm"))
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("cơ quan ban hành"),
        on_delete=models.PROTECT,
        related_name="inspection_programmes",
    )
    decision_no = models.CharField(_("số văn bản"), max_length=80, blank=True)
    decision_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    note = models.TextField(_("yêu cầu chung"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("chương trình kiểm tra")
        verbose_name_plural = _("chương trình kiểm tra")
        ordering = ("-year", "unit")
        constraints = (
            models.UniqueConstraint(name="programme_once", fields=("unit", "year")),
            models.CheckConstraint(
                name="programme_year_sane", condition=Q(year__gte=1945, year__lte=2200)
            ),
        )

    def __str__(self) -> str:
        return str(_("Chương trình kiểm tra năm %(year)s")) % {"year": self.year}


@tracked()
class ProgrammeItem(models.Model):
    """One unit that the programme of a year plans to inspect, on what, in which quarter."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, db_index=False, related_name="items"
    )
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("đơn vị được kiểm tra"),
        on_delete=models.PROTECT,
        related_name="programme_items",
    )
    subject = models.CharField(_("nội dung"), max_length=300)
    quarter = models.PositiveSmallIntegerField(_("quý"), null=True, blank=True)
    reason = models.CharField(_("lý do chọn"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("đơn vị trong chương trình")
        verbose_name_plural = _("đơn vị trong chương trình")
        ordering = ("programme", "quarter", "unit")
        constraints = (
            models.UniqueConstraint(
                name="programme_item_once", fields=("programme", "unit", "subject")
            ),
            models.CheckConstraint(
                name="programme_item_quarter", condition=Q(quarter__gte=1, quarter__lte=4)
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme}: {self.unit}"


@tracked()
class Inspection(models.Model):
    """One inspection by one decision. `version` counts edits of the mandate.

    `unit`: the body that issues; its level decides the limits. `evidence_on`: the day as of which
    evidence is taken by the law of that day.
    """

    name = models.CharField(_("tên cuộc kiểm tra"), max_length=300)
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("cơ quan kiểm tra"),
        on_delete=models.PROTECT,
        related_name="inspections_issued",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("chương trình"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
    )
    decision_no = models.CharField(_("quyết định số"), max_length=80, blank=True)
    decision_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    issuer = models.CharField(_("người, cơ quan ký"), max_length=160, blank=True)
    subject = models.TextField(_("nội dung kiểm tra"), max_length=4000)
    purpose = models.TextField(_("mục đích, yêu cầu"), max_length=4000, blank=True)
    law_examined = models.CharField(_("quy định được kiểm tra việc thực hiện"), max_length=300)
    period_from = models.DateField(_("mốc thời gian từ"))
    period_to = models.DateField(_("mốc thời gian đến"))
    starts_on = models.DateField(_("bắt đầu"))
    ends_on = models.DateField(_("kết thúc"))
    extended_to = models.DateField(_("gia hạn đến"), null=True, blank=True)
    extension_document = models.CharField(_("văn bản gia hạn"), max_length=120, blank=True)
    limit_reason = models.CharField(
        _("lý do, văn bản khi vượt giới hạn"), max_length=500, blank=True
    )
    evidence_on = models.DateField(_("ngày chốt số liệu"))
    stage = models.CharField(_("bước"), max_length=14, choices=Stage, default=Stage.PREPARING)
    conclusion_no = models.CharField(_("thông báo kết luận số"), max_length=80, blank=True)
    concluded_on = models.DateField(_("ngày kết luận"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections_concluded",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("lập lúc"), auto_now_add=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("cuộc kiểm tra")
        verbose_name_plural = _("cuộc kiểm tra")
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.CheckConstraint(name="inspection_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="inspection_stage_listed", condition=Q(stage__in=Stage.values)
            ),
            models.CheckConstraint(
                name="inspection_period", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="inspection_dates", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="inspection_extension",
                condition=Q(extended_to=None)
                | (Q(extended_to__gt=F("ends_on")) & ~Q(extension_document="")),
            ),
            models.CheckConstraint(
                name="inspection_decided",
                condition=Q(stage=Stage.PREPARING)
                | (Q(decision_on__isnull=False) & ~Q(decision_no="")),
            ),
            models.CheckConstraint(
                name="inspection_concluded",
                condition=~Q(stage__in=(Stage.FOLLOWING, Stage.CLOSED))
                | (
                    Q(concluded_on__isnull=False, concluded_by__isnull=False) & ~Q(conclusion_no="")
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> dt.date:
        """The day by which it has to end, the extension counted."""
        return self.extended_to or self.ends_on

    @property
    def is_concluded(self) -> bool:
        """Whether nothing changes any more but by a recorded correction."""
        return self.stage in (Stage.FOLLOWING, Stage.CLOSED)


@tracked()
class InspectedUnit(models.Model):
    """A unit that is inspected, with everything below it. `head`: who answers for it."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, db_index=False, related_name="units"
    )
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("đơn vị được kiểm tra"),
        on_delete=models.PROTECT,
        related_name="inspected_in",
    )
    head = models.CharField(_("người đứng đầu chịu trách nhiệm"), max_length=160, blank=True)
    report_due_on = models.DateField(_("hạn nộp báo cáo tự kiểm tra"), null=True, blank=True)
    late_reason = models.CharField(_("lý do không có báo cáo"), max_length=500, blank=True)
    place = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("đơn vị được kiểm tra")
        verbose_name_plural = _("đơn vị được kiểm tra")
        ordering = ("inspection", "place", "pk")
        constraints = (
            models.UniqueConstraint(name="inspected_unit_once", fields=("inspection", "unit")),
        )

    def __str__(self) -> str:
        return str(self.unit)


@tracked()
class TeamMember(models.Model):
    """Somebody in the team: role, mandate, and what they look at.

    `units` empty: all of the inspection. The mandate is a `RoleGrant` of the inspector for each
    unit, from `mandate_from` to `mandate_to`, made and ended by services.mandate alone.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, db_index=False, related_name="team"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tài khoản"),
        on_delete=models.PROTECT,
        related_name="team_memberships",
    )
    role = models.CharField(_("vai trò"), max_length=9, choices=TeamRole)
    post = models.CharField(_("chức vụ, cơ quan"), max_length=200, blank=True)
    assignment = models.CharField(_("nhiệm vụ được phân công"), max_length=1000, blank=True)
    units = models.ManyToManyField(
        InspectedUnit, verbose_name=_("đơn vị được phân công"), blank=True, related_name="members"
    )
    mandate_from = models.DateField(_("được đọc số liệu từ"))
    mandate_to = models.DateField(_("đến hết ngày"))
    grants = models.ManyToManyField("cadres.RoleGrant", blank=True, related_name="+")

    class Meta:
        verbose_name = _("thành viên đoàn")
        verbose_name_plural = _("thành viên đoàn")
        ordering = ("inspection", "pk")
        constraints = (
            models.UniqueConstraint(name="team_member_once", fields=("inspection", "user")),
            models.UniqueConstraint(
                name="team_one_lead", fields=("inspection",), condition=Q(role=TeamRole.LEAD)
            ),
            models.CheckConstraint(name="team_role_listed", condition=Q(role__in=TeamRole.values)),
            models.CheckConstraint(
                name="team_mandate", condition=Q(mandate_to__gte=F("mandate_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


@tracked()
class OutlineItem(models.Model):
    """A question of the outline that units answer in their self-reports."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, db_index=False, related_name="outline"
    )
    number = models.PositiveSmallIntegerField(_("số"))
    topic = models.CharField(_("chủ đề"), max_length=12, choices=Topic, default=Topic.OTHER)
    title = models.CharField(_("câu hỏi, yêu cầu"), max_length=500)
    kind = models.CharField(_("cách trả lời"), max_length=5, choices=AnswerKind)
    table = models.CharField(_("bảng số liệu"), max_length=12, choices=TableKind, blank=True)
    help_text = models.CharField(_("hướng dẫn"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mục của đề cương")
        verbose_name_plural = _("mục của đề cương")
        ordering = ("inspection", "number")
        constraints = (
            models.UniqueConstraint(name="outline_item_once", fields=("inspection", "number")),
            models.CheckConstraint(
                name="outline_kind_listed", condition=Q(kind__in=AnswerKind.values)
            ),
            models.CheckConstraint(
                name="outline_topic_listed", condition=Q(topic__in=Topic.values)
            ),
            models.CheckConstraint(
                name="outline_table_named",
                condition=Q(kind=AnswerKind.TABLE, table__in=TableKind.values)
                | (~Q(kind=AnswerKind.TABLE) & Q(table="")),
            ),
            models.CheckConstraint(name="outline_asks", condition=~Q(title="")),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

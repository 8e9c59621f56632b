"""A unit's dossier in a cycle: the draft, the steps with their ballots, the decision, what froze.

A draft never disturbs the approved plan: nominations change when the dossier is approved.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from planning.choices import DraftAct, PlanStatus, RemovalReason
from planning.models.plans import COUNTS_AGREE, BallotCounts, Nomination, Plan, Pool
from planning.models.process import PlanningCycle


@tracked()
class Dossier(models.Model):
    """What a unit prepares and submits for one plan in one cycle; `version` counts its saves."""

    plan = models.ForeignKey(
        Plan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="dossiers"
    )
    cycle = models.ForeignKey(
        PlanningCycle, verbose_name=_("đợt"), on_delete=models.PROTECT, related_name="dossiers"
    )
    status = models.CharField(
        _("trạng thái"), max_length=9, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    version = models.PositiveIntegerField(default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người lập"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    opened_on = models.DateField(_("ngày lập"))
    submission_no = models.CharField(_("tờ trình số"), max_length=80, blank=True)
    submitted_on = models.DateField(_("ngày trình"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người trình"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers_submitted",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người quyết định"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers_decided",
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    return_reason = models.TextField(_("lý do trả lại"), max_length=2000, blank=True)
    decision_no = models.CharField(_("số quyết định"), max_length=80, blank=True)
    decision_on = models.DateField(_("ngày quyết định"), null=True, blank=True)

    class Meta:
        verbose_name = _("hồ sơ quy hoạch")
        verbose_name_plural = _("hồ sơ quy hoạch")
        constraints = (
            models.UniqueConstraint(name="dossier_once", fields=("plan", "cycle")),
            # What the composite foreign keys of draft items and ballots refer to.
            models.UniqueConstraint(name="dossier_of_plan", fields=("id", "plan")),
            models.UniqueConstraint(
                name="dossier_one_open",
                fields=("plan",),
                condition=~Q(status=PlanStatus.APPROVED),
                violation_error_message=_("Kế hoạch đang có một hồ sơ chưa kết thúc."),
            ),
            models.CheckConstraint(
                name="dossier_status_listed", condition=Q(status__in=PlanStatus.values)
            ),
            models.CheckConstraint(
                name="dossier_submitted_by_somebody",
                condition=~Q(status__in=(PlanStatus.SUBMITTED, PlanStatus.APPROVED))
                | Q(submitted_on__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_approved_with_decision",
                condition=~Q(status=PlanStatus.APPROVED)
                | (
                    Q(decision_on__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decision_no="")
                ),
            ),
            models.CheckConstraint(
                name="dossier_returned_with_reason",
                condition=~Q(status=PlanStatus.RETURNED) | ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="dossier_decided_by_somebody_else",
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan}: {self.cycle}"

    @property
    def is_open(self) -> bool:
        """Whether the draft may be changed: being drafted, or given back."""
        return self.status in (PlanStatus.DRAFT, PlanStatus.RETURNED)


@tracked()
class DraftItem(models.Model):
    """What a draft does with one person in one pool.

    `nomination`: the present one, which is kept or ended; None for who is added. `carried_from`:
    the pool of the earlier plan that somebody added is carried over from. `plan` repeats the
    dossier's and the pool's; composite foreign keys keep it true.
    """

    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, db_index=False, related_name="items"
    )
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, db_index=False, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="draft_items")
    cadre = models.ForeignKey(
        "cadres.Cadre", on_delete=models.PROTECT, related_name="planning_drafts"
    )
    act = models.CharField(_("đề xuất"), max_length=6, choices=DraftAct)
    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, null=True, blank=True, related_name="draft_items"
    )
    carried_from = models.ForeignKey(
        Pool, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    place = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    reason = models.CharField(_("lý do đưa ra"), max_length=20, choices=RemovalReason, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    returned_for = models.CharField(_("ý kiến khi trả lại"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("đề xuất trong dự thảo")
        verbose_name_plural = _("đề xuất trong dự thảo")
        constraints = (
            models.UniqueConstraint(name="draft_item_once", fields=("dossier", "pool", "cadre")),
            models.CheckConstraint(name="draft_act_listed", condition=Q(act__in=DraftAct.values)),
            models.CheckConstraint(
                name="draft_adds_whom_is_not_there",
                condition=Q(act=DraftAct.ADD, nomination=None)
                | (~Q(act=DraftAct.ADD) & Q(nomination__isnull=False)),
            ),
            models.CheckConstraint(
                name="draft_reason_of_removal",
                condition=Q(act=DraftAct.REMOVE, reason__in=RemovalReason.values)
                | (~Q(act=DraftAct.REMOVE) & Q(reason="")),
            ),
            models.CheckConstraint(
                name="draft_other_reason_told", condition=~Q(reason=RemovalReason.OTHER, note="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.cadre}"


class DraftSave(models.Model):
    """One save of a draft: the items it touched before and after, so that it can be undone."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="saves")
    version = models.PositiveIntegerField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    saved_at = models.DateTimeField()
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("lần lưu dự thảo")
        verbose_name_plural = _("lần lưu dự thảo")
        ordering = ("dossier", "version")
        constraints = (
            models.UniqueConstraint(name="draft_save_once", fields=("dossier", "version")),
        )

    def __str__(self) -> str:
        return f"{self.dossier} ({self.version})"


@tracked()
class StepRecord(models.Model):
    """A step of a dossier's process: copied from the template, then held and written down."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, db_index=False, related_name="steps"
    )
    number = models.PositiveSmallIntegerField(_("bước"))
    name = models.CharField(_("nội dung"), max_length=160)
    body = models.CharField(_("hội nghị"), max_length=160, blank=True)
    has_ballot = models.BooleanField(_("bỏ phiếu kín"), default=False)
    held_on = models.DateField(_("ngày tổ chức"), null=True, blank=True)
    minutes_no = models.CharField(_("biên bản số"), max_length=80, blank=True)
    chaired_by = models.CharField(_("chủ trì"), max_length=120, blank=True)
    summoned = models.PositiveIntegerField(_("triệu tập"), null=True, blank=True)
    present = models.PositiveIntegerField(_("có mặt"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("bước đã tổ chức")
        verbose_name_plural = _("bước đã tổ chức")
        ordering = ("dossier", "number")
        constraints = (
            models.UniqueConstraint(name="step_record_once", fields=("dossier", "number")),
            models.CheckConstraint(
                name="step_record_number", condition=Q(number__gte=1, number__lte=5)
            ),
            models.CheckConstraint(
                name="step_record_attendance", condition=Q(present__lte=F("summoned"))
            ),
            models.CheckConstraint(
                name="step_record_with_minutes",
                condition=Q(held_on=None)
                | (~Q(minutes_no="") & Q(summoned__isnull=False, present__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@tracked()
class StepBallot(BallotCounts):
    """The ballot of a step on one person in one pool; becomes a `Ballot` on approval."""

    step = models.ForeignKey(
        StepRecord, on_delete=models.CASCADE, db_index=False, related_name="ballots"
    )
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="step_ballots")
    cadre = models.ForeignKey("cadres.Cadre", on_delete=models.PROTECT, related_name="step_ballots")

    class Meta:
        verbose_name = _("phiếu của một bước")
        verbose_name_plural = _("phiếu của một bước")
        constraints = (
            models.UniqueConstraint(name="step_ballot_once", fields=("step", "pool", "cadre")),
            models.CheckConstraint(name="step_ballot_counts_agree", condition=COUNTS_AGREE),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.agree}/{self.valid}"


class PlanSnapshot(models.Model):
    """A plan as it was approved: people with the facts they were judged by, and the findings.

    Written once; a trigger refuses changes.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="snapshots")
    dossier = models.OneToOneField(
        Dossier, on_delete=models.PROTECT, null=True, related_name="snapshot"
    )
    as_of = models.DateField()
    law_fingerprint = models.CharField(max_length=64)
    people = models.JSONField()
    findings = models.JSONField()
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ảnh chụp khi phê duyệt")
        verbose_name_plural = _("ảnh chụp khi phê duyệt")
        ordering = ("plan", "-as_of")

    def __str__(self) -> str:
        return f"{self.plan}, {self.as_of}"

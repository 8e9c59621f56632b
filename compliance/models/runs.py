"""Runs of the check, their chunks, and what a run on a chosen date found."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.choices import RunKind, RunStatus, SubjectKind


class FigureSet(models.Model):
    """The legal figures that were applied to a subject, each with what it was taken from.

    `figures`: {figure name: whole number or null}; `citations`: {figure name: {source, at,
    confidence}}. Few exist: one for each different combination of level, targets and law.
    """

    digest = models.CharField(max_length=32, unique=True)
    figures = models.JSONField()
    citations = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class ComplianceRun(models.Model):
    """One check: scope, date and law first, then progress, then the outcome."""

    kind = models.CharField(_("loại"), max_length=8, choices=RunKind)
    as_of = models.DateField(_("ngày xét"))
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("phạm vi"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    law_fingerprint = models.CharField(max_length=64)
    #: Law and rules together: only a run with the same basis may build on this one.
    basis = models.CharField(max_length=32, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=9, choices=RunStatus, default=RunStatus.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người yêu cầu"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="compliance_runs",
    )
    created_at = models.DateTimeField(_("yêu cầu lúc"), auto_now_add=True)
    started_at = models.DateTimeField(_("bắt đầu"), null=True, blank=True)
    finished_at = models.DateTimeField(_("kết thúc"), null=True, blank=True)
    total = models.PositiveIntegerField(_("số phần"), default=0)
    done = models.PositiveIntegerField(_("số phần đã xong"), default=0)
    summary = models.JSONField(_("tổng hợp"), default=dict)
    error = models.TextField(_("lỗi"), blank=True)

    class Meta:
        verbose_name = _("lần kiểm tra")
        verbose_name_plural = _("lần kiểm tra")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.as_of:%d/%m/%Y}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to this run."""
        return self.status in {RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED}


class RunChunk(models.Model):
    """A part of a run, done in one transaction. It is claimed by its row lock alone."""

    run = models.ForeignKey(ComplianceRun, on_delete=models.CASCADE, related_name="chunks")
    phase = models.SmallIntegerField()
    source = models.CharField(max_length=40)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("run", "phase", "source", "low")
        indexes = (
            models.Index(name="chunk_open", fields=("run", "phase"), condition=Q(finished_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.run_id}: {self.source} {self.low}–{self.high}"


class Verdicts(models.Model):
    """All verdicts on one subject in one row.

    `outcomes[slot]` is the outcome of the rule with that slot in the kind's list; `counts` holds
    every measured number; `group_id` is the plan for plans, pools and nominations, the
    unit for everything else.
    """

    kind = models.SmallIntegerField(choices=SubjectKind)
    group_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(
        "cadres.Unit",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    figures = models.ForeignKey(
        FigureSet,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    outcomes = ArrayField(models.SmallIntegerField())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject_id}"


class ComplianceState(Verdicts):
    """Live state. Of nominations only those with something not met or not clear are kept."""

    pk = models.CompositePrimaryKey("kind", "group_id", "subject_id")
    #: By place, as `compose.count_names` has them: cheap to make, to compare and to keep.
    counts = ArrayField(models.IntegerField(null=True))
    first_on = models.DateField()

    class Meta(Verdicts.Meta):
        db_table = "compliance_state"


class ComplianceSnapshot(Verdicts):
    """What a run on a chosen date found, with the names as they were then.

    `counts` is an object by name, which stays readable when rules are added or change.
    """

    pk = models.CompositePrimaryKey("run", "kind", "group_id", "subject_id")
    run = models.ForeignKey(
        ComplianceRun, on_delete=models.CASCADE, db_index=False, related_name="snapshot_rows"
    )
    counts = models.JSONField()
    labels = models.JSONField()

    class Meta(Verdicts.Meta):
        db_table = "compliance_snapshot"


class ComplianceChange(models.Model):
    """A verdict of the live state that became another: "failing since", "fixed on".

    Of nominations the state keeps only what is not right, so there `was` None means that nothing
    was wrong before, `now` None that nothing is wrong any more or the person left the plan.
    """

    kind = models.SmallIntegerField(choices=SubjectKind)
    group_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(
        "cadres.Unit",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    slot = models.SmallIntegerField()
    was = models.SmallIntegerField(null=True)
    now = models.SmallIntegerField(null=True)
    counts_was = models.JSONField(null=True)
    counts_now = models.JSONField(null=True)
    figures_was = models.ForeignKey(
        FigureSet,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        null=True,
    )
    figures_now = models.ForeignKey(
        FigureSet,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        null=True,
    )
    changed_on = models.DateField()

    class Meta:
        db_table = "compliance_change"
        indexes = (
            models.Index(
                name="change_of_subject",
                fields=("kind", "group_id", "subject_id", "slot", "-changed_on"),
            ),
            models.Index(name="change_by_day", fields=("-changed_on",)),
        )

    def __str__(self) -> str:
        return f"{self.kind}/{self.subject_id}: {self.was} → {self.now}"

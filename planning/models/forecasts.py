"""Forecasts: which verdict of a plan turns in which month, and because of whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.choices import Outcome, RunStatus, SubjectKind
from planning.models.plans import Plan


class ForecastRun(models.Model):
    """A forecast of many plans, or of one, that workers make; `done` of `total` plans."""

    plan = models.ForeignKey(
        Plan, verbose_name=_("kế hoạch"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    status = models.CharField(
        _("trạng thái"), max_length=9, choices=RunStatus, default=RunStatus.QUEUED
    )
    created_at = models.DateTimeField(_("yêu cầu lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("lần dự báo")
        verbose_name_plural = _("lần dự báo")

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_status_display()}"

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is still to come."""
        return self.status not in (RunStatus.QUEUED, RunStatus.RUNNING)


class ForecastChunk(models.Model):
    """A part of a run: the plans of one task."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="chunks")
    plan_ids = ArrayField(models.BigIntegerField())
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.pk}"


class PlanForecast(models.Model):
    """The latest forecast of a plan, from a day to the end of the next term.

    `digest`: of everything that it depends on; where that is another one now, it is out of date.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="forecast")
    made_at = models.DateTimeField(_("lập lúc"))
    starts_on = models.DateField()
    ends_on = models.DateField()
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("dự báo của kế hoạch")
        verbose_name_plural = _("dự báo của kế hoạch")

    def __str__(self) -> str:
        return f"{self.plan} ({self.starts_on})"


class ForecastEvent(models.Model):
    """A verdict that turns in the month ending on `month_end`; `before` None: how it begins.

    `people`: cadre ids behind it. `details`: what is measured and required then.
    """

    forecast = models.ForeignKey(
        PlanForecast, on_delete=models.CASCADE, db_index=False, related_name="events"
    )
    kind = models.SmallIntegerField(choices=SubjectKind)
    subject_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    month_end = models.DateField()
    before = models.SmallIntegerField(choices=Outcome, null=True)
    after = models.SmallIntegerField(choices=Outcome)
    details = models.JSONField(default=dict)
    people = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("điều dự báo")
        verbose_name_plural = _("điều dự báo")
        indexes = (
            models.Index(name="forecast_event_of_plan", fields=("forecast", "month_end")),
            models.Index(name="forecast_event_by_month", fields=("month_end", "rule")),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.month_end:%m/%Y}: {self.before} → {self.after}"

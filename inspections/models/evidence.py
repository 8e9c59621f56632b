"""Evidence: what was found on a day by the law of that day, with the people behind each number.

Written once; a trigger refuses changes. Another taking makes new rows, and findings say which rows
they rest on.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models.mandate import InspectedUnit, Inspection


class EvidenceTaking(models.Model):
    """One taking of evidence over all units of an inspection, unit by unit, by a worker."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang chốt")
        READY = "ready", _("Đã chốt")
        FAILED = "failed", _("Bị gián đoạn")

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="takings")
    as_of = models.DateField(_("ngày chốt số liệu"))
    law_fingerprint = models.CharField(max_length=64)
    state = models.CharField(_("trạng thái"), max_length=7, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lần chốt số liệu")
        verbose_name_plural = _("lần chốt số liệu")
        ordering = ("inspection", "-asked_at")
        constraints = (
            models.UniqueConstraint(
                name="one_taking_at_once",
                fields=("inspection",),
                condition=Q(state__in=("queued", "running")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection}, {self.as_of}"


class Evidence(models.Model):
    """What is frozen about one plan of an inspected unit (`plan` set), or about the unit itself.

    `content`: {"findings": [CONTRACT shape + is_sensitive, key], "people": [facts, "counted": names
    of the engine's counts that the person falls under], "figures": {name: [value, citations]}}.
    `digest`: SHA-256 of `content` as canonical JSON.
    """

    taking = models.ForeignKey(
        EvidenceTaking, on_delete=models.PROTECT, db_index=False, related_name="evidence"
    )
    inspected_unit = models.ForeignKey(
        InspectedUnit, on_delete=models.PROTECT, related_name="evidence"
    )
    plan = models.ForeignKey(
        "planning.Plan", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=300)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("bằng chứng")
        verbose_name_plural = _("bằng chứng")
        ordering = ("taking", "inspected_unit", "pk")
        constraints = (
            models.UniqueConstraint(
                name="evidence_once",
                fields=("taking", "inspected_unit", "plan"),
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.title

"""Đề nghị bổ sung lý lịch: people are asked for some fields; what they propose is decided on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import ProposalStatus
from cadres.models.history import tracked
from cadres.models.organisation import Unit
from cadres.models.people import Cadre


@tracked()
class SupplementRound(models.Model):
    """A round: these fields are asked of these people by this day. Open until `closed_at`."""

    title = models.CharField(_("tên đợt"), max_length=160)
    note = models.TextField(_("hướng dẫn"), max_length=2000, blank=True)
    #: Keys as `cadres.services.cadres` names the fields of identity and biography.
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("mục cần bổ sung"))
    due_on = models.DateField(_("hạn trả lời"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người mở"),
        on_delete=models.PROTECT,
        related_name="rounds_opened",
    )
    opened_at = models.DateTimeField(_("mở lúc"))
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đóng"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("đợt bổ sung lý lịch")
        verbose_name_plural = _("đợt bổ sung lý lịch")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(name="round_asks_something", condition=Q(fields__len__gt=0)),
            models.CheckConstraint(
                name="round_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether answers are still taken."""
        return self.closed_at is None


@tracked()
class RoundRequest(models.Model):
    """One person asked in a round. `unit`: where they served when they were asked."""

    round = models.ForeignKey(
        SupplementRound, on_delete=models.CASCADE, db_index=False, related_name="requests"
    )
    cadre = models.ForeignKey(
        Cadre, verbose_name=_("cán bộ"), on_delete=models.CASCADE, related_name="round_requests"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("đơn vị"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="round_requests",
    )
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người trả lời"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("đề nghị bổ sung lý lịch")
        verbose_name_plural = _("đề nghị bổ sung lý lịch")
        constraints = (
            models.UniqueConstraint(name="round_asks_a_person_once", fields=("round", "cadre")),
            models.CheckConstraint(
                name="round_answered_by_somebody",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round}: {self.cadre}"


@tracked()
class RoundProposal(models.Model):
    """A value proposed for one field. `base` is what the file said when it was proposed."""

    request = models.ForeignKey(
        RoundRequest, on_delete=models.CASCADE, db_index=False, related_name="proposals"
    )
    field = models.CharField(_("mục"), max_length=40)
    base = models.TextField(_("giá trị khi đề nghị"), blank=True)
    value = models.TextField(_("giá trị đề nghị"), blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=8, choices=ProposalStatus, default=ProposalStatus.PENDING
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đề nghị"),
        on_delete=models.PROTECT,
        related_name="round_proposals",
    )
    proposed_at = models.DateTimeField(_("đề nghị lúc"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người quyết định"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("giá trị đề nghị")
        verbose_name_plural = _("giá trị đề nghị")
        indexes = (models.Index(name="proposal_of_request", fields=("request", "field")),)
        constraints = (
            models.UniqueConstraint(
                name="proposal_one_pending_a_field",
                fields=("request", "field"),
                condition=Q(status=ProposalStatus.PENDING),
            ),
            models.CheckConstraint(
                name="proposal_status_listed", condition=Q(status__in=ProposalStatus.values)
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody_else",
                condition=Q(status=ProposalStatus.PENDING, decided_by=None, decided_at=None)
                | (
                    Q(status__in=(ProposalStatus.ACCEPTED, ProposalStatus.REFUSED))
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                )
                | Q(status=ProposalStatus.REPLACED, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_refused_with_reason",
                condition=~Q(status=ProposalStatus.REFUSED) | ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.request}: {self.field}"

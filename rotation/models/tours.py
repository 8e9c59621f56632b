"""A cadre's move from one post to another, planned or done."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from rotation.choices import RotationKind, RotationStatus


@tracked()
class Rotation(models.Model):
    """A move between posts. `ended_on` is when the tour really ended."""

    cadre = models.ForeignKey("cadres.Cadre", on_delete=models.PROTECT, related_name="rotations")
    kind = models.CharField(_("loại"), max_length=10, choices=RotationKind)
    from_unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("nơi đi"),
        on_delete=models.PROTECT,
        related_name="rotations_out",
    )
    from_title = models.ForeignKey(
        "cadres.Title", verbose_name=_("chức vụ nơi đi"), on_delete=models.PROTECT, related_name="+"
    )
    to_unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("nơi đến"),
        on_delete=models.PROTECT,
        related_name="rotations_in",
    )
    to_title = models.ForeignKey(
        "cadres.Title",
        verbose_name=_("chức vụ nơi đến"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    start_on = models.DateField(_("từ ngày"), null=True, blank=True)
    planned_end_on = models.DateField(_("dự kiến đến ngày"), null=True, blank=True)
    ended_on = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=11, choices=RotationStatus, default=RotationStatus.PROPOSED
    )
    decline_reason = models.CharField(_("lý do từ chối"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("luân chuyển, điều động, biệt phái")
        verbose_name_plural = _("luân chuyển, điều động, biệt phái")
        constraints = (
            models.UniqueConstraint(
                name="rotation_once",
                fields=(
                    "cadre",
                    "kind",
                    "from_unit",
                    "from_title",
                    "to_unit",
                    "to_title",
                    "start_on",
                ),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="rotation_planned_period", condition=Q(planned_end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="rotation_period", condition=Q(ended_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="rotation_kind_listed", condition=Q(kind__in=RotationKind.values)
            ),
            models.CheckConstraint(
                name="rotation_status_listed", condition=Q(status__in=RotationStatus.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.to_unit}"

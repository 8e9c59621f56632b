"""Who counts as a local person of a unit against what the native place says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from cadres.models.organisation import Unit
from cadres.models.people import Cadre


@tracked()
class LocalFlag(models.Model):
    """A decision that a person is, or is not, a local of `unit` and of all below it.

    No document defines "người địa phương"; without a flag the native place decides. Of several
    flags the one of the nearest unit holds.
    """

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="local_flags")
    unit = models.ForeignKey(
        Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="local_flags"
    )
    is_local = models.BooleanField(_("là người địa phương"))
    reason = models.CharField(_("lý do"), max_length=500)
    document = models.CharField(_("văn bản"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("xác định người địa phương")
        verbose_name_plural = _("xác định người địa phương")
        constraints = (
            models.UniqueConstraint(name="local_flag_once", fields=("cadre", "unit")),
            models.CheckConstraint(name="local_flag_reasoned", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.unit}"

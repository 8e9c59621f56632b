"""Who may see and do what, where in the tree, and for how long."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Role
from cadres.models.history import tracked
from cadres.models.organisation import Unit


@tracked()
class RoleGrant(models.Model):
    """A role for an account in a unit and everything below it, within an optional period."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tài khoản"),
        on_delete=models.CASCADE,
        related_name="grants",
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("phạm vi (đơn vị và cấp dưới)"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        help_text=_("Để trống: toàn bộ các đơn vị."),
    )
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    reason = models.CharField(_("căn cứ, lý do"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("phân quyền")
        verbose_name_plural = _("phân quyền")
        constraints = (
            models.CheckConstraint(name="grant_period", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(name="grant_role_listed", condition=Q(role__in=Role.values)),
            # An inspector's mandate always has bounds: units and dates.
            models.CheckConstraint(
                name="grant_inspector_bounded",
                condition=~Q(role=Role.INSPECTOR)
                | Q(unit__isnull=False, valid_from__isnull=False, valid_to__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

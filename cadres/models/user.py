"""The account of a person who uses the portal."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. What it may see and do comes from its `RoleGrant` rows alone."""

    full_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    cadre = models.OneToOneField(
        "cadres.Cadre",
        verbose_name=_("hồ sơ cán bộ của chính người này"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="account",
        help_text=_("Không ai tự sửa hồ sơ của mình."),
    )

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def get_full_name(self) -> str:
        return self.full_name or super().get_full_name() or self.username

    def __str__(self) -> str:
        return self.get_full_name()

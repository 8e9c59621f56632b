"""What the portal tells an account: something waits, was decided, falls due."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """A sentence for one account with the page it leads to. `key`: told once a person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tài khoản"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="notices",
    )
    key = models.CharField(max_length=120)
    text = models.CharField(_("nội dung"), max_length=400)
    url = models.CharField(_("trang"), max_length=300)
    at = models.DateTimeField(_("lúc"))
    read_at = models.DateTimeField(_("đã đọc lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        indexes = (
            models.Index(name="notice_unread", fields=("user",), condition=Q(read_at=None)),
            models.Index(name="notice_of_user", fields=("user", "-at")),
        )
        constraints = (models.UniqueConstraint(name="notice_once", fields=("user", "key")),)

    def __str__(self) -> str:
        return self.text

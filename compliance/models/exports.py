"""Who took what out of the portal."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportRecord(models.Model):
    """One file that somebody took away. Written once: the database refuses any change.

    `what` is the code of the form, `filters` the parameters of the page it was taken from, `sha256`
    that of the file.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người xuất"),
        on_delete=models.PROTECT,
        related_name="exports",
    )
    what = models.CharField(_("nội dung"), max_length=40)
    filters = models.JSONField(_("bộ lọc"), default=dict)
    rows = models.PositiveIntegerField(_("số dòng"))
    as_of = models.DateField(_("ngày xét"))
    law_fingerprint = models.CharField(_("mã bộ căn cứ"), max_length=64)
    sha256 = models.CharField(_("dấu của tệp (SHA-256)"), max_length=64)
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("lần xuất dữ liệu")
        verbose_name_plural = _("lần xuất dữ liệu")
        ordering = ("-at", "-pk")
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.as_of:%d/%m/%Y}: {self.actor}"

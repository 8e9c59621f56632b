"""Files that take long to make: made by a worker, kept a few days for who asked for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredExport(models.Model):
    """One asked-for file. `maker` and `asked` say how it is made, `rights` by whose eyes.

    The file is private: only who asked for it gets it, and only while their rights are those it
    was made with. It is deleted after EXPORTS_KEPT_DAYS; that it was made stays in the record.
    """

    class Status(models.TextChoices):
        """Where the file stands."""

        QUEUED = "queued", _("Đang chờ")
        MAKING = "making", _("Đang tạo")
        READY = "ready", _("Sẵn sàng")
        FAILED = "failed", _("Bị gián đoạn")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stored_exports"
    )
    label = models.CharField(_("nội dung"), max_length=200)
    maker = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    rights = models.CharField(max_length=64)
    status = models.CharField(max_length=6, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(_("tệp"), upload_to="exports/%Y/%m/", blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(_("yêu cầu lúc"), auto_now_add=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("tệp đã xuất")
        verbose_name_plural = _("tệp đã xuất")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.label

"""Files brought into the portal, and what became of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportJob(models.Model):
    """One uploaded exchange workbook: checked first, then applied as a whole or not at all."""

    class Status(models.TextChoices):
        """Where the file stands."""

        QUEUED = "queued", _("Đang chờ")
        CHECKING = "checking", _("Đang kiểm tra")
        READY = "ready", _("Sẵn sàng ghi")
        REFUSED = "refused", _("Có lỗi, chưa ghi gì")
        APPLYING = "applying", _("Đang ghi")
        APPLIED = "applied", _("Đã ghi")
        FAILED = "failed", _("Bị gián đoạn, chưa ghi gì")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_jobs"
    )
    file = models.FileField(_("tệp"), upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("tên tệp"), max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    #: Who asked for the file to be written, and when; empty while it is only checked.
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người ghi"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    apply_asked_at = models.DateTimeField(_("yêu cầu ghi lúc"), null=True, blank=True)
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    stage = models.CharField(_("đang làm"), max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(_("kết quả"), default=dict)
    error = models.TextField(_("lỗi"), blank=True)

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

"""Minutes, files, and the register of documents with their numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from inspections.choices import DocumentKind, MinutesKind, Secrecy
from inspections.models.mandate import InspectedUnit, Inspection, OutlineItem


class Attachment(models.Model):
    """A file that somebody put into an inspection; private, kept with its SHA-256.

    `from_unit`: the inspected unit put it in, and sees it; else it is a paper of the team.
    `is_withdrawn`: the unit took it out of its answer after it had submitted it; it stays with what
    was submitted.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="attachments")
    inspected_unit = models.ForeignKey(
        InspectedUnit, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    item = models.ForeignKey(
        OutlineItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    minutes = models.ForeignKey(
        "inspections.Minutes",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
    )
    remedy = models.ForeignKey(
        "inspections.RemedyReport",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
    )
    from_unit = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    file = models.FileField(_("tệp"), upload_to="inspections/%Y/%m/")
    file_name = models.CharField(_("tên tệp"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tệp của cuộc kiểm tra")
        verbose_name_plural = _("tệp của cuộc kiểm tra")
        ordering = ("inspection", "pk")
        constraints = (
            models.CheckConstraint(
                name="attachment_of_a_unit",
                condition=Q(from_unit=False) | Q(inspected_unit__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_answer(self) -> bool:
        """Whether a unit put it in with an answer of its self-report."""
        return self.from_unit and self.item_id is not None


@tracked()
class Minutes(models.Model):
    """Minutes of a meeting or of a verification; signed minutes do not change.

    The team signs first, then the unit in the portal (`unit_signed_by`), or both have signed on
    paper; `unit_signer` is who did for the unit or the place. `declined_for`: why the unit would
    not. `corrects`: earlier, signed minutes that these put right.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="minutes")
    inspected_unit = models.ForeignKey(
        InspectedUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="minutes"
    )
    kind = models.CharField(_("loại"), max_length=10, choices=MinutesKind)
    number = models.CharField(_("biên bản số"), max_length=80, blank=True)
    held_on = models.DateField(_("ngày"))
    place = models.CharField(_("địa điểm"), max_length=200, blank=True)
    participants = models.TextField(_("thành phần"), max_length=4000, blank=True)
    text = models.TextField(_("nội dung"), max_length=20_000)
    is_signed = models.BooleanField(_("đã ký"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)
    items = models.ManyToManyField(
        OutlineItem, verbose_name=_("mục của đề cương"), blank=True, related_name="minutes"
    )
    findings = models.ManyToManyField(
        "inspections.Finding", verbose_name=_("nhận định"), blank=True, related_name="minutes"
    )
    evidence = models.ManyToManyField(
        "inspections.Evidence", verbose_name=_("bằng chứng"), blank=True, related_name="minutes"
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("đính chính biên bản"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
    )
    team_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team_signed_on = models.DateField(_("đoàn ký ngày"), null=True, blank=True)
    unit_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit_signed_on = models.DateField(_("đơn vị ký ngày"), null=True, blank=True)
    unit_signer = models.CharField(_("người ký của đơn vị"), max_length=160, blank=True)
    declined_for = models.TextField(_("ý kiến khi chưa ký"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("biên bản")
        verbose_name_plural = _("biên bản")
        ordering = ("inspection", "held_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="minutes_team_signature",
                condition=Q(team_signed_on=None, team_signed_by=None)
                | Q(team_signed_on__isnull=False, team_signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_unit_signature",
                condition=Q(unit_signed_on=None, unit_signed_by=None)
                | (Q(unit_signed_on__isnull=False) & ~Q(unit_signer="")),
            ),
            # The unit signs what the team has signed.
            models.CheckConstraint(
                name="minutes_signed_in_order",
                condition=Q(unit_signed_on=None) | Q(team_signed_on__isnull=False),
            ),
            # Older minutes were signed without a word of who did: the database asks of new ones.
            models.CheckConstraint(
                name="minutes_signed_by_both",
                condition=Q(is_signed=False)
                | Q(team_signed_on__isnull=False, unit_signed_on__isnull=False),
            ),
            models.CheckConstraint(name="minutes_correct_others", condition=~Q(corrects=F("pk"))),
            models.CheckConstraint(
                name="minutes_kind_listed", condition=Q(kind__in=MinutesKind.values)
            ),
            models.CheckConstraint(name="minutes_told", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on:%d/%m/%Y}"

    @property
    def waits_for_unit(self) -> bool:
        """Whether the team has signed and the unit is to."""
        return self.team_signed_on is not None and not self.is_signed


@tracked()
class RegisteredDocument(models.Model):
    """A document of an inspection in the register; numbers run per symbol through a committee term.

    `unit` and `term`: the issuing unit and its term, within which `number` is unique; `minutes`:
    which minutes it is, where it is minutes. A line is never taken out: what was registered by
    mistake is cancelled and keeps its number. Of a secret paper there is no file, only
    `kept_at`: where the paper is. `is_sensitive`: the file tells of disciplines or ethnic groups.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="documents")
    inspected_unit = models.ForeignKey(
        InspectedUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    minutes = models.ForeignKey(
        Minutes, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    kind = models.CharField(_("loại"), max_length=4, choices=DocumentKind)
    symbol = models.CharField(_("ký hiệu"), max_length=40, blank=True)
    number = models.PositiveIntegerField(_("số"), null=True, blank=True)
    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("cơ quan ban hành"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    term = models.ForeignKey(
        "planning.Term",
        verbose_name=_("nhiệm kỳ"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    title = models.CharField(_("trích yếu"), max_length=400)
    dated_on = models.DateField(_("ngày văn bản"), null=True, blank=True)
    file = models.FileField(_("tệp"), upload_to="inspections/documents/%Y/%m/", blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_sensitive = models.BooleanField(_("có dữ liệu nhạy cảm"), default=False)
    secrecy = models.CharField(_("độ mật"), max_length=9, choices=Secrecy, blank=True)
    kept_at = models.CharField(_("nơi giữ bản giấy"), max_length=200, blank=True)
    cancelled_for = models.CharField(_("lý do hủy"), max_length=300, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("văn bản của cuộc kiểm tra")
        verbose_name_plural = _("văn bản của cuộc kiểm tra")
        ordering = ("inspection", "kind", "pk")
        constraints = (
            models.CheckConstraint(
                name="document_kind_listed", condition=Q(kind__in=DocumentKind.values)
            ),
            models.UniqueConstraint(
                name="document_number_once",
                fields=("unit", "term", "symbol", "number"),
                condition=Q(number__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="document_secrecy_listed", condition=Q(secrecy__in=Secrecy.values)
            ),
            models.CheckConstraint(
                name="document_secret_without_file",
                condition=Q(secrecy="") | (Q(file="", sha256="") & ~Q(kept_at="")),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def full_number(self) -> str:
        """The number with its symbol, "05-NQ/TU"; "" for what has no number."""
        return f"{self.number:02}-{self.symbol}" if self.number is not None else ""


@tracked()
class PaperTemplate(models.Model):
    """A Word template of an issuing unit for one kind of document.

    At most one of a kind is in use; the others were, and can be again.
    """

    unit = models.ForeignKey(
        "cadres.Unit",
        verbose_name=_("cơ quan ban hành"),
        on_delete=models.PROTECT,
        related_name="paper_templates",
    )
    kind = models.CharField(_("loại"), max_length=4, choices=DocumentKind)
    file = models.FileField(_("tệp"), upload_to="inspections/templates/%Y/%m/")
    file_name = models.CharField(_("tên tệp"), max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_used = models.BooleanField(_("đang dùng"), default=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mẫu văn bản")
        verbose_name_plural = _("mẫu văn bản")
        ordering = ("unit", "kind", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="template_one_in_use", fields=("unit", "kind"), condition=Q(is_used=True)
            ),
            models.CheckConstraint(
                name="template_kind_listed", condition=Q(kind__in=DocumentKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

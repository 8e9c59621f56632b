"""Lists that offices keep, on their way into the files: what was read, decided, written, undone."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cadres.choices import BirthPrecision, Degree, Sex, Theory
from cadres.models.organisation import Title, Unit
from cadres.models.people import Cadre
from cadres.models.text import search_key


class ListImport(models.Model):
    """One uploaded list. Corrections and decisions are kept beside it; the file stays as it came.

    `version` grows with every change of mapping, corrections or decisions, so that two people at
    one list are told of each other. `fingerprint` is what the preview rested on: data that changed
    since make another one, and then nothing is written before the preview was shown anew.
    """

    class Status(models.TextChoices):
        """Where the list stands."""

        QUEUED = "queued", _("Đang chờ đọc")
        READING = "reading", _("Đang đọc")
        OPEN = "open", _("Đang sửa")
        PREVIEW = "preview", _("Chờ ghi")
        APPLYING = "applying", _("Đang ghi")
        APPLIED = "applied", _("Đã ghi")
        UNDOING = "undoing", _("Đang hoàn tác")
        UNDONE = "undone", _("Đã hoàn tác")
        UNREADABLE = "unreadable", _("Không đọc được")
        FAILED = "failed", _("Bị gián đoạn, chưa ghi gì")

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị lập danh sách"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="list_imports"
    )
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    #: Empty once the file has been deleted after its time.
    file = models.FileField(_("tệp"), upload_to="lists/%Y/%m/", blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("số liệu đến ngày"))
    #: Code of the term that proposals are for; terms are kept above this room.
    term_code = models.CharField(_("nhiệm kỳ"), max_length=20, blank=True)
    writes_posts = models.BooleanField(_("ghi chức vụ hiện tại"), default=True)

    sheet = models.CharField(_("trang"), max_length=120, blank=True)
    sheets = models.JSONField(default=list)
    header_first = models.PositiveIntegerField(null=True, blank=True)
    header_last = models.PositiveIntegerField(null=True, blank=True)
    #: [{"letter", "heading", "field", "remembered"}] from left to right.
    columns = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True)
    #: {"people", "errors", "reviews", "converted", ...}: what the pages say in numbers.
    counts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    fingerprint = models.CharField(max_length=64, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    stage = models.CharField(_("đang làm"), max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(_("lỗi"), blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người ghi"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("ghi lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người hoàn tác"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    #: What was written, by kind, and which plans it touched.
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("danh sách nhập")
        verbose_name_plural = _("danh sách nhập")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name


class ListImportRow(models.Model):
    """A row of the list as read: its cells, what they mean, what is wrong, whom it is about.

    A working copy, made anew whenever the list is read again; so its references carry no
    constraints, which would cost more than the reading itself.
    """

    class Kind(models.TextChoices):
        """What a row of the sheet is."""

        PERSON = "person", _("Người")
        GROUP = "group", _("Dòng nhóm")
        OTHER = "other", _("Dòng bỏ qua")

    class Match(models.TextChoices):
        """Whom the row is about."""

        NEW = "new", _("Người mới")
        FOUND = "found", _("Đã có hồ sơ")
        ASK = "ask", _("Chưa rõ")
        SAME = "same", _("Cùng người với dòng khác")
        SKIP = "skip", _("Bỏ qua")
        HELD = "held", _("Chờ cấp tỉnh xác định")

        @classmethod
        def left_out(cls) -> tuple[str, str]:
            """Rows that somebody decided not to write."""
            return cls.SKIP, cls.HELD

    class Effect(models.TextChoices):
        """What writing the list does to the person."""

        CREATED = "created", _("Thêm hồ sơ")
        CHANGED = "changed", _("Thay đổi")
        UNCHANGED = "unchanged", _("Không đổi")

    list_import = models.ForeignKey(
        ListImport, on_delete=models.CASCADE, db_index=False, related_name="rows"
    )
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    #: Texts as shown, from column A on.
    cells = models.JSONField(default=list)
    #: [{"code", "level", "columns", "message", "hint", "choices"}]
    problems = models.JSONField(default=list)
    errors = models.PositiveSmallIntegerField(default=0)
    reviews = models.PositiveSmallIntegerField(default=0)

    code = models.CharField(max_length=40, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(max_length=5, choices=BirthPrecision, blank=True)
    ethnicity_code = models.CharField(max_length=2, blank=True)
    party_joined_on = models.DateField(null=True, blank=True)
    degree = models.SmallIntegerField(choices=Degree, null=True, blank=True)
    theory = models.SmallIntegerField(choices=Theory, null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    title = models.ForeignKey(
        Title, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    post_from = models.DateField(null=True, blank=True)
    #: Yearly grades: {"2025": 3}.
    grades = models.JSONField(default=dict)
    proposed_title = models.ForeignKey(
        Title, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    #: "add" or "remove" where the list proposes one.
    proposal = models.CharField(max_length=6, blank=True)

    match = models.CharField(max_length=5, choices=Match, blank=True)
    cadre = models.ForeignKey(
        Cadre, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    #: Row whose person this is as well.
    same_as = models.PositiveIntegerField(null=True, blank=True)
    effect = models.CharField(max_length=9, choices=Effect, blank=True)
    name_key = search_key("full_name")

    class Meta:
        verbose_name = _("dòng của danh sách")
        verbose_name_plural = _("dòng của danh sách")
        ordering = ("row",)
        constraints = (
            models.UniqueConstraint(name="listimportrow_once", fields=("list_import", "row")),
        )

    def __str__(self) -> str:
        return f"{self.row}: {self.full_name}"


class ListImportEdit(models.Model):
    """What a person corrected or decided at one place of a list.

    `key` is a column's letter for a corrected cell, and begins with "@" for a decision about the
    row: "@person", or "@sex".
    """

    list_import = models.ForeignKey(
        ListImport, on_delete=models.CASCADE, db_index=False, related_name="edits"
    )
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=20)
    value = models.CharField(max_length=400, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("chỗ sửa trong danh sách")
        verbose_name_plural = _("chỗ sửa trong danh sách")
        constraints = (
            models.UniqueConstraint(
                name="listimportedit_once", fields=("list_import", "row", "key")
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}{self.row}: {self.value}"


class ListImportChange(models.Model):
    """What an applied list did to one table, enough to take it back.

    Created rows are one entry with all their ids; a changed row has an entry of its own with the
    columns as they were. `watermark` is the last event of the table then: later ones are edits
    that came after the list.
    """

    class Act(models.TextChoices):
        """What was done."""

        CREATED = "created", _("Thêm")
        CHANGED = "changed", _("Sửa")

    list_import = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="changes")
    #: Label of the model, such as "cadres.cadre".
    model = models.CharField(max_length=60)
    act = models.CharField(max_length=7, choices=Act)
    ids = ArrayField(models.BigIntegerField())
    before = models.JSONField(null=True, blank=True)
    watermark = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("thay đổi do danh sách")
        verbose_name_plural = _("thay đổi do danh sách")

    def __str__(self) -> str:
        return f"{self.model}: {self.act}"


class ListMapping(models.Model):
    """How an office's list with these headings was mapped the last time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    signature = models.CharField(max_length=64)
    #: {column letter: field}
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("cách ghép cột đã nhớ")
        verbose_name_plural = _("cách ghép cột đã nhớ")
        constraints = (
            models.UniqueConstraint(name="listmapping_once", fields=("unit", "signature")),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {len(self.mapping)}"


class ListSynonym(models.Model):
    """What an office means by a text: a title, a unit or a grade that its lists write so."""

    class Kind(models.TextChoices):
        """What the text names."""

        TITLE = "title", _("Chức danh")
        UNIT = "unit", _("Đơn vị")
        VALUE = "value", _("Giá trị")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    #: Field that the text stood in, such as "proposed_title".
    field = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    #: Code of the title or unit; "" means that such a text is to be left out.
    value = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("cách viết đã nhớ")
        verbose_name_plural = _("cách viết đã nhớ")
        constraints = (
            models.UniqueConstraint(name="listsynonym_once", fields=("unit", "field", "text")),
        )

    def __str__(self) -> str:
        return f"{self.text} = {self.value}"

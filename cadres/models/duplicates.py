"""One person, one file: files that may be of one person, and what was decided about them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import Sex
from cadres.models.history import tracked
from cadres.models.list_imports import ListImport
from cadres.models.organisation import Title, Unit
from cadres.models.people import Cadre
from cadres.models.text import search_key


@tracked()
class PersonQuestion(models.Model):
    """A unit's list names somebody who may have a file elsewhere; an officer of all units says.

    The unit sees that its row waits and what was decided, never whose file it may be.
    """

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("Chờ xác định")
        SAME = "same", _("Đã có hồ sơ")
        OTHER = "other", _("Không phải một người")

    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="+"
    )
    list_import = models.ForeignKey(
        ListImport, on_delete=models.SET_NULL, null=True, related_name="questions"
    )
    full_name = models.CharField(_("họ và tên"), max_length=120)
    birth_date = models.DateField(_("ngày sinh"))
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex, blank=True)
    title = models.ForeignKey(
        Title, verbose_name=_("chức danh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    as_of = models.DateField(_("số liệu đến ngày"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    name_key = search_key("full_name")

    class Meta:
        verbose_name = _("người chờ xác định")
        verbose_name_plural = _("người chờ xác định")
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(
                name="person_question_once", fields=("unit", "name_key", "birth_date")
            ),
            models.CheckConstraint(
                name="person_question_decided_by_somebody",
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(~Q(state="open"), decided_by__isnull=False, decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name}, {self.unit}"


@tracked()
class DistinctPair(models.Model):
    """Two files of two people, whatever they have in common. The lower id stands first."""

    one = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("hai người khác nhau")
        verbose_name_plural = _("hai người khác nhau")
        constraints = (
            models.UniqueConstraint(name="distinct_pair_once", fields=("one", "other")),
            models.CheckConstraint(name="distinct_pair_in_order", condition=Q(one__lt=F("other"))),
        )

    def __str__(self) -> str:
        return f"{self.one_id}, {self.other_id}"


@tracked()
class FileMerge(models.Model):
    """A file that was merged into another: what it said, what went over, and why."""

    kept = models.ForeignKey(
        Cadre, verbose_name=_("hồ sơ giữ lại"), on_delete=models.PROTECT, related_name="merges"
    )
    code = models.CharField(_("số hiệu đã gộp"), max_length=40)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    #: {"facts": {field: text}, "moved": {model: number}, "filled": [field], "dropped": [row]}
    told = models.JSONField(default=dict)
    reason = models.CharField(_("lý do"), max_length=400)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("lần gộp hồ sơ")
        verbose_name_plural = _("lần gộp hồ sơ")
        ordering = ("-merged_at",)

    def __str__(self) -> str:
        return f"{self.code}: {self.kept_id}"

"""Units in a tree with validity and successors, titles, and the positions that join them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from cadres.choices import Degree, Level, Theory, TitleKind, UnitKind
from cadres.models.history import tracked
from cadres.models.text import search_key


@tracked(exclude=("search_key",))
class Unit(MP_Node):
    """A unit of the organisation. `path` is a materialised path: a subtree is one prefix."""

    # Ranges over paths (`path >= p and path < p || '~'`) are right in byte order only.
    path = models.CharField(max_length=255, unique=True, db_collation="C")

    code = models.CharField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên đơn vị"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=UnitKind)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("đơn vị kế tục"),
        symmetrical=False,
        related_name="predecessors",
        blank=True,
        through="UnitSuccession",
        through_fields=("unit", "successor"),
    )
    search_key = search_key("name")

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                name="unit_valid_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="unit_kind_listed", condition=Q(kind__in=UnitKind.values)),
            models.CheckConstraint(name="unit_level_listed", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="unit_code_given", condition=~Q(code="")),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class UnitSuccession(models.Model):
    """`successor` carries on (part of) the work of `unit` after a reorganisation."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="inheritances")

    class Meta:
        verbose_name = _("kế tục đơn vị")
        verbose_name_plural = _("kế tục đơn vị")
        constraints = (
            models.UniqueConstraint(name="succession_once", fields=("unit", "successor")),
            models.CheckConstraint(name="succession_other", condition=~Q(unit=F("successor"))),
        )

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor}"


@tracked(exclude=("search_key",))
class Title(models.Model):
    """A leadership title or committee membership, with the standard it asks for."""

    code = models.CharField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên chức danh"), max_length=200)
    kind = models.CharField(_("loại"), max_length=12, choices=TitleKind)
    rank = models.IntegerField(_("bậc"), help_text=_("Số lớn hơn là chức danh cao hơn."))
    is_head = models.BooleanField(_("người đứng đầu"), default=False)
    min_degree = models.SmallIntegerField(
        _("chuyên môn tối thiểu"), choices=Degree, null=True, blank=True
    )
    min_theory = models.SmallIntegerField(
        _("lý luận chính trị tối thiểu"), choices=Theory, null=True, blank=True
    )
    non_local_required = models.BooleanField(_("không là người địa phương"), default=False)
    search_key = search_key("name")

    class Meta:
        verbose_name = _("chức danh")
        verbose_name_plural = _("chức danh")
        ordering = ("-rank", "code")
        constraints = (
            models.CheckConstraint(
                name="title_kind_listed", condition=Q(kind__in=TitleKind.values)
            ),
            models.CheckConstraint(name="title_code_given", condition=~Q(code="")),
            models.CheckConstraint(
                name="title_degree_listed", condition=Q(min_degree__in=Degree.values)
            ),
            models.CheckConstraint(
                name="title_theory_listed", condition=Q(min_theory__in=Theory.values)
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class Position(models.Model):
    """A title in a unit, and how many people are prescribed for it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="positions")
    prescribed = models.PositiveIntegerField(_("số lượng quy định"))

    class Meta:
        verbose_name = _("vị trí")
        verbose_name_plural = _("vị trí")
        constraints = (
            models.UniqueConstraint(name="position_once", fields=("unit", "title")),
            models.CheckConstraint(name="position_prescribed", condition=Q(prescribed__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"

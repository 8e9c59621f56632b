"""Filters of lists of units, titles and people: the same as those of the pages."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common.api.paging import refuse
from cadre_portal.common.api.views import DayFilter, Filters
from cadres.choices import Degree, Level, Sex, Theory, TitleKind, UnitKind
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Cadre, Title, Unit
from cadres.policies import Actor, below, can_see_sensitive
from cadres.selectors import CadreFilters, cadre_list, folded_words, title_list, unit_list

_TEXT = 100
ORDERS = {
    "full_name": "ten",
    "-full_name": "-ten",
    "birth_date": "sinh",
    "-birth_date": "-sinh",
    "code": "ma",
    "-code": "-ma",
}


def unit_asked(actor: Actor, code: str, name: str = "unit") -> Unit:
    """The unit that a filter names. Raises ValidationError, also for one outside the scope."""
    unit = unit_list(actor).filter(code=code).first()
    if unit is None:
        raise refuse(name, _("Không có đơn vị “%s” trong phạm vi của tài khoản.") % code[:40])
    return unit


def _codes(scale: Any) -> list[tuple[str, Any]]:
    return [(step.name.lower(), step.label) for step in scale]


class UnitFilters(Filters):
    """Which units."""

    search = filters.CharFilter(
        label=gettext_lazy("Tên (không dấu cũng được) hoặc đầu của mã."),
        method="with_text",
        max_length=_TEXT,
    )
    level = filters.ChoiceFilter(label=gettext_lazy("Cấp."), choices=Level.choices)
    kind = filters.ChoiceFilter(label=gettext_lazy("Loại."), choices=UnitKind.choices)
    within = filters.CharFilter(
        label=gettext_lazy("Mã một đơn vị: chính nó và mọi cấp dưới."),
        method="below_unit",
        max_length=40,
    )
    as_of = DayFilter(method="on_day")

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ()

    def with_text(self, units: QuerySet[Unit], _name: str, text: str) -> QuerySet[Unit]:
        """Units with every word in the name, or with a code that begins so."""
        return units.filter(folded_words(text) | Q(code__istartswith=text))

    def below_unit(self, units: QuerySet[Unit], name: str, code: str) -> QuerySet[Unit]:
        """The subtree of a unit in scope."""
        return units.filter(below(unit_asked(self.request.user, code, name).path))

    def on_day(self, units: QuerySet[Unit], _name: str, day: Any) -> QuerySet[Unit]:
        """Units that exist on the day."""
        return units.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class TitleFilters(Filters):
    """Which titles."""

    kind = filters.ChoiceFilter(label=gettext_lazy("Loại."), choices=TitleKind.choices)
    search = filters.CharFilter(
        label=gettext_lazy("Tên, không dấu cũng được."), method="with_text", max_length=_TEXT
    )

    class Meta:
        model = Title
        fields: tuple[str, ...] = ()

    def with_text(self, titles: QuerySet[Title], _name: str, text: str) -> QuerySet[Title]:
        """Titles with every word in the name."""
        return titles.filter(folded_words(text))


class CadrePeople(Filters):
    """Which people, and in what order. Answers through `cadres.selectors.cadre_list`."""

    as_of = DayFilter()
    search = filters.CharFilter(
        label=gettext_lazy("Tên (không dấu cũng được), hoặc đầu của số hiệu."), max_length=_TEXT
    )
    unit = filters.CharFilter(
        label=gettext_lazy("Mã đơn vị nơi giữ chức vụ vào ngày xét, cả cấp dưới."), max_length=40
    )
    title = filters.CharFilter(label=gettext_lazy("Mã chức danh giữ vào ngày xét."), max_length=40)
    sex = filters.ChoiceFilter(label=gettext_lazy("Giới tính."), choices=Sex.choices)
    age_from = filters.NumberFilter(
        label=gettext_lazy("Tuổi từ (tròn năm)."), min_value=0, max_value=150, decimal_places=0
    )
    age_to = filters.NumberFilter(
        label=gettext_lazy("Tuổi đến (tròn năm)."), min_value=0, max_value=150, decimal_places=0
    )
    is_party = filters.ChoiceFilter(
        label=gettext_lazy("Có ngày vào Đảng hay không."),
        choices=[("true", "true"), ("false", "false")],
    )
    degree_from = filters.ChoiceFilter(
        label=gettext_lazy("Chuyên môn từ mức này."), choices=_codes(Degree)
    )
    theory_from = filters.ChoiceFilter(
        label=gettext_lazy("Lý luận chính trị từ mức này."), choices=_codes(Theory)
    )
    ethnicity = filters.ChoiceFilter(
        label=gettext_lazy("Mã dân tộc; chỉ với vai trò được xem thông tin nhạy cảm."),
        choices=list(ETHNIC_GROUPS.items()),
    )
    order = filters.ChoiceFilter(
        label=gettext_lazy("Thứ tự; “-” là ngược lại."),
        choices=[(name, name) for name in ORDERS],
    )

    class Meta:
        model = Cadre
        fields: tuple[str, ...] = ()

    #: Filters on sensitive data: they exist only for who may see such data of anybody.
    SENSITIVE = frozenset({"ethnicity"})

    @classmethod
    def offered(cls, actor: Any) -> frozenset[str]:
        """All, or all but those on sensitive data."""
        names = super().offered(actor)
        return names if can_see_sensitive(actor) else names - cls.SENSITIVE

    def filter_queryset(self, _queryset: QuerySet[Cadre]) -> QuerySet[Cadre]:
        """The people asked for. Raises ValidationError."""
        asked, actor = self.asked, self.request.user
        order = ORDERS[asked.get("order", "full_name")]
        return cadre_list(actor, self.as_of, self._wanted(asked, actor), order)

    @staticmethod
    def _wanted(asked: dict[str, Any], actor: Actor) -> CadreFilters:
        party = {"true": True, "false": False}
        return CadreFilters(
            text=asked.get("search", ""),
            unit=unit_asked(actor, asked["unit"]) if "unit" in asked else None,
            title=_title_asked(actor, asked["title"]) if "title" in asked else None,
            sex=asked.get("sex", ""),
            age_from=_whole(asked.get("age_from")),
            age_to=_whole(asked.get("age_to")),
            is_party=party.get(asked.get("is_party", "")),
            degree_from=_step(Degree, asked.get("degree_from")),
            theory_from=_step(Theory, asked.get("theory_from")),
            ethnicity=asked.get("ethnicity", ""),
        )


def _title_asked(actor: Actor, code: str) -> Title:
    title = title_list(actor).filter(code=code).first()
    if title is None:
        raise refuse("title", _("Không có chức danh “%s”.") % code[:40])
    return title


def _whole(number: Any) -> int | None:
    return None if number is None else int(number)


def _step(scale: Any, code: str | None) -> int | None:
    return None if code is None else int(scale[code.upper()].value)

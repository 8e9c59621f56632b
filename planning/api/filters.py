"""Filters of lists of plans and nominations."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cadre_portal.common.api.views import DayFilter, Filters
from cadres.api.filters import unit_asked
from cadres.choices import Level
from cadres.policies import below
from planning.choices import PlanStatus
from planning.models import Nomination, Plan
from planning.selectors import nominated_on


class PlanFilters(Filters):
    """Which plans."""

    unit = filters.CharFilter(
        label=gettext_lazy("Mã đơn vị, cả cấp dưới."), method="below_unit", max_length=40
    )
    term = filters.CharFilter(
        label=gettext_lazy("Mã nhiệm kỳ."), field_name="term__code", max_length=20
    )
    level = filters.ChoiceFilter(
        label=gettext_lazy("Cấp."), field_name="unit__level", choices=Level.choices
    )
    status = filters.ChoiceFilter(label=gettext_lazy("Trạng thái."), choices=PlanStatus.choices)

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()

    def below_unit(self, plans: QuerySet[Plan], name: str, code: str) -> QuerySet[Plan]:
        """Plans of a subtree."""
        return plans.filter(below(unit_asked(self.request.user, code, name).path, "unit__path"))


class NominationFilters(Filters):
    """Which nominations; with `as_of` those that hold on the day, else also past ones."""

    as_of = DayFilter(method="on_day")
    plan = filters.NumberFilter(
        label=gettext_lazy("Số của kế hoạch."),
        field_name="plan_id",
        min_value=1,
        max_value=2**53,
        decimal_places=0,
    )
    unit = filters.CharFilter(
        label=gettext_lazy("Mã đơn vị của kế hoạch, cả cấp dưới."),
        method="below_unit",
        max_length=40,
    )
    term = filters.CharFilter(
        label=gettext_lazy("Mã nhiệm kỳ."), field_name="plan__term__code", max_length=20
    )
    title = filters.CharFilter(
        label=gettext_lazy("Mã chức danh."),
        field_name="pool__position__title__code",
        max_length=40,
    )
    cadre = filters.CharFilter(
        label=gettext_lazy("Số hiệu cán bộ."), field_name="cadre__code", max_length=40
    )

    class Meta:
        model = Nomination
        fields: tuple[str, ...] = ()

    def below_unit(
        self, nominations: QuerySet[Nomination], name: str, code: str
    ) -> QuerySet[Nomination]:
        """Nominations in plans of a subtree."""
        unit = unit_asked(self.request.user, code, name)
        return nominations.filter(below(unit.path, "plan__unit__path"))

    def on_day(
        self, nominations: QuerySet[Nomination], _name: str, day: Any
    ) -> QuerySet[Nomination]:
        """Nominations that hold on the day."""
        return nominations.filter(nominated_on(day))

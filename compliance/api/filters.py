"""Filters of the list of findings: the same as those of the page."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from cadre_portal.common import clock
from cadre_portal.common.api.errors import NotChecked
from cadre_portal.common.api.views import DayFilter, Filters
from cadres.api.filters import unit_asked
from cadres.choices import Level
from compliance.choices import Outcome, RunKind, SubjectKind
from compliance.engine.registry import all_rules, rule_by_code
from compliance.models import ComplianceState
from compliance.selectors import FindingFilters, FindingSet, run_newest
from compliance.selectors.findings import JUDGED, ORDERS

ORDER_NAMES = {"severity": "muc-do", "unit": "don-vi", "rule": "tieu-chi"}
assert set(ORDER_NAMES.values()) == set(ORDERS)  # noqa: S101 - one name for each order


def _rules() -> list[tuple[str, str]]:
    return [(rule.code, rule.title) for rule in all_rules()]


@extend_schema_field(OpenApiTypes.STR)
class RuleFilter(filters.ChoiceFilter):
    """A rule by its code, out of those registered."""


class FindingsAsked(Filters):
    """Which findings. Answers with a FindingSet in place of a queryset."""

    as_of = DayFilter()
    outcome = filters.ChoiceFilter(
        label=gettext_lazy("Kết quả; không ghi: chưa đạt (not_met)."),
        choices=[(each.code, each.label) for each in JUDGED],
    )
    rule = RuleFilter(label=gettext_lazy("Mã tiêu chí."), choices=_rules)
    subject = filters.ChoiceFilter(
        label=gettext_lazy("Loại đối tượng."),
        choices=[(kind.code, kind.label) for kind in SubjectKind],
    )
    unit = filters.CharFilter(label=gettext_lazy("Mã đơn vị, cả cấp dưới."), max_length=40)
    term = filters.CharFilter(label=gettext_lazy("Mã nhiệm kỳ."), max_length=20)
    level = filters.ChoiceFilter(label=gettext_lazy("Cấp."), choices=Level.choices)
    search = filters.CharFilter(
        label=gettext_lazy("Tên đơn vị hoặc người, không dấu cũng được."), max_length=100
    )
    order = filters.ChoiceFilter(
        label=gettext_lazy("Thứ tự."), choices=[(name, name) for name in ORDER_NAMES]
    )

    class Meta:
        model = ComplianceState
        fields: tuple[str, ...] = ()

    def filter_queryset(self, _queryset: Any) -> Any:
        """The findings of the day. Raises ValidationError, NotChecked."""
        asked, actor, as_of = self.asked, self.request.user, self.as_of
        newest = run_newest(actor=actor, as_of=as_of)
        is_live = as_of == clock.today()
        run = None if is_live else newest.get(RunKind.SNAPSHOT)
        if not (newest.get(RunKind.LIVE) if is_live else run):
            raise NotChecked
        outcome, kind = asked.get("outcome"), asked.get("subject")
        return FindingSet(
            actor=actor,
            as_of=as_of,
            filters=FindingFilters(
                outcomes=(Outcome[(outcome or "not_met").upper()],),
                rule=rule_by_code(asked["rule"]) if "rule" in asked else None,
                unit=unit_asked(actor, asked["unit"]) if "unit" in asked else None,
                term=asked.get("term", ""),
                level=asked.get("level", ""),
                kind=SubjectKind[kind.upper()] if kind else None,
                text=asked.get("search", ""),
            ),
            run=run,
            order=ORDER_NAMES[asked.get("order", "severity")],
        )

"""Suggestions for a pool as rows: who, what speaks for them, what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Degree, Grade, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from compliance.choices import Outcome
from compliance.engine.findings import Finding
from compliance.engine.registry import rule_by_code
from planning.contexts import links
from planning.contexts.people import DEGREES, THEORIES, months_left, note_of
from planning.contexts.plan_address import ADD, PlanAddress
from planning.models import Plan, Pool
from planning.selectors.candidates import Source
from planning.selectors.suggestions import Effect, Suggestion, Suggestions


def suggestion_page(
    found: Suggestions, plan: Plan, address: PlanAddress, *, can_add: bool
) -> dict[str, Any]:
    """Suggestions by source, those with something in the way, and what the plan lacks."""
    show = Rows(found.pool, plan, address, can_add=can_add)
    return {
        "sections": [
            {
                "label": source.label,
                "people": show.rows(found.by_source[source]),
                "fit": found.fit[source],
                "is_elsewhere": source == Source.ELSEWHERE,
            }
            for source in Source
            if found.fit[source] or source != Source.BELOW
        ],
        "blocked": show.rows(found.blocked),
        "failing": [
            {"outcome": each.outcome.code, "title": each.rule.title, "message": each.message}
            for each in found.failing
        ],
        "wanted": wanted_words(found.failing),
    }


class Rows:
    """Rows of people for one pool."""

    def __init__(self, pool: Pool, plan: Plan, address: PlanAddress, *, can_add: bool) -> None:
        self.pool, self.plan, self.address, self.as_of = pool, plan, address, address.as_of
        self.can_add = can_add

    def rows(self, people: Iterable[Suggestion]) -> list[dict[str, Any]]:
        """A row each: the person as the component wants it, effects, where else, the way to add."""
        return [
            {
                "person": self._person(each),
                "effects": effect_words(each.effects),
                "others": [
                    f"{row.pool.position.title}, {row.plan.unit} ({row.plan.term})"
                    for row in each.others
                ],
                "grade": _grade(each),
                "is_eligible": each.is_eligible,
                "is_told": each.is_told,
                "add_url": self._add_url(each) if self.can_add else "",
                "then": f"nguoi-{self.pool.pk}-{each.cadre.code}-ten",
            }
            for each in people
        ]

    def _add_url(self, each: Suggestion) -> str:
        pair = (ADD, f"{self.pool.pk}-{each.cadre.code}")
        return self.address.url(plus=[pair], picked=self.pool.pk)

    def _person(self, each: Suggestion) -> dict[str, Any]:
        cadre, service = each.cadre, each.findings.get("planning.remaining_service")
        wrong = service is not None and service.outcome >= Outcome.CANNOT_TELL
        group = ETHNIC_GROUPS.get(cadre.ethnicity_code, "") if each.is_told else ""
        return {
            "name": cadre.full_name,
            "url": links.cadre_url(cadre.code, self.as_of),
            "age": each.age,
            "post": _post(each, self.plan),
            "remaining": months_left(service.measured["months"] if service else None, exact=wrong),
            "remaining_outcome": service.outcome.code if service and wrong else "",
            "sex": str(Sex(cadre.sex).label) if cadre.sex else "",
            "group": group,
            "degree": DEGREES[Degree(cadre.degree)] if cadre.degree is not None else "",
            "theory": THEORIES[Theory(cadre.theory)] if cadre.theory is not None else "",
            "notes": [
                {"outcome": found.outcome.code, "text": note_of(found)}
                for found in each.findings.values()
                if found.outcome >= Outcome.CANNOT_TELL
                and found.rule.code != "planning.remaining_service"
            ],
        }


def _post(each: Suggestion, plan: Plan) -> str:
    if each.post is None:
        return _("chưa có chức vụ")
    if each.post.unit_id == plan.unit_id:
        return str(each.post.title)
    return f"{each.post.title}, {each.post.unit}"


def _grade(each: Suggestion) -> str:
    grade = each.findings["planning.evaluation"].measured["grade"]
    return str(Grade[grade].label) if grade else ""


# ---- What adding somebody does -----------------------------------------------------------------

_NEARER = {
    "planning.three_age_bands": gettext_lazy("thêm một nhóm tuổi còn thiếu"),
    "planning.young_share": gettext_lazy("thêm 1 cán bộ trẻ"),
    "planning.women_share": gettext_lazy("thêm 1 nữ"),
    "planning.minority_share": gettext_lazy("thêm 1 người dân tộc thiểu số"),
    "planning.openness": gettext_lazy("thêm 1 người từ nơi khác"),
    "planning.candidates_per_title": gettext_lazy("bớt thiếu người"),
    "planning.committee_coefficient": gettext_lazy("bớt thiếu người"),
}


def effect_words(effects: Sequence[Effect]) -> list[dict[str, str]]:
    """Gains first, then what comes nearer, then losses; plan and pool in one line where alike."""
    lines: dict[tuple[str, str], list[bool]] = {}
    for kind in ("is_gain", "is_nearer", "is_loss"):
        for each in effects:
            if getattr(each, kind):
                lines.setdefault((kind, each.rule), []).append(each.of_pool)
    return [_effect(kind, code, of_pool) for (kind, code), of_pool in lines.items()]


def _effect(kind: str, code: str, of_pool: list[bool]) -> dict[str, str]:
    rule = rule_by_code(code)
    where = _(" (chức danh này)") if of_pool == [True] and len(rule.kinds) > 1 else ""
    if kind == "is_gain":
        return {"outcome": "met", "text": _("đạt: %(rule)s") % {"rule": f"{rule.short}{where}"}}
    if kind == "is_loss":
        text = _("sẽ không đạt: %(rule)s") % {"rule": f"{rule.short}{where}"}
        return {"outcome": "not_met", "text": text}
    return {"outcome": "", "text": f"{_NEARER.get(code, rule.short)}{where}"}


_WANTED = {
    "planning.young_share": gettext_lazy("người dưới %(age)s tuổi"),
    "planning.women_share": gettext_lazy("nữ"),
    "planning.minority_share": gettext_lazy("người dân tộc thiểu số"),
    "planning.openness": gettext_lazy("người từ nơi khác"),
}


def wanted_words(failing: Iterable[Finding]) -> str:
    """Of whom there are too few, as a request to the province names them."""
    words: dict[str, None] = {}
    for each in failing:
        if each.rule.code in _WANTED:
            age = each.required.get("age_below")
            words[str(_WANTED[each.rule.code]) % {"age": age}] = None
        elif each.rule.code == "planning.three_age_bands":
            young, middle = each.required["young_below"], each.required["middle_to"]
            bands = {
                "young": _("người dưới %(n)s tuổi") % {"n": young},
                "middle": _("người %(a)s–%(b)s tuổi") % {"a": young, "b": middle},
                "senior": _("người trên %(n)s tuổi") % {"n": middle},
            }
            for key, text in bands.items():
                if not each.measured[key]:
                    words[text] = None
    return ", ".join(words)

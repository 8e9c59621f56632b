"""Proposals of the solver in words: each change with its reason, what turns, what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cadres.choices import Sex
from cadres.words import shortened, title_alone
from compliance.choices import Outcome
from compliance.engine.registry import rule_by_code
from planning.choices import RemovalReason
from planning.contexts import links
from planning.contexts.plan_address import ADD, REASON, REMOVE, WITHDRAW, PlanAddress
from planning.models import Plan, Pool
from planning.repair import TITLES, Alternative, Demand, Option, Repair, Step
from planning.repair.problem import BANDS
from planning.selectors.candidates import Source
from planning.selectors.repair import Someone

#: Names in the address: nominations that stay, people who are not to be proposed.
KEEP, AVOID = "giu", "tranh"
_MOST = 100


@dataclass(frozen=True)
class Wishes:
    """What the address wishes of proposals."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, query: QueryDict) -> Wishes:
        """The wishes of an address."""
        pairs = [
            (name, value)
            for name in (KEEP, AVOID)
            for value in dict.fromkeys(query.getlist(name))
            if value and "\x00" not in value
        ]
        return cls(tuple(pairs[:_MOST]))

    def of(self, name: str) -> list[str]:
        """The values under one name."""
        return [value for key, value in self.pairs if key == name]

    def plus(self, name: str, value: str) -> Wishes:
        """With one more."""
        return Wishes((*self.pairs, (name, value)))

    def minus(self, name: str, value: str) -> Wishes:
        """With one less."""
        return Wishes(tuple(pair for pair in self.pairs if pair != (name, value)))


def titles_of(pools: Iterable[Pool]) -> dict[int, str]:
    """Short names of titles by pool; the unit goes without saying."""
    return {pool.pk: shortened(title_alone(pool.position.title.name)) for pool in pools}


@dataclass(frozen=True)
class Scene:
    """What words need beside the numbers: names, titles, the address that was asked."""

    plan: Plan
    address: PlanAddress
    wishes: Wishes
    people: Mapping[int, Someone]
    titles: Mapping[int, str]
    repair: Repair

    # ---- Proposals

    def page(self) -> dict[str, Any]:
        """Everything that the page shows."""
        repair = self.repair
        nearest = repair.closest
        return {
            "is_whole": repair.is_whole,
            "alternatives": [self._alternative(each) for each in repair.alternatives],
            "closest": self._alternative(nearest) if nearest else None,
            "unmet": [self._rule(each) for each in nearest.unmet] if nearest else [],
            "clash": [self._clash(each) for each in repair.clash],
            "is_together": repair.is_together,
            "beyond": [
                {"outcome": each.outcome.code, "title": each.rule.title, "message": each.message}
                for each in repair.beyond
            ],
            "kept": self._wishes(KEEP),
            "avoided": self._wishes(AVOID),
            "tried": len({o.cadre_id for o in repair.problem.options if not o.is_present}),
        }

    def _alternative(self, each: Alternative) -> dict[str, Any]:
        steps = sorted(each.steps, key=lambda step: (step.is_addition, step.option.pool_id))
        turned = [turn for turn in each.turns if turn.after == Outcome.MET]
        worse = [turn for turn in each.turns if turn.after > max(turn.before, Outcome.MET)]
        added = sum(step.is_addition for step in steps)
        return {
            "url": self._address(each),
            "count": len(steps),
            "added": added,
            "removed": len(steps) - added,
            "is_least": each.is_least,
            "steps": [self._step(step) for step in steps],
            "turned": [
                {"before": turn.before.code, "text": self._named(turn.rule, turn.pool_id)}
                for turn in turned
            ],
            "worse": [self._named(turn.rule, turn.pool_id) for turn in worse],
        }

    def _address(self, each: Alternative) -> str:
        """The plan's page with the proposal beside what it had: an addition is taken back."""
        plus = [(ADD, self._pair(*key)) for key in each.added]
        plus += [(REMOVE, str(pk)) for pk in each.removed]
        for step in each.steps:
            pk, wrong = step.option.nomination_id, step.option.wrong
            if pk in each.removed and wrong and wrong[0] in _REASONS:
                plus.append((f"{REASON}{pk}", str(_REASONS[wrong[0]])))
        minus = []
        for key in each.dropped:
            pair = (ADD, self._pair(*key))
            if pair in self.address.pairs:
                minus.append(pair)
            else:
                plus.append((WITHDRAW, self._pair(*key)))
        return self.address.url(plus=plus, minus=minus)

    def _pair(self, pool_id: int, cadre_id: int) -> str:
        return f"{pool_id}-{self.people[cadre_id].code}"

    def _step(self, step: Step) -> dict[str, Any]:
        option = step.option
        person = self.people[option.cadre_id]
        return {
            "is_addition": step.is_addition,
            "name": person.name,
            "url": links.cadre_url(person.code, self.address.as_of) if person.is_open else "",
            "facts": self._facts(option, person),
            "title": self.titles[option.pool_id],
            "reason": self._reason(step),
            "wish_url": self._wish_url(step, person),
        }

    def _facts(self, option: Option, person: Someone) -> str:
        parts = [
            _("%(n)s tuổi") % {"n": option.age} if option.age is not None else _("chưa rõ tuổi"),
            str(Sex(person.sex).label).lower() if person.sex else "",
            person.post,
            str(Source(option.source).label).lower() if option.source is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def _reason(self, step: Step) -> str:
        wrong = [each for each in step.helps if each.rule in step.option.wrong]
        if wrong and not step.is_addition:
            named = ", ".join(str(rule_by_code(each.rule).title).lower() for each in wrong)
            return _("chưa đạt: %(rules)s") % {"rules": named}
        named = "; ".join(dict.fromkeys(self._rule(each) for each in step.helps))
        if step.is_addition:
            return _("cần cho: %(rules)s") % {"rules": named}
        return _("để đạt: %(rules)s") % {"rules": named}

    def _rule(self, demand: Demand) -> str:
        return self._named(demand.rule, demand.pool_id)

    def _named(self, code: str, pool_id: int | None) -> str:
        title = str(rule_by_code(code).title)
        return f"{title} ({self.titles[pool_id]})" if pool_id is not None else title

    # ---- What the user asks

    def _wish_url(self, step: Step, person: Someone) -> str:
        if step.is_addition:
            return self._here(self.wishes.plus(AVOID, person.code))
        if step.option.nomination_id > 0:
            return self._here(self.wishes.plus(KEEP, str(step.option.nomination_id)))
        return ""

    def _wishes(self, name: str) -> list[dict[str, str]]:
        """What was wished, each with the address that takes it back."""
        nominations = {str(o.nomination_id): o.cadre_id for o in self.repair.problem.options}
        codes = {person.code: person for person in self.people.values()}
        shown = []
        for value in self.wishes.of(name):
            person = (
                codes.get(value) if name == AVOID else self.people.get(nominations.get(value, 0))
            )
            if person:
                rest = self.wishes.minus(name, value)
                shown.append({"name": person.name, "url": self._here(rest)})
        return shown

    def _here(self, wishes: Wishes) -> str:
        return self.address.beside("planning:plan-repair", more=wishes.pairs)

    # ---- What cannot be

    def _clash(self, demand: Demand) -> dict[str, str]:
        return {"title": self._rule(demand), "why": self._why(demand)}

    def _why(self, demand: Demand) -> str:
        """Why a demand is hard: who could help, as far as the actor may look."""
        options = self.repair.problem.options
        if demand.pool_id is None and demand.rule in {code for o in options for code in o.wrong}:
            return self._why_stuck(demand)
        if demand.rule == TITLES:
            return _("Có người được quy hoạch quá số chức danh và không thể đưa ra.")
        members = [o for o in options if demand.pool_id in (None, o.pool_id)]
        free = [o for o in members if not o.is_present]
        if demand.rule == "planning.three_age_bands":
            return self._why_band(members, free)
        flag = _FLAGS.get(demand.rule)
        if flag:
            people = {o.cadre_id for o in free if flag in o.flags}
            return _(
                "Trong phạm vi đồng chí xem được có %(n)s người như vậy đủ điều kiện để bổ sung."
            ) % {"n": len(people)}
        return _("Có %(n)s người đủ điều kiện để bổ sung cho chức danh này.") % {
            "n": len({o.cadre_id for o in free})
        }

    def _why_band(self, members: Sequence[Option], free: Sequence[Option]) -> str:
        required = self.repair.age_limits
        names = dict(
            zip(
                BANDS,
                (
                    _("dưới %(a)s tuổi") % required,
                    _("từ %(a)s đến %(b)s tuổi") % required,
                    _("trên %(b)s tuổi") % required,
                ),
                strict=True,
            )
        )
        empty = [band for band in BANDS if not any(band in o.flags for o in members)]
        if empty:
            return _("Không có ai %(bands)s đủ điều kiện trong phạm vi đồng chí xem được.") % {
                "bands": _(" hoặc ").join(names[band] for band in empty)
            }
        counts = [
            f"{names[band]}: {len({o.cadre_id for o in free if band in o.flags})}" for band in BANDS
        ]
        return _("Số người đủ điều kiện để bổ sung: %(counts)s.") % {"counts": "; ".join(counts)}

    def _why_stuck(self, demand: Demand) -> str:
        stuck: Iterable[Option] = (
            o
            for o in self.repair.problem.options
            if demand.rule in o.wrong and o.is_present and not o.is_open
        )
        names = ", ".join(
            dict.fromkeys(
                f"{self.people[o.cadre_id].name} ({self.titles[o.pool_id]})" for o in stuck
            )
        )
        return _(
            "%(names)s chưa đạt nhưng được giữ lại, hoặc ở chức danh mà đồng chí không được sửa."
        ) % {"names": names}


#: What a nomination fails -> why it ends; the person looks at it before saving.
_REASONS = {
    "planning.discipline": RemovalReason.DISCIPLINE,
    "planning.evaluation": RemovalReason.TASKS,
    "planning.qualification": RemovalReason.STANDARDS,
    "planning.remaining_service": RemovalReason.OVER_AGE,
}
_FLAGS = {
    "planning.young_share": "young_people",
    "planning.women_share": "women",
    "planning.minority_share": "minority_people",
    "planning.openness": "external_people",
}

"""Plans when units are reorganised: what ends stays readable, pools go on as drafts where asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags.formats import date
from cadres.carrying import Carry, Consequence, Preview
from cadres.selectors.positions import titles_after
from planning.choices import PlanStatus
from planning.models import Ballot, Nomination, Plan, Pool

#: Plans that somebody may still write in.
_OPEN = (PlanStatus.DRAFT, PlanStatus.RETURNED)

#: A place in a plan of a successor: unit code, term id, title id, cadre id.
_Seat = tuple[str, int, int, int]


@dataclass
class _Intent:
    """What is to be done with the plans of ending units; the same for a preview and for the act."""

    #: Plans that are to be made: (unit code, term id).
    new: list[tuple[str, int]] = field(default_factory=list)
    #: Plans that are there and open, by (unit code, term id).
    there: dict[tuple[str, int], int] = field(default_factory=dict)
    #: New place of each nomination that goes on.
    seats: dict[int, _Seat] = field(default_factory=dict)
    consequences: list[Consequence] = field(default_factory=list)

    @property
    def state(self) -> list[Any]:
        """What decides the act."""
        return [sorted(self.new), sorted(self.seats.items())]


class PlanCarrier:
    """Takes part in reorganisations for plans, pools and nominations."""

    name = "planning"

    def preview(self, carry: Carry) -> Preview:
        """What becomes of the plans of ending units."""
        intent = _intent(carry)
        return Preview(
            title=_("Kế hoạch quy hoạch"), consequences=intent.consequences, state=intent.state
        )

    def apply(self, carry: Carry) -> dict[str, Any]:
        """Make drafts and carry people over; JSON of what was written."""
        intent = _intent(carry)
        made = Plan.objects.bulk_create(
            Plan(unit_id=carry.ids[code], term_id=term_id, status=PlanStatus.DRAFT)
            for code, term_id in intent.new
        )
        plans = {key: plan.pk for key, plan in zip(intent.new, made, strict=True)} | intent.there
        pools = {
            (plan_id, title_id): pk
            for pk, plan_id, title_id in Pool.objects.filter(plan__in=plans.values()).values_list(
                "pk", "plan_id", "position__title_id"
            )
        }
        rows = []
        for code, term_id, title_id, cadre_id in dict.fromkeys(intent.seats.values()):
            plan_id = plans[code, term_id]
            rows.append(
                Nomination(
                    plan_id=plan_id,
                    pool_id=pools[plan_id, title_id],
                    cadre_id=cadre_id,
                    nominated_on=carry.effective_on,
                )
            )
        nominations = Nomination.objects.bulk_create(rows)
        before = list(
            Nomination.objects.filter(pk__in=intent.seats).values_list(
                "pk", "removed_on", "removal_reason"
            )
        )
        Nomination.objects.filter(pk__in=intent.seats).update(
            removed_on=carry.effective_on,
            removal_reason=_("Chuyển sang kế hoạch của đơn vị kế tục (%(no)s)")
            % {"no": carry.decision_no},
        )
        return {
            "day": carry.effective_on.isoformat(),
            "plans": [plan.pk for plan in made],
            "nominations": [row.pk for row in nominations],
            "removed": [
                [pk, day.isoformat() if day else None, reason] for pk, day, reason in before
            ],
        }

    def made(self, done: dict[str, Any], positions: Sequence[int]) -> dict[type[Model], list[int]]:
        """The drafts with what is in them, and the pools that new positions brought along."""
        pools = Pool.objects.filter(Q(plan__in=done["plans"]) | Q(position__in=list(positions)))
        foreign = Q(nominations__isnull=False) & ~Q(nominations__in=done["nominations"])
        free = pools.exclude(pk__in=pools.filter(foreign | Q(ballots__isnull=False)).values("pk"))
        return {
            Plan: done["plans"],
            Nomination: done["nominations"],
            Pool: list(free.values_list("pk", flat=True)),
        }

    def undo_obstacles(self, done: dict[str, Any]) -> list[str]:
        """Drafts that were worked on, people who were moved on."""
        reasons = []
        worked = Plan.objects.filter(pk__in=done["plans"]).exclude(status=PlanStatus.DRAFT)
        others = Nomination.objects.filter(plan__in=done["plans"]).exclude(
            pk__in=done["nominations"]
        )
        if worked.exists() or others.exists() or _ballots(done["plans"]):
            reasons.append(
                _("Bản dự thảo quy hoạch của đơn vị kế tục đã được sửa hoặc trình sau khi sắp xếp.")
            )
        left = Nomination.objects.filter(pk__in=done["nominations"], removed_on=None).count()
        removed = _firsts(done["removed"])
        ended = Nomination.objects.filter(pk__in=removed, removed_on=done["day"]).count()
        if left != len(done["nominations"]) or ended != len(removed):
            reasons.append(_("Người được chuyển quy hoạch đã có thay đổi sau khi sắp xếp."))
        return reasons

    def undo(self, done: dict[str, Any]) -> None:
        """Remove the drafts, put the nominations back."""
        Nomination.objects.filter(pk__in=done["nominations"]).delete()
        Plan.objects.filter(pk__in=done["plans"]).delete()
        rows = {row.pk: row for row in Nomination.objects.filter(pk__in=_firsts(done["removed"]))}
        for pk, day, reason in done["removed"]:
            rows[pk].removed_on = dt.date.fromisoformat(day) if day else None
            rows[pk].removal_reason = reason
        Nomination.objects.bulk_update(rows.values(), ["removed_on", "removal_reason"])


def _firsts(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [row[0] for row in rows]


def _ballots(plan_ids: Iterable[int]) -> bool:
    return Ballot.objects.filter(pool__plan__in=list(plan_ids)).exists()


# ---- What is to be done ----------------------------------------------------------------------


def _intent(carry: Carry) -> _Intent:
    intent = _Intent(consequences=_without_post(carry))
    endings = {ending.unit_id: ending for ending in carry.endings}
    day = carry.effective_on
    active = _active(day)
    running = list(
        Plan.objects.filter(unit__in=endings, term__ends_on__gte=day)
        .select_related("term")
        .annotate(people=Count("nominations__cadre", filter=active, distinct=True))
        .order_by("unit__path", "term__starts_on")
    )
    if not running:
        return intent
    if carry.carries_plans:
        _seat(intent, carry, endings, running)
    going = Counter(
        Nomination.objects.filter(pk__in=intent.seats).values_list("plan_id", flat=True)
    )
    for plan in running:
        words = {
            "unit": endings[plan.unit_id].name,
            "term": plan.term,
            "n": plan.people,
            "day": date(day - dt.timedelta(days=1)),
            "k": going[plan.pk],
        }
        text = ngettext(
            "%(unit)s, nhiệm kỳ %(term)s: %(n)d người; giữ nguyên để đọc, kết quả đến hết %(day)s "
            "không đổi.",
            "%(unit)s, nhiệm kỳ %(term)s: %(n)d người; giữ nguyên để đọc, kết quả đến hết %(day)s "
            "không đổi.",
            plan.people,
        )
        if carry.carries_plans:
            text += " " + ngettext(
                "%(k)d lượt quy hoạch được chuyển sang đơn vị kế tục.",
                "%(k)d lượt quy hoạch được chuyển sang đơn vị kế tục.",
                going[plan.pk],
            )
        intent.consequences.append(Consequence(text=text % words))
    return intent


def _active(day: dt.date) -> Q:
    return Q(nominations__nominated_on__lte=day) & (
        Q(nominations__removed_on=None) | Q(nominations__removed_on__gt=day)
    )


def _without_post(carry: Carry) -> list[Consequence]:
    """Pools of posts that are abolished while their unit stays: somebody has to end them."""
    pools = (
        Pool.objects.filter(
            position__in=carry.abolished, plan__term__ends_on__gte=carry.effective_on
        )
        .annotate(people=Count("nominations", filter=_active(carry.effective_on)))
        .filter(people__gt=0)
        .select_related("position__title", "plan__unit", "plan__term")
        .order_by("plan__unit__path", "plan__term__starts_on")
    )
    text = _(
        "%(unit)s, nhiệm kỳ %(term)s: vị trí %(title)s bị bỏ mà còn %(n)d người trong quy hoạch; "
        "hãy đưa ra khỏi quy hoạch hoặc chuyển sang chức danh khác."
    )
    return [
        Consequence(
            text=text
            % {
                "unit": pool.plan.unit.name,
                "term": pool.plan.term,
                "title": pool.position.title.name,
                "n": pool.people,
            },
            is_warning=True,
        )
        for pool in pools
    ]


def _seat(intent: _Intent, carry: Carry, endings: dict[int, Any], running: Sequence[Plan]) -> None:
    """Find the new place of everybody who is nominated on the day; say who has none, and why."""
    day = carry.effective_on
    terms = {plan.term_id: plan.term for plan in running}
    heirs = {code for ending in carry.endings for code in ending.successors}
    existing = {
        (plan.unit.code, plan.term_id): plan
        for plan in Plan.objects.filter(
            unit__in=[carry.ids[code] for code in heirs if code in carry.ids], term__in=terms
        ).select_related("unit")
    }
    titles = titles_after(carry, heirs)
    taken = set(
        Nomination.objects.filter(
            Q(removed_on=None) | Q(removed_on__gt=day),
            plan__in=[plan.pk for plan in existing.values()],
        ).values_list("plan__unit__code", "plan__term_id", "pool__position__title_id", "cadre_id")
    )
    rows = Nomination.objects.filter(
        Q(removed_on=None) | Q(removed_on__gt=day),
        plan__in=running,
        nominated_on__lte=day,
    ).order_by("plan__unit__path", "pk")
    lost = _Lost()
    for pk, unit_id, term_id, title_id, cadre_id in rows.values_list(
        "pk", "plan__unit_id", "plan__term_id", "pool__position__title_id", "cadre_id"
    ):
        ending = endings[unit_id]
        home = carry.homes.get((cadre_id, unit_id), "")
        heir = ending.successors[0] if len(ending.successors) == 1 else home
        plan = existing.get((heir, term_id))
        seat = (heir, term_id, title_id, cadre_id)
        if heir not in ending.successors:
            lost.unplaced[ending.name] += 1
        elif title_id not in titles[heir]:
            lost.untitled[carry.names.get(heir, heir)] += 1
        elif plan and plan.status not in _OPEN:
            lost.shut[heir, term_id] += 1
        elif seat not in taken:
            intent.seats[pk] = seat
            if plan:
                intent.there[heir, term_id] = plan.pk
            elif (heir, term_id) not in intent.new:
                intent.new.append((heir, term_id))
    for code, term_id in intent.new:
        text = _("Lập bản dự thảo kế hoạch %(unit)s, nhiệm kỳ %(term)s.")
        words = {"unit": carry.names.get(code, code), "term": terms[term_id]}
        intent.consequences.append(Consequence(text=text % words))
    intent.consequences += lost.told(carry, terms)


@dataclass
class _Lost:
    """Nominations that do not go on, counted by what stands in the way."""

    unplaced: Counter[str] = field(default_factory=Counter)
    untitled: Counter[str] = field(default_factory=Counter)
    shut: Counter[tuple[str, int]] = field(default_factory=Counter)

    def told(self, carry: Carry, terms: dict[int, Any]) -> list[Consequence]:
        """Sentences that say what to do."""
        told: list[tuple[str, dict[str, Any]]] = []
        for (code, term_id), count in self.shut.items():
            text = _(
                "Kế hoạch %(unit)s, nhiệm kỳ %(term)s đang trình hoặc đã duyệt: %(n)d lượt quy "
                "hoạch không được chuyển; hãy bổ sung qua rà soát."
            )
            unit = carry.names.get(code, code)
            told.append((text, {"unit": unit, "term": terms[term_id], "n": count}))
        for name, count in self.untitled.items():
            text = _("%(unit)s không có vị trí cùng chức danh cho %(n)d lượt quy hoạch.")
            told.append((text, {"unit": name, "n": count}))
        for name, count in self.unplaced.items():
            text = _(
                "%(unit)s: %(n)d lượt quy hoạch chưa rõ về đơn vị kế tục nào, vì người đó chưa "
                "được bố trí."
            )
            told.append((text, {"unit": name, "n": count}))
        return [Consequence(text=text % words, is_warning=True) for text, words in told]

"""The plan of a year: targets of units against the rotations that are counted for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import Role
from cadres.policies import Actor, scope_paths, unit_scope
from cadres.selectors.posts import posts_with_holders
from cadres.selectors.units import heirs_of, unit_list, units_by_id
from cadres.todo import Todo
from rotation.choices import PlanState, RotationKind, RotationStatus, Stage
from rotation.models import Rotation, RotationPlan, RotationPlanDecision, RotationTarget
from rotation.policies import can_decide_plan, can_plan, can_see_rotations
from rotation.selectors.rotations import rotations_visible

if TYPE_CHECKING:
    from cadres.models import Unit

SEND, RECEIVE = "di", "den"
_SIDES = {SEND: "from_unit", RECEIVE: "to_unit"}
STAGE_OF = {
    RotationStatus.PROPOSED: Stage.PROPOSED,
    RotationStatus.APPROVED: Stage.DECIDED,
    RotationStatus.IN_PROGRESS: Stage.DONE,
    RotationStatus.COMPLETED: Stage.DONE,
    RotationStatus.DECLINED: Stage.OFF,
    RotationStatus.CANCELLED: Stage.OFF,
}


class Numbers(NamedTuple):
    """What a plan says of one unit."""

    send: int = 0
    receive: int = 0
    note: str = ""

    @property
    def is_said(self) -> bool:
        """Whether there is anything to write down."""
        return self != Numbers()


# ---- Plans -----------------------------------------------------------------------------------


def plans_visible(actor: Actor) -> QuerySet[RotationPlan]:
    """Plans of all years for everybody with a grant, the latest first; their parts are scoped."""
    if not can_see_rotations(actor):
        return RotationPlan.objects.none()
    people = ("submitted_by", "decided_by")
    return RotationPlan.objects.select_related(*people).order_by("-year")


def plan_get(actor: Actor, year: int) -> RotationPlan:
    """The plan of a year. Raises Http404."""
    return get_object_or_404(plans_visible(actor), year=year)


def plan_of_year(year: int) -> RotationPlan | None:
    """The plan of a year, if it was opened. Unscoped: it names no unit."""
    return RotationPlan.objects.filter(year=year).first()


def counted_for(plan: RotationPlan) -> Q:
    """Condition on rotations that a plan counts: its own, and tours of no plan in its year."""
    of_no_plan = Q(plan=None, kind=RotationKind.ROTATION, start_on__year=plan.year)
    return Q(plan=plan.pk) | of_no_plan


class PlanTotals(NamedTuple):
    """What a plan asks in the actor's units, and how many moves are done; for the list of years."""

    units: int
    send: int
    receive: int
    done: int


def plan_totals(actor: Actor, plans: Sequence[RotationPlan]) -> dict[int, PlanTotals]:
    """Totals of plans by id, in the actor's scope; two queries."""
    rows = (
        RotationTarget.objects.filter(unit_scope(actor), plan__in=plans)
        .values("plan")
        .annotate(n=Count("pk"), send=Sum("send"), receive=Sum("receive"))
        .order_by()
    )
    asked = {row["plan"]: (row["n"], row["send"], row["receive"]) for row in rows}
    stages: Counter[int] = Counter()
    done = [status for status, stage in STAGE_OF.items() if stage == Stage.DONE]
    moves = rotations_visible(actor).filter(status__in=done).order_by()
    years = {plan.year: plan.pk for plan in plans}
    of_plan = Q(plan__in=plans)
    of_year = Q(plan=None, kind=RotationKind.ROTATION, start_on__year__in=list(years))
    for plan_id, start_on in moves.filter(of_plan | of_year).values_list("plan", "start_on"):
        found = plan_id or (years[start_on.year] if start_on else None)
        if found:
            stages[found] += 1
    return {plan.pk: PlanTotals(*asked.get(plan.pk, (0, 0, 0)), stages[plan.pk]) for plan in plans}


def decisions_of(plan: RotationPlan) -> list[RotationPlanDecision]:
    """Decisions on a plan, the latest first."""
    rows = plan.decisions.select_related("decided_by", "submitted_by", "reopened_by")
    return list(rows.order_by("-number"))


# ---- Targets against what became of them -----------------------------------------------------


@dataclass
class UnitProgress:
    """A unit in the plan: what is asked of it, and how many moves stand where, by side.

    `decided`: what the last decision says, where the plan is being adjusted. `ended_on`: the last
    day of a unit that is no more; `heirs`: who carries on. `carried`: by side, what former units
    that this one alone carries on had still to do, by their names.
    """

    unit: Unit
    numbers: Numbers
    decided: Numbers | None
    ended_on: dt.date | None = None
    heirs: Sequence[Unit] = ()
    carried: dict[str, Counter[str]] = field(
        default_factory=lambda: {SEND: Counter(), RECEIVE: Counter()}
    )
    moves: dict[str, Counter[Stage]] = field(
        default_factory=lambda: {SEND: Counter(), RECEIVE: Counter()}
    )

    def target(self, side: str) -> int:
        """How many are asked."""
        return self.numbers.send if side == SEND else self.numbers.receive

    def under_way(self, side: str) -> int:
        """Moves that are done, decided or proposed."""
        return sum(n for stage, n in self.moves[side].items() if stage != Stage.OFF)

    def left(self, side: str) -> int:
        """How many of its own target nobody has proposed anything for."""
        return max(self.target(side) - self.under_way(side), 0)

    def missing(self, side: str) -> int:
        """How many are still to be proposed here, those carried on included.

        None of a unit that is no more: who alone carries it on has them, else nobody does.
        """
        if self.ended_on is not None:
            return 0
        asked = self.target(side) + self.carried[side].total()
        return max(asked - self.under_way(side), 0)

    @property
    def lapsed(self) -> dict[str, int]:
        """By side, what lapses with a unit that nobody, or more than one, carries on."""
        is_lost = self.ended_on is not None and len(self.heirs) != 1
        return {side: self.left(side) if is_lost else 0 for side in (SEND, RECEIVE)}

    @property
    def is_changed(self) -> bool:
        """Whether the plan, being adjusted, says something else than the decision in force."""
        return self.decided is not None and self.decided != self.numbers


def progress_of(
    actor: Actor, plan: RotationPlan, decision: RotationPlanDecision | None = None
) -> list[UnitProgress]:
    """Units in scope that the plan names or that moves are counted for, by the tree; five queries.

    `decision`: what the plan is compared with, while it is being adjusted. What a unit that is no
    more on the day of the plan had still to do is carried on by the one that took its place.
    """
    numbers = targets_of(plan)
    before = {row[0]: Numbers(*row[1:]) for row in decision.targets} if decision else {}
    moves = _moves_by_unit(plan)
    heirs = heirs_of({*numbers, *before, *moves}, planning_day(plan, clock.today()))
    units = units_by_id(
        {*numbers, *before, *moves, *(pk for _ended, found in heirs.values() for pk in found)}
    )
    found: dict[int, UnitProgress] = {}
    for pk, unit in units.items():
        ended_on, heir_ids = heirs.get(pk, (None, []))
        found[pk] = UnitProgress(
            unit,
            numbers.get(pk, Numbers()),
            before.get(pk, Numbers()) if decision else None,
            ended_on,
            [units[heir] for heir in heir_ids],
        )
        for (side, stage), n in moves.get(pk, {}).items():
            found[pk].moves[side][stage] = n
    for former in found.values():
        if former.ended_on is not None and len(former.heirs) == 1:
            for side in _SIDES:
                carried = found[former.heirs[0].pk].carried[side]
                carried.update({former.unit.name: former.left(side)} if former.left(side) else {})
    paths = scope_paths(actor)
    shown = [each for each in found.values() if each.unit.path.startswith(paths) and _is_told(each)]
    return sorted(shown, key=lambda each: each.unit.path)


def _is_told(each: UnitProgress) -> bool:
    """Whether there is anything to show of the unit, beside that it carries nothing on."""
    is_asked = each.numbers.is_said or (each.decided is not None and each.decided.is_said)
    return is_asked or any(each.moves.values()) or any(each.carried.values())


def targets_of(plan: RotationPlan) -> dict[int, Numbers]:
    """What a plan says now, by unit. Unscoped: for services and the solver."""
    rows = RotationTarget.objects.filter(plan=plan)
    return {
        row[0]: Numbers(*row[1:]) for row in rows.values_list("unit", "send", "receive", "note")
    }


def _moves_by_unit(plan: RotationPlan) -> defaultdict[int, Counter[tuple[str, Stage]]]:
    """Moves that a plan counts, by unit. Unscoped: what a former unit did counts for its heir."""
    found: defaultdict[int, Counter[tuple[str, Stage]]] = defaultdict(Counter)
    for side, name in _SIDES.items():
        rows = Rotation.objects.filter(counted_for(plan))
        counts = rows.values_list(name, "status").annotate(n=Count("pk")).order_by()
        for unit_id, status, n in counts:
            found[unit_id][side, STAGE_OF[RotationStatus(status)]] += n
    return found


def rotations_of_plan(
    actor: Actor,
    plan: RotationPlan,
    *,
    unit: Unit | None = None,
    side: str = "",
    stage: str = "",
) -> QuerySet[Rotation]:
    """The rotations behind the numbers of a plan; narrowed to a unit, a side, a stage.

    `side` without `unit`: those that the actor's own units send, or receive.
    """
    rows = rotations_visible(actor).filter(counted_for(plan))
    if unit is not None:
        sides = [name for key, name in _SIDES.items() if side in ("", key)]
        where = Q()
        for name in sides:
            where |= Q(**{name: unit})
        rows = rows.filter(where)
    elif side:
        rows = rows.filter(unit_scope(actor, f"{_SIDES[side]}__path"))
    if stage:
        rows = rows.filter(status__in=[s for s, found in STAGE_OF.items() if found == stage])
    return rows.order_by("start_on", "cadre__sort_key", "pk")


def stages_of_plan(actor: Actor, plan: RotationPlan) -> Counter[Stage]:
    """How many of the rotations that a plan counts, and that the actor sees, stand where."""
    rows = rotations_visible(actor).filter(counted_for(plan)).order_by()
    found: Counter[Stage] = Counter()
    for status, n in rows.values_list("status").annotate(n=Count("pk")):
        found[STAGE_OF[RotationStatus(status)]] += n
    return found


# ---- The grid --------------------------------------------------------------------------------


class TargetRow(NamedTuple):
    """A unit in the grid: what the plan says, and what helps to decide: posts, last year.

    `held`: prescribed posts that are filled; too many in one post fill no other. `ended_on`: the
    last day of a unit that is no more, `heirs`: who carries on.
    """

    unit: Unit
    numbers: Numbers
    prescribed: int
    held: int
    last_year: Numbers
    ended_on: dt.date | None = None
    heirs: Sequence[Unit] = ()

    @property
    def vacant(self) -> int:
        """Leadership posts that nobody holds."""
        return self.prescribed - self.held


def target_rows(actor: Actor, plan: RotationPlan, day: dt.date) -> list[TargetRow]:
    """Units with leadership posts on the day, and others that the plan names; seven queries."""
    numbers = targets_of(plan)
    earlier = plan_of_year(plan.year - 1)
    before = targets_of(earlier) if earlier else {}
    prescribed: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    for post in posts_with_holders(unit_scope(actor), day):
        prescribed[post.unit_id] += post.number
        filled[post.unit_id] += min(post.holders, post.number)
    wanted = {*numbers, *prescribed}
    ended = heirs_of(numbers, day)
    named = units_by_id(pk for _ended, heirs in ended.values() for pk in heirs)
    none: tuple[dt.date | None, list[int]] = (None, [])
    return [
        TargetRow(
            unit,
            numbers.get(unit.pk, Numbers()),
            prescribed[unit.pk],
            filled[unit.pk],
            before.get(unit.pk, Numbers()),
            ended.get(unit.pk, none)[0],
            [named[pk] for pk in ended.get(unit.pk, none)[1]],
        )
        for unit in unit_list(actor).filter(pk__in=wanted)
    ]


def planning_day(plan: RotationPlan, today: dt.date) -> dt.date:
    """The day on which posts are counted for a plan: today, or the nearest day of its year."""
    return min(max(today, dt.date(plan.year, 1, 1)), dt.date(plan.year, 12, 31))


# ---- What stands in the way ------------------------------------------------------------------


def obstacles_to_submit_plan(plan: RotationPlan, numbers: Iterable[Numbers]) -> list[str]:
    """Everything that is missing before the plan can be submitted, all at once."""
    found = []
    if not plan.purpose.strip():
        found.append(_("Chưa ghi mục đích, yêu cầu của kế hoạch."))
    if not any(each.send or each.receive for each in numbers):
        found.append(_("Chưa có đơn vị nào được giao chỉ tiêu cử đi hoặc tiếp nhận."))
    return found


def plan_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Plans that wait for the actor: submitted ones to decide, returned ones to mend.

    Three queries at most, one for who neither approves nor plans.
    """
    wanted = Q(status=PlanState.SUBMITTED)
    if can_plan(actor):
        wanted |= Q(status=PlanState.DRAFT) & ~Q(return_reason="")
    elif not scope_paths(actor, Role.APPROVER, Role.ADMINISTRATOR):
        return
    rows = RotationPlan.objects.filter(wanted).prefetch_related("targets__unit")
    for plan in rows.order_by("year"):
        if plan.status == PlanState.DRAFT:
            text, under = _("%(plan)s bị trả lại"), plan.return_reason
        elif can_decide_plan(actor, plan):
            text = _("%(plan)s chờ quyết định")
            words = {"no": plan.submission_no, "day": formats.date(plan.submitted_on)}
            under = _("Tờ trình %(no)s ngày %(day)s") % words
        else:
            continue
        yield Todo(
            group=_("Kế hoạch luân chuyển năm"),
            text=text % {"plan": plan},
            under=under,
            url=reverse("rotation:plan-detail", args=[plan.year]),
        )

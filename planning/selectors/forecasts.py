"""What forecasts say, within the actor's scope: one plan's months, and what turns next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, When
from django.shortcuts import get_object_or_404

from cadres.policies import SENSITIVE_ROLES, Actor, below, unit_scope
from compliance.choices import Outcome, SubjectKind
from compliance.engine import marks
from compliance.engine.registry import all_rules
from planning.forecasting import digests
from planning.models import ForecastEvent, ForecastRun, Nomination, Plan, PlanForecast, Pool
from planning.policies import can_forecast
from planning.selectors.plans import plans_visible


@dataclass(frozen=True)
class ForecastFilter:
    """Which events: `kinds` of subjects, below a `path`, of a `level`, under a `rule`.

    `is_worse`: only what begins to fail (True) or holds again (False).
    """

    kinds: tuple[int, ...] = (SubjectKind.PLAN, SubjectKind.POOL)
    path: str = ""
    level: str = ""
    rule: str = ""
    is_worse: bool | None = None


@dataclass(frozen=True)
class Behind:
    """Somebody because of whom something turns."""

    code: str
    name: str
    born: dt.date | None


@dataclass(frozen=True)
class Turned:
    """An event with its names: title and person of what turns, and who is behind it."""

    event: ForecastEvent
    plan: Plan
    title: str
    pool_id: int | None
    person: str
    behind: list[Behind] = field(default_factory=list)


# ---- One plan --------------------------------------------------------------------------------


def forecast_of(plan: Plan) -> tuple[PlanForecast | None, bool]:
    """The plan's forecast and whether it still stands on what is on file; two queries."""
    forecast = PlanForecast.objects.filter(plan=plan).first()
    if forecast is None:
        return None, False
    return forecast, digests([plan.pk], marks.basis()).get(plan.pk) == forecast.digest


def forecast_events(actor: Actor, forecast: PlanForecast) -> list[Turned]:
    """Everything that a plan's forecast says to the actor, in time; four queries."""
    events = _visible(actor).filter(forecast=forecast)
    return named(events.order_by("month_end", "kind", "rule", "subject_id"))


# ---- Many plans ------------------------------------------------------------------------------


def events_found(actor: Actor, wanted: ForecastFilter) -> QuerySet[ForecastEvent]:
    """What turns in plans in scope, the soonest first."""
    events = _visible(actor).filter(before__isnull=False, kind__in=wanted.kinds)
    events = events.filter(
        below(wanted.path, "forecast__plan__unit__path") if wanted.path else Q(),
        Q(forecast__plan__unit__level=wanted.level) if wanted.level else Q(),
        Q(rule=wanted.rule) if wanted.rule else Q(),
    )
    if wanted.is_worse is not None:
        worse = Q(after__gt=F("before"))
        events = events.filter(worse if wanted.is_worse else ~worse)
    return events.order_by("month_end", "forecast__plan__unit__path", "kind", "rule", "pk")


def failing_by_month(actor: Actor, wanted: ForecastFilter) -> dict[str, list[tuple[dt.date, int]]]:
    """By rule on plans: how many more plans fail from each month on (fewer: negative); one query.

    The first month of a rule says how many fail at the beginning.
    """
    fails = Case(When(after=Outcome.NOT_MET, then=1), default=0, output_field=IntegerField())
    failed = Case(When(before=Outcome.NOT_MET, then=1), default=0, output_field=IntegerField())
    rows = (
        _visible(actor)
        .filter(
            below(wanted.path, "forecast__plan__unit__path") if wanted.path else Q(),
            Q(forecast__plan__unit__level=wanted.level) if wanted.level else Q(),
            kind=SubjectKind.PLAN,
        )
        .order_by("rule", "month_end")
        .values("rule", "month_end")
        .annotate(change=Sum(fails) - Sum(failed))
    )
    found: dict[str, list[tuple[dt.date, int]]] = {}
    for row in rows:
        found.setdefault(row["rule"], []).append((row["month_end"], row["change"]))
    return found


@dataclass(frozen=True)
class Standing:
    """How the forecasts in scope stand: how many plans have one, when made, how many are stale."""

    plans: int
    oldest: dt.datetime | None
    stale: int
    starts_on: dt.date | None
    ends_on: dt.date | None


def forecasts_standing(actor: Actor, wanted: ForecastFilter) -> Standing:
    """Three queries, whatever the number of plans."""
    forecasts = list(
        PlanForecast.objects.filter(
            unit_scope(actor, "plan__unit__path"),
            below(wanted.path, "plan__unit__path") if wanted.path else Q(),
            Q(plan__unit__level=wanted.level) if wanted.level else Q(),
        )
    )
    if not forecasts:
        return Standing(0, None, 0, None, None)
    now = digests([each.plan_id for each in forecasts], marks.basis())
    return Standing(
        plans=len(forecasts),
        oldest=min(each.made_at for each in forecasts),
        stale=sum(now.get(each.plan_id) != each.digest for each in forecasts),
        starts_on=min(each.starts_on for each in forecasts),
        ends_on=max(each.ends_on for each in forecasts),
    )


def run_open(actor: Actor, plan: Plan | None) -> ForecastRun | None:
    """The latest run of a plan, or of all plans for who may start one; one query."""
    if plan is None and not can_forecast(actor):
        return None
    return ForecastRun.objects.filter(plan=plan).order_by("-pk").first()


def run_get(actor: Actor, pk: int) -> ForecastRun:
    """A run that the actor may follow. Raises Http404."""
    mine = Q(plan__in=plans_visible(actor))
    if can_forecast(actor):
        mine |= Q(plan=None)
    return get_object_or_404(ForecastRun.objects.filter(mine), pk=pk)


# ---- Names and rights ------------------------------------------------------------------------


def _visible(actor: Actor) -> QuerySet[ForecastEvent]:
    """Events of plans in scope, without what tells of sensitive data to who may not know it."""
    sensitive = [rule.code for rule in all_rules() if rule.sensitive]
    told = ~Q(rule__in=sensitive) | unit_scope(
        actor, "forecast__plan__unit__path", roles=SENSITIVE_ROLES
    )
    return ForecastEvent.objects.filter(
        unit_scope(actor, "forecast__plan__unit__path"), told
    ).select_related("forecast__plan__unit", "forecast__plan__term")


def named(events: Iterable[ForecastEvent]) -> list[Turned]:
    """Events with the names of titles and people; two queries beside theirs."""
    found = list(events)
    pools = [e.subject_id for e in found if e.kind == SubjectKind.POOL]
    nominations = [e.subject_id for e in found if e.kind == SubjectKind.NOMINATION]
    titles = dict(Pool.objects.filter(pk__in=pools).values_list("pk", "position__title__name"))
    people = {cadre_id for each in found for cadre_id in each.people}
    rows = Nomination.objects.filter(Q(pk__in=nominations) | Q(cadre__in=people)).values_list(
        "pk",
        "cadre_id",
        "cadre__code",
        "cadre__full_name",
        "cadre__birth_date",
        "pool_id",
        "pool__position__title__name",
    )
    behind: dict[int, Behind] = {}
    places: dict[int, tuple[int, str, str]] = {}
    for pk, cadre_id, code, name, born, pool_id, title in rows:
        behind[cadre_id] = Behind(code, name, born)
        places[pk] = (pool_id, title, name)
    return [_turned(each, titles, places, behind) for each in found]


def _turned(
    event: ForecastEvent,
    titles: dict[int, str],
    places: dict[int, tuple[int, str, str]],
    behind: dict[int, Behind],
) -> Turned:
    pool_id, title, person = None, "", ""
    if event.kind == SubjectKind.POOL:
        pool_id, title = event.subject_id, titles.get(event.subject_id, "")
    elif event.subject_id in places:
        pool_id, title, person = places[event.subject_id]
    return Turned(
        event=event,
        plan=event.forecast.plan,
        title=title,
        pool_id=pool_id,
        person=person,
        behind=[behind[each] for each in event.people if each in behind],
    )


def rules_forecast() -> Sequence[Any]:
    """The rules that forecasts tell of."""
    kinds = {SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION}
    return [rule for rule in all_rules() if kinds & set(rule.kinds)]

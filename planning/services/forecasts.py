"""Forecasts of plans: asked for, made in chunks by workers, each plan's old one replaced."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Min

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, require
from compliance.choices import RunStatus
from compliance.engine import marks
from planning.forecasting import days_of, digests, events_of
from planning.models import (
    ForecastChunk,
    ForecastEvent,
    ForecastRun,
    Plan,
    PlanForecast,
    Term,
)
from planning.policies import can_forecast

if TYPE_CHECKING:
    from planning.models import Plan as PlanModel

#: So many plans in one transaction: fewer statements a plan, and still progress to see.
CHUNK = 40
#: Without any later term on file one looks this far.
YEARS = 5


def forecast_start(*, actor: Actor | None, plan: PlanModel | None = None) -> ForecastRun:
    """Have the forecast of a plan, or of every plan whose term goes on, made by workers.

    Who asks for the same while it is under way gets that one. `actor` None: the portal itself.
    Raises PermissionDenied.
    """
    if actor is not None:
        require(can_forecast(actor, plan))
    with transaction.atomic():
        open_runs = ForecastRun.objects.select_for_update().filter(
            plan=plan, status__in=(RunStatus.QUEUED, RunStatus.RUNNING)
        )
        if (running := open_runs.first()) is not None:
            return running
        ids = [plan.pk] if plan else list(_plans_to_forecast())
        run = ForecastRun.objects.create(
            plan=plan,
            status=RunStatus.RUNNING if ids else RunStatus.FINISHED,
            created_at=clock.now(),
            finished_at=None if ids else clock.now(),
            requested_by_id=actor.pk if actor is not None else None,
            total=len(ids),
        )
        chunks = ForecastChunk.objects.bulk_create(
            ForecastChunk(run=run, plan_ids=ids[start : start + CHUNK])
            for start in range(0, len(ids), CHUNK)
        )
        for chunk in chunks:
            enqueue("planning.forecast_chunk", chunk_id=chunk.pk)
    return run


def _plans_to_forecast() -> list[int]:
    going_on = Plan.objects.filter(term__ends_on__gte=clock.today())
    return list(going_on.order_by("unit__path", "pk").values_list("pk", flat=True))


def horizon(today: dt.date) -> dt.date:
    """The end of the next term: of the first one that begins after the day."""
    coming = Term.objects.filter(starts_on__gt=today)
    first = coming.aggregate(first=Min("starts_on"))["first"]
    if first is None:
        last = Term.objects.aggregate(last=Max("ends_on"))["last"]
        return max(last or today, today.replace(year=today.year + YEARS, day=1))
    return coming.filter(starts_on=first).aggregate(end=Max("ends_on"))["end"]


def forecast_chunk_do(*, chunk_id: int) -> None:
    """Make the forecasts of one chunk; the row lock is the claim, so a repeat does nothing."""
    with transaction.atomic():
        chunk = (
            ForecastChunk.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("run")
            .filter(pk=chunk_id, finished_at=None, run__status=RunStatus.RUNNING)
            .first()
        )
        if chunk is None:
            return
        plan_ids = list(
            Plan.objects.filter(pk__in=chunk.plan_ids).order_by("pk").values_list("pk", flat=True)
        )
        if plan_ids:
            _make(plan_ids, clock.today())
        chunk.finished_at = clock.now()
        chunk.save(update_fields=["finished_at"])
        ForecastRun.objects.filter(pk=chunk.run_id).update(done=F("done") + len(chunk.plan_ids))
    # Only now: two chunks that end at once would each see the other open.
    _finish_if_done(chunk.run_id)


def _finish_if_done(run_id: int) -> None:
    with transaction.atomic():
        run = ForecastRun.objects.select_for_update().get(pk=run_id)
        left = ForecastChunk.objects.filter(run=run, finished_at=None).exists()
        if not run.is_over and not left:
            run.status, run.finished_at = RunStatus.FINISHED, clock.now()
            run.save(update_fields=["status", "finished_at"])


def _make(plan_ids: list[int], today: dt.date) -> None:
    """Replace the forecasts of some plans, in the caller's transaction."""
    until = horizon(today)
    known = digests(plan_ids, marks.basis())
    events = list(events_of(plan_ids, days_of(today, until)))
    PlanForecast.objects.filter(plan__in=plan_ids).delete()
    made = PlanForecast.objects.bulk_create(
        PlanForecast(
            plan_id=plan_id,
            made_at=clock.now(),
            starts_on=today,
            ends_on=until,
            digest=known[plan_id],
        )
        for plan_id in plan_ids
    )
    of_plan = {forecast.plan_id: forecast for forecast in made}
    for plan_id, event in events:
        event.forecast = of_plan[plan_id]
    ForecastEvent.objects.bulk_create([event for _plan, event in events], batch_size=2000)


def forecast_fail(*, chunk_id: int, error: str) -> None:
    """Close the run of a chunk with a sentence about what went wrong."""
    run_id = ForecastChunk.objects.values_list("run_id", flat=True).get(pk=chunk_id)
    ForecastRun.objects.filter(pk=run_id, status=RunStatus.RUNNING).update(
        status=RunStatus.FAILED, finished_at=clock.now(), error=error
    )


def forecasts_resume() -> int:
    """Send again what a lost worker left open; whoever works on it is left alone."""
    open_chunks = ForecastChunk.objects.filter(finished_at=None, run__status=RunStatus.RUNNING)
    chunk_ids = list(open_chunks.values_list("pk", flat=True))
    for chunk_id in chunk_ids:
        enqueue("planning.forecast_chunk", chunk_id=chunk_id)
    for run_id in ForecastRun.objects.filter(status=RunStatus.RUNNING).values_list("pk", flat=True):
        _finish_if_done(run_id)
    return len(chunk_ids)

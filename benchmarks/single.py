"""One plan after an edit, and one plan with a proposal that is not saved."""

import random

from django.db import connection

from benchmarks.country import DAY
from benchmarks.measure import database_time, seconds_of
from benchmarks.runs import live_run, workers
from cadre_portal.common import clock
from compliance import services
from compliance.models import ComplianceState
from planning.models import Nomination, Plan, Pool
from planning.services import plan_check

PLANS = 64


def some_plans(number: int, seed: int = 7) -> list[Plan]:
    """Plans at random, the same in every run."""
    ids = list(Plan.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(ids, min(number, len(ids)))
    return list(Plan.objects.filter(pk__in=chosen).select_related("unit", "term").order_by("pk"))


def ensure_state() -> None:
    """Fill the live state unless it is."""
    if not ComplianceState.objects.exists():
        with workers() as pool:
            live_run(pool, DAY)
        with connection.cursor() as cursor:
            # As autovacuum leaves it within a minute.
            cursor.execute("VACUUM ANALYZE compliance_state")


def rechecks() -> list[float]:
    """Seconds of database time of each plan's recheck after somebody was taken out of it."""
    found = []
    for plan in some_plans(PLANS):
        nomination = Nomination.objects.filter(plan=plan, removed_on=None).first()
        if nomination is not None:
            Nomination.objects.filter(pk=nomination.pk).update(removed_on=DAY)
        with clock.frozen(DAY), database_time() as watch:
            services.recheck(source_name="planning", groups=[plan.pk], as_of=DAY)
        found.append(watch.seconds)
    return found


def proposals() -> tuple[list[float], list[float]]:
    """Seconds of each what-if with three additions: of the database, and altogether."""
    of_database, altogether = [], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cadres_cadre")
        last = cursor.fetchone()[0]
    chance = random.Random(11)
    for plan in some_plans(PLANS):
        pools = list(Pool.objects.filter(plan=plan).values_list("pk", flat=True))
        added = [(chance.choice(pools), chance.randint(1, last)) for _ in range(3)]
        with database_time() as watch:
            altogether.append(
                seconds_of(lambda p=plan, a=added: plan_check(plan=p, as_of=DAY, added=a))
            )
        of_database.append(watch.seconds)
    return of_database, altogether

"""How much longer loops over the ORM would take than the engine."""

import statistics
from collections.abc import Sequence

from benchmarks.country import DAY
from benchmarks.measure import Line, seconds_of
from benchmarks.orm_loops import agrees, check_plan
from benchmarks.runs import forget, live_run, workers
from benchmarks.single import some_plans
from planning.models import Plan

CHECKED = 20
SAMPLE = 40
WANTED = 200


def compare(fills: Sequence[float]) -> Line:
    """Loops on some plans, extrapolated to all, against a first fill of everything.

    `fills`: seconds of first fills, if measured before. Raises where the verdicts differ.
    """
    plans = some_plans(SAMPLE)
    for plan in plans[:CHECKED]:
        if not agrees(plan, DAY):
            raise RuntimeError(f"The loops and the engine differ on plan {plan.pk}.")
    if not fills:
        forget()
        with workers() as pool:
            fills = [seconds_of(lambda: live_run(pool, DAY))]
    each = seconds_of(lambda: [check_plan(plan, DAY) for plan in plans]) / len(plans)
    total = each * Plan.objects.count()
    times = total / statistics.median(fills)
    return Line(
        "ORM loops, extrapolated",
        f"{each:.2f} s a plan × {Plan.objects.count():,} = {total / 3600:.1f} h",
        f"{times:.0f} × first fill",
        f"≥ {WANTED}",
        times >= WANTED,
    )

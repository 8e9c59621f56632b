"""Whole runs: the barest SQL, a first fill, its floor, and the night after, measured by turns."""

import multiprocessing
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import django
from django.db import connection, transaction

from benchmarks.country import DAY
from benchmarks.measure import processor_seconds, seconds_of
from cadre_portal.common import clock
from compliance import services
from compliance.choices import RunStatus
from compliance.engine import shared, store
from compliance.models import ComplianceRun

#: The least that any check has to do: who is nominated today, joined to people, per pool.
BAREST = """
SELECT count(*), sum(people), sum(women)
  FROM (SELECT n.pool_id, count(*) AS people, count(*) FILTER (WHERE c.sex = 'female') AS women
          FROM planning_nomination n JOIN cadres_cadre c ON c.id = n.cadre_id
         WHERE n.nominated_on <= %(d)s AND (n.removed_on IS NULL OR n.removed_on > %(d)s)
         GROUP BY n.pool_id) q
"""

EDITS = 1000
WORKERS = 2


def barest() -> None:
    """The denominator, with the session settings of the engine."""
    with transaction.atomic(), connection.cursor() as cursor:
        store.prepare(cursor)
        cursor.execute(BAREST, {"d": DAY})


@contextmanager
def workers() -> Iterator[ProcessPoolExecutor]:
    """Two processes of their own that work on chunks, as two Celery workers would."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn, initializer=django.setup) as pool:
        list(pool.map(_connect, range(WORKERS * 4)))  # started and connected before any timing
        yield pool


def _connect(_number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.2)")


def _chunk(job: tuple[int, date]) -> None:
    chunk_id, day = job
    with clock.frozen(day):
        services.chunk_do(chunk_id=chunk_id)


def _begin(day: date) -> ComplianceRun:
    run = services.run_start(actor=None, as_of=day, inline=True)
    run.chunks.exclude(source__in=["", "planning"]).delete()
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    return run


def _phases(pool: ProcessPoolExecutor, run: ComplianceRun, *phases: int) -> None:
    for phase in phases:
        chunks = run.chunks.filter(phase=phase).order_by("pk").values_list("pk", flat=True)
        list(pool.map(_chunk, [(pk, run.as_of) for pk in chunks]))


def live_run(pool: ProcessPoolExecutor, day: date) -> ComplianceRun:
    """A live run of the planning rules from its start to its stored summary."""
    with clock.frozen(day):
        run = _begin(day)
        _phases(pool, run, services.FIND, services.SHARE, services.JUDGE)
        services.run_advance(run_id=run.pk)
        run.refresh_from_db()
    if run.status != RunStatus.FINISHED:
        raise RuntimeError(f"The run did not finish: {run.status}.")
    return run


#: What a chunk cannot do without, were there no rule at all: nominees, their facts, their pools.
JOINED = f"""
SELECT count(*), sum(s.rank), min(s.retires_first), sum(length(s.paths)), sum(l.position_id)
  FROM planning_nomination n
  JOIN {shared.TABLE} s ON s.cadre_id = n.cadre_id
  JOIN planning_pool l ON l.id = n.pool_id
 WHERE n.plan_id BETWEEN %(low)s AND %(high)s AND n.nominated_on <= %(d)s
   AND (n.removed_on IS NULL OR n.removed_on > %(d)s)
"""
ASIDE = "bench_verdicts"


def floor(pool: ProcessPoolExecutor, day: date) -> None:
    """A first fill without any verdict: facts, joins, and the rows of `ASIDE` written."""
    with clock.frozen(day):
        run = _begin(day)
        _phases(pool, run, services.FIND, services.SHARE)
        ranges = run.chunks.filter(phase=services.JUDGE).values_list("low", "high")
        list(pool.map(_bare, [(low, high, day) for low, high in ranges]))
        ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.CANCELLED)


def _bare(job: tuple[int, int, date]) -> None:
    low, high, day = job
    with transaction.atomic(), connection.cursor() as cursor:
        store.prepare(cursor)
        cursor.execute(JOINED, {"low": low, "high": high, "d": day})
        cursor.execute(
            f"INSERT INTO compliance_state ({store.ROW}, first_on) SELECT {store.ROW}, first_on"
            f" FROM {ASIDE} WHERE group_id BETWEEN %s AND %s",
            [low, high],
        )


@contextmanager
def verdicts_aside() -> Iterator[None]:
    """The verdicts in a table of their own and none in the state; nothing is marked afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNLOGGED TABLE {ASIDE} AS TABLE compliance_state; ANALYZE {ASIDE}")
        forget()
        yield
        cursor.execute(f"DROP TABLE {ASIDE}; TRUNCATE compliance_mark")


def forget() -> None:
    """No verdicts and no marks, as before the first run."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE compliance_state, compliance_change, compliance_mark")


def edit(seed: int) -> None:
    """1,000 edits of files and plans at random."""
    chance = random.Random(seed)
    part = EDITS // 3

    def some(cursor: object, table: str, number: int) -> list[int]:
        cursor.execute(f"SELECT max(id) FROM {table}")  # type: ignore[attr-defined]
        last = cursor.fetchone()[0]  # type: ignore[attr-defined]
        return chance.sample(range(1, last + 1), number)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cadres_cadre SET birth_date = birth_date - 400 WHERE id = ANY(%s)",
            [some(cursor, "cadres_cadre", EDITS - 2 * part)],
        )
        cursor.execute(
            "UPDATE cadres_appointment SET end_on = %s WHERE id IN (SELECT max(id)"
            " FROM cadres_appointment WHERE cadre_id = ANY(%s) AND start_on < %s"
            " GROUP BY cadre_id)",
            [DAY, some(cursor, "cadres_cadre", part), DAY],
        )
        cursor.execute(
            "UPDATE planning_nomination SET removed_on = %s WHERE id = ANY(%s)"
            " AND removed_on IS NULL AND nominated_on < %s",
            [DAY, some(cursor, "planning_nomination", part), DAY],
        )


@dataclass
class Rounds:
    """Seconds of each round; `used`: processor seconds of the server, by the same names."""

    barest: list[float] = field(default_factory=list)
    fill: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    night: list[float] = field(default_factory=list)
    used: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, work: Callable[[], object]) -> None:
        """Do something once and note how long it took."""
        before = processor_seconds()
        getattr(self, name).append(seconds_of(work))
        after = processor_seconds()
        if before is not None and after is not None:
            self.used[name].append(after - before)


def rounds(repeat: int) -> Rounds:
    """Measure by turns: the barest SQL, a fill and its floor, the barest SQL again, a night."""
    found = Rounds()
    with workers() as pool:
        barest()  # into the cache
        for number in range(repeat):
            found.add("barest", barest)
            forget()
            found.add("fill", lambda: live_run(pool, DAY))
            with verdicts_aside():
                found.add("floor", lambda: floor(pool, DAY))
            found.add("barest", barest)

            def night(seed: int = number) -> None:
                edit(seed)
                live_run(pool, DAY + timedelta(days=1))

            found.add("night", night)
            print(
                f"round {number + 1}: barest {found.barest[-2]:.2f} {found.barest[-1]:.2f},"
                f" first fill {found.fill[-1]:.2f}, its floor {found.floor[-1]:.2f},"
                f" night {found.night[-1]:.2f} s",
                flush=True,
            )
    return found

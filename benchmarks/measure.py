"""Timing, and the table in which everything is shown."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection


def seconds_of(work: Callable[[], object]) -> float:
    """Wall-clock seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor_seconds() -> float | None:
    """Processor time of all processes of the server so far; None if it is not on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = _ticks(cursor.fetchone()[0])
    if mine is None:
        return None
    server = mine[0]
    living = (_ticks(int(path.name)) for path in Path("/proc").glob("[0-9]*"))
    ticks = sum(own for parent, own, _ in filter(None, living) if parent == server)
    master = _ticks(server)
    ended = master[2] if master else 0  # backends and parallel workers that are gone
    return (ticks + ended) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> tuple[int, int, int] | None:
    """Parent of a process, its processor time and that of its ended children; None: no such."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    own, ended = (int(fields[at]) + int(fields[at + 1]) for at in (11, 13))
    return int(fields[1]), own, ended


@dataclass
class Stopwatch:
    """Time spent waiting for statements."""

    seconds: float = 0.0


@contextmanager
def database_time() -> Iterator[Stopwatch]:
    """Add up how long the statements of this process take inside the block."""
    watch = Stopwatch()

    def timed(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            watch.seconds += time.perf_counter() - start

    with connection.execute_wrapper(timed):
        yield watch


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    work: str
    measured: str
    result: str
    wanted: str
    reached: bool | None = None


def times(work: str, seconds: Sequence[float], base: Sequence[float], of: str) -> Line:
    """A line about how many times longer than `base` the work takes, medians of both."""
    value, unit = statistics.median(seconds), statistics.median(base)
    spread = f"{value:.1f} s ({min(seconds):.1f}-{max(seconds):.1f})"
    return Line(work, spread, f"{value / unit:.1f} × {of}", "")


def ratio(
    work: str, seconds: Sequence[float], base: Sequence[float], limit: float, of: str
) -> Line:
    """The same with the most that is wanted."""
    reached = statistics.median(seconds) <= limit * statistics.median(base)
    line = times(work, seconds, base, of)
    return replace(line, wanted=f"≤ {limit:g}", reached=reached)


def milliseconds(work: str, seconds: Sequence[float], limit: float) -> Line:
    """A line about something short: median and 95th percentile."""
    median, high = (1000 * percentile(seconds, percent) for percent in (50, 95))
    return Line(work, f"{len(seconds)} times", f"{median:.0f} ms, p95 {high:.0f} ms",
                f"< {limit:g} ms", median < limit)  # fmt: skip


def show(lines: Sequence[Line]) -> None:
    """Print the table as Markdown."""
    rows = [("work", "measured", "result", "wanted", "")]
    rows += [
        (each.work, each.measured, each.result, each.wanted,
         {None: "", True: "reached", False: "not reached"}[each.reached])
        for each in lines
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        print(f"| {' | '.join(cells)} |")
        if not number:
            print(f"|{'|'.join('-' * (width + 2) for width in widths)}|", flush=True)

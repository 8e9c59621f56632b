"""`python -m benchmarks`: measure everything in one run and print one table of ratios."""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PARTS = ("runs", "recheck", "whatif", "loops", "pages", "import", "lists", "moves", "inspection")


def main() -> None:
    """Read the options, set Django up, measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 2 million cadres")
    parser.add_argument("--repeat", type=int, default=5, help="rounds of whole runs")
    parser.add_argument("--only", choices=PARTS, action="append", help="may be repeated")
    parser.add_argument("--keep", action="store_true", help="leave the database for the next time")
    options = parser.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks.country import country, size
    from benchmarks.measure import Line, show

    wanted = options.only or PARTS
    lines: list[Line] = []
    print(f"load average {_load()}, Python {platform.python_version()}", flush=True)
    if set(wanted) & {"runs", "recheck", "whatif", "loops"}:
        with country(options.scale, keep=options.keep):
            print(f"{size()}; {_server()}", flush=True)
            for name in ("runs", "recheck", "whatif", "loops"):
                if name in wanted:
                    lines += _measure(name, options.repeat)
    for name in ("pages", "inspection_drafts", "inspection_set"):
        if name.partition("_")[0] in wanted:
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
    if "moves" in wanted:
        from benchmarks.moves import run

        run(options.repeat)
    if "import" in wanted:
        script = Path(__file__).with_name("import_speed.py")
        subprocess.run([sys.executable, str(script)], check=True)
    if "lists" in wanted:
        script = Path(__file__).with_name("list_speed.py")
        subprocess.run([sys.executable, str(script)], check=True)
    print(f"load average {_load()}")
    if lines:
        show(lines)


def _load() -> str:
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


def _server() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'PostgreSQL ' || current_setting('server_version')"
            " || ', shared_buffers ' || current_setting('shared_buffers')"
        )
        return str(cursor.fetchone()[0])


#: Seconds of the first fill, once measured: what the loops are compared with.
_fills: list[float] = []


def _measure(name: str, repeat: int) -> list[object]:
    parts: dict[str, Callable[[], list[object]]] = {
        "runs": lambda: _runs(repeat),
        "recheck": _recheck,
        "whatif": _whatif,
        "loops": _loops,
    }
    return parts[name]()


def _runs(repeat: int) -> list[object]:
    from benchmarks.measure import Line, ratio, times
    from benchmarks.runs import rounds

    found = rounds(repeat)
    _fills.extend(found.fill)
    base = found.barest
    spread = f"{statistics.median(base):.2f} s ({min(base):.2f}-{max(base):.2f})"
    lines: list[object] = [
        Line("barest SQL", spread, "1", ""),
        ratio("first fill, 2 workers", found.fill, base, 6, "barest"),
        times("the same without any verdict", found.floor, base, "barest"),
        ratio("night after 1,000 edits, 2 workers", found.night, base, 4, "barest"),
    ]
    if used := found.used:
        lines += [
            ratio("the fill in processor time", used["fill"], used["barest"], 6, "barest"),
            times("without any verdict, processor time", used["floor"], used["barest"], "barest"),
            ratio("the night in processor time", used["night"], used["barest"], 4, "barest"),
        ]
    return lines


def _recheck() -> list[object]:
    from benchmarks.measure import milliseconds
    from benchmarks.single import ensure_state, rechecks

    ensure_state()
    return [milliseconds("recheck of a plan, database time", rechecks(), 50)]


def _whatif() -> list[object]:
    from benchmarks.measure import milliseconds
    from benchmarks.single import proposals

    of_database, altogether = proposals()
    return [
        milliseconds("what-if of three additions, database time", of_database, 100),
        milliseconds("what-if of three additions, altogether", altogether, 100),
    ]


def _loops() -> list[object]:
    from benchmarks.loops import compare

    return [compare(_fills)]


if __name__ == "__main__":
    main()

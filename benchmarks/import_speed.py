"""Import of many people, checked and written, against openpyxl only reading the same file.

Bar: at most 2 (DESIGN section 5). Run: `python benchmarks/import_speed.py [--people 30000]`.
It works in a database of its own, which it removes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def read_with_openpyxl(path: Path) -> None:
    """Read every cell of every sheet, the fast way of openpyxl."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book.worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass
    book.close()


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.test")
    import django

    django.setup()
    from django.db import connection

    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder) / "big.xlsx", options.people, options.rounds)
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def measure(path: Path, people: int, rounds: int) -> None:
    """Make the file, then time reading, first import, repeated import and export."""
    from django.apps import apps
    from django.db import connection

    from cadres.workbook.exporting import export_workbook
    from cadres.workbook.loading import import_workbook
    from cadres.workbook.schema import all_sheets
    from tests.workbook.big_workbook import write_big_workbook

    cells = write_big_workbook(path, people=people)
    tables = [sheet.table for sheet in all_sheets()]
    events = [m._meta.db_table for m in apps.get_models() if m.__name__.endswith("Event")]
    seconds: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        seconds.setdefault(name, []).append(timed(work))

    def load() -> None:
        report = import_workbook(path)
        if not report.ok:
            raise SystemExit(str(report.as_json())[:2000])

    for _round in range(rounds):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join([*tables, *events])} CASCADE")
        note("openpyxl", lambda: read_with_openpyxl(path))
        note("import", load)
        note("again", load)
        note("export", lambda: export_workbook(path.with_name("out.xlsx")))
    base = statistics.median(seconds["openpyxl"])
    print(f"{people} people, {cells} cells, {path.stat().st_size / 1e6:.1f} MB, {rounds} rounds")
    for name, values in seconds.items():
        value = statistics.median(values)
        print(f"{name:10} {value:7.2f} s   {value / base:5.2f} x openpyxl")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process (openpyxl included): {peak:.0f} MB")


if __name__ == "__main__":
    main()

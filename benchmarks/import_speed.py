"""Import and export of many people against the barest way of reading and writing the same file.

Bars (DESIGN section 5): import, checked and written, at most 2 × openpyxl only reading; export at
most 1.5 × XlsxWriter writing the same cells from a list; memory bounded (500 MB).
`python benchmarks/import_speed.py [--people 30000] [--rounds 3]`. It works in a database of its
own, which it removes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST_MEMORY = 500


def read_with_openpyxl(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell of every sheet, the fast way of openpyxl."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    return cells


def write_from_list(path: Path, cells: dict[str, list[tuple[Any, ...]]]) -> None:
    """The same cells by XlsxWriter, in constant memory as the portal does."""
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def memory() -> float:
    """The most megabytes that this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table of ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from django.db import connection

    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), options.people, options.rounds)
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def make_file(path: Path, people: int) -> None:
    """Write the workbook in a process of its own, so that its memory is not counted."""
    code = (
        "import sys; from pathlib import Path;"
        "from tests.workbook.big_workbook import write_big_workbook;"
        "write_big_workbook(Path(sys.argv[1]), people=int(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(people)], cwd=ROOT, check=True)


def empty() -> None:
    """Remove what an import wrote, history included."""
    from django.apps import apps
    from django.db import connection

    from cadres.workbook.schema import all_sheets

    events = [m._meta.db_table for m in apps.get_models() if m.__name__.endswith("Event")]
    tables = [sheet.table for sheet in all_sheets()] + events
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def load(path: Path) -> None:
    """One import, which has to succeed."""
    from cadres.workbook.loading import import_workbook

    report = import_workbook(path)
    if not report.ok:
        raise SystemExit(str(report.as_json())[:2000])


def time_of_list(source: Path, target: Path) -> float:
    """Seconds in which XlsxWriter writes the cells of `source`, which are in memory then."""
    from benchmarks.measure import seconds_of

    cells = read_with_openpyxl(source)
    return seconds_of(lambda: write_from_list(target, cells))


def measure(folder: Path, people: int, rounds: int) -> None:
    """Rounds of import, repeated import, export, and the barest ways beside them."""
    from benchmarks.measure import Line, ratio, seconds_of, show
    from cadres.workbook.exporting import export_workbook

    path, out = folder / "big.xlsx", folder / "out.xlsx"
    make_file(path, people)
    seconds: dict[str, list[float]] = {
        name: [] for name in ("load", "again", "read", "out", "list")
    }
    peak = 0.0
    for number in range(rounds):
        empty()
        seconds["load"].append(seconds_of(lambda: load(path)))
        seconds["again"].append(seconds_of(lambda: load(path)))
        seconds["out"].append(seconds_of(lambda: export_workbook(out)))
        if number == 0:
            peak = memory()  # before openpyxl fills it
        seconds["read"].append(seconds_of(lambda: read_with_openpyxl(path)))
        seconds["list"].append(time_of_list(out, folder / "list.xlsx"))
    what = f"{people:,} people, {path.stat().st_size / 1e6:.1f} MB"
    show(
        [
            ratio(f"import of {what}", seconds["load"], seconds["read"], 2, "openpyxl reading"),
            ratio("the same file again", seconds["again"], seconds["read"], 2, "openpyxl reading"),
            ratio("export", seconds["out"], seconds["list"], 1.5, "XlsxWriter from a list"),
            Line(
                "memory of import and export",
                f"{peak:.0f} MB",
                "",
                f"< {MOST_MEMORY} MB",
                peak < MOST_MEMORY,
            ),
        ]
    )


if __name__ == "__main__":
    main()

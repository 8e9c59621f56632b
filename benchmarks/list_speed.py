"""An office's list of many people against openpyxl only reading the same file.

Bar (DESIGN section 5): checked and written at most 2 × openpyxl only reading; memory bounded
(500 MB). Checked is read, understood, matched with the files and previewed; written is all of it
in one transaction, with what taking it back needs.
`python benchmarks/list_speed.py [--people 30000] [--rounds 3]`. It works in a database of its own,
which it removes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

HEADS = (
    "TT", "Họ và tên", "Ngày sinh", "", "Dân tộc", "Chức vụ hiện tại", "Đơn vị công tác",
    "Trình độ chuyên môn", "Lý luận chính trị", "Kết quả phân loại 03 năm",
)  # fmt: skip
_FAMILY = ("Nông", "Hoàng", "Đàm", "Lý", "Bế", "Triệu", "Vi", "Lục", "Hà", "Dương", "Ma", "Chu")
_MIDDLE = ("Văn", "Thị", "Đức", "Xuân", "Ngọc", "Quang", "Minh", "Thu")
_GIVEN = ("Ánh", "Bé", "Cường", "Đào", "Hùng", "Hương", "Khải", "Oanh", "Quỳnh", "Ưng", "Lan", "Mỷ")
_TITLES = ("Phó Giám đốc", "Trưởng phòng", "Phó Trưởng phòng", "Chuyên viên")
_DEGREES = ("ĐH Luật", "Thạc sĩ Kinh tế", "Cao đẳng", "Đại học", "Kỹ sư Lâm nghiệp", "Tiến sĩ")
_THEORIES = ("Cao cấp", "Trung cấp", "Sơ cấp", "Cử nhân")
_GRADES = ("HTTNV; HTTNV; HTXSNV", "HTNV; HTTNV; HTTNV", "HTXSNV; HTTNV; HTTNV")


def write_list(path: Path, people: int) -> None:
    """A list with titles above, a merged header in two rows, and a group row for each unit."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet("Danh sách")
        page.write(0, 0, "DANH SÁCH CÁN BỘ, CÔNG CHỨC")
        page.write_row(2, 0, HEADS)
        page.merge_range(2, 2, 2, 3, "Ngày sinh")
        page.write_row(3, 2, ("Nam", "Nữ"))
        for number in range(people):
            page.write_row(4 + number, 0, _person(number))


def _person(n: int) -> tuple[Any, ...]:
    middle = _MIDDLE[n // 12 % len(_MIDDLE)]
    name = f"{_FAMILY[n % 12]} {middle} {_GIVEN[n // 96 % 12]}"
    born: Any = dt.date(1962, 1, 1) + dt.timedelta(days=n * 37 % 14_000)
    if n % 10 == 0:
        born = f"{born.month:02}/{born.year}"
    elif n % 3 == 0:
        born = f"{born.day}.{born.month}.{born.year}"
    birth = ("", born) if middle in ("Thị", "Thu") else (born, "")
    return (
        n + 1, name, *birth, ("Tày", "Nùng", "Kinh", "Dao")[n % 4], _TITLES[n % 4],
        f"Sở số {n % 40}", _DEGREES[n % 6], _THEORIES[n % 4], _GRADES[n % 3],
    )  # fmt: skip


def make_file(path: Path, people: int) -> None:
    """Write the list in a process of its own, so that its memory is not counted."""
    code = (
        "import sys; from pathlib import Path; from benchmarks.list_speed import write_list;"
        "write_list(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(people)], cwd=ROOT, check=True)


def main() -> None:
    """Print the table of ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.MEDIA_ROOT = folder
            measure(Path(folder), options.people, options.rounds)
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def make_ground() -> tuple[Any, Any]:
    """A province with forty units and their positions; its officer."""
    from cadres.choices import Role
    from tests import factories

    province = factories.UnitFactory(code="T", name="Tỉnh")
    titles = [factories.TitleFactory(name=name) for name in _TITLES]
    for number in range(40):
        unit = factories.UnitFactory(parent=province, name=f"Sở số {number}")
        for title in titles:
            factories.PositionFactory(unit=unit, title=title)
    for title in titles:
        factories.PositionFactory(unit=province, title=title)
    grant = factories.RoleGrantFactory(role=Role.PROVINCIAL_OFFICER)
    return province, grant.user


def empty() -> None:
    """Remove everything, history included."""
    from django.apps import apps
    from django.db import connection

    events = [m._meta.db_table for m in apps.get_models() if m.__name__.endswith("Event")]
    tables = ["cadres_cadre", "cadres_unit", "cadres_title", "cadres_listimportrow", *events]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def measure(folder: Path, people: int, rounds: int) -> None:
    """Rounds of reading, previewing, writing, taking back; openpyxl reading beside them."""
    from benchmarks.import_speed import MOST_MEMORY, memory, read_with_openpyxl
    from benchmarks.measure import Line, ratio, seconds_of, show

    path = folder / "list.xlsx"
    make_file(path, people)
    seconds: dict[str, list[float]] = {n: [] for n in ("check", "write", "all", "undo", "read")}
    peak = 0.0
    for number in range(rounds):
        empty()
        unit, officer = make_ground()
        found = make_list(path, unit, officer)
        check = seconds_of(partial(check_list, found, officer))
        write = seconds_of(partial(write_list_now, found, officer))
        seconds["check"].append(check)
        seconds["write"].append(write)
        seconds["all"].append(check + write)
        if number == 0:
            peak = memory()  # before openpyxl fills it
        seconds["undo"].append(seconds_of(partial(undo_list, found, officer)))
        seconds["read"].append(seconds_of(lambda: read_with_openpyxl(path)))
    what = f"{people:,} people, {path.stat().st_size / 1e6:.1f} MB"
    show(
        [
            ratio(f"list of {what}: check", seconds["check"], seconds["read"], 2, "openpyxl"),
            ratio("write", seconds["write"], seconds["read"], 2, "openpyxl"),
            ratio("checked and written", seconds["all"], seconds["read"], 2, "openpyxl reading"),
            ratio("taken back", seconds["undo"], seconds["read"], 2, "openpyxl reading"),
            Line("memory", f"{peak:.0f} MB", "", f"< {MOST_MEMORY} MB", peak < MOST_MEMORY),
        ]
    )


def make_list(path: Path, unit: Any, officer: Any) -> Any:
    """The uploaded list, not yet read."""
    from django.core.files import File

    from cadres.models import ListImport

    with path.open("rb") as stream:
        return ListImport.objects.create(
            unit=unit, uploaded_by=officer, file=File(stream, "list.xlsx"), file_name="list.xlsx",
            sha256="0" * 64, as_of=dt.date(2026, 11, 1),
        )  # fmt: skip


def check_list(found: Any, officer: Any) -> None:
    """Read, understood, matched, previewed."""
    from cadres.models import ListImport
    from cadres.services import list_imports as services

    services.list_read(list_import_id=found.pk)
    found.refresh_from_db()
    if found.counts.get("errors"):
        raise SystemExit(str({key: found.counts[key] for key in ("people", "errors", "fault")}))
    services.list_preview(actor=officer, list_import=found, version=found.version)
    ListImport.objects.filter(pk=found.pk).update(
        status=ListImport.Status.APPLYING, applied_by=officer
    )


def write_list_now(found: Any, officer: Any) -> None:
    """Written, as the worker does it."""
    from cadres.services import list_imports as services

    services.list_apply(list_import_id=found.pk)
    found.refresh_from_db()
    if found.status != "applied":
        raise SystemExit(f"{found.status} {found.error}")


def undo_list(found: Any, officer: Any) -> None:
    """Taken back, as the worker does it."""
    from cadres.models import ListImport
    from cadres.services import list_imports as services

    ListImport.objects.filter(pk=found.pk).update(
        status=ListImport.Status.UNDOING, undone_by=officer
    )
    services.list_undo(list_import_id=found.pk)
    found.refresh_from_db()
    if found.status != "undone":
        raise SystemExit(found.status)


if __name__ == "__main__":
    main()

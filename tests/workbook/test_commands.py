"""The two commands as people and scripts use them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from cadre_portal.common import jobs
from cadres.models import Cadre
from cadres.workbook.loading import Report
from tests.support.workers import run_manage, subprocess_environment
from tests.workbook.big_workbook import write_big_workbook
from tests.workbook.conftest import BASE, DATA, PROVINCE, empty_tables, everything, write_book


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of jobs that would have been sent."""
    names: list[str] = []
    monkeypatch.setattr(
        "cadres.services.imports.enqueue", lambda name, **_options: names.append(name)
    )
    return names


def run(*arguments: object) -> tuple[int, str]:
    """Exit status and standard output of import_workbook."""
    out = StringIO()
    try:
        call_command("import_workbook", *map(str, arguments), stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_json_has_the_shape_of_the_contract(sent: list[str]) -> None:
    status, text = run(PROVINCE, "--json")
    told = json.loads(text)
    assert status == 0
    assert set(told) == {"ok", "rows", "converted", "errors", "more"}
    assert told["ok"] is True
    assert told["rows"]["cadres"] == {"created": 307, "updated": 0, "unchanged": 0}
    assert (told["converted"], told["errors"], told["more"]) == ([], [], 0)
    assert sent == ["compliance.check_all"]


@pytest.mark.django_db
def test_json_of_a_refused_file(sent: list[str]) -> None:
    before = everything()
    status, text = run(DATA / "broken" / "three-faults.xlsx", "--json")
    told = json.loads(text)
    assert status == 1
    assert told["ok"] is False
    assert set(told["errors"][0]) == {"sheet", "row", "column", "code", "message"}
    assert everything() == before
    assert sent == []


@pytest.mark.django_db
def test_dry_run_writes_nothing(sent: list[str]) -> None:
    before = everything()
    status, text = run(PROVINCE, "--dry-run", "--json")
    assert (status, json.loads(text)["rows"]["cadres"]["created"]) == (0, 307)
    assert everything() == before
    assert sent == []


@pytest.mark.django_db
def test_text_for_people() -> None:
    status, text = run(PROVINCE)
    assert status == 0
    assert "cadres" in text
    assert "Đã ghi xong." in text
    status, text = run(DATA / "broken" / "birth-in-future.xlsx")
    assert status == 1
    assert "birth_in_future" in text
    assert "Chưa ghi gì." in text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có tệp"):
        call_command("import_workbook", str(tmp_path / "none.xlsx"))


@pytest.mark.django_db
def test_export_of_one_unit(load: Callable[..., Report], tmp_path: Path) -> None:
    assert load(PROVINCE).ok
    path = tmp_path / "unit.xlsx"
    call_command("export_workbook", str(path), "--unit", "X01304", stdout=StringIO())
    rows = {
        page.title: [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        for page in openpyxl.load_workbook(path)
    }
    assert {row[0] for row in rows["plans"]} == {"X01304"}
    assert {row[1] for row in rows["appointments"]} == {"X01304"}
    assert {row[0] for row in rows["appointments"]} <= {row[0] for row in rows["cadres"]}
    assert {row[3] for row in rows["nominations"]} <= {row[0] for row in rows["cadres"]}
    # It stands alone: everything it refers to is in it.
    empty_tables()
    assert load(path).ok
    assert Cadre.objects.count() == len(rows["cadres"])


@pytest.mark.django_db
def test_export_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có đơn vị mang mã ZZ"):
        call_command("export_workbook", str(tmp_path / "x.xlsx"), "--unit", "ZZ")
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        call_command("export_workbook", str(tmp_path / "none" / "x.xlsx"))
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_text_cells_are_never_formulas(load: Callable[..., Report], tmp_path: Path) -> None:
    names = ["=1+1", "+84 912", "-x", "@SUM(A1)", "|x", "'quoted", "_x0041_", "{=1}", "a\nb"]
    names += ["https://example.vn", "<b>&amp;</b>", "0001", "😀 tên"]
    cadres = [{"code": f"C{n:02d}", "full_name": name} for n, name in enumerate(names)]
    assert load({"cadres": cadres}).ok
    path = tmp_path / "out.xlsx"
    call_command("export_workbook", str(path), stdout=StringIO())
    page = openpyxl.load_workbook(path)["cadres"]
    assert [cell.data_type for cell in page["B"][1:]] == ["s"] * len(names)
    again = load(path)
    assert again.rows["cadres"].unchanged == len(names)


def test_a_broker_that_is_down_does_not_undo_or_hang(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None, tmp_path: Path
) -> None:
    from cadres.services import imports

    monkeypatch.setattr(imports, "enqueue", jobs.enqueue)

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("celery.current_app.send_task", refuse, raising=False)
    errors = StringIO()
    path = write_book(tmp_path / "book.xlsx", BASE)
    call_command("import_workbook", str(path), stdout=StringIO(), stderr=errors)
    assert Cadre.objects.count() == 2
    assert "chưa giao được việc kiểm tra lại" in errors.getvalue()


@pytest.mark.slow
def test_memory_stays_bounded(transactional_db: None, tmp_path: Path) -> None:
    """A quarter of a million cells, checked and written by the command, in under 60 MB.

    The program itself takes 180 MB.
    """
    path = tmp_path / "big.xlsx"
    write_big_workbook(path, people=6_000)
    code = (
        "import sys; sys.argv = ['manage.py', 'import_workbook', sys.argv[1], '--json'];"
        "import runpy\n"
        "try:\n    runpy.run_path('manage.py', run_name='__main__')\n"
        "finally:\n"
        # The peak of this program alone: getrusage would count the test that forked it.
        "    peak = [line for line in open('/proc/self/status') if line.startswith('VmHWM')]\n"
        "    sys.stderr.write(peak[0].split()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=subprocess_environment(LOG_LEVEL="ERROR"),
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert json.loads(done.stdout)["ok"], done.stderr[-2000:]
    assert int(done.stderr.split()[-1]) < 240 * 1024
    assert Cadre.objects.count() == 6_000


def test_standard_output_is_json_alone(transactional_db: None) -> None:
    done = run_manage("import_workbook", str(DATA / "broken" / "truncated.xlsx"), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["errors"][0]["code"] == "not_a_workbook"
    assert "Traceback" not in done.stderr

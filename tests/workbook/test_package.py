"""Files that are too big, broken or tricky are refused before they are read; odd cells are told."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cadres.models import Appointment, Cadre
from cadres.workbook import package
from cadres.workbook.faults import WorkbookRefused
from cadres.workbook.loading import Report
from tests.workbook.conftest import BASE, PROVINCE, Book, places, write_book


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Copy a package, changing its parts."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return target


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        package.inspect(path)
    assert refused.value.fault.message.endswith(".")
    return refused.value.fault.code


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"code,full_name\nC1,A\n",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # .xls, or .xlsx with a password
        PROVINCE.read_bytes()[:100_000],
        PROVINCE.read_bytes()[:-30],
        PROVINCE.read_bytes()[:50_000] + b"\0" * 200 + PROVINCE.read_bytes()[50_200:],
    ],
)
def test_not_a_workbook(content: bytes, tmp_path: Path, load: Callable[..., Report]) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    report = load(path)
    assert places(report) == {(None, None, None, "not_a_workbook")}


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("hello.txt", "hello")
    assert refusal(path) == "not_a_workbook"


def test_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"\0" * (11 << 20))
    assert path.stat().st_size < 50_000
    monkeypatch.setattr(package, "MAX_UNPACKED_BYTES", 10 << 20)
    assert refusal(path) == "too_large"


def test_no_limit_is_beyond_what_memory_bears() -> None:
    """The tests of the limits lower them: making what exceeds them takes long."""
    assert package.MAX_UNPACKED_BYTES <= 1 << 30
    assert package.MAX_CELLS_IN_SHEET <= 4_000_000


def test_one_far_cell_is_refused(tmp_path: Path) -> None:
    """A cell in the last corner makes a block of 17 billion cells in the reader."""
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("units")
        page.write(0, 0, "code")
        page.write(1_048_575, 16_383, "x")
    assert refusal(path) == "too_large"


def test_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_CELLS_IN_SHEET", 5)
    assert refusal(write_book(tmp_path / "book.xlsx", BASE)) == "too_large"


def test_cells_without_addresses_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MAX_CELLS_IN_SHEET", 400_000)
    plain = write_book(tmp_path / "book.xlsx", {"units": [{"code": "A"}]})
    cells = b"<c><v>1</v></c>" * 3_000

    def widen(name: str, data: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return data
        rows = b"".join(b"<row>" + cells + b"</row>" for _ in range(140))
        return data.replace(b"</sheetData>", rows + b"</sheetData>")

    assert refusal(rewrite(plain, tmp_path / "wide.xlsx", widen)) == "too_large"


def test_entities_are_refused(tmp_path: Path) -> None:
    plain = write_book(tmp_path / "book.xlsx", BASE)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def declare(name: str, data: bytes) -> bytes:
        return data.replace(b"?>", b"?>" + bomb, 1) if name.endswith("workbook.xml") else data

    assert refusal(rewrite(plain, tmp_path / "entities.xlsx", declare)) == "not_a_workbook"


def test_error_cells_are_errors_not_empty(
    book: Book, load: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "errors.xlsx"
    write_book(path, book)
    opened = openpyxl.load_workbook(path)
    opened["cadres"]["D2"].value = "#N/A"
    opened["cadres"]["D2"].data_type = "e"
    opened["appointments"]["A2"].value = "#REF!"
    opened["appointments"]["A2"].data_type = "e"
    opened.save(path)
    report = load(path)
    assert places(report) == {
        ("cadres", 2, "birth_date", "cell_error"),
        ("appointments", 2, "cadre_code", "cell_error"),
    }
    assert "#N/A" in report.faults[0].message


def test_formulas_give_their_calculated_value(load: Callable[..., Report], tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("cadres")
        page.write_row(0, 0, ["code", "full_name"])
        page.write_formula(1, 0, '="C"&1', None, "C1")
        page.write_formula(1, 1, '="Nông "&"Ánh"', None, "Nông Ánh")
    assert load(path).ok
    assert Cadre.objects.get().full_name == "Nông Ánh"


def test_a_formula_never_calculated_is_an_error(
    load: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "formulas.xlsx"
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "cadres"
    page.append(["code", "full_name", "sex"])
    page.append(["C1", "Nông Ánh", '=IF(1=1,"male","")'])
    made.save(path)
    assert places(load(path)) == {("cadres", 2, "sex", "formula_without_value")}


def test_empty_first_rows_and_columns_do_not_shift_anything(
    load: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "shifted.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("cadres")
        page.write_row(0, 2, ["code", "full_name", "sex"])
        page.write_row(4, 2, ["C1", "Nông Ánh", "x"])
        page.write(6, 1, "ghi chú")
    assert places(load(path)) == {
        ("cadres", 5, "sex", "not_listed"),
        ("cadres", 7, "B", "unknown_column"),
        ("cadres", 7, "code", "required"),
        ("cadres", 7, "full_name", "required"),
    }


def test_a_header_that_is_not_in_row_one(load: Callable[..., Report], tmp_path: Path) -> None:
    path = tmp_path / "late.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("cadres")
        page.write_row(1, 0, ["code", "full_name"])
        page.write_row(2, 0, ["C1", "Nông Ánh"])
    codes = {code for *_place, code in places(load(path))}
    assert "missing_column" in codes


def test_values_in_every_spelling(book: Book, load: Callable[..., Report], tmp_path: Path) -> None:
    people = [
        ("C1", dt.date(1965, 10, 2), "day", dt.date(1965, 10, 2)),
        ("C2", "02/10/1965", "day", dt.date(1965, 10, 2)),
        ("C3", "2/9/1945", "day", dt.date(1945, 9, 2)),
        ("C4", "1965-10-02", "day", dt.date(1965, 10, 2)),
        ("C5", "1965-10", "month", dt.date(1965, 10, 1)),
        ("C6", "10/1965", "month", dt.date(1965, 10, 1)),
        ("C7", "1965", "year", dt.date(1965, 1, 1)),
        ("C8", 1965, "year", dt.date(1965, 1, 1)),
        ("C9", None, "", None),
    ]
    book["cadres"] = [
        {"code": code, "full_name": "Nông Ánh", "birth_date": given}
        for code, given, _precision, _day in people
    ]
    book["titles"][0]["rank"] = "80"
    book["titles"][0]["is_head"] = True
    book["titles"][1]["is_head"] = "0"
    book["positions"][1]["prescribed"] = 9.0
    report = load(book)
    assert report.ok, report.faults
    got = Cadre.objects.order_by("code").values_list("code", "birth_precision", "birth_date")
    assert list(got) == [(code, precision, day) for code, _given, precision, day in people]


def test_numbers_as_codes(load: Callable[..., Report], tmp_path: Path) -> None:
    book: Book = {
        "cadres": [
            {"code": 1024, "full_name": "Nông Ánh", "ethnicity_code": 2},
            {"code": "0007", "full_name": "=SUM(A1)", "ethnicity_code": "54"},
        ]
    }
    assert load(book).ok
    got = set(Cadre.objects.values_list("code", "full_name", "ethnicity_code"))
    assert got == {("1024", "Nông Ánh", "02"), ("0007", "=SUM(A1)", "54")}


def test_a_date_with_the_clock_is_its_day(book: Book, load: Callable[..., Report]) -> None:
    book["appointments"][0]["start_on"] = dt.datetime(2020, 1, 1, 7, 30)
    assert load(book).ok
    assert Appointment.objects.get().start_on == dt.date(2020, 1, 1)


def test_a_stray_cell_far_below_is_counted_with_the_width(tmp_path: Path) -> None:
    path = tmp_path / "stray.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("units")
        page.write(0, 25, "code")
        page.write(1_048_575, 0, "x")
    assert refusal(path) == "too_large"


def test_formatted_emptiness_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "formatted.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, bold = book.add_worksheet("units"), book.add_format({"bold": True})
        page.write_row(0, 0, ["code", "name"])
        page.write_blank(0, 16_383, None, bold)
        page.write_blank(900_000, 30, None, bold)
    facts = package.inspect(path)["units"]
    assert (facts.rows, facts.columns) == (1, 2)


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    """Shared once in the file, it would be copied into every cell by the reader."""
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("units")
        for row in range(8_000):
            page.write_string(row, 0, "dài " * 8_000)
    assert path.stat().st_size < 500_000
    assert refusal(path) == "too_large"

"""Lists as files, and what was read from them in short."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Font

from cadres.lists import Reading, read
from tests.workbook.test_encodings import legacy

#: No test depends on the day it runs.
TODAY = dt.date(2026, 11, 22)
Rows = Sequence[Sequence[Any]]


def xlsx(
    rows: Rows,
    merges: Sequence[str] = (),
    *,
    fonts: dict[str, str] | None = None,
    formats: dict[str, str] | None = None,
) -> bytes:
    """A workbook of one sheet. `fonts` and `formats` by cell (`B5`)."""
    book = openpyxl.Workbook()
    fill(book.active, rows, merges)
    for cell, name in (fonts or {}).items():
        book.active[cell].font = Font(name=name)
    for cell, code in (formats or {}).items():
        book.active[cell].number_format = code
    return saved(book)


def fill(page: Any, rows: Rows, merges: Sequence[str] = ()) -> None:
    """Put rows into a sheet of openpyxl; an empty text is no cell at all."""
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                page.cell(number, column, value)
    for merge in merges:
        page.merge_cells(merge)


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text_file(rows: Rows, delimiter: str = ",") -> str:
    """The same rows as a .csv; dates as Vietnamese people write them."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    for row in rows:
        writer.writerow([f"{v:%d/%m/%Y}" if isinstance(v, dt.date) else v for v in row])
    return stream.getvalue()


def in_legacy(text: str, encoding: str) -> str:
    """Text as typed in that encoding: TCVN3 has no capitals with a tone, VNI writes ẳ as aú."""
    if encoding == "vni":
        return legacy(text, encoding).replace("ẳ", "aú").replace("Ẳ", "AÚ")
    if any(ord(letter) > 255 and letter.isupper() for letter in legacy(text, encoding)):
        text = "".join(
            letter.lower()
            if legacy(letter, encoding) == letter and not letter.isascii()
            else letter
            for letter in text
        )
    return legacy(text, encoding)


def people(data: bytes, name: str = "danh-sach", **options: Any) -> list[tuple[Any, ...]]:
    """(row, name, sex, birth, title, degree, theory) of everybody that is read."""
    return [tuple(p.as_json().values()) for p in reading(data, name, **options).people]


def reading(data: bytes, name: str = "danh-sach", **options: Any) -> Reading:
    """The reading on the tests' day."""
    return read(data, name, today=TODAY, **options)


def codes(found: Reading) -> list[tuple[str, str | None]]:
    """(code, cell) of every problem."""
    return [(problem.code, problem.cell) for problem in found.problems]

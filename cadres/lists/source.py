"""From bytes to sheets: whatever program kept the list, the same grid of cells comes out.

The content decides what a file is, not its name: systems export HTML tables named `.xls`, and
people rename files. Beside the cells a `RawSheet` keeps what the values alone do not tell: merged
ranges, cells in legacy fonts, and dates of which only the month or the year is shown.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from cadres.lists import formats, markup, plaintext
from cadres.lists.model import ListRefused
from cadres.workbook.faults import WorkbookRefused
from cadres.workbook.package import MAX_CELLS_IN_SHEET, MAX_UNPACKED_BYTES, SheetFacts, inspect

#: No list of people comes near; beyond it memory could not be kept bounded.
MAX_FILE_BYTES = 50 * 1024 * 1024
#: The first record of an .xls, and the number of the one that a password puts near it.
_BEGINNING = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: First and last corner of a merged range, (row, column) from 0.
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class RawSheet:
    """Cells of one sheet from A1 on; places in the dictionaries are (row from 1, column from 0)."""

    rows: list[list[Any]]
    merges: list[Range] = field(default_factory=list)
    #: Encoding by cell, from the font.
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)
    #: `month` or `year` where the format of a date shows no more.
    precisions: dict[tuple[int, int], str] = field(default_factory=dict)
    #: What Excel shows in a cell without a value: `#N/A`, or "" for a formula never calculated.
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class RawBook:
    """A file's sheets by name, each loaded when asked for."""

    names: list[str]
    hidden: set[str]
    load: Callable[[str], RawSheet]


def open_book(source: Path | bytes) -> RawBook:
    """Open a file by its content. Raises ListRefused."""
    data = source if isinstance(source, bytes) else _bytes_of(source)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise ListRefused("is_empty", _("Tệp rỗng. Hãy chọn lại tệp có danh sách."))
    if len(data) > MAX_FILE_BYTES:
        raise too_large()
    if data.startswith(b"PK"):
        return _open_package(data)
    if data.startswith(_OLE):
        return _open_old(data)
    _refuse_known(data)
    if markup.is_markup(data):
        return _of_tables(markup.tables(data))
    rows = plaintext.rows(data)
    if rows is None:
        raise not_a_sheet()
    return RawBook([_("Tệp văn bản")], set(), lambda _name: RawSheet(rows))


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise too_large()
    return path.read_bytes()


def not_a_sheet() -> ListRefused:
    """The refusal of a file that is broken or no table."""
    return ListRefused(
        "not_a_sheet",
        _(
            "Không đọc được tệp: tệp bị hỏng hoặc không phải là bảng tính. "
            "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi thử lại."
        ),
    )


def too_large() -> ListRefused:
    """The refusal of what no office's list can be."""
    return ListRefused(
        "too_large",
        _("Tệp quá lớn để đọc một lần. Hãy chia thành nhiều tệp nhỏ hơn rồi thử lại."),
    )


def _has_password() -> ListRefused:
    return ListRefused(
        "has_password",
        _("Tệp có mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại rồi thử lại."),
    )


def _is_document(kind: str) -> ListRefused:
    return ListRefused(
        "is_document",
        _(
            "Đây là tệp %(kind)s, không phải bảng tính. "
            "Hãy chép bảng vào Excel, lưu dạng .xlsx rồi thử lại."
        )
        % {"kind": kind},
    )


def _refuse_known(data: bytes) -> None:
    for magic, kind in ((b"%PDF", "PDF"), (b"{\\rtf", "Word (RTF)")):
        if data.startswith(magic):
            raise _is_document(kind)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise not_a_sheet()


def _open_package(data: bytes) -> RawBook:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            unpacked = sum(part.file_size for part in package.infolist())
            is_locked = "META-INF/manifest.xml" in names and b"encryption-data" in package.read(
                "META-INF/manifest.xml"
            )
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise not_a_sheet() from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise too_large()
    if is_locked:
        raise _has_password()
    if "word/document.xml" in names:
        raise _is_document("Word")
    if "ppt/presentation.xml" in names:
        raise _is_document("PowerPoint")
    if "content.xml" in names:
        return _open_ods(data)
    if "xl/workbook.bin" in names:
        return _open_with_calamine(data, {}, lambda _name: {})
    return _open_xlsx(data)


def _open_xlsx(data: bytes) -> RawBook:
    facts = _inspect(data)
    return _open_with_calamine(data, facts, formats.XlsxDates(data).of_sheet)


def _open_ods(data: bytes) -> RawBook:
    if formats.ods_content_size(data) > MAX_UNPACKED_BYTES // 4:
        raise too_large()
    return _open_with_calamine(data, {}, formats.OdsDates(data).of_sheet)


def _inspect(data: bytes) -> dict[str, SheetFacts]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        copy.write(data)
        copy.flush()
        try:
            return inspect(Path(copy.name))
        except WorkbookRefused as refused:
            raise too_large() if refused.fault.code == "too_large" else not_a_sheet() from refused


def _open_old(data: bytes) -> RawBook:
    """An OLE file: .xls, a workbook with a password, or something else of Office."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _has_password()
    if "WordDocument".encode("utf-16-le") in data:
        raise _is_document("Word")
    if _is_encrypted(data):
        raise _has_password()
    facts, dates = formats.old_facts(data)
    return _open_with_calamine(data, facts, lambda name: dates.get(name, {}))


def _is_encrypted(data: bytes) -> bool:
    """Whether the first records of an .xls have the one that announces encryption."""
    place = data.find(_BEGINNING)
    for _record in range(8):
        if place < 0 or place + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, place)
        if kind == _FILEPASS:
            return True
        place += 4 + length
    return False


def _open_with_calamine(
    data: bytes,
    facts: dict[str, SheetFacts],
    precisions: Callable[[str], dict[tuple[int, int], str]],
) -> RawBook:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise _has_password() from error
    except Exception as error:  # a broken file may fail in any way inside the reader
        if "assword" in str(error):
            raise _has_password() from error
        raise not_a_sheet() from error
    sheets = [
        sheet
        for sheet in book.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    visible = python_calamine.SheetVisibleEnum.Visible

    def load(name: str) -> RawSheet:
        try:
            sheet = book.get_sheet_by_name(name)
            end = sheet.end or (-1, -1)
            if (end[0] + 1) * (end[1] + 1) > MAX_CELLS_IN_SHEET:
                raise too_large()
            rows = sheet.to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, ValueError) as error:
            raise not_a_sheet() from error
        found = facts.get(name, SheetFacts())
        return RawSheet(
            rows=rows,
            merges=list(sheet.merged_cell_ranges or []),
            fonts=found.encodings,
            precisions=precisions(name),
            errors={**found.errors, **dict.fromkeys(found.unsolved, "")},
        )

    return RawBook(
        [sheet.name for sheet in sheets],
        {sheet.name for sheet in sheets if sheet.visible != visible},
        load,
    )


def _of_tables(tables: list[markup.Table]) -> RawBook:
    if not tables:
        raise not_a_sheet()
    by_name = {table.name or _("Bảng %(n)d") % {"n": n}: table for n, table in enumerate(tables, 1)}
    return RawBook(
        list(by_name), set(), lambda name: RawSheet(by_name[name].rows, by_name[name].merges)
    )

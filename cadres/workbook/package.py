"""A look into the .xlsx package before anything is read from it.

A workbook is a ZIP of XML. The reader builds each sheet as one dense block in memory, gives error
cells back as empty, and knows no fonts; so the package is scanned first, in pieces, for what
would be too big and for what would be lost.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from typing import IO
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from cadres.workbook.encodings import font_encoding
from cadres.workbook.faults import WorkbookRefused

#: Sizes that no real exchange workbook comes near; beyond them memory could not be kept bounded.
MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_SHARED_TEXT_BYTES = 48 * 1024 * 1024
MAX_CELLS_IN_SHEET = 4_000_000
MAX_TEXT_IN_SHEET = 192 * 1024 * 1024
MAX_PARTS = 2_000

_PIECE = 1 << 20
_LONGEST_ROW = 8 << 20
_ROW_NUMBER = re.compile(rb'<row r="(\d{1,9})"')
# A cell with something in it; one that is only formatted closes at once.
_LAST_FILLED = re.compile(rb'.*<c r="[A-Z]{1,4}(\d{1,9})"[^>/]*>', re.DOTALL)
_SHARED_INDEX = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d+)')
#: What a row, a cell look like where the usual spelling above does not fit.
_ANY_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ANY_ROW_NUMBER = re.compile(rb'\sr="(\d{1,9})"')
_CELL_OR_ROW = re.compile(
    rb"<(?:\w+:)?(?:row\b[^>]*>|c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>))", re.DOTALL
)
_REF = re.compile(rb'\br="([A-Z]+)(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_INLINE = re.compile(rb"<(?:\w+:)?is\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_MOST_NOTED = 10_000
# U+00A1–U+00FF without the letters of Vietnamese, in UTF-8.
_LEGACY_LETTER = re.compile(
    rb"\xc2[\xa1-\xbf]|\xc3[\x84-\x87\x8b\x8e-\x91\x96-\x98\x9b\x9c\x9e\x9f"
    rb"\xa4-\xa7\xab\xae-\xb1\xb6-\xb8\xbb\xbc\xbe\xbf]"
)
_LEGACY_FONT = re.compile(rb'val="(?:\.Vn|VNI)', re.IGNORECASE)


@dataclass
class SheetFacts:
    """What the scan of one sheet found. Cells are (row as Excel shows it, column from 0)."""

    #: Extent of the cells with something in them.
    rows: int = 0
    columns: int = 0
    cells: int = 0
    #: Bytes of text that the reader will hold for the cells.
    text: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsolved: set[tuple[int, int]] = field(default_factory=set)
    #: The row that the scan has come to, filled or not.
    last_row: int = 0
    #: Whether letters occur that Unicode Vietnamese never uses.
    may_be_legacy: bool = False
    #: Encoding ("tcvn3", "vni") by cell, from the font of its style.
    encodings: dict[tuple[int, int], str] = field(default_factory=dict)


def inspect(path: Path) -> dict[str, SheetFacts]:
    """Scan the package: facts by sheet name. Raises WorkbookRefused."""
    if path.stat().st_size == 0:
        raise WorkbookRefused("not_a_workbook", _("Tệp rỗng. Hãy chọn lại tệp .xlsx."))
    if path.stat().st_size > MAX_FILE_BYTES:
        raise _too_large()
    _refuse_other_formats(path)
    try:
        with zipfile.ZipFile(path) as package:
            return _scan(package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ElementTree.ParseError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise damaged() from error


def damaged() -> WorkbookRefused:
    """The refusal of a file that is broken or no workbook."""
    return WorkbookRefused(
        "not_a_workbook",
        _(
            "Không đọc được tệp: tệp bị hỏng, bị cắt ngắn hoặc không phải là .xlsx. "
            "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi thử lại."
        ),
    )


def _too_large() -> WorkbookRefused:
    return WorkbookRefused(
        "too_large",
        _("Tệp quá lớn để nhập một lần. Hãy chia thành nhiều tệp nhỏ hơn rồi nhập lần lượt."),
    )


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(8)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise WorkbookRefused(
            "not_a_workbook",
            _(
                "Tệp có mật khẩu hoặc ở dạng .xls cũ. "
                "Hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi thử lại."
            ),
        )
    if not head.startswith(b"PK"):
        raise damaged()


def _scan(package: zipfile.ZipFile) -> dict[str, SheetFacts]:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _too_large()
    sheets = sheet_parts(package)
    fonts = _legacy_styles(package)
    texts = _legacy_texts(package)
    shared = _shared_lengths(package)
    facts = {
        name: _scan_sheet(package, part, fonts, texts, shared) for name, part in sheets.items()
    }
    known = set(sheets.values())
    has_legacy = False
    for part in parts:  # a lying size or a cut file shows itself as a wrong checksum
        if part.filename not in known:
            is_text = part.filename.endswith("sharedStrings.xml")
            for piece in _pieces(package.open(part)):
                has_legacy = has_legacy or (is_text and has_legacy_letters(piece))
    for found in facts.values():
        found.may_be_legacy = found.may_be_legacy or has_legacy
    return facts


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_PIECE):
            yield piece


def read_xml(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if package.getinfo(part).file_size > 16 * _PIECE:
        raise _too_large()
    data = package.read(part)
    if b"<!DOCTYPE" in data:
        raise damaged()
    return ElementTree.fromstring(data)  # noqa: S314 - no document type, so no entities


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> part of the package."""
    root = next(
        (
            relation.get("Target", "")
            for relation in read_xml(package, "_rels/.rels")
            if relation.get("Type", "").endswith("/officeDocument")
        ),
        "xl/workbook.xml",
    ).lstrip("/")
    folder = dirname(root)
    listed = read_xml(package, join(folder, "_rels", f"{basename(root)}.rels"))
    relations = {
        # A target is relative to the workbook's own folder, unless it begins with a slash.
        relation.get("Id"): normpath(join("/", folder, relation.get("Target", ""))).lstrip("/")
        for relation in listed
    }
    found = {}
    for element in read_xml(package, root).iter():
        if _local(element) == "sheet":
            key = next(v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id")
            found[element.get("name", "")] = relations[key]
    return found


def _legacy_styles(package: zipfile.ZipFile) -> dict[int, str]:
    """Number of a cell style -> encoding of its font."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    if not _LEGACY_FONT.search(package.read("xl/styles.xml")):
        return {}
    root = read_xml(package, "xl/styles.xml")
    fonts: list[str | None] = []
    styles: dict[int, str] = {}
    for group in root:
        if _local(group) == "fonts":
            fonts = [_font_of(font) for font in group]
        if _local(group) == "cellXfs":
            for number, style in enumerate(group):
                index = int(style.get("fontId", "0"))
                encoding = fonts[index] if index < len(fonts) else None
                if encoding:
                    styles[number] = encoding
    return styles


def _font_of(font: ElementTree.Element) -> str | None:
    for part in font:
        if _local(part) in {"name", "rFont"}:
            return font_encoding(part.get("val", ""))
    return None


def _legacy_texts(package: zipfile.ZipFile) -> dict[int, str]:
    """Number of a shared text whose every run is in a legacy font -> encoding."""
    part = "xl/sharedStrings.xml"
    if part not in package.namelist():
        return {}
    if package.getinfo(part).file_size > MAX_SHARED_TEXT_BYTES:
        raise _too_large()
    tail = b""
    for piece in _pieces(package.open(part)):
        if _LEGACY_FONT.search(tail + piece):
            break
        tail = piece[-64:]
    else:
        return {}
    texts: dict[int, str] = {}
    number = 0
    with package.open(part) as stream:
        for _event, element in ElementTree.iterparse(stream):  # noqa: S314 - expat is bounded
            if _local(element) == "si":
                runs = [run for run in element if _local(run) == "r"]
                fonts = {
                    next((_font_of(p) for p in run if _local(p) == "rPr"), None) for run in runs
                }
                if len(fonts) == 1 and (encoding := fonts.pop()):
                    texts[number] = encoding
                number += 1
                element.clear()
    return texts


def _shared_lengths(package: zipfile.ZipFile) -> array[int]:
    """Bytes of each shared text: the reader copies it into every cell that refers to it."""
    lengths = array("I")
    part = "xl/sharedStrings.xml"
    if part not in package.namelist():
        return lengths
    rest = b""
    for piece in _pieces(package.open(part)):
        *whole, rest = (rest + piece).split(b"</si>")
        lengths.extend(map(len, whole))
    return lengths


def _scan_sheet(
    package: zipfile.ZipFile,
    part: str,
    styles: dict[int, str],
    texts: dict[int, str],
    shared: array[int],
) -> SheetFacts:
    facts = SheetFacts()
    longest = max(shared, default=0)
    for piece in _whole_rows(_pieces(package.open(part))):
        _scan_piece(piece, facts, styles, texts)
        facts.text += _text_size(piece, shared, longest)
        if (
            facts.rows * facts.columns > MAX_CELLS_IN_SHEET
            or facts.cells > MAX_CELLS_IN_SHEET
            or facts.text > MAX_TEXT_IN_SHEET
        ):
            raise _too_large()
    return facts


def _text_size(piece: bytes, shared: array[int], longest: int) -> int:
    """Bytes of text in the cells of `piece`; a bound where that is small enough to be no matter."""
    inline = len(piece) // 2 if b"inlineStr" in piece else 0
    if piece.count(b't="s"') * longest < _PIECE:
        return inline
    found = (int(index) for index in _SHARED_INDEX.findall(piece))
    return inline + sum(shared[index] for index in found if index < len(shared))


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the stream before the start of a row, so that no cell is torn."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = max(rest.rfind(b"<row"), rest.rfind(b":row"))
        cut = rest.rfind(b"<", 0, cut + 1)
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise _too_large()
    yield rest


def _scan_piece(
    piece: bytes, facts: SheetFacts, styles: dict[int, str], texts: dict[int, str]
) -> None:
    if b"<!DOCTYPE" in piece:
        raise damaged()
    before, facts.last_row = facts.last_row, _last_row(piece, facts)
    counted = piece.count(b"<c ") + piece.count(b"<c>")
    for letters in set(_filled_beyond(facts.columns).findall(piece)):
        facts.columns = max(facts.columns, column_number(letters) + 1)
    filled = _LAST_FILLED.match(piece)
    if filled:
        facts.rows = max(facts.rows, int(filled[1]))
    facts.cells += counted
    facts.may_be_legacy = facts.may_be_legacy or has_legacy_letters(piece)
    unusual = counted != piece.count(b'<c r="') or b":c " in piece
    if styles or texts or unusual or b't="e"' in piece or b"<f" in piece or b":f" in piece:
        _scan_cells(piece, facts, styles, texts, before)


@cache
def _filled_beyond(columns: int) -> re.Pattern[bytes]:
    """Filled cells to the right of the first `columns` columns (roughly: beyond Z, all of them)."""
    one = b"[" + bytes([65 + columns]) + b"-Z]|" if columns < 26 else b""
    return re.compile(rb'<c r="(' + one + rb'[A-Z]{2,4})\d{1,9}"[^>/]*>')


def _last_row(piece: bytes, facts: SheetFacts) -> int:
    """Number of the last row in `piece`; rows that stand in no order count with all their width."""
    numbers = list(map(int, _ROW_NUMBER.findall(piece)))
    if len(numbers) == piece.count(b"<row") and b":row" not in piece:
        if numbers != sorted(numbers):
            facts.rows = max(facts.rows, *numbers)
        return numbers[-1] if numbers else facts.last_row
    last = facts.last_row
    for row in _ANY_ROW.findall(piece):
        number = _ANY_ROW_NUMBER.search(row)
        last = int(number[1]) if number else last + 1
        facts.rows = max(facts.rows, last)
    return last


def has_legacy_letters(piece: bytes) -> bool:
    """Whether UTF-8 text has Latin-1 characters that no Vietnamese text in Unicode needs."""
    if piece.isascii():
        return b"&#" in piece
    return bool(_LEGACY_LETTER.search(piece))


def _scan_cells(
    piece: bytes,
    facts: SheetFacts,
    styles: dict[int, str],
    texts: dict[int, str],
    row: int,
) -> None:
    """Look at every cell of `piece`; `row` is the number of the last row before it."""
    column = -1
    for match in _CELL_OR_ROW.finditer(piece):
        if match[1] is None:  # a row begins
            number = _ANY_ROW_NUMBER.search(match[0])
            row, column = int(number[1]) if number else row + 1, -1
            continue
        attributes, body = match[1], match[2] or b""
        ref = _REF.search(attributes)
        if ref:
            row, column = int(ref[2]), column_number(ref[1])
        else:  # a cell without an address stands beside the one before it
            column += 1
        if body:
            facts.rows, facts.columns = max(facts.rows, row), max(facts.columns, column + 1)
        _note_cell(facts, (row, column), attributes, body, styles, texts)


def _note_cell(
    facts: SheetFacts,
    place: tuple[int, int],
    attributes: bytes,
    body: bytes,
    styles: dict[int, str],
    texts: dict[int, str],
) -> None:
    kind = _TYPE.search(attributes)
    is_kind = kind[1] if kind else b"n"
    value = _VALUE.search(body)
    if is_kind == b"e" and len(facts.errors) < _MOST_NOTED:
        facts.errors[place] = value[1].decode("ascii", "replace") if value else "#N/A"
    elif value is None and is_kind != b"str" and _FORMULA.search(body):
        if len(facts.unsolved) < _MOST_NOTED:
            facts.unsolved.add(place)
    elif (styles or texts) and (value or _INLINE.search(body)):
        style = _STYLE.search(attributes)
        encoding = texts.get(int(value[1])) if is_kind == b"s" and value else None
        encoding = encoding or (styles.get(int(style[1])) if style else None)
        if encoding:
            facts.encodings[place] = encoding


def column_number(letters: bytes) -> int:
    """`A` -> 0, `Z` -> 25, `AA` -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1

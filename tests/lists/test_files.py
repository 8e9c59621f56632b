"""Every kind of file that comes out of an office gives the same people."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from cadres.lists import ListRefused, RowKind, read
from tests.lists.builders import (
    TODAY,
    codes,
    fill,
    in_legacy,
    people,
    reading,
    saved,
    text_file,
    xlsx,
)

ROWS: list[list[Any]] = [
    ["DANH SÁCH TRÍCH NGANG CÁN BỘ", "", "", "", "", ""],
    [],
    ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Chức vụ", "Trình độ chuyên môn"],
    [1, "Nguyễn Thị Hường", "Nữ", "02/10/1975", "Phó Giám đốc, phụ trách", "Thạc sĩ Luật"],
    [2, "Đặng Văn Tưởng", "Nam", "10/1965", "Trưởng phòng", "Đại học"],
    [3, "Lý A Páo", "Nam", "1980", "Chủ tịch HĐND", "Kỹ sư Lâm nghiệp"],
    [4, "Phùng Chá Dế", "Nam", "31/12/1981", "Bí thư Đảng ủy", "Cao đẳng"],
]
PEOPLE = [
    (
        4,
        "Nguyễn Thị Hường",
        "female",
        "1975-10-02",
        "Phó Giám đốc, phụ trách",
        "Thạc sĩ Luật",
        None,
    ),
    (5, "Đặng Văn Tưởng", "male", "1965-10", "Trưởng phòng", "Đại học", None),
    (6, "Lý A Páo", "male", "1980", "Chủ tịch HĐND", "Kỹ sư Lâm nghiệp", None),
    (7, "Phùng Chá Dế", "male", "1981-12-31", "Bí thư Đảng ủy", "Cao đẳng", None),
]


def windows_1258(text: str) -> bytes:
    """As Windows kept Vietnamese: the tone of a letter follows it."""
    import unicodedata

    kept = "ăâđêôơưĂÂĐÊÔƠƯ"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base, tones = parts[0], ""
        for mark in parts[1:]:
            composed = unicodedata.normalize("NFC", base + mark)
            if composed in kept:
                base = composed
            else:
                tones += mark
        out.append(base + tones)
    return "".join(out).encode("cp1258")


def plain(encoding: str, delimiter: str = ",") -> bytes:
    """ROWS as a text file."""
    text = text_file(ROWS, delimiter)
    if encoding in {"tcvn3", "vni"}:
        words = "".join(in_legacy(line, encoding) for line in text.splitlines(keepends=True))
        return words.encode("latin-1")
    return windows_1258(text) if encoding == "cp1258" else text.encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_text_files(encoding: str, delimiter: str) -> None:
    assert people(plain(encoding, delimiter)) == PEOPLE


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_text_files_of_legacy_letters(encoding: str) -> None:
    found = reading(plain(encoding))
    assert [tuple(p.as_json().values()) for p in found.people] == PEOPLE
    assert found.conversion_count > 10
    assert {c.encoding for c in found.conversions} == {encoding.upper()}
    assert next(c for c in found.conversions if c.row == 5).now == "Đặng Văn Tưởng"


def test_excels_own_separator_line() -> None:
    rows = [(number + 1, *rest) for number, *rest in PEOPLE]
    assert people(("sep=;\n" + text_file(ROWS, ";")).encode()) == rows


def test_lines_inside_quotes_are_one_row() -> None:
    text = 'TT,Họ và tên,"Ngày,\ntháng, năm sinh",Chức vụ\n\n1,Lê Văn An,1970,"Phó\nGiám đốc"\n'
    assert people(text.encode()) == [(3, "Lê Văn An", None, "1970", "Phó Giám đốc", None, None)]


def test_lines_end_where_they_please() -> None:
    text = (
        "DANH SÁCH\nTT,Họ và tên,Năm sinh,Chức vụ\n\n1,Lê Văn An,1970\n2,Vi Thị Hoa,1980,Bí thư,,\n"
    )
    assert [row[:5] for row in people(text.encode())] == [
        (4, "Lê Văn An", None, "1970", None),
        (5, "Vi Thị Hoa", None, "1980", "Bí thư"),
    ]


def old_workbook(rows: Any, font: str = "Times New Roman", encoding: str = "") -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet1")
    style = xlwt.easyxf(f"font: name {font}")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if encoding and isinstance(value, str):
                value = in_legacy(value, encoding)
            page.write(number, column, value, style)
    return saved(book)


def test_old_workbook() -> None:
    assert people(old_workbook(ROWS), "ds.xls") == PEOPLE


@pytest.mark.parametrize(("encoding", "font"), [("tcvn3", ".VnTime"), ("vni", "VNI-Times")])
def test_old_workbook_in_legacy_font(encoding: str, font: str) -> None:
    assert people(old_workbook(ROWS, font, encoding)) == PEOPLE
    assert people(old_workbook(ROWS, "Arial", encoding)) == PEOPLE


def test_font_of_capitals_gives_proper_names() -> None:
    rows = [[v.lower() if isinstance(v, str) else v for v in row] for row in ROWS]
    found = people(old_workbook(rows, ".VnTimeH", "tcvn3"))
    assert [row[1] for row in found] == [row[1] for row in PEOPLE]
    assert found[0][4] == "PHÓ GIÁM ĐỐC, PHỤ TRÁCH"
    assert [row[3] for row in found] == [row[3] for row in PEOPLE]


def test_names_in_a_legacy_font_beside_unicode() -> None:
    rows = [[*row] for row in ROWS]
    for row in rows[3:]:
        row[1] = in_legacy(row[1], "tcvn3")
    assert people(xlsx(rows)) == PEOPLE
    fonts = {f"B{number}": ".VnTime" for number in range(4, 8)}
    assert people(xlsx(rows, fonts=fonts)) == PEOPLE


def test_unicode_typed_in_a_legacy_font_stays() -> None:
    fonts = {f"{column}{row}": ".VnTime" for row in range(3, 8) for column in "BCDEF"}
    assert people(xlsx(ROWS, fonts=fonts)) == PEOPLE


@pytest.mark.parametrize("code", ["mmm-yy", "mm/yyyy", "[$-42A]mm/yyyy;@", '"tháng" m-yyyy'])
def test_month_that_excel_made_a_date(code: str) -> None:
    rows = [
        *ROWS[:4],
        [2, "Đặng Văn Tưởng", "Nam", dt.date(1965, 10, 1), "Trưởng phòng", "Đại học"],
    ]
    assert people(xlsx(rows, formats={"D5": code}))[1] == PEOPLE[1]


def test_month_in_an_old_workbook() -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("1")
    for column, text in enumerate(["TT", "Họ và tên", "Năm sinh", "Chức vụ"]):
        page.write(0, column, text)
    for row, (value, code) in enumerate(
        [
            (dt.date(1965, 10, 1), "MMM-YY"),
            (dt.date(1966, 1, 1), "YYYY"),
            (dt.date(1967, 3, 2), "D/M/YYYY"),
        ],
        start=1,
    ):
        page.write(row, 0, row)
        page.write(row, 1, "Lê Văn An")
        page.write(row, 2, value, xlwt.easyxf(num_format_str=code))
        page.write(row, 3, "Trưởng phòng")
    assert [row[3] for row in people(saved(book))] == ["1965-10", "1966", "1967-03-02"]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="Trang 1">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def open_document(rows: list[str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS.format(rows="".join(rows)))
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


def ods_row(row: list[Any]) -> str:
    cells = [
        value
        if isinstance(value, str) and value.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
        "</table:table-cell>"
        for value in row
    ]
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_open_document() -> None:
    month = (
        '<table:table-cell office:value-type="date" office:date-value="1965-10-01">'
        "<text:p>10/1965</text:p></table:table-cell>"
    )
    rows = [[*row] for row in ROWS if row]
    rows[3][3] = month
    blank = '<table:table-row table:number-rows-repeated="1"><table:table-cell/></table:table-row>'
    lines = [ods_row(row) for row in rows]
    assert people(open_document([lines[0], blank, *lines[1:]]), "ds.ods") == PEOPLE


def test_html_table_named_xls() -> None:
    body = "".join(
        f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>"
        for row in (r or [""] for r in ROWS)
    )
    page = f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>'
    assert people(page.encode(), "ds.xls") == PEOPLE


def test_html_with_merged_headings() -> None:
    page = """<table><tr><th rowspan=2>TT</th><th rowspan="2">Họ và tên</th>
      <th colspan="2">Năm sinh</th><th rowspan=2>Chức vụ</th></tr><tr><th>Nam</th><th>Nữ</th></tr>
      <tr><td>1</td><td>Lê&nbsp;Thị<br>Bình</td><td></td><td>10/1970</td><td>Bí&#32;thư</td></tr></table>"""
    assert people(page.encode()) == [(3, "Lê Thị Bình", "female", "1970-10", "Bí thư", None, None)]


def test_xml_spreadsheet() -> None:
    def one(value: object) -> str:
        return f'<Cell><Data ss:Type="String">{value}</Data></Cell>'

    lines = "".join(f"<Row>{''.join(map(one, row))}</Row>" for row in ROWS)
    text = (
        '<?xml version="1.0" encoding="utf-8"?><Workbook xmlns:ss="urn:x"><Worksheet ss:Name="DS">'
        f"<Table>{lines}</Table></Worksheet></Workbook>"
    )
    found = reading(text.encode())
    assert found.sheet == "DS"
    assert [tuple(p.as_json().values()) for p in found.people] == PEOPLE


def test_the_sheet_with_the_list_is_found() -> None:
    book = openpyxl.Workbook()
    fill(book.active, [["Hướng dẫn"], ["Điền họ và tên vào trang sau"]])
    fill(book.create_sheet("Tổng hợp"), [["Đơn vị", "Số lượng", "Nữ"], ["Sở Nội vụ", 12, 4]])
    fill(book.create_sheet("Danh sách"), ROWS)
    hidden = book.create_sheet("Cũ")
    fill(hidden, [*ROWS, *ROWS[3:]])
    hidden.sheet_state = "hidden"
    found = reading(saved(book))
    assert found.sheet == "Danh sách"
    assert [(s.name, s.has_list, s.is_hidden) for s in found.sheets] == [
        ("Sheet", False, False),
        ("Tổng hợp", False, False),
        ("Danh sách", True, False),
        ("Cũ", True, True),
    ]
    assert [p.code for p in found.problems] == ["other_sheets"]
    assert len(reading(saved(book), sheet="Cũ").people) == 8


def test_error_cells_are_problems() -> None:
    rows = [*ROWS[:4], [2, "Đặng Văn Tưởng", "Nam", "=1/0", "Trưởng phòng", "Đại học"]]
    found = reading(xlsx(rows))
    assert found.people[1].get("birth_date") is None
    assert codes(found) == [("cell_error", "D5")]


def test_far_cell_and_empty_columns() -> None:
    book = openpyxl.Workbook()
    fill(book.active, [[], [], *[["", "", *row] for row in ROWS]])
    book.active["B900"] = " "
    expected = [(number + 2, *rest) for number, *rest in PEOPLE]
    found = reading(saved(book))
    assert [tuple(p.as_json().values()) for p in found.people] == expected
    assert found.mapping["D"] == "full_name"
    assert all(row.kind is RowKind.BLANK for row in found.rows[10:])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "is_empty"),
        (b"\xef\xbb\xbf \r\n", "is_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not_a_sheet"),
        (bytes(range(256)) * 20, "not_a_sheet"),
        (b"PK\x03\x04" + b"x" * 500, "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "not_a_sheet"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "has_password",
        ),
        (b"%PDF-1.7 danh sach", "is_document"),
        (b"{\\rtf1 danh sach}", "is_document"),
        (b"<html><body>khong co bang</body></html>", "not_a_sheet"),
        (saved(openpyxl.Workbook()), "is_empty"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ListRefused) as refused:
        read(data, "ds.xlsx", today=TODAY)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_word_documents_are_told_apart() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    with pytest.raises(ListRefused, match="Word") as refused:
        read(stream.getvalue(), "ds.xlsx")
    assert refused.value.code == "is_document"


def test_old_workbook_with_password() -> None:
    with pytest.raises(ListRefused) as refused:
        read(_filepass(old_workbook(ROWS)), "ds.xls")
    assert refused.value.code == "has_password"


def _filepass(data: bytes) -> bytes:
    """Put Excel's mark of encryption in the place of the first record after the beginning."""
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return data[:start] + b"\x2f\x00" + data[start + 2 :]


def test_unknown_sheet() -> None:
    with pytest.raises(ListRefused) as refused:
        read(xlsx(ROWS), "ds.xlsx", sheet="Không có")
    assert refused.value.code == "no_such_sheet"


def test_path_and_bytes_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "ds.bin"
    path.write_bytes(xlsx(ROWS))
    assert [tuple(p.as_json().values()) for p in read(path, "ds.bin", today=TODAY).people] == PEOPLE

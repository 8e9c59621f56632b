"""The empty workbook that offices fill in: every sheet, what each column means, closed lists."""

from __future__ import annotations

from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from cadres.workbook.columns import BirthDate, Codes, Column, Date, Flag, Reference, Text, Whole
from cadres.workbook.exporting import add_page
from cadres.workbook.schema import Sheet, all_sheets

_LAST_ROW = 1_048_575
#: Excel takes a list in a validation of at most this many characters.
_LONGEST_LIST = 255


def write_template(stream: IO[bytes]) -> None:
    """Write the template. It can be imported as it is: it has no rows."""
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    as_text = book.add_format({"num_format": "@"})
    as_date = book.add_format({"num_format": "dd/mm/yyyy"})
    for sheet in all_sheets():
        page = add_page(book, sheet)
        for index, column in enumerate(sheet.columns):
            _describe(page, sheet, index, column)
            # Codes such as 01 and birth dates such as 10/1965 must stay what was typed.
            if isinstance(column, Date):
                page.set_column(index, index, 14, as_date)
            elif not isinstance(column, Whole | Flag):
                page.set_column(index, index, max(14, len(column.key) + 2), as_text)
    book.close()


def _describe(page: Any, sheet: Sheet, index: int, column: Column) -> None:
    lines = [str(column.label), str(_("Bắt buộc.") if column.required else _("Không bắt buộc."))]
    lines.append(_meaning(column))
    if column.help:
        lines.append(str(column.help))
    if column.key in sheet.key:
        lines.append(_("Thuộc khóa: hai dòng không được trùng khóa."))
    page.write_comment(0, index, "\n".join(line for line in lines if line), {"x_scale": 2})
    words = column.words()
    if words and len(",".join(words)) <= _LONGEST_LIST:
        page.data_validation(
            1,
            index,
            _LAST_ROW,
            index,
            {
                "validate": "list",
                "source": words,
                "error_title": str(column.label)[:32],
                "error_message": _("Hãy chọn một giá trị trong danh sách."),
            },
        )


def _meaning(column: Column) -> str:
    if isinstance(column, Reference):
        return _("Mã có ở trang %(sheet)s hoặc đã có trên cổng.") % {"sheet": column.sheet}
    if isinstance(column, Codes):
        return _("Các mã ở trang %(sheet)s.") % {"sheet": column.sheet}
    if isinstance(column, Flag):
        return _("1 là có, 0 là không; để trống là 0.")
    if isinstance(column, BirthDate):
        return ""
    if isinstance(column, Date):
        return _("Ngày, ghi như 31/12/2025 hoặc 2025-12-31.")
    if words := column.words():
        shown = words if len(words) <= 12 else [words[0], "…", words[-1]]
        return _("Một trong: %(words)s.") % {"words": ", ".join(shown)}
    if isinstance(column, Whole):
        return _("Số nguyên.")
    if isinstance(column, Text):
        return _("Nhiều nhất %(limit)d ký tự.") % {"limit": column.max_length}
    return ""

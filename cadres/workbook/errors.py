"""The errors of an import as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_errors(stream: IO[bytes], errors: Iterable[dict[str, Any]], *, more: int = 0) -> None:
    """Write one row an error (CONTRACT section 2); `more` is how many are not told."""
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    page = book.add_worksheet(_("Lỗi"))
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    header = (_("Trang"), _("Dòng"), _("Cột"), _("Mã lỗi"), _("Lỗi và cách sửa"))
    for index, (title, width) in enumerate(zip(header, (16, 8, 20, 26, 100), strict=True)):
        page.set_column(index, index, width, wrap)
        page.write_string(0, index, title, bold)
    page.freeze_panes(1, 0)
    row = 0
    for row, error in enumerate(errors, start=1):
        for index, key in enumerate(("sheet", "row", "column", "code", "message")):
            value = error[key]
            if isinstance(value, int):
                page.write_number(row, index, value)
            elif value is not None:
                page.write_string(row, index, str(value))
    page.autofilter(0, 0, max(row, 1), len(header) - 1)
    if more:
        page.write_string(row + 1, 4, _("… và %(more)d lỗi nữa.") % {"more": more})
    book.close()

"""What is to decide in an office's list, as a workbook to be worked off beside the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.models import ListImportRow

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LEVELS = {"error": gettext_lazy("Cần quyết định"), "review": gettext_lazy("Nên xem lại")}


def write_problems(
    stream: IO[bytes], columns: list[dict[str, Any]], rows: Iterable[ListImportRow]
) -> int:
    """Write one row for each problem; their number. Texts of the list stay texts."""
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    page = book.add_worksheet(_("Lỗi"))
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    header = (_("Dòng"), _("Ô"), _("Họ và tên"), _("Trong ô"), _("Mức"), _("Nội dung"), _("Gợi ý"))
    for index, (title, width) in enumerate(zip(header, (8, 10, 26, 24, 16, 60, 60), strict=True)):
        page.set_column(index, index, width, wrap)
        page.write_string(0, index, title, bold)
    page.freeze_panes(1, 0)
    places = {column["letter"]: place for place, column in enumerate(columns)}
    number = 0
    for row in rows:
        for problem in row.problems:
            number += 1
            letters = [letter for letter in problem["columns"] if letter in places]
            page.write_number(number, 0, row.row)
            texts = (
                ", ".join(f"{letter}{row.row}" for letter in letters),
                row.full_name,
                "; ".join(row.cells[places[letter]] for letter in letters),
                str(_LEVELS.get(problem["level"], "")),
                problem["message"],
                " ".join([problem["hint"], " / ".join(c["label"] for c in problem["choices"])]),
            )
            for index, text in enumerate(texts, start=1):
                page.write_string(number, index, text.strip())
    page.autofilter(0, 0, max(number, 1), len(header) - 1)
    book.close()
    return number

"""The table of the overview as XLSX: a row a plan, the worst first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from cadres.services.records import record_export
from compliance.choices import Outcome
from planning.choices import PlanStatus
from planning.contexts import words
from planning.contexts.overview import cell_text, row_step
from planning.selectors import PlanFilter, PlanRows, checked, term_choice
from planning.selectors.overview import PlanRow
from planning.selectors.stored import KEYS, keys_shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS_BEFORE, _WIDTH, _WIDTHS_AFTER = (34, 10, 14, 9), 11, (16, 60)


def response(*, actor: Actor, as_of: dt.date, term: str) -> HttpResponse:
    """The file, named by term and day; only plans that the actor may see."""
    chosen = term_choice(actor, as_of, term).chosen
    basis = checked(actor, as_of).basis
    wanted = PlanFilter(term_id=chosen.pk if chosen else 0)
    rows = PlanRows(actor, basis, wanted)[:]
    keys = keys_shown(actor)
    title = _("Kế hoạch quy hoạch theo tiêu chí, nhiệm kỳ %(term)s, ngày xét %(day)s") % {
        "term": chosen or "",
        "day": formats.date(as_of),
    }
    name = f"quy-hoach-theo-tieu-chi-{chosen.code if chosen else ''}-{as_of.isoformat()}.xlsx"
    record_export(
        actor=actor,
        what="overview",
        file_format="xlsx",
        people=None,
        filters={"term": chosen.code} if chosen else {},
        rows=len(rows),
        as_of=as_of,
        is_sensitive="minority" in keys,
    )
    answer = HttpResponse(sheet(rows, title, keys), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def sheet(rows: list[PlanRow], title: str, keys: Sequence[str] = KEYS) -> bytes:
    """The workbook with the columns `keys`. Every text is a text: nothing becomes a formula."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(_("Tổng quan"))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        styles = {
            Outcome.NOT_MET: book.add_format({"font_color": "#B42318", "align": "right"}),
            Outcome.CANNOT_TELL: book.add_format({"font_color": "#8A6100", "align": "right"}),
            Outcome.MET: book.add_format({"align": "right"}),
            Outcome.NOT_APPLICABLE: book.add_format({"align": "right"}),
        }
        widths = (*_WIDTHS_BEFORE, *(_WIDTH for _key in keys), *_WIDTHS_AFTER)
        for number, width in enumerate(widths):
            page.set_column(number, number, width)
        page.freeze_panes(2, 1)
        page.set_landscape()
        page.repeat_rows(1)
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, title, book.add_format({"bold": True}))
        for number, text in enumerate(_heads(keys)):
            page.write_string(1, number, text, head)
        for line, row in enumerate(rows, start=2):
            _write(page, line, row, keys, styles)
    return out.getvalue()


def _heads(keys: Sequence[str]) -> list[str]:
    columns = [str(words.COLUMNS[key][0]) for key in keys]
    first = [_("Đơn vị"), _("Cấp"), _("Trạng thái"), _("Số người")]
    return [*first, *columns, _("Kết quả"), _("Việc nên làm trước")]


def _write(
    page: Any, line: int, row: PlanRow, keys: Sequence[str], styles: dict[Outcome, Any]
) -> None:
    worst = row.worst or Outcome.NOT_APPLICABLE
    page.write_string(line, 0, row.unit_name)
    page.write_string(line, 1, str(words.LEVELS[row.level][0]))
    page.write_string(line, 2, str(PlanStatus(row.status).label))
    if row.people is not None:
        page.write_number(line, 3, row.people)
    for number, key in enumerate(keys, start=4):
        cell = row.cells[key]
        page.write_string(line, number, cell_text(key, cell), styles[cell.outcome])
    after = 4 + len(keys)
    page.write_string(line, after, _("Chưa kiểm tra") if row.worst is None else str(worst.label))
    page.write_string(line, after + 1, row_step(row))

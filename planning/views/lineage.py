"""Liên thông over all plans of a term."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from planning import selectors
from planning.contexts import lineage as context
from planning.forms import TermUnitForm
from planning.selectors.lineage import break_rows, down_lines, lines_total, up_lines

PER_PAGE = 50


@require_safe
def lineage(request: HttpRequest) -> HttpResponse:
    """Liên thông; `chieu=len` looks from plans up, otherwise from plans down with the breaks."""
    actor, as_of, query = request.user, view_date(request), request.GET
    terms = selectors.term_choice(actor, as_of, query.get("nhiem-ky", ""))
    units = selectors.unit_choices(actor, query.get("don-vi", ""))
    unit = next((each for each in units if each.code == query.get("don-vi")), None)
    term_id, path = terms.chosen.pk if terms.chosen else 0, unit.path if unit else ""
    form = TermUnitForm(
        initial={
            "nhiem-ky": terms.chosen.code if terms.chosen else "",
            "don-vi": unit.code if unit else "",
        },
        terms=list(terms.offered),
        units=units,
    )
    if query.get("chieu") == context.UP:
        lines = up_lines(actor, term_id, as_of, path)
        found = context.up_context(
            Paginator(lines, PER_PAGE).get_page(query.get("trang")), lines, terms, form, as_of
        )
    else:
        down = down_lines(actor, term_id, as_of, path)
        rows = break_rows(actor, term_id, as_of, path, total=lines_total(down)[2])
        page = Paginator(rows, PER_PAGE).get_page(query.get("trang"))
        found = context.down_context(down, page, terms, form, as_of)
    return render(request, "planning/lineage.html", found)

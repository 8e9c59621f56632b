"""So sánh: the plans of one level side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from planning import selectors
from planning.contexts import comparison as context
from planning.forms import ComparisonForm
from planning.selectors.comparison import compared, levels_of
from planning.selectors.sources import nominee_sources
from planning.selectors.stored import keys_shown
from planning.selectors.trends import trend

#: Who counts as new and young in the sources; the page of sources lets one choose.
AGE, YEARS = 30, 5


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Units of a level (`cap=`), all or those chosen (`dv=`, repeated), sorted by `sap=`."""
    actor, as_of, query = request.user, view_date(request), request.GET
    terms = selectors.term_choice(actor, as_of, query.get("nhiem-ky", ""))
    term_id = terms.chosen.pk if terms.chosen else 0
    levels = levels_of(actor, term_id)
    known = [each.level for each in levels]
    level = query.get("cap", "") if query.get("cap") in known else next(iter(known), "")
    basis = selectors.checked(actor, as_of).basis
    codes = query.getlist("dv")
    rows, chosen = compared(actor, basis, term_id, level, set(codes))
    form = ComparisonForm(
        initial={
            "nhiem-ky": terms.chosen.code if terms.chosen else "",
            "cap": level,
            "dv": [row.unit_code for row in chosen] if len(chosen) < len(rows) else [],
        },
        terms=list(terms.offered),
        units=[(row.unit_code, row.unit_name) for row in sorted(rows, key=lambda r: r.path)],
    )
    page = context.comparison_context(
        rows=rows,
        chosen=chosen,
        keys=keys_shown(actor),
        levels=levels,
        level=level,
        term=terms.chosen,
        basis=basis,
        trend=trend(actor, basis, term_id, level),
        sources=nominee_sources(actor, as_of, age=AGE, years=YEARS),
        form=form,
        sort=query.get("sap", ""),
        as_of=as_of,
    )
    return render(request, "planning/comparison.html", page)

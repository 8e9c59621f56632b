"""What a request for findings asks for, checked once for the list and for the sheet of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists
from django.http import Http404, HttpRequest

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.selectors import unit_get, unit_list
from compliance import selectors
from compliance.choices import RunKind, RunStatus, SubjectKind
from compliance.contexts.findings import outcomes_of
from compliance.engine.registry import rule_by_code
from compliance.forms import MANY_UNITS, FindingFilterForm
from compliance.models import ComplianceRun

DEFAULT_ORDER = "muc-do"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which findings: `found` is None when nothing was checked for that day yet."""

    as_of: dt.date
    form: FindingFilterForm
    found: selectors.FindingSet | None
    run: ComplianceRun | None
    """The snapshot that answers; None for the live state."""
    live: ComplianceRun | None
    """When the live state answers: the last run that brought it up to date."""
    snapshot_today: ComplianceRun | None

    @property
    def is_live(self) -> bool:
        """Whether the answer is today's state."""
        return self.run is None and self.as_of == clock.today()


def asked(request: HttpRequest) -> Asked:
    """Read the request. Raises Http404 for a run or a unit that does not exist for the actor."""
    named = _named_run(request)
    as_of = named.as_of if named else view_date(request)
    newest = {} if named else selectors.run_newest(actor=request.user, as_of=as_of)
    is_live = named is None and as_of == clock.today()
    run = named or (None if is_live else newest.get(RunKind.SNAPSHOT))
    form = _form(request, run)
    found = None
    is_answered = newest.get(RunKind.LIVE) if is_live else run and run.status == RunStatus.FINISHED
    if is_answered:
        found = selectors.FindingSet(
            actor=request.user,
            as_of=as_of,
            filters=_filters(request, form),
            run=run,
            order=request.GET.get("sap", DEFAULT_ORDER),
        )
    return Asked(
        as_of=as_of,
        form=form,
        found=found,
        run=run,
        live=newest.get(RunKind.LIVE) if is_live else None,
        snapshot_today=newest.get(RunKind.SNAPSHOT) if is_live else None,
    )


def _named_run(request: HttpRequest) -> ComplianceRun | None:
    """The snapshot of `lan=`. A live run is answered by the live state, like no run at all."""
    text = request.GET.get("lan", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    run = selectors.run_get(actor=request.user, pk=int(text))
    return run if run.kind == RunKind.SNAPSHOT else None


def _form(request: HttpRequest, run: ComplianceRun | None) -> FindingFilterForm:
    offered = unit_list(request.user)
    # Asked in the same query, and nothing read where there are more than a list should have.
    units = list(offered.exclude(Exists(offered.order_by("pk")[MANY_UNITS : MANY_UNITS + 1])))
    code = request.GET.get("don-vi", "")
    if code and code not in {unit.code for unit in units}:
        units = [unit_get(request.user, code), *units]
    form = FindingFilterForm(request.GET, units=units, terms=selectors.term_codes(run=run))
    form.is_valid()
    return form


def _filters(request: HttpRequest, form: FindingFilterForm) -> selectors.FindingFilters:
    asked_for = form.cleaned_data
    code, kind = asked_for.get("tieu_chi"), asked_for.get("doi_tuong")
    return selectors.FindingFilters(
        outcomes=outcomes_of(asked_for.get("ket_qua", "")),
        rule=rule_by_code(code) if code else None,
        unit=form.units.get(asked_for.get("don_vi", "")),
        term=asked_for.get("nhiem_ky", ""),
        level=asked_for.get("cap", ""),
        kind=next((each for each in SubjectKind if each.code == kind), None),
        text=asked_for.get("tim", ""),
    )

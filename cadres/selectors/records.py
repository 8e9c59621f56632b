"""The record of openings and exports, as far as the actor may look at it.

Who audits sees it for the units of that role; a person sees who opened their own file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField

from cadre_portal.common import clock
from cadres.models import ExportRecord, FileOpening, Unit, User
from cadres.policies import AUDIT_ROLES, EVERYTHING, Actor, below, scope_paths, unit_scope
from cadres.selectors.cadres import serving
from cadres.selectors.text import folded_words, looks_like_code


@dataclass(frozen=True, kw_only=True)
class RecordFilters:
    """What the record is narrowed to; None and "" ask nothing. Both days are inside.

    `account`: part of a name or of a user name. `person`: a name or the beginning of a code; only
    openings have one. `unit`: people who serve in its subtree today; exports that tell of nothing
    outside it.
    """

    account: str = ""
    person: str = ""
    unit: Unit | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    kind: str = ""


def opening_list(actor: Actor, filters: RecordFilters) -> QuerySet[FileOpening]:
    """Openings that the actor may know of, the latest first. `kind` is a door."""
    openings = _common(FileOpening.objects.filter(_openings_seen(actor)), filters)
    if filters.kind:
        openings = openings.filter(door=filters.kind)
    if filters.person.strip():
        openings = openings.filter(_person_wanted(filters.person.strip()))
    if filters.unit:
        where = below(filters.unit.path, "unit__path")
        openings = openings.filter(serving(clock.today(), where, "cadre_id"))
    return openings.select_related("actor", "cadre").order_by("-at", "-pk")


def export_list(actor: Actor, filters: RecordFilters) -> QuerySet[ExportRecord]:
    """Exports that the actor may know of, the latest first. `kind` is what was exported."""
    exports = _common(ExportRecord.objects.filter(_exports_seen(actor)), filters)
    if filters.kind:
        exports = exports.filter(what=filters.kind)
    if filters.unit:
        exports = exports.filter(_tells_only_of(below(filters.unit.path, "path")))
    return exports.select_related("actor").order_by("-at", "-pk")


def _openings_seen(actor: Actor) -> Q:
    paths = scope_paths(actor, *AUDIT_ROLES)
    if EVERYTHING in paths:
        return Q()
    own = actor.cadre_id if isinstance(actor, User) and actor.is_active else None
    seen = Q(cadre_id=own) if own else Q(pk__in=())
    if paths:
        audited = unit_scope(actor, roles=AUDIT_ROLES)
        seen |= Q(serving(clock.today(), audited, "cadre_id"))
    return seen


def _exports_seen(actor: Actor) -> Q:
    paths = scope_paths(actor, *AUDIT_ROLES)
    if EVERYTHING in paths:
        return Q()
    return _tells_only_of(unit_scope(actor, "path", roles=AUDIT_ROLES)) if paths else Q(pk__in=())


def _tells_only_of(units: Q) -> Q:
    """Exports for somebody whose units all fulfil the condition; an empty list is all units."""
    is_named = Func(
        F("pk"),
        OuterRef("unit_ids"),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    named = Unit.objects.filter(is_named)
    return ~Q(unit_ids=[]) & ~Q(Exists(named.exclude(units)))


def _common(records: QuerySet[Any], filters: RecordFilters) -> QuerySet[Any]:
    if filters.account.strip():
        records = records.filter(actor__in=_accounts(filters.account.strip()))
    if filters.since:
        records = records.filter(at__gte=_midnight(filters.since))
    if filters.until:
        records = records.filter(at__lt=_midnight(filters.until + dt.timedelta(days=1)))
    return records


def _accounts(text: str) -> QuerySet[Any, Any]:
    key = Func(F("full_name"), function="vi_fold", output_field=TextField())
    named = folded_words(text, "key") | Q(username__icontains=text)
    return User.objects.annotate(key=key).filter(named).values("pk")


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=clock.now().tzinfo)


def _person_wanted(text: str) -> Q:
    # A file that is gone is still found by its code.
    by_code = Q(cadre_code__istartswith=text)
    return by_code if looks_like_code(text) else by_code | folded_words(text, "cadre__search_key")

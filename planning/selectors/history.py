"""Who changed what in a plan, read from the event tables that triggers fill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cadres.policies import Actor, can_see_history
from cadres.selectors.history import Change, FieldChange
from planning.models import Ballot, Nomination, Plan, Pool
from planning.selectors.stored import Statement, rows_of

#: A page shows this many changes; older ones stay in the event tables.
LIMIT = 500
#: Identity, and what repeats the plan that one looks at.
_SILENT = frozenset({"id", "plan", "pool", "cadre", "unit", "term"})


def plan_history(actor: Actor, plan: Plan) -> list[Change]:
    """Changes of a plan, its nominations and ballots, latest first; at most six queries."""
    if not can_see_history(actor):
        return []
    pools = dict(Pool.objects.filter(plan=plan).values_list("pk", "position__title__name"))
    events = [
        *_events(Plan, pgh_obj_id=plan.pk),
        *_events(Nomination, plan_id=plan.pk),
        *_events(Ballot, pool_id__in=list(pools)),
    ]
    events.sort(key=lambda pair: (pair[0].pgh_created_at, pair[0].pgh_id), reverse=True)
    events = events[:LIMIT]
    people = _names("cadres_cadre", (getattr(each, "cadre_id", None) for each, _before in events))
    users = _names("cadres_user", (_user_id(each) for each, _before in events))
    return [
        Change(
            at=event.pgh_created_at,
            who=users.get(_user_id(event) or 0, ""),
            what=_what(event, pools, people),
            is_new=before is None,
            fields=_fields(event, before),
        )
        for event, before in events
    ]


def _events(model: Any, **where: Any) -> list[tuple[Any, Any]]:
    """The latest events that match, each with the event of the same row before it."""
    events = model.pgh_event_model.objects.filter(**where).select_related("pgh_context")
    before: dict[int, Any] = {}
    pairs = []
    for event in events.order_by("pgh_obj_id", "pgh_id"):
        pairs.append((event, before.get(event.pgh_obj_id)))
        before[event.pgh_obj_id] = event
    return pairs


def _fields(event: Any, before: Any) -> list[FieldChange]:
    """The fields that differ from before; of a new row those that say something."""
    changed = []
    for field in event._meta.fields:
        if field.name in _SILENT or field.name.startswith("pgh_"):
            continue
        now, was = getattr(event, field.attname), before and getattr(before, field.attname)
        if (before is None and now in (None, "")) or (before is not None and now == was):
            continue
        changed.append(
            FieldChange(
                label=str(field.verbose_name),
                was=None if before is None else _text(field, was),
                now=_text(field, now),
            )
        )
    return changed


def _text(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def _what(event: Any, pools: dict[int, str], people: dict[int, str]) -> str:
    """ "phiếu bước 2: Nông Thị Ánh, Phó Giám đốc"."""
    name = str(event.pgh_tracked_model._meta.verbose_name)
    if not hasattr(event, "cadre_id"):
        return name
    if hasattr(event, "step"):
        name = _("%(what)s bước %(step)s") % {"what": name, "step": event.step}
    return f"{name}: {people.get(event.cadre_id, '')}, {pools.get(event.pool_id, '')}"


def _user_id(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _names(table: str, ids: Iterable[int | None]) -> dict[int, str]:
    """Full names by id out of one of our own tables."""
    wanted = sorted({pk for pk in ids if pk})
    if not wanted:
        return {}
    rows = rows_of(Statement(f"SELECT id, full_name FROM {table} WHERE id = ANY(%s)", [wanted]))
    return {row["id"]: row["full_name"] for row in rows}

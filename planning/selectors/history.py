"""Who changed what in a plan, read from the event tables that triggers fill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cadres.policies import Actor, can_see_history, can_see_sensitive, sensitive_fields
from cadres.selectors.history import (
    Change,
    EventPair,
    changed_fields,
    door_of,
    event_pairs,
    plain_text,
    user_of,
)
from planning.models import Ballot, Dossier, DraftItem, Nomination, Plan, Pool, StepRecord
from planning.selectors.stored import Statement, rows_of

#: A page shows this many changes; older ones stay in the event tables.
LIMIT = 500
#: Identity, and what repeats the plan that one looks at.
_SILENT = frozenset(
    {"id", "plan", "pool", "cadre", "unit", "term", "dossier", "cycle", "nomination", "version"}
)


def plan_history(actor: Actor, plan: Plan) -> list[Change]:
    """Changes of a plan, its nominations, ballots and dossiers, latest first; ten queries at most.

    Deletions are among them, also of what stood in a pool that is gone itself.
    """
    if not can_see_history(actor):
        return []
    is_told = can_see_sensitive(actor, plan.unit)
    pools = dict(Pool.objects.filter(plan=plan).values_list("pk", "position__title__name"))
    nominations = list(event_pairs(Nomination, plan=plan.pk))
    of_pools = {*pools, *(pair.event.pool_id for pair in nominations)}
    pairs = [
        *event_pairs(Plan, pgh_obj=plan.pk),
        *nominations,
        *event_pairs(Ballot, pool__in=list(of_pools)),
        *event_pairs(Dossier, plan=plan.pk),
        *event_pairs(DraftItem, plan=plan.pk),
        *event_pairs(StepRecord, dossier__in=[*plan.dossiers.values_list("pk", flat=True)]),
    ]
    pairs.sort(key=lambda pair: (pair.event.pgh_created_at, pair.event.pgh_id), reverse=True)
    pairs = pairs[:LIMIT]
    people = _names("cadres_cadre", (getattr(pair.event, "cadre_id", None) for pair in pairs))
    users = _names("cadres_user", (user_of(pair.event) for pair in pairs))
    changes = (
        Change(
            at=pair.event.pgh_created_at,
            who=users.get(user_of(pair.event) or 0, ""),
            what=_what(pair.event, pools, people),
            door=door_of(pair.event),
            kind=pair.kind,
            fields=_fields(pair, is_told=is_told),
        )
        for pair in pairs
    )
    return [change for change in changes if change.fields or change.is_new or change.is_deleted]


def _fields(pair: EventPair, *, is_told: bool) -> list[Any]:
    model = pair.event.pgh_tracked_model
    hidden = _SILENT if is_told else _SILENT | sensitive_fields(model)
    told = (
        field
        for field in pair.event._meta.fields
        if field.name not in hidden and not field.name.startswith("pgh_")
    )
    return changed_fields(
        pair,
        told,
        lambda field, event: plain_text(field, getattr(event, field.attname)),
        lambda field: str(field.verbose_name),
    )


def _what(event: Any, pools: dict[int, str], people: dict[int, str]) -> str:
    """ "phiếu bước 2: Nông Thị Ánh, Phó Giám đốc"."""
    name = str(event.pgh_tracked_model._meta.verbose_name)
    if not hasattr(event, "cadre_id"):
        step = getattr(event, "number", None)
        return name if step is None else f"{name} ({step})"
    if hasattr(event, "step"):
        name = _("%(what)s bước %(step)s") % {"what": name, "step": event.step}
    who = (people.get(event.cadre_id, _("người đã xóa")), pools.get(event.pool_id, ""))
    return f"{name}: {', '.join(word for word in who if word)}"


def _names(table: str, ids: Iterable[int | None]) -> dict[int, str]:
    """Full names by id out of one of our own tables."""
    wanted = sorted({pk for pk in ids if pk})
    if not wanted:
        return {}
    rows = rows_of(Statement(f"SELECT id, full_name FROM {table} WHERE id = ANY(%s)", [wanted]))
    return {row["id"]: row["full_name"] for row in rows}

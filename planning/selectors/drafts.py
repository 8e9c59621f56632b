"""Drafts: what a dossier proposes, what an address proposes beside it, what others saved since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Q, QuerySet, Value

from cadres.policies import Actor, can_see_sensitive
from cadres.selectors.cadres import (
    cadre_scope,
    cadres_visible,
    sensitive_of_visible,
    sensitive_scope,
)
from planning.choices import DraftAct
from planning.drafting import Add, Change, Keep, Key, Remove, Reorder, Withdraw
from planning.models import (
    Dossier,
    DraftItem,
    DraftSave,
    Nomination,
    Plan,
    Pool,
)
from planning.selectors.dossiers import dossier_open_of
from planning.selectors.plans import nominated_on

#: More in one address is no work of a person.
_MOST = 200


@dataclass(frozen=True)
class Proposed:
    """Changes of a plan as `plan_check` takes them: (pool id, cadre id), and nomination ids."""

    added: tuple[Key, ...] = ()
    removed: tuple[int, ...] = ()


# ---- The saved draft -------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """The open dossier of a plan (None: nothing is being prepared) and its items by key."""

    dossier: Dossier | None
    items: Mapping[Key, Any]


def draft_of(actor: Actor, plan: Plan) -> Draft:
    """The draft of a plan with its people; two queries, one without an open dossier.

    `is_open`, `is_told` of an item: whether the actor may open the person's file, and see
    sensitive data in it.
    """
    dossier = dossier_open_of(plan)
    if dossier is None:
        return Draft(None, {})
    items = (
        DraftItem.objects.filter(dossier=dossier)
        .select_related("cadre")
        .annotate(
            is_open=cadre_scope(actor, "cadre_id"), is_told=sensitive_scope(actor, "cadre_id")
        )
        .order_by("pool_id", "place", "cadre__sort_key", "pk")
    )
    return Draft(dossier, {(item.pool_id, item.cadre_id): item for item in items})


def draft_change(dossier: Dossier | None, as_of: dt.date) -> Proposed:
    """What a draft changes of the plan that stands on a day; one query.

    Page, submission, exports and solver read this and nothing else. Who is in the pool on the day
    anyway is not added, and who is not in it is not taken out.
    """
    if dossier is None:
        return Proposed()
    rows = DraftItem.objects.filter(~Q(act=DraftAct.KEEP), dossier=dossier)
    return _proposed(rows.order_by("pool_id", "place", "pk"), present_keys(dossier.plan_id, as_of))


def present_keys(plan_id: int, as_of: dt.date) -> dict[int, Key]:
    """Who is in which pool on the day, by nomination."""
    rows = Nomination.objects.filter(nominated_on(as_of), plan=plan_id)
    return {pk: (pool, cadre) for pk, pool, cadre in rows.values_list("pk", "pool_id", "cadre_id")}


def _proposed(items: Iterable[DraftItem], present: Mapping[int, Key]) -> Proposed:
    inside = set(present.values())
    added: list[Key] = []
    removed: list[int] = []
    for item in items:
        if item.act == DraftAct.ADD and (item.pool_id, item.cadre_id) not in inside:
            added.append((item.pool_id, item.cadre_id))
        elif item.act == DraftAct.REMOVE and item.nomination_id and item.nomination_id in present:
            removed.append(item.nomination_id)
    return Proposed(tuple(added), tuple(removed))


def proposed(
    items: Iterable[DraftItem], changes: Iterable[Change], present: Mapping[int, Key]
) -> Proposed:
    """What a draft would change once `changes` were saved; `present`: key by nomination. Pure."""
    saved = _proposed(items, present)
    added, removed = dict.fromkeys(saved.added), dict.fromkeys(saved.removed)
    of_key = {key: pk for pk, key in present.items()}
    for change in changes:
        if isinstance(change, Add) and change.key not in of_key:
            added.setdefault(change.key)
        elif isinstance(change, Remove) and change.nomination_id in present:
            removed.setdefault(change.nomination_id)
        elif isinstance(change, Withdraw | Keep):
            added.pop(change.key, None)
            removed.pop(of_key.get(change.key, 0), None)
    return Proposed(tuple(added), tuple(removed))


def proposed_rows(actor: Actor, draft: Draft, keys: Sequence[Key]) -> list[Nomination]:
    """Proposed people as nominations with the ids -1, -2, ... in the order given; not saved.

    One query where somebody is not drafted yet, who has to be visible to the actor.
    """
    new = [cadre_id for pool_id, cadre_id in keys if (pool_id, cadre_id) not in draft.items]
    people: dict[int, Any] = {item.cadre_id: item for item in draft.items.values()}
    if new:
        seen = cadres_visible(actor).annotate(
            is_open=Value(True, output_field=BooleanField()), is_told=sensitive_of_visible(actor)
        )
        people |= {cadre.pk: cadre for cadre in seen.filter(pk__in=new)}
    rows = []
    for number, (pool_id, cadre_id) in enumerate(keys, start=1):
        source = people[cadre_id]
        cadre = source.cadre if isinstance(source, DraftItem) else source
        row: Any = Nomination(pk=-number, pool_id=pool_id, cadre=cadre)
        row.is_open, row.is_told = source.is_open, source.is_told
        rows.append(row)
    return rows


def pending(
    items: Mapping[Key, DraftItem], changes: Iterable[Change], present: Mapping[int, Key]
) -> list[Change]:
    """Changes that would change something: what is said already, or gone, is left out. Pure."""
    inside, found = set(present.values()), []
    for change in changes:
        item = items.get(change.key) if not isinstance(change, Reorder) else None
        act = item.act if item else None
        if isinstance(change, Add):
            is_new = act is None and change.key not in inside
        elif isinstance(change, Remove):
            same = item is not None and change.reason in ("", item.reason)
            is_new = change.nomination_id in present and not (act == DraftAct.REMOVE and same)
        elif isinstance(change, Withdraw):
            is_new = act in (DraftAct.ADD, DraftAct.REMOVE)
        else:
            is_new = True
        if is_new:
            found.append(change)
    return found


def places_of(
    items: Mapping[Key, DraftItem], changes: Iterable[Change] = ()
) -> dict[Key, tuple[bool, int]]:
    """Where people stand in their pools' own order; who has no place comes after, by name. Pure."""
    places = {key: item.place for key, item in items.items()}
    for change in changes:
        if isinstance(change, Reorder):
            of_pool = {key for key in places if key[0] == change.pool_id}
            places |= dict.fromkeys(of_pool, 0)
            places |= {
                (change.pool_id, cadre_id): number
                for number, cadre_id in enumerate(change.cadre_ids, start=1)
            }
    return {key: (place == 0, place) for key, place in places.items()}


def nominable(actor: Actor, plan: Plan) -> QuerySet[Any]:
    """Whom the actor may propose for a plan: who is visible.

    Who is told of sensitive findings on the plan proposes only people of whom they may be told:
    what a proposal does to the plan would tell.
    """
    people = cadres_visible(actor).order_by()
    if can_see_sensitive(actor, plan.unit):
        return people.filter(sensitive_of_visible(actor))
    return people


# ---- What stands in an address ----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Unsaved changes as an address writes them; nothing of it is to be trusted.

    `added`, `withdrawn`: (pool, code of a person); `removed`: nomination -> (reason, note);
    `orders`: pool -> cadre ids; `version`: of the draft that they were chosen on.
    """

    added: Sequence[tuple[int, str]] = ()
    removed: Mapping[int, tuple[str, str]]
    withdrawn: Sequence[tuple[int, str]] = ()
    orders: Mapping[int, tuple[int, ...]]
    version: int | None = None


def changes_asked(actor: Actor, plan: Plan, asked: Asked) -> list[Change]:
    """The changes that an address asks for, without what does not exist for the actor.

    At most three queries: people, pools, nominations.
    """
    people = _people(actor, plan, asked)
    pools = _pools(plan) if asked.added or asked.withdrawn or asked.orders else set()
    changes: list[Change] = []
    for pool_id, code in dict.fromkeys(asked.withdrawn):
        if pool_id in pools and code in people:
            changes.append(Withdraw(pool_id, people[code]))
    if asked.removed:
        standing = Nomination.objects.filter(
            plan=plan, removed_on=None, pk__in=list(asked.removed)[:_MOST]
        )
        for pk, pool_id, cadre_id in standing.order_by("pk").values_list(
            "pk", "pool_id", "cadre_id"
        ):
            changes.append(Remove(pool_id, cadre_id, pk, *asked.removed[pk]))
    for pool_id, code in dict.fromkeys(asked.added):
        if pool_id in pools and code in people:
            changes.append(Add(pool_id, people[code]))
    changes += [
        Reorder(pool_id, cadre_ids)
        for pool_id, cadre_ids in asked.orders.items()
        if pool_id in pools
    ]
    return changes


def _people(actor: Actor, plan: Plan, asked: Asked) -> dict[str, int]:
    """Ids of the people named: who is visible, and who is drafted in the plan already."""
    codes = [code for _pool, code in (*asked.added, *asked.withdrawn)][:_MOST]
    if not codes:
        return {}
    people = dict(nominable(actor, plan).filter(code__in=codes).values_list("code", "pk"))
    if asked.withdrawn and len(people) < len(set(codes)):
        items = DraftItem.objects.filter(plan=plan, cadre__code__in=codes)
        people |= dict(items.values_list("cadre__code", "cadre_id"))
    return people


def _pools(plan: Plan) -> set[int]:
    return set(Pool.objects.filter(plan=plan).values_list("pk", flat=True))


# ---- What others saved since ------------------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """What somebody saved in a draft after a version: one person in one pool.

    `before`, `now`: the item as `item_json` writes it, None for no item; `is_order`: only places
    changed.
    """

    key: Key
    before: dict[str, Any] | None
    now: dict[str, Any] | None
    who: str
    at: dt.datetime

    @property
    def is_order(self) -> bool:
        """Whether only the order changed."""
        return _meaning(self.before) == _meaning(self.now)


@dataclass(frozen=True)
class Clash:
    """A change of one's own that meets what somebody else saved meanwhile."""

    mine: Change
    theirs: Since


def item_json(item: DraftItem) -> dict[str, Any]:
    """An item as a save keeps it."""
    return {
        "pool": item.pool_id,
        "cadre": item.cadre_id,
        "act": str(item.act),
        "nomination": item.nomination_id,
        "carried_from": item.carried_from_id,
        "place": item.place,
        "reason": str(item.reason),
        "note": item.note,
    }


def key_of(row: Mapping[str, Any]) -> Key:
    """Whom and where an item of `item_json` is about."""
    return row["pool"], row["cadre"]


def _meaning(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """What an item says, whatever its place; to go on says no more than to be there."""
    if row is None or row["act"] == DraftAct.KEEP:
        return None
    return row["act"], row["reason"], row["note"]


def saves_since(dossier: Dossier, version: int) -> list[Since]:
    """What was saved after a version, the latest of each person and pool; one query."""
    saves = DraftSave.objects.filter(dossier=dossier, version__gt=version)
    found: dict[Key, Since] = {}
    for save in saves.select_related("saved_by").order_by("version"):
        before = {key_of(row): row for row in save.before}
        after = {key_of(row): row for row in save.after}
        for key in {**before, **after}:
            first = found[key].before if key in found else before.get(key)
            found[key] = Since(key, first, after.get(key), str(save.saved_by), save.saved_at)
    return [each for each in found.values() if each.before != each.now]


def clashes(changes: Iterable[Change], since: Collection[Since]) -> list[Clash]:
    """Changes that say something else of whom others touched, or set their pool's order. Pure."""
    of_key = {each.key: each for each in since}
    found = []
    for change in changes:
        if isinstance(change, Reorder):
            met = next((each for each in since if each.key[0] == change.pool_id), None)
        else:
            met = of_key.get(change.key)
            if met and (met.is_order or _says_the_same(change, met.now)):
                met = None
        if met:
            found.append(Clash(change, met))
    return found


def _says_the_same(change: Add | Remove | Keep | Withdraw, now: Mapping[str, Any] | None) -> bool:
    if isinstance(change, Add):
        return _meaning(now) == (DraftAct.ADD, "", "")
    if isinstance(change, Remove):
        return _meaning(now) == (DraftAct.REMOVE, change.reason, change.note)
    return _meaning(now) is None


def last_save(dossier: Dossier) -> DraftSave | None:
    """The save that could be undone next; one query."""
    saves = DraftSave.objects.filter(dossier=dossier, undone_at=None)
    return saves.select_related("saved_by").order_by("-version").first()

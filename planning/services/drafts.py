"""Drafts of dossiers: saved, and taken back, as a whole.

A save is one transaction that holds the dossier's row. Two officers work on one draft: what does
not meet is merged, of what meets the second is told and nothing of theirs is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from planning.choices import DraftAct, RemovalReason
from planning.drafting import Add, Change, Keep, Key, Remove, Reorder, Withdraw
from planning.models import Dossier, DraftItem, DraftSave, Nomination, Pool
from planning.policies import can_edit_plan, pools_of_own
from planning.selectors.drafts import (
    Clash,
    clashes,
    item_json,
    key_of,
    last_save,
    nominable,
    places_of,
    saves_since,
)
from planning.services.process import DossierRefused

#: Texts of a note longer than this do not fit.
_NOTE = 500


class DraftConflict(Exception):  # noqa: N818 - two people were at work, nobody made a fault
    """Somebody else changed the same meanwhile; nothing was written. `clashes` say who and what."""

    def __init__(self, found: Sequence[Clash]) -> None:
        super().__init__(f"{len(found)} changes meet others")
        self.clashes = list(found)


# ---- Saving ----------------------------------------------------------------------------------


@transaction.atomic
def draft_save(
    *, actor: Actor, dossier: Dossier, version: int, changes: Iterable[Change]
) -> DraftSave | None:
    """Write changes into a draft, all or none; None when they change nothing.

    `version`: of the draft that the actor saw. Raises PermissionDenied (no right, or a pool that
    the actor is in), DossierRefused (not open), ValidationError by `name_of` each change,
    DraftConflict.
    """
    wanted = list(changes)
    held = _lock_open(actor, dossier)
    _require_pools(actor, held, wanted)
    if version != held.version:
        met = clashes(wanted, saves_since(held, version))
        if met:
            raise DraftConflict(met)
    work = _Work(actor, held)
    work.apply(wanted)
    return work.write()


def name_of(change: Change) -> str:
    """A name for what is wrong with a change, such as `bo-12`; pages use it as an anchor."""
    if isinstance(change, Remove | Keep):
        return f"bo-{change.nomination_id}"
    if isinstance(change, Reorder):
        return f"xep-{change.pool_id}"
    return f"nguoi-{change.pool_id}-{change.cadre_id}"


def _lock_open(actor: Actor, dossier: Dossier) -> Dossier:
    held = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("plan__unit", "plan__term", "cycle")
        .get(pk=dossier.pk)
    )
    require(can_edit_plan(actor, held.plan))
    if not held.is_open:
        text = _("Hồ sơ này %(status)s nên không sửa được. Hãy tải lại trang.")
        raise DossierRefused([text % {"status": str(held.get_status_display()).lower()}])
    return held


def _require_pools(actor: Actor, dossier: Dossier, changes: Iterable[Change]) -> None:
    _require_others_pools(actor, dossier, (change.pool_id for change in changes))


def _require_others_pools(actor: Actor, dossier: Dossier, pool_ids: Iterable[int]) -> None:
    if pools_of_own(actor, dossier.plan).intersection(pool_ids):
        raise PermissionDenied(_("Đồng chí có tên trong quy hoạch này nên không sửa được."))


class _Work:
    """The draft in hand: its items, the nominations that stand, and what is wrong."""

    def __init__(self, actor: Actor, dossier: Dossier) -> None:
        self.actor, self.dossier = actor, dossier
        rows = DraftItem.objects.filter(dossier=dossier).select_related("cadre").order_by("pk")
        self.items: dict[Key, DraftItem] = {(row.pool_id, row.cadre_id): row for row in rows}
        self.saved_ids = {key: item.pk for key, item in self.items.items()}
        self.before = {key: item_json(item) for key, item in self.items.items()}
        nominations = Nomination.objects.filter(plan=dossier.plan_id, removed_on=None)
        self.standing = {row.pk: row for row in nominations.select_related("cadre")}
        self.inside = {(row.pool_id, row.cadre_id): row for row in self.standing.values()}
        self.names = {key: item.cadre.sort_key for key, item in self.items.items()}
        self.names |= {key: row.cadre.sort_key for key, row in self.inside.items()}
        self.pools = set(Pool.objects.filter(plan=dossier.plan_id).values_list("pk", flat=True))
        self.errors: dict[str, list[str]] = defaultdict(list)

    def apply(self, changes: Sequence[Change]) -> None:
        """Every change in the order given, orders last. Raises ValidationError."""
        added = [change.cadre_id for change in changes if isinstance(change, Add)]
        self.visible = (
            set(
                nominable(self.actor, self.dossier.plan)
                .filter(pk__in=added)
                .values_list("pk", flat=True)
            )
            if added
            else set()
        )
        for change in sorted(changes, key=lambda each: isinstance(each, Reorder)):
            problem = (
                self._one(change)
                if change.pool_id in self.pools
                else _("Chức danh này không thuộc kế hoạch.")
            )
            if problem:
                self.errors[name_of(change)].append(problem)
        if self.errors:
            raise ValidationError(dict(self.errors))

    def _one(self, change: Change) -> str:
        """Apply a change; what is wrong with it, "" for nothing."""
        if isinstance(change, Add):
            return self._add(change)
        if isinstance(change, Remove):
            return self._remove(change)
        if isinstance(change, Keep):
            return self._keep(change)
        if isinstance(change, Withdraw):
            self._withdraw(change)
        else:
            self._reorder(change)
        return ""

    def _add(self, change: Add) -> str:
        if change.cadre_id not in self.visible:
            return _("Không tìm thấy người này trong phạm vi của đồng chí.")
        if change.cadre_id == getattr(self.actor, "cadre_id", None):
            return _("Không ai tự đưa mình vào quy hoạch.")
        if change.key in self.inside:
            return _("Người này đang ở trong quy hoạch chức danh đó.")
        if change.key not in self.items:
            self.items[change.key] = self._item(change, DraftAct.ADD)
            self.items[change.key].place = self._next_place(change.pool_id)
            self.items[change.key].carried_from_id = change.carried_from_id
        return ""

    def _remove(self, change: Remove) -> str:
        nomination = self.standing.get(change.nomination_id)
        if nomination is None:
            return _("Người này không còn trong quy hoạch chức danh đó.")
        name, note = nomination.cadre.full_name, change.note.strip()
        if change.reason not in RemovalReason.values:
            return _("Chọn lý do đưa %(name)s ra khỏi quy hoạch.") % {"name": name}
        if change.reason == RemovalReason.OTHER and not note:
            return _("Ghi rõ lý do đưa %(name)s ra khỏi quy hoạch.") % {"name": name}
        if len(note) > _NOTE:
            return _("Ghi chú về %(name)s dài quá %(n)s ký tự.") % {"name": name, "n": _NOTE}
        item = self._of_nomination(nomination, DraftAct.REMOVE)
        item.reason, item.note = change.reason, note
        return ""

    def _keep(self, change: Keep) -> str:
        nomination = self.standing.get(change.nomination_id)
        if nomination is None:
            return _("Người này không còn trong quy hoạch chức danh đó.")
        item = self._of_nomination(nomination, DraftAct.KEEP)
        item.reason = item.note = ""
        return ""

    def _withdraw(self, change: Withdraw) -> None:
        item = self.items.get(change.key)
        if item is not None and item.nomination_id and item.place:
            # The order of the pool was set with this person in it.
            item.act, item.reason, item.note = DraftAct.KEEP, "", ""
        else:
            self.items.pop(change.key, None)

    def _reorder(self, change: Reorder) -> None:
        """Everybody of the pool gets a place; an item says where, so all of them get one."""
        gone = {k for k, item in self.items.items() if item.act == DraftAct.REMOVE}
        present = {k for k in self.inside if k[0] == change.pool_id} | {
            k for k, item in self.items.items() if k[0] == change.pool_id
        }
        wanted = {cadre_id: number for number, cadre_id in enumerate(change.cadre_ids)}
        places = places_of(self.items)

        def order(key: Key) -> tuple[object, ...]:
            named = wanted.get(key[1], len(wanted))
            return (named, *places.get(key, (True, 0)), self.names.get(key, ""), key)

        members = sorted(present - gone, key=order)
        for number, member in enumerate(members, start=1):
            if member not in self.items:
                self._of_nomination(self.inside[member], DraftAct.KEEP)
            self.items[member].place = number

    def _of_nomination(self, nomination: Nomination, act: str) -> DraftItem:
        key = (nomination.pool_id, nomination.cadre_id)
        if key not in self.items:
            self.items[key] = self._item(Keep(*key, nomination.pk), act)
        item = self.items[key]
        item.act, item.nomination_id = act, nomination.pk
        return item

    def _item(self, change: Add | Keep, act: str) -> DraftItem:
        return DraftItem(
            dossier_id=self.dossier.pk,
            plan_id=self.dossier.plan_id,
            pool_id=change.pool_id,
            cadre_id=change.cadre_id,
            nomination_id=change.nomination_id if isinstance(change, Keep) else None,
            act=act,
        )

    def _next_place(self, pool_id: int) -> int:
        """The last place of a pool that has an order, else none."""
        last = max((item.place for key, item in self.items.items() if key[0] == pool_id), default=0)
        return last + 1 if last else 0

    def restore(self, before: Mapping[Key, dict[str, Any]], after: Iterable[Key]) -> None:
        """Put the items of a save back to what they were."""
        for key in after:
            if key not in before:
                del self.items[key]
        for key, row in before.items():
            item = self.items.get(key) or DraftItem(
                dossier_id=self.dossier.pk,
                plan_id=self.dossier.plan_id,
                pool_id=key[0],
                cadre_id=key[1],
            )
            item.act, item.nomination_id = row["act"], row["nomination"]
            item.carried_from_id, item.place = row["carried_from"], row["place"]
            item.reason, item.note = row["reason"], row["note"]
            self.items[key] = item

    def write(self, *, undone: DraftSave | None = None) -> DraftSave | None:
        """Write what differs, count the version up, and note the save."""
        after = {key: item_json(item) for key, item in self.items.items()}
        touched = [
            key for key in {**self.before, **after} if self.before.get(key) != after.get(key)
        ]
        if not touched:
            return None
        with pghistory.context(user=self.actor.pk):
            self._write_items(touched)
            self.dossier.version += 1
            self.dossier.save(update_fields=["version"])
        now = clock.now()
        save = DraftSave.objects.create(
            dossier=self.dossier,
            version=self.dossier.version,
            saved_by_id=self.actor.pk,
            saved_at=now,
            before=[self.before[key] for key in touched if key in self.before],
            after=[after[key] for key in touched if key in after],
            # What takes back a save is not itself taken back.
            undone_at=now if undone else None,
            undone_by_id=self.actor.pk if undone else None,
        )
        if undone is not None:
            undone.undone_at, undone.undone_by_id = now, self.actor.pk
            undone.save(update_fields=["undone_at", "undone_by"])
        return save

    def _write_items(self, touched: Sequence[Key]) -> None:
        gone = [self.saved_ids[key] for key in touched if key not in self.items]
        DraftItem.objects.filter(pk__in=gone).delete()
        present = [self.items[key] for key in touched if key in self.items]
        DraftItem.objects.bulk_create([item for item in present if item.pk is None])
        DraftItem.objects.bulk_update(
            [item for item in present if item.pk is not None],
            ["act", "nomination", "carried_from", "place", "reason", "note"],
        )


# ---- Taking back -----------------------------------------------------------------------------


@transaction.atomic
def draft_undo(*, actor: Actor, dossier: Dossier, version: int | None = None) -> DraftSave:
    """Take back the latest save, if what it touched is still as it left it.

    `version`: the save that the actor means; another one since refuses. Raises PermissionDenied,
    DossierRefused.
    """
    held = _lock_open(actor, dossier)
    save = last_save(held)
    if save is None:
        raise DossierRefused([_("Không có lần lưu nào để hoàn tác.")])
    if version is not None and save.version != version:
        text = _("%(who)s đã lưu dự thảo sau đó, nên không hoàn tác được nữa. Hãy tải lại trang.")
        raise DossierRefused([text % {"who": save.saved_by}])
    before, after = ({key_of(row): row for row in rows} for rows in (save.before, save.after))
    _require_others_pools(actor, held, (pool_id for pool_id, _cadre in {**before, **after}))
    work = _Work(actor, held)
    if any(work.before.get(key) != after.get(key) for key in {**before, **after}):
        raise DossierRefused([_("Dự thảo đã đổi sau lần lưu đó, nên không hoàn tác được nữa.")])
    work.restore(before, after)
    undone = work.write(undone=save)
    if undone is None:
        raise DossierRefused([_("Không có lần lưu nào để hoàn tác.")])
    return undone

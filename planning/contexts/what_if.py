"""A plan with what is drafted and what stands in the address unsaved, judged before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from cadres.policies import Actor, can_see_sensitive
from compliance.choices import SubjectKind
from compliance.engine.findings import Finding
from planning.choices import DraftAct
from planning.contexts.cards import Place, place_of
from planning.contexts.plan_address import ADD, DRAFT, STANDING, PlanAddress
from planning.drafting import Add, Key, Remove, Reorder, Withdraw
from planning.models import Dossier, Plan
from planning.policies import can_decide_dossier, can_edit_plan, pools_of_own
from planning.selectors import drafts as proposals
from planning.selectors import plans as reads
from planning.services import plan_checks

NOMINATION = SubjectKind.NOMINATION

# Where somebody stands in what is proposed; "" for who is in the plan and stays.
DRAFTED, NEW = "drafted", "new"
LEAVING, OUT = "leaving", "out"
STAYING, UNDRAFTED = "staying", "undrafted"


class WhatIf:
    """The plan, its draft and the unsaved changes on a day; the engine is asked twice at most.

    `changes`: the unsaved ones that change something. `saved`, `after`: what the draft changes of
    the plan, without and with them. `people`: by nomination, those who leave included; proposed
    people have negative ids, as in the findings `after`. `unknown`: how many people of the address
    do not exist for the actor. Without `with_draft` the plan is shown as it stands; `drafted` says
    how many items the draft has.
    """

    def __init__(self, actor: Actor, plan: Plan, as_of: dt.date, address: PlanAddress) -> None:
        self.actor, self.plan, self.as_of, self.address = actor, plan, as_of, address
        self.can_edit = can_edit_plan(actor, plan)
        self.is_told = can_see_sensitive(actor, plan.unit)
        draft = proposals.draft_of(actor, plan)
        self.drafted = len(draft.items)
        self.with_draft = self._shows_draft(draft.dossier)
        self.draft = draft if self.with_draft else proposals.Draft(draft.dossier, {})
        items = self.draft.items
        self.present = proposals.present_keys(plan.pk, as_of)
        asked = proposals.changes_asked(actor, plan, address.asked()) if self.with_draft else []
        named = len({pair for pair in address.pairs if pair[0] == ADD}) if self.with_draft else 0
        self.unknown = named - sum(isinstance(change, Add) for change in asked)
        self.changes = proposals.pending(items, asked, self.present)
        self.saved = proposals.proposed(items.values(), (), self.present)
        self.after = proposals.proposed(items.values(), self.changes, self.present)
        if self.draft.dossier and (address.version is None or not self.changes):
            address.version = self.draft.dossier.version
        self.people = self._people()
        self.own_pools = pools_of_own(actor, plan) if self.can_edit else frozenset()

    def _shows_draft(self, dossier: Dossier | None) -> bool:
        """A draft is for who works on it, or was sent a proposal; others see the plan."""
        if self.address.view in (STANDING, DRAFT):
            return self.address.view == DRAFT
        decides = dossier is not None and can_decide_dossier(self.actor, dossier)
        return self.can_edit or decides or bool(self.address.pairs)

    def _people(self) -> dict[int, reads.Nominee]:
        dropped = [key for key in self.saved.added if key not in self.after.added]
        rows = proposals.proposed_rows(self.actor, self.draft, [*self.after.added, *dropped])
        found = reads.nominees(self.actor, self.plan, self.as_of, rows)
        return {person.nomination_id: person for person in found}

    # -- what was found

    @property
    def findings(self) -> list[Finding]:
        """Findings with everything proposed."""
        return self._judged[-1]

    @property
    def before(self) -> list[Finding]:
        """Findings with the saved draft alone."""
        return self._judged[0]

    @cached_property
    def _judged(self) -> list[list[Finding]]:
        """Findings before and after what is not saved; once where that changes nothing."""
        states = list(dict.fromkeys((self.saved, self.after)))
        return [
            [finding for finding in found if self.is_told or not finding.rule.sensitive]
            for found in plan_checks(plan=self.plan, as_of=self.as_of, changes=states)
        ]

    def keys(self, change: proposals.Proposed) -> dict[int, Key]:
        """Whom the nominations of findings are about."""
        proposed = {-number: key for number, key in enumerate(change.added, start=1)}
        return {**self.present, **proposed}

    @cached_property
    def before_by_place(self) -> Mapping[Place, Finding]:
        """Findings before the unsaved changes; empty where there are none."""
        if not self.changes:
            return {}
        keys = self.keys(self.saved)
        return {place_of(finding, keys): finding for finding in self.before}

    # -- who stands where

    @cached_property
    def states(self) -> dict[Key, str]:
        """Where each person touched by the draft or the address stands."""
        found: dict[Key, str] = {}
        for key in self.saved.added:
            found[key] = DRAFTED
        for nomination_id in self.saved.removed:
            found[self.present[nomination_id]] = LEAVING
        for change in self.changes:
            if isinstance(change, Withdraw):
                act = self.draft.items[change.key].act
                found[change.key] = UNDRAFTED if act == DraftAct.ADD else STAYING
            elif isinstance(change, Add):
                found[change.key] = NEW
            elif isinstance(change, Remove):
                found[change.key] = OUT
        return found

    def is_in(self, person: reads.Nominee) -> bool:
        """Whether somebody is in the plan with everything proposed."""
        return self.states.get(person.key, "") in ("", DRAFTED, NEW, STAYING)

    @cached_property
    def removals(self) -> dict[Key, Remove]:
        """Unsaved removals by person and pool."""
        return {change.key: change for change in self.changes if isinstance(change, Remove)}

    def members(self, pool_id: int) -> list[reads.Nominee]:
        """Everybody to be shown of a pool, those who leave included, in the pool's order."""
        people = [person for person in self.people.values() if person.pool_id == pool_id]
        nowhere = (True, 0)
        return sorted(people, key=lambda each: self._places.get(each.key, nowhere))

    @cached_property
    def _places(self) -> dict[Key, tuple[bool, int]]:
        return proposals.places_of(self.draft.items, self.changes)

    @cached_property
    def ordered(self) -> set[int]:
        """Pools whose order is changed and not saved."""
        return {change.pool_id for change in self.changes if isinstance(change, Reorder)}

    # -- what one may do

    @property
    def is_editable(self) -> bool:
        """Whether the actor may propose something here: as officer, while the dossier is open."""
        return (
            self.can_edit
            and self.with_draft
            and (self.draft.dossier is None or self.draft.dossier.is_open)
        )

    def is_open_pool(self, pool_id: int) -> bool:
        """Whether the actor may change a pool: nobody where they stand themselves."""
        return self.is_editable and pool_id not in self.own_pools

    @cached_property
    def since(self) -> Sequence[proposals.Since]:
        """What others saved since the unsaved changes were chosen."""
        dossier, version = self.draft.dossier, self.address.version
        if dossier is None or version is None or version == dossier.version or not self.changes:
            return ()
        return proposals.saves_since(dossier, version)

    @cached_property
    def clashes(self) -> list[proposals.Clash]:
        """Unsaved changes that meet what others saved."""
        return proposals.clashes(self.changes, self.since)

    def person_of(self, key: Key) -> Any:
        """The person with this key; None for who is not shown."""
        return next((each for each in self.people.values() if each.key == key), None)

"""A plan as it was approved, beside what it is on another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadres.policies import Actor, can_see_sensitive
from cadres.selectors.cadres import posts_of
from planning.models import Nomination, Plan, PlanSnapshot
from planning.selectors.plans import nominated_on

#: What is compared of a person, beside whether they are there at all.
FACTS = ("post", "degree", "theory", "birth_date", "retires_on")


def snapshot_of(plan: Plan) -> PlanSnapshot | None:
    """The snapshot of the latest approval; one query."""
    snapshots = PlanSnapshot.objects.filter(plan=plan).select_related("dossier__cycle")
    return snapshots.order_by("-as_of", "-pk").first()


def people_of(plan: Plan, as_of: dt.date) -> list[dict[str, Any]]:
    """Who is in the plan on a day with the facts a snapshot keeps, by title and name; two queries.

    Unscoped: for jobs and for whoever may see the plan. No ethnic group.
    """
    rows = list(
        Nomination.objects.filter(nominated_on(as_of), plan=plan)
        .select_related("cadre", "pool__position__title")
        .order_by(
            "-pool__position__title__kind",
            "-pool__position__title__rank",
            "pool_id",
            "cadre__sort_key",
            "pk",
        )
    )
    posts = posts_of([row.cadre for row in rows], as_of)
    return [_person(row, posts.get(row.cadre_id)) for row in rows]


def _person(row: Nomination, post: Any) -> dict[str, Any]:
    cadre, title = row.cadre, row.pool.position.title
    return {
        "pool": row.pool_id,
        "title_code": title.code,
        "title": title.name,
        "cadre": row.cadre_id,
        "code": cadre.code,
        "name": cadre.full_name,
        "sex": cadre.sex,
        "birth_date": cadre.birth_date.isoformat() if cadre.birth_date else None,
        "birth_precision": cadre.birth_precision,
        "degree": cadre.degree,
        "theory": cadre.theory,
        "retires_on": cadre.retires_on.isoformat() if cadre.retires_on else None,
        "post": f"{post.title.name}, {post.unit.name}" if post else "",
        "nominated_on": row.nominated_on.isoformat(),
    }


@dataclass(frozen=True)
class PersonChange:
    """Somebody who joined or left since the approval, or of whom facts changed.

    `before` or `now` is None for who joined or left; `facts`: the names that differ.
    """

    title: str
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None
    facts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The person."""
        return str((self.now or self.before or {})["name"])

    @property
    def code(self) -> str:
        """The person's code."""
        return str((self.now or self.before or {})["code"])


@dataclass(frozen=True)
class OutcomeChange:
    """A finding whose outcome is another one than at the approval."""

    rule: str
    subject: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]


def people_changes(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[PersonChange]:
    """What differs between two lists of `people_of`, in their order."""
    was = {(row["pool"], row["cadre"]): row for row in before}
    is_now = {(row["pool"], row["cadre"]): row for row in now}
    found = []
    for key in dict.fromkeys((*was, *is_now)):
        old, new = was.get(key), is_now.get(key)
        facts = tuple(name for name in FACTS if old and new and old.get(name) != new.get(name))
        if facts or not (old and new):
            found.append(PersonChange((new or old or {})["title"], old, new, facts))
    return found


def outcome_changes(
    actor: Actor,
    plan: Plan,
    before: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
) -> list[OutcomeChange]:
    """Findings whose outcome changed, those that the actor may see; `now`: `findings_json`."""
    tells = can_see_sensitive(actor, plan.unit)
    was = {_place(row): row for row in before}
    found = []
    for row in now:
        old = was.get(_place(row))
        if old is None or old["outcome"] == row["outcome"] or (row["is_sensitive"] and not tells):
            continue
        found.append(OutcomeChange(row["rule"], row["title"] or "", old, row))
    return found


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["rule"], row["subject"], row["title"], row["cadre"]

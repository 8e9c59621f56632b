"""Checks of single plans, and who has to be checked again after an edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, require
from compliance.choices import RunKind, SubjectKind
from compliance.engine import standing, store
from compliance.engine.findings import Finding, Labels, Verdict, expand
from compliance.engine.source import Scope
from compliance.services import run_start
from planning.facts import Change, PlanningSource
from planning.models import Nomination, Plan, Pool
from planning.policies import can_check_everything, can_check_scope
from planning.selectors import scope_unit

if TYPE_CHECKING:
    from compliance.models import ComplianceRun

_STANDING = "standing_of_plan"
#: Characters of one step of a unit's path (django-treebeard).
_STEP = 4


# --- one plan, on any day -----------------------------------------------------------------------


def plan_check(
    *,
    plan: Plan,
    as_of: date,
    added: Sequence[tuple[int, int]] = (),
    removed: Sequence[int] = (),
) -> list[Finding]:
    """Every finding on a plan, its pools and nominations on a day, `not_applicable` ones too.

    Computed from the facts of now by the law of `as_of`; nothing is stored. `added` proposes
    (pool id, cadre id), `removed` nomination ids: the findings are those after saving, and people
    who are only proposed have the subject ids -1, -2, ... in the order given.
    """
    source = PlanningSource()
    change = Change(plan.pk, tuple(added), tuple(removed)) if added or removed else None
    with transaction.atomic():
        with connection.cursor() as cursor:
            store.prepare(cursor)
            _derive_standing(cursor, plan, as_of, [cadre_id for _pool, cadre_id in added])
            scope = Scope(as_of, low=plan.pk, high=plan.pk, standing=_STANDING, complete=True)
            source.judge(cursor, scope, store.into_stage, change)
            verdicts = list(_staged(cursor))
        # Only temporary tables were written, and perhaps a set of figures met for the first time:
        # looking at a plan leaves nothing behind.
        transaction.set_rollback(True)
    labels = _labels(plan, verdicts, added)
    verdicts.sort(key=lambda v: _order(v, labels[v.kind, v.subject_id]))
    return [
        finding
        for verdict in verdicts
        for finding in expand(verdict, labels[verdict.kind, verdict.subject_id])
    ]


def _derive_standing(cursor: CursorWrapper, plan: Plan, as_of: date, others: list[int]) -> None:
    people = (
        "SELECT cadre_id FROM planning_nomination WHERE plan_id = %s"
        " UNION SELECT unnest(%s::bigint[])"
    )
    standing.derive(cursor, people=people, values=[plan.pk, others], as_of=as_of, table=_STANDING)


def _staged(cursor: CursorWrapper) -> Iterator[Verdict]:
    cursor.execute(
        "SELECT s.kind, s.group_id, s.subject_id, s.unit_id, s.outcomes, s.counts,"  # noqa: S608
        f" f.figures::text, f.citations::text FROM {store.STAGE} s"
        " JOIN compliance_figureset f ON f.id = s.figures_id"
    )
    for row in cursor.fetchall():
        yield store.verdict_of(*row)


def _order(verdict: Verdict, labels: Labels) -> tuple[object, ...]:
    return (verdict.kind, labels.title_code or "", labels.cadre_code or "", verdict.subject_id)


_Labelled = dict[tuple[SubjectKind, int], Labels]


def _labels(plan: Plan, verdicts: Iterable[Verdict], added: Sequence[tuple[int, int]]) -> _Labelled:
    """What each subject is called, people that are only proposed included; three queries."""
    of_plan = Labels(plan.unit.code, plan.unit.name, plan.term.code)
    labels: _Labelled = {(SubjectKind.PLAN, plan.pk): of_plan}
    for pool in Pool.objects.filter(plan=plan).select_related("position__title"):
        title = pool.position.title
        named = replace(of_plan, title_code=title.code, title_name=title.name)
        labels[SubjectKind.POOL, pool.pk] = named
    wanted = [v.subject_id for v in verdicts if v.kind == SubjectKind.NOMINATION]
    nominees = list(
        Nomination.objects.filter(pk__in=wanted).values_list(
            "pk", "pool_id", "cadre__code", "cadre__full_name"
        )
    )
    names = _names([cadre_id for _pool, cadre_id in added])
    for number, (pool_id, cadre_id) in enumerate(added, start=1):
        nominees.append((-number, pool_id, *names[cadre_id]))
    for pk, pool_id, code, name in nominees:
        of_pool = labels[SubjectKind.POOL, pool_id]
        labels[SubjectKind.NOMINATION, pk] = replace(of_pool, cadre_code=code, cadre_name=name)
    return labels


def _names(cadre_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Code and name of people by id."""
    if not cadre_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, full_name FROM cadres_cadre WHERE id = ANY(%s)", [list(cadre_ids)]
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


# --- after an edit ------------------------------------------------------------------------------


def plans_recheck_after(
    *, plan_ids: Iterable[int] = (), cadre_ids: Iterable[int] = ()
) -> list[int]:
    """Have every plan checked again whose verdicts an edit may have changed, on commit.

    `plan_ids`: plans whose nominations were edited; `cadre_ids`: the people in question, or people
    whose files were edited. Returns the plans sent.
    """
    plans = sorted(plans_touched(plan_ids=plan_ids, cadre_ids=cadre_ids))
    if plans:
        enqueue("compliance.recheck", source_name=PlanningSource.name, groups=plans)
    return plans


def plans_touched(*, plan_ids: Iterable[int] = (), cadre_ids: Iterable[int] = ()) -> set[int]:
    """The plans themselves, and every plan that any of the people is in.

    A person ties plans together: by the number of titles in one term and level
    (`titles_per_person`), and because a plan of a unit above asks whether its people stand in a
    plan below (`lineage`). Without `cadre_ids` all people of the plans count, and every plan of a
    unit above, since somebody may just have been taken out.
    """
    edited, people = set(plan_ids), set(cadre_ids)
    if not people and edited:
        of_edited = Nomination.objects.filter(plan__in=edited)
        people = set(of_edited.values_list("cadre_id", flat=True))
        paths = Plan.objects.filter(pk__in=edited).values_list("unit__path", flat=True)
        above = {path[:end] for path in paths for end in range(_STEP, len(path), _STEP)}
        edited |= set(Plan.objects.filter(unit__path__in=above).values_list("pk", flat=True))
    shared = Nomination.objects.filter(cadre__in=people).values_list("plan_id", flat=True)
    return edited | set(shared.distinct())


# --- a check asked for on a page ------------------------------------------------------------------


def check_start(*, actor: Actor, as_of: date) -> ComplianceRun:
    """Start a check of a day: the live state today, else a snapshot of what the actor works for.

    Raises PermissionDenied.
    """
    require(can_check_scope(actor))
    if can_check_everything(actor):
        kind = RunKind.LIVE if as_of == clock.today() else RunKind.SNAPSHOT
        return run_start(actor=actor, as_of=as_of, kind=kind)
    return run_start(actor=actor, as_of=as_of, unit=scope_unit(actor), kind=RunKind.SNAPSHOT)

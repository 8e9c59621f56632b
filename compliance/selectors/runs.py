"""Runs within the actor's scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor, sees_everything, sensitive_paths, unit_scope
from compliance.choices import RunKind, RunStatus, SubjectKind
from compliance.engine import store
from compliance.engine.findings import Finding, Labels, expand
from compliance.engine.registry import rules_of
from compliance.models import ComplianceRun

if TYPE_CHECKING:
    from cadres.models import Unit


def run_list(*, actor: Actor) -> QuerySet[ComplianceRun]:
    """Runs whose scope the actor may see, newest first; a run over everything is everybody's."""
    runs = ComplianceRun.objects.select_related("unit", "requested_by")
    return runs.filter(unit=None) | runs.filter(unit_scope(actor, "unit__path"))


def run_get(*, actor: Actor, pk: int) -> ComplianceRun:
    """A run that the actor may see. Raises Http404."""
    return get_object_or_404(run_list(actor=actor), pk=pk)


def run_newest(*, actor: Actor, as_of: date) -> dict[RunKind, ComplianceRun]:
    """The last finished run of each kind that answers for `as_of`: one query.

    The snapshot over everything goes before one of a part; a live run answers whatever the day.
    """
    finished = run_list(actor=actor).filter(status=RunStatus.FINISHED)
    live = finished.filter(kind=RunKind.LIVE)
    snapshots = finished.filter(kind=RunKind.SNAPSHOT, as_of=as_of)
    newest = (
        (live | snapshots)
        .order_by("kind", F("unit__path").asc(nulls_first=True), "-finished_at")
        .distinct("kind")
    )
    return {RunKind(run.kind): run for run in newest}


def run_open(
    *, actor: Actor, kind: RunKind, as_of: date, unit: Unit | None
) -> ComplianceRun | None:
    """A run just like this that is waiting or under way: asking twice does not do it twice."""
    return (
        run_list(actor=actor)
        .filter(
            kind=kind,
            as_of=as_of,
            unit=unit,
            status__in=[RunStatus.QUEUED, RunStatus.RUNNING],
        )
        .first()
    )


def runs_comparable(*, actor: Actor, run: ComplianceRun, limit: int = 30) -> list[ComplianceRun]:
    """Other finished snapshots of the same units, newest first."""
    others = run_list(actor=actor).filter(
        kind=RunKind.SNAPSHOT, status=RunStatus.FINISHED, unit=run.unit
    )
    return list(others.exclude(pk=run.pk)[:limit])


def run_seen_whole(*, actor: Actor, run: ComplianceRun) -> bool:
    """Whether no number of the run is hidden from the actor: then its own summary may be shown."""
    if sensitive_paths(actor) is not None:
        return False
    return run.unit is not None or sees_everything(actor)


def snapshot_findings_unscoped(*, run: ComplianceRun, rule: str | None = None) -> Iterator[Finding]:
    """All findings of a snapshot by kind, unit, term, title and person; for commands and jobs.

    Streams: memory does not grow with their number.
    """
    kinds = [
        kind.value
        for kind in SubjectKind
        if rule is None or any(each.code == rule for each in rules_of(kind))
    ]
    sql = (
        "SELECT s.kind, s.group_id, s.subject_id, s.unit_id, s.outcomes, s.counts, f.figures,"
        " f.citations, s.labels FROM compliance_snapshot s"
        " JOIN compliance_figureset f ON f.id = s.figures_id"
        " WHERE s.run_id = %s AND s.kind = ANY(%s)"
        " ORDER BY s.kind, s.labels ->> 'unit_code', s.labels ->> 'term',"
        " s.labels ->> 'title_code', s.labels ->> 'cadre_code', s.subject_id"
    )
    with transaction.atomic():
        for row in store.stream(sql, [run.pk, kinds]):
            labels = Labels.from_json(row[8])
            for finding in expand(store.verdict_of(*row[:8]), labels):
                if rule in (None, finding.rule.code):
                    yield finding

"""Reads of runs, findings and changes, within the actor's scope."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from cadres.policies import Actor, unit_scope
from compliance.choices import SubjectKind
from compliance.engine import store
from compliance.engine.findings import Finding, Labels, expand
from compliance.engine.registry import rules_of
from compliance.models import ComplianceRun


def run_list(*, actor: Actor) -> QuerySet[ComplianceRun]:
    """Runs whose scope the actor may see, newest first; a run over everything is everybody's."""
    runs = ComplianceRun.objects.select_related("unit", "requested_by")
    return runs.filter(unit=None) | runs.filter(unit_scope(actor, "unit__path"))


def snapshot_findings_unscoped(*, run: ComplianceRun, rule: str | None = None) -> Iterator[Finding]:
    """All findings of a snapshot by kind, unit, term, title and person; for commands and jobs.

    Streams: memory does not grow with their number.
    """
    kinds = [
        kind.value for kind in SubjectKind
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

"""Evidence: compliance of the inspected units on a day by the law of that day, frozen.

A taking goes unit by unit; each unit is one transaction and may be delivered twice without harm.
What is frozen holds the findings with their sentences, figures and citations, and everybody who was
counted with the facts they were counted by. Nothing changes it later; `evidence_differences` says
what the data of now would give.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, require
from compliance.engine.findings import Finding
from compliance.law import load_law
from compliance.services import evaluate
from inspections.choices import Stage
from inspections.models import Evidence, EvidenceTaking, InspectedUnit, Inspection
from inspections.policies import can_manage, can_work
from inspections.services.holding import InspectionRefused, lock_open
from planning.selectors.inspected import plans_below
from planning.selectors.judging import JudgedPlan, judge
from planning.selectors.snapshots import people_of

#: Sources that judge units, rotations and holders of posts; plans are judged one by one.
_BESIDE = ("rotations", "appointments", "unit_years")
_INTERRUPTED = "Lần chốt số liệu bị gián đoạn: {error}. Hãy chốt lại."


@transaction.atomic
def evidence_take(*, actor: Actor, inspection: Inspection) -> EvidenceTaking:
    """Ask for a taking as of the inspection's day. Raises PermissionDenied, InspectionRefused."""
    held = lock_open(inspection)
    require(can_work(actor, held) or can_manage(actor, held))
    if held.stage == Stage.PREPARING:
        raise InspectionRefused([_("Chỉ chốt số liệu sau khi có quyết định kiểm tra.")])
    total = held.units.count()
    try:
        with transaction.atomic():
            taking = EvidenceTaking.objects.create(
                inspection=held,
                as_of=held.evidence_on,
                law_fingerprint=load_law().fingerprint,
                state=EvidenceTaking.State.RUNNING,
                total=total,
                asked_by_id=actor.pk,
            )
    except IntegrityError:
        raise InspectionRefused([_("Số liệu đang được chốt. Hãy đợi xong rồi chốt lại.")]) from None
    for pk in held.units.values_list("pk", flat=True):
        enqueue("inspections.evidence_unit", taking_id=taking.pk, inspected_id=pk)
    return taking


def evidence_unit(*, taking_id: int, inspected_id: int) -> None:
    """Freeze one unit; whoever comes second finds it done. The last one ends the taking."""
    with transaction.atomic():
        inspected = (
            InspectedUnit.objects.select_for_update(of=("self",))
            .select_related("unit", "inspection")
            .get(pk=inspected_id)
        )
        taking = EvidenceTaking.objects.get(pk=taking_id)
        if taking.state != EvidenceTaking.State.RUNNING:
            return
        if not Evidence.objects.filter(taking=taking, inspected_unit=inspected).exists():
            Evidence.objects.bulk_create(_rows(taking, inspected), batch_size=50)
    _finish(taking_id)


def evidence_inline(taking: EvidenceTaking) -> EvidenceTaking:
    """Do all of a taking in this process."""
    for pk in taking.inspection.units.values_list("pk", flat=True):
        evidence_unit(taking_id=taking.pk, inspected_id=pk)
    taking.refresh_from_db()
    return taking


@transaction.atomic
def _finish(taking_id: int) -> None:
    taking = EvidenceTaking.objects.select_for_update().get(pk=taking_id)
    if taking.state != EvidenceTaking.State.RUNNING:
        return
    frozen = Evidence.objects.filter(taking=taking).values("inspected_unit").distinct().count()
    taking.done = frozen
    if frozen >= taking.total:
        taking.state, taking.finished_at = EvidenceTaking.State.READY, clock.now()
    taking.save(update_fields=["done", "state", "finished_at"])


@transaction.atomic
def evidence_fail(*, taking_id: int, error: str) -> None:
    """End a taking with a sentence about what went wrong; what was frozen is not used."""
    taking = EvidenceTaking.objects.select_for_update().get(pk=taking_id)
    if taking.state == EvidenceTaking.State.RUNNING:
        taking.state, taking.finished_at = EvidenceTaking.State.FAILED, clock.now()
        taking.error = _INTERRUPTED.format(error=error)
        taking.save(update_fields=["state", "finished_at", "error"])


# ---- What is frozen --------------------------------------------------------------------------


def _rows(taking: EvidenceTaking, inspected: InspectedUnit) -> Iterator[Evidence]:
    """The unit itself, then each plan at it or below it."""
    yield _row(taking, inspected, None, str(inspected.unit), unit_content(inspected, taking.as_of))
    for plan in plans_below(inspected.unit, taking.as_of):
        title = _("Quy hoạch %(unit)s, nhiệm kỳ %(term)s") % {"unit": plan.unit, "term": plan.term}
        yield _row(taking, inspected, plan, title, plan_content(plan, taking.as_of))


def _row(
    taking: EvidenceTaking,
    inspected: InspectedUnit,
    plan: Any,
    title: str,
    content: Mapping[str, Any],
) -> Evidence:
    return Evidence(
        taking=taking,
        inspected_unit=inspected,
        plan=plan,
        title=title[:300],
        content=content,
        digest=digest_of(content),
        taken_at=clock.now(),
    )


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of what is frozen, as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unit_content(inspected: InspectedUnit, as_of: dt.date) -> dict[str, Any]:
    """Findings on rotations, holders of posts and yearly grades of the unit and those below."""
    found = [
        _finding(each, as_of)
        for each in evaluate(as_of=as_of, unit=inspected.unit, only=_BESIDE)
        if each.outcome.code != "not_applicable"
    ]
    return {"findings": found, "people": [], "figures": {}}


def plan_content(plan: Any, as_of: dt.date) -> dict[str, Any]:
    """Findings on a plan, its titles and people, and who was counted where, by which facts."""
    judged = judge(plan, as_of)
    counted: dict[tuple[int, int], list[str]] = {
        (each.pool_id, each.cadre_id): sorted(each.flags) for each in judged.nominations
    }
    people = [
        {**person, "counted": counted.get((person["pool"], person["cadre"]), [])}
        for person in people_of(plan, as_of)
    ]
    return {
        "findings": list(_plan_findings(judged, people, as_of)),
        "people": people,
        "figures": {name: [value, cited] for name, (value, cited) in judged.figures.items()},
    }


def _plan_findings(
    judged: JudgedPlan, people: list[dict[str, Any]], as_of: dt.date
) -> Iterator[dict[str, Any]]:
    titles = {person["pool"]: (person["title_code"], person["title"]) for person in people}
    names = {person["cadre"]: (person["code"], person["name"]) for person in people}
    for finding in judged.plan.findings.values():
        yield _finding(finding, as_of)
    for pool_id, pool in judged.pools.items():
        code, title = titles.get(pool_id, ("", ""))
        for finding in pool.findings.values():
            yield _finding(finding, as_of) | {"pool": pool_id, "title": code, "title_name": title}
    for each in judged.nominations:
        code, name = names.get(each.cadre_id, ("", ""))
        for finding in each.findings.values():
            if finding.outcome.code != "not_applicable":
                yield _finding(finding, as_of) | {
                    "pool": each.pool_id,
                    "cadre": code,
                    "cadre_name": name,
                    "title_name": titles.get(each.pool_id, ("", ""))[1],
                }


def _finding(finding: Finding, as_of: dt.date) -> dict[str, Any]:
    """A finding in the shape of CONTRACT section 3, with a key that is unique in its evidence."""
    shape = finding.as_json(as_of)
    return {
        **shape,
        "key": f"{finding.rule.code}:{finding.kind.code}:{finding.subject_id}",
        "rule_title": str(finding.rule.title),
        "unit_name": finding.labels.unit_name or "",
        "title_name": finding.labels.title_name or "",
        "cadre_name": finding.labels.cadre_name or "",
        "counts": dict(finding.counts),
        "is_sensitive": finding.rule.sensitive,
    }


# ---- Against the data of now -----------------------------------------------------------------


def evidence_now(evidence: Evidence, as_of: dt.date | None = None) -> dict[str, Any]:
    """What the same evidence would say from the data of now; `as_of` None: on its own day."""
    day = as_of or evidence.taking.as_of
    if evidence.plan is None:
        return unit_content(evidence.inspected_unit, day)
    return plan_content(evidence.plan, day)


def latest_taking(inspection: Inspection) -> EvidenceTaking | None:
    """The last taking that is whole."""
    rows: QuerySet[EvidenceTaking] = inspection.takings.filter(state=EvidenceTaking.State.READY)
    return rows.order_by("-pk").first()

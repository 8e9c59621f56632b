"""Evidence: compliance of the inspected units on a day by the law of that day, frozen.

A taking goes unit by unit; each unit is one transaction and may be delivered twice without harm.
What is frozen holds the findings with their sentences, figures and citations, and everybody who was
counted with the facts they were counted by. Nothing changes it later; `evidence_now` says what the
data of now would give.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, require
from cadres.selectors.inspected import grades_below
from compliance.choices import SubjectKind
from compliance.engine.findings import Finding
from compliance.law import load_law
from compliance.services import evaluate
from inspections.choices import Stage
from inspections.models import Evidence, EvidenceTaking, InspectedUnit, Inspection
from inspections.policies import can_manage, can_work
from inspections.services.holding import InspectionRefused, lock_open
from planning.selectors.inspected import plans_below, titles_of
from planning.selectors.judging import JudgedPlan, judge
from planning.selectors.snapshots import people_of
from rotation.selectors.inspected import TourSeen, tours_below

#: A taking of which nothing was heard for so long has lost its worker.
STILL_AFTER = dt.timedelta(minutes=5)
#: Sources that judge units, rotations and holders of posts; plans are judged one by one.
_BESIDE = ("rotations", "appointments", "unit_years")
#: Subjects that are judged by counts over people.
_COUNTED = (SubjectKind.PLAN, SubjectKind.POOL)
#: Judged when a tour ended, not when it began.
_BY_ITS_END = "rotation.duration"
_INTERRUPTED = "Lần chốt số liệu bị gián đoạn: {error}. Hãy chốt lại."
_UNITS_CHANGED = "danh sách đơn vị được kiểm tra đã thay đổi"
_STOPPED = "Lần chốt số liệu đã được dừng theo yêu cầu; phần đã chốt không dùng."


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
            .filter(pk=inspected_id)
            .first()
        )
        taking = EvidenceTaking.objects.get(pk=taking_id)
        if inspected is None:
            evidence_fail(taking_id=taking_id, error=_UNITS_CHANGED)
            return
        if taking.state != EvidenceTaking.State.RUNNING:
            return
        if not Evidence.objects.filter(taking=taking, inspected_unit=inspected).exists():
            Evidence.objects.bulk_create(_rows(taking, inspected), batch_size=50)
    _finish(taking_id)


@transaction.atomic
def evidence_resume(*, actor: Actor, taking: EvidenceTaking) -> int:
    """Send again the units that a lost worker left; how many. What is frozen stays as it is.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock_open(taking.inspection)
    require(can_work(actor, held))
    present = EvidenceTaking.objects.select_for_update().get(pk=taking.pk)
    if present.state != EvidenceTaking.State.RUNNING:
        raise InspectionRefused([_("Lần chốt số liệu này không còn chạy. Hãy tải lại trang.")])
    return _send_again(present)


def takings_resume() -> int:
    """Send again what is left of takings that have stood still; how many takings.

    Whatever is being worked on is found done by who comes second.
    """
    found = 0
    for taking in EvidenceTaking.objects.filter(state=EvidenceTaking.State.RUNNING):
        if clock.now() - heard_of(taking) < STILL_AFTER:
            continue
        if not _send_again(taking):
            _finish(taking.pk)
        found += 1
    return found


def _send_again(taking: EvidenceTaking) -> int:
    done = taking.evidence.values("inspected_unit")
    left = list(taking.inspection.units.exclude(pk__in=done).values_list("pk", flat=True))
    for pk in left:
        enqueue("inspections.evidence_unit", taking_id=taking.pk, inspected_id=pk)
    return len(left)


def heard_of(taking: EvidenceTaking) -> dt.datetime:
    """When the last unit was frozen, or the taking was asked for; one query."""
    last: dt.datetime | None = taking.evidence.aggregate(last=Max("taken_at"))["last"]
    return max(taking.asked_at, last) if last else taking.asked_at


@transaction.atomic
def evidence_stop(*, actor: Actor, taking: EvidenceTaking) -> None:
    """Give up a taking, so that another can be asked for. Raises PermissionDenied,
    InspectionRefused."""
    held = lock_open(taking.inspection)
    require(can_work(actor, held))
    present = EvidenceTaking.objects.select_for_update().get(pk=taking.pk)
    if present.state == EvidenceTaking.State.RUNNING:
        present.state, present.finished_at = EvidenceTaking.State.FAILED, clock.now()
        present.error = _STOPPED
        present.save(update_fields=["state", "finished_at", "error"])


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
        taking.error = _INTERRUPTED.format(error=error.strip().rstrip("."))
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
    """Findings on rotations, holders of posts and yearly grades of the unit and those below.

    `observed`: what no rule judges, from the period examined: rotations, grades by year.
    """
    tours = tours_below(inspected.unit, as_of)
    since, until = _period(inspected, as_of)
    begun = {tour.pk for tour in tours if since <= tour.start_on <= until}
    ended = {tour.pk for tour in tours if tour.ended_on and since <= tour.ended_on <= until}
    found = [
        _finding(each, as_of)
        | {
            "in_period": each.kind != SubjectKind.ROTATION
            or each.subject_id in (ended if each.rule.code == _BY_ITS_END else begun)
        }
        for each in evaluate(as_of=as_of, unit=inspected.unit, only=_BESIDE)
        if each.outcome.code != "not_applicable"
    ]
    turned = [tour for tour in tours if tour.pk in begun]
    return {
        "findings": found,
        "people": [],
        "figures": {},
        "observed": [_rotations(turned, since, until), *_grades(inspected, since, as_of)],
    }


def _period(inspected: InspectedUnit, as_of: dt.date) -> tuple[dt.date, dt.date]:
    inspection = inspected.inspection
    return inspection.period_from, min(inspection.period_to, as_of)


def _rotations(tours: list[TourSeen], since: dt.date, until: dt.date) -> dict[str, Any]:
    ways = Counter(tour.way for tour in tours)
    return {
        "key": "observed.rotations",
        "measured": {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "total": len(tours),
            **{way: ways[way] for way in ("out", "in", "inside")},
        },
        "rows": [
            {
                "code": tour.code,
                "name": tour.name,
                "from": tour.from_post,
                "to": tour.to_post,
                "start_on": tour.start_on.isoformat(),
                "ended_on": tour.ended_on.isoformat() if tour.ended_on else None,
            }
            for tour in tours
        ],
    }


def _grades(inspected: InspectedUnit, since: dt.date, as_of: dt.date) -> Iterator[dict[str, Any]]:
    """A year each: units that graded, and those where everybody has the same grade."""
    years = range(min(since.year, as_of.year - 1), as_of.year)
    given = grades_below(inspected.unit, years)
    for year in years:
        rows = [each for each in given if each.year == year]
        if not rows:
            continue
        telling = [each for each in rows if each.is_telling]
        yield {
            "key": f"observed.grades.{year}",
            "measured": {
                "year": year,
                "units": len(telling),
                "alike": sum(each.is_alike for each in telling),
                "people": sum(each.total for each in rows),
            },
            "rows": [
                {
                    "unit": each.unit_code,
                    "unit_name": each.unit_name,
                    "grades": each.grades,
                    "is_alike": each.is_alike,
                }
                for each in rows
            ],
        }


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
    place = {"unit": plan.unit.code, "unit_name": plan.unit.name, "term": plan.term.code}
    return {
        "findings": [each | place for each in _plan_findings(judged, plan, people, as_of)],
        "people": people,
        "figures": {name: [value, cited] for name, (value, cited) in judged.figures.items()},
    }


def _plan_findings(
    judged: JudgedPlan, plan: Any, people: list[dict[str, Any]], as_of: dt.date
) -> Iterator[dict[str, Any]]:
    titles = titles_of(plan)
    names = {person["cadre"]: (person["code"], person["name"]) for person in people}
    for finding in judged.plan.findings.values():
        yield _finding(finding, as_of)
    for pool_id, pool in judged.pools.items():
        code, title = titles[pool_id]
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
                    "title": titles[each.pool_id][0],
                    "title_name": titles[each.pool_id][1],
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
        # Of people and turns the measured values say it all.
        "counts": dict(finding.counts) if finding.kind in _COUNTED else {},
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

"""One plan judged at once: the same as the whole check, and a what-if the same as after saving."""

import datetime as dt
import json
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from cadres.models import Cadre
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from compliance.models import ComplianceChange, ComplianceState, FigureSet
from compliance.services import evaluate
from planning.models import Nomination, Plan
from planning.services import plan_check, plans_recheck_after, plans_touched
from tests import factories
from tests.cast import Organisation
from tests.engine.conftest import SAMPLE_DAY

OTHER_DAY = dt.date(2024, 5, 17)


def lines(findings: list[Finding], day: dt.date) -> Counter[str]:
    return Counter(json.dumps(f.as_json(day), sort_keys=True) for f in findings)


@pytest.mark.parametrize("day", [SAMPLE_DAY, OTHER_DAY])
def test_it_equals_the_whole_check(sample: None, day: dt.date) -> None:
    whole: dict[int, list[Finding]] = {}
    for finding in evaluate(as_of=day):
        if finding.kind <= SubjectKind.NOMINATION:
            whole.setdefault(finding.group_id, []).append(finding)
    for plan in Plan.objects.select_related("unit", "term"):
        assert lines(plan_check(plan=plan, as_of=day), day) == lines(whole[plan.pk], day), plan


def test_what_if_equals_the_check_after_saving(sample: None) -> None:
    plan = Plan.objects.select_related("unit", "term").filter(nominations__isnull=False)[0]
    gone = list(Nomination.objects.filter(plan=plan, removed_on=None)[:3])
    pools = list(plan.pools.order_by("pk")[:2])
    inside = Nomination.objects.filter(plan=plan).values("cadre")
    people = list(Cadre.objects.exclude(pk__in=inside).order_by("code")[:2])
    added = [(pools[0].pk, people[0].pk), (pools[1].pk, people[0].pk), (pools[1].pk, people[1].pk)]
    before = plan_check(plan=plan, as_of=SAMPLE_DAY)
    guess = plan_check(plan=plan, as_of=SAMPLE_DAY, added=added, removed=[each.pk for each in gone])
    assert {f.subject_id for f in guess if f.subject_id < 0} == {-1, -2, -3}
    assert lines(plan_check(plan=plan, as_of=SAMPLE_DAY), SAMPLE_DAY) == lines(before, SAMPLE_DAY)
    for pool_id, cadre_id in added:
        factories.NominationFactory(
            pool=plan.pools.get(pk=pool_id), cadre_id=cadre_id, nominated_on=SAMPLE_DAY
        )
    for each in gone:
        each.removed_on = SAMPLE_DAY
        each.save()
    after = plan_check(plan=plan, as_of=SAMPLE_DAY)
    assert lines(guess, SAMPLE_DAY) == lines(after, SAMPLE_DAY)
    assert lines(guess, SAMPLE_DAY) != lines(before, SAMPLE_DAY)


def test_it_leaves_nothing_behind(organisation: Organisation) -> None:
    plan_check(plan=organisation.plan, as_of=OTHER_DAY)
    left = FigureSet.objects.count(), ComplianceState.objects.count()
    assert (*left, ComplianceChange.objects.count()) == (0, 0, 0)
    assert plan_check(plan=organisation.plan, as_of=OTHER_DAY)  # and may be asked again


def test_an_empty_plan_is_judged(organisation: Organisation) -> None:
    Nomination.objects.filter(plan=organisation.plan).delete()
    found = plan_check(plan=organisation.plan, as_of=SAMPLE_DAY)
    ages = next(f for f in found if f.rule.code == "planning.three_age_bands")
    assert ages.measured["young"] == 0
    assert ages.labels.unit_name == "Sở Nội vụ"
    assert not [f for f in found if f.kind == SubjectKind.NOMINATION]


def test_findings_are_named(organisation: Organisation) -> None:
    found = plan_check(
        plan=organisation.plan,
        as_of=SAMPLE_DAY,
        added=[(organisation.pool.pk, organisation.outsider.pk)],
    )
    proposed = next(f for f in found if f.subject_id == -1)
    assert proposed.labels.cadre_name == "Lý Thị Đào"
    assert proposed.labels.title_name == "Giám đốc"
    saved = next(f for f in found if f.kind == SubjectKind.NOMINATION and f.subject_id > 0)
    assert saved.labels.cadre_code == "CB-NV"


def test_its_statements_do_not_follow_the_size(sample: None) -> None:
    plans = Plan.objects.select_related("unit", "term").annotate(size=Count("nominations"))
    small, large = plans.order_by("size")[0], plans.order_by("-size")[0]
    counts = []
    for plan in (small, large):
        plan_check(plan=plan, as_of=SAMPLE_DAY)
        with CaptureQueriesContext(connection) as captured:
            plan_check(plan=plan, as_of=SAMPLE_DAY)
        counts.append(len(captured))
    assert large.size > small.size
    assert counts == [3, 3]


# ---- After an edit ---------------------------------------------------------------------------


def test_an_edit_touches_the_plans_that_share_the_person(organisation: Organisation) -> None:
    upper = factories.PlanFactory(unit=organisation.province)
    pool = factories.pool_of(upper, organisation.director)
    factories.NominationFactory(pool=pool, cadre=organisation.insider)
    lone = organisation.other_plan.pk
    touched = plans_touched(plan_ids=[organisation.plan.pk], cadre_ids=[organisation.insider.pk])
    assert touched == {organisation.plan.pk, upper.pk}
    assert plans_touched(cadre_ids=[organisation.outsider.pk]) == {lone}


def test_without_people_the_plans_above_count(organisation: Organisation) -> None:
    upper = factories.PlanFactory(unit=organisation.province)
    assert plans_touched(plan_ids=[organisation.plan.pk]) == {organisation.plan.pk, upper.pk}


def test_recheck_is_sent_on_commit(
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    sent: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        "cadre_portal.common.jobs._send", lambda name, kwargs, _failed: sent.append((name, kwargs))
    )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        plans_recheck_after(plan_ids=[organisation.plan.pk])
        assert sent == []
    expected = {"source_name": "planning", "groups": [organisation.plan.pk]}
    assert sent == [("compliance.recheck", expected)]
    assert plans_recheck_after() == []


def test_outcomes_are_ordered() -> None:
    """Cards and rows rely on it."""
    assert Outcome.NOT_MET > Outcome.CANNOT_TELL > Outcome.MET > Outcome.NOT_APPLICABLE

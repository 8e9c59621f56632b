"""Evidence: what is frozen, that it stays, and what the data of now would say."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cadres.models import User
from inspections.choices import Stage
from inspections.models import Evidence, EvidenceTaking
from inspections.services.evidence import (
    digest_of,
    evidence_inline,
    evidence_now,
    evidence_take,
    evidence_unit,
    latest_taking,
)
from inspections.services.holding import InspectionRefused
from planning.services import plan_check
from tests.inspections.conftest import Scene, advance


@pytest.fixture
def taking(scene: Scene) -> EvidenceTaking:
    """A whole taking."""
    advance(scene, Stage.SELF_REPORTING)
    return evidence_inline(evidence_take(actor=scene.lead, inspection=scene.inspection))


def test_it_freezes_what_the_check_of_the_day_finds(taking: EvidenceTaking, scene: Scene) -> None:
    assert taking.state == EvidenceTaking.State.READY
    assert taking.done == taking.total == 2
    plan = scene.organisation.plan
    found = Evidence.objects.get(taking=taking, plan=plan)
    expected = {
        (each.rule.code, each.kind.code, each.outcome.code, each.message)
        for each in plan_check(plan=plan, as_of=taking.as_of)
        if each.kind.code != "nomination" or each.outcome.code != "not_applicable"
    }
    frozen = {
        (each["rule"], each["subject"], each["outcome"], each["message"])
        for each in found.content["findings"]
    }
    assert frozen == expected
    assert [person["code"] for person in found.content["people"]] == ["CB-NV"]
    assert found.digest == digest_of(found.content)
    keys = [each["key"] for each in found.content["findings"]]
    assert len(keys) == len(set(keys))


def test_later_corrections_change_nothing_and_are_seen(
    taking: EvidenceTaking, scene: Scene
) -> None:
    found = Evidence.objects.get(taking=taking, plan=scene.organisation.plan)
    before = found.content
    person = scene.organisation.insider
    person.birth_date = dt.date(1960, 1, 1)
    person.save()
    found.refresh_from_db()
    assert found.content == before
    assert evidence_now(found)["people"][0]["birth_date"] == "1960-01-01"
    for act in (
        lambda: Evidence.objects.filter(pk=found.pk).update(title="khác"),
        lambda: Evidence.objects.filter(pk=found.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_twice_delivered_is_frozen_once(taking: EvidenceTaking, scene: Scene) -> None:
    count = Evidence.objects.count()
    evidence_unit(taking_id=taking.pk, inspected_id=scene.department.pk)
    assert Evidence.objects.count() == count
    again = evidence_take(actor=scene.lead, inspection=scene.inspection)
    with pytest.raises(InspectionRefused, match="đang được chốt"):
        evidence_take(actor=scene.lead, inspection=scene.inspection)
    evidence_unit(taking_id=again.pk, inspected_id=scene.department.pk)
    assert latest_taking(scene.inspection) == taking
    evidence_unit(taking_id=again.pk, inspected_id=scene.other.pk)
    assert latest_taking(scene.inspection) == again


def test_only_the_issuing_side_takes_evidence(scene: Scene, unit_officer: User) -> None:
    with pytest.raises(InspectionRefused, match="sau khi có quyết định"):
        evidence_take(actor=scene.lead, inspection=scene.inspection)
    advance(scene, Stage.DEPLOYING)
    for user in (unit_officer, scene.outsider):
        with pytest.raises(PermissionDenied):
            evidence_take(actor=user, inspection=scene.inspection)

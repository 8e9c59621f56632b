"""The mandate: who reads what for how long, limits, steps and what stands in their way."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from cadre_portal.common import clock
from cadres.models import RoleGrant, User
from cadres.selectors.cadres import cadres_visible
from cadres.selectors.units import unit_list
from inspections.choices import Stage, TeamRole
from inspections.selectors import inspected_visible, inspection_get, inspections_visible
from inspections.selectors.inspections import limits_of, obstacles
from inspections.services import inspections as services
from inspections.services.holding import InspectionRefused
from inspections.services.mandate import member_remove, member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance


def names(user: User) -> set[str]:
    """Codes of the people whom the account may see, asked anew."""
    fresh = User.objects.get(pk=user.pk)
    return {person.code for person in cadres_visible(fresh)}


def test_the_team_reads_the_inspected_units_and_nothing_else_while_it_works(scene: Scene) -> None:
    assert names(scene.lead) == set()
    advance(scene, Stage.DEPLOYING)
    assert names(scene.lead) == {"CB-NV", "CB-LT", "CB-YT"}
    assert names(scene.outsider) == set()
    assert "X01321" not in {unit.code for unit in unit_list(User.objects.get(pk=scene.lead.pk))}
    with clock.frozen(dt.date(2026, 12, 26)):
        assert names(scene.lead) == set()


def test_a_member_reads_the_units_assigned(scene: Scene) -> None:
    member = factories.UserFactory(username="thanhvien")
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=member,
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    advance(scene, Stage.DEPLOYING)
    assert names(member) == {"CB-YT"}
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=member,
        role=TeamRole.MEMBER,
        units=[scene.department],
    )
    assert names(member) == {"CB-NV", "CB-LT"}
    member_remove(
        actor=scene.officer,
        inspection=scene.inspection,
        member=scene.inspection.team.get(user=member),
    )
    assert names(member) == set()
    assert RoleGrant.objects.filter(user=member).count() == 2


def test_nobody_inspects_their_own_unit_and_there_is_one_lead(
    scene: Scene, unit_officer: User
) -> None:
    with pytest.raises(InspectionRefused, match="đang phụ trách Sở Nội vụ"):
        member_set(
            actor=scene.officer,
            inspection=scene.inspection,
            user=unit_officer,
            role=TeamRole.MEMBER,
        )
    with pytest.raises(InspectionRefused, match="đã có trưởng đoàn"):
        member_set(
            actor=scene.officer,
            inspection=scene.inspection,
            user=scene.outsider,
            role=TeamRole.LEAD,
        )


def test_who_sees_an_inspection(
    scene: Scene, unit_officer: User, approver: User, auditor: User
) -> None:
    for user in (scene.officer, scene.lead, scene.secretary, approver):
        assert inspection_get(user, scene.inspection.pk) == scene.inspection
    for user in (unit_officer, auditor, scene.outsider):
        assert not inspections_visible(user).exists()
        with pytest.raises(Http404):
            inspection_get(user, scene.inspection.pk)
    assert not inspected_visible(unit_officer).exists()
    advance(scene, Stage.DEPLOYING)
    assert list(inspected_visible(unit_officer)) == [scene.department]
    assert not inspected_visible(scene.lead).exists()


def test_units_do_not_manage_what_inspects_them(scene: Scene, unit_officer: User) -> None:
    for act in (
        lambda: services.inspection_advance(actor=unit_officer, inspection=scene.inspection),
        lambda: services.units_set(actor=unit_officer, inspection=scene.inspection, rows=[]),
        lambda: services.outline_set(actor=unit_officer, inspection=scene.inspection, items=[]),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_limits_are_those_of_the_day_of_the_decision(scene: Scene) -> None:
    found = {limit.name: limit for limit in limits_of(scene.inspection)}
    assert found["Thời hạn kiểm tra"].planned == 31
    assert found["Thời hạn kiểm tra"].allowed == 45
    assert found["Mốc thời gian kiểm tra"].is_kept is True
    scene.inspection.ends_on = dt.date(2027, 1, 9)  # 46 days
    scene.inspection.period_from = dt.date(2021, 9, 30)  # the sixth year begins
    broken = [limit.name for limit in limits_of(scene.inspection) if limit.is_kept is False]
    assert broken == ["Thời hạn kiểm tra", "Mốc thời gian kiểm tra"]
    texts = [each.text for each in obstacles(scene.inspection)]
    assert any("46 ngày, tối đa 45 ngày" in text for text in texts)
    scene.inspection.decision_on = dt.date(2017, 3, 21)
    assert {limit.is_kept for limit in limits_of(scene.inspection)} == {None}


def test_an_extension_is_a_third_at_most_and_has_a_paper(scene: Scene) -> None:
    scene.inspection.refresh_from_db()
    with pytest.raises(ValidationError, match="Thiếu văn bản gia hạn"):
        services.inspection_change(
            actor=scene.officer,
            inspection=scene.inspection,
            version=scene.inspection.version,
            values={"extended_to": dt.date(2027, 1, 4)},
        )
    scene.inspection.refresh_from_db()
    services.inspection_change(
        actor=scene.officer,
        inspection=scene.inspection,
        version=scene.inspection.version,
        values={"extended_to": dt.date(2027, 1, 4), "extension_document": "5-CV"},
    )
    scene.inspection.refresh_from_db()
    limit = next(each for each in limits_of(scene.inspection) if each.name == "Gia hạn")
    assert (limit.planned, limit.allowed, limit.is_kept) == (10, 10, True)
    with pytest.raises(InspectionRefused, match="Người khác vừa sửa"):
        services.inspection_change(
            actor=scene.officer, inspection=scene.inspection, version=0, values={"name": "Khác"}
        )


def test_every_step_tells_all_that_it_lacks(scene: Scene) -> None:
    scene.inspection.team.all().delete()
    scene.inspection.outline.all().delete()
    scene.inspection.units.update(report_due_on=None)
    with pytest.raises(InspectionRefused) as refused:
        services.inspection_advance(actor=scene.officer, inspection=scene.inspection)
    text = " ".join(refused.value.reasons)
    for words in ("trưởng đoàn", "đề cương", "2 đơn vị chưa có hạn"):
        assert words in text


def test_steps_go_one_by_one_and_back(scene: Scene) -> None:
    advance(scene, Stage.DEPLOYING)
    with pytest.raises(InspectionRefused, match="biên bản triển khai"):
        services.inspection_advance(actor=scene.officer, inspection=scene.inspection)
    services.inspection_step_back(actor=scene.lead, inspection=scene.inspection)
    scene.inspection.refresh_from_db()
    assert scene.inspection.stage == Stage.PREPARING
    with pytest.raises(InspectionRefused, match="bước đầu tiên"):
        services.inspection_step_back(actor=scene.officer, inspection=scene.inspection)


def test_a_unit_about_which_something_is_written_stays(scene: Scene) -> None:
    advance(scene, Stage.SELF_REPORTING)
    scene.inspection.minutes.create(
        kind="working", inspected_unit=scene.department, held_on=TODAY, text="Làm việc"
    )
    with pytest.raises(InspectionRefused, match="Sở Nội vụ đã có"):
        services.units_set(
            actor=scene.officer,
            inspection=scene.inspection,
            rows=[{"unit": scene.organisation.other, "head": "A", "report_due_on": TODAY}],
        )
    with pytest.raises(InspectionRefused, match="Đề cương đã gửi"):
        services.outline_set(actor=scene.officer, inspection=scene.inspection, items=[])

"""Programmes: items with reasons, coverage by dates, ranking on real data, pages, rights."""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.choices import Grade, Level
from cadres.models import Unit, User
from compliance.choices import Outcome
from compliance.services import run_inline, run_start
from inspections.choices import Stage
from inspections.models import Inspection, Programme, ProgrammeItem
from inspections.risk import risk_of
from inspections.selectors.coverage import Covered, coverage, facts_of
from inspections.selectors.programmes import programme_list, programmes_visible
from inspections.services import programmes as services
from inspections.services.holding import InspectionRefused
from planning.selectors import checked
from planning.services import plan_check
from rotation.choices import RotationStatus
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance
from tests.inspections.remedies import another, conclude, recommend

Browser = Callable[[User], Client]


@pytest.fixture
def programme(scene: Scene) -> Programme:
    """The programme of 2027 of the provincial committee."""
    return services.programme_open(
        actor=scene.officer,
        values={
            "year": 2027,
            "unit": scene.organisation.province,
            "decision_no": "15-CTr/TU",
            "decision_on": dt.date(2026, 11, 30),
            "note": "",
        },
    )


def add(scene: Scene, programme: Programme, *units: Unit, **more: object) -> list[ProgrammeItem]:
    return services.items_add(
        actor=scene.officer,
        programme=programme,
        rows=[
            {"unit": unit, "subject": "Quy hoạch", "quarter": 2, "reason": "Lâu chưa kiểm tra"}
            | more
            for unit in units
        ],
    )


# ---- The programme ---------------------------------------------------------------------------


def test_one_programme_a_year_and_body(
    scene: Scene, programme: Programme, unit_officer: User, approver: User
) -> None:
    values = {"year": 2027, "unit": scene.organisation.province, "decision_no": "", "note": ""}
    with pytest.raises(ValidationError, match="Đã có chương trình năm 2027"):
        services.programme_open(actor=scene.officer, values=values)
    for user in (unit_officer, approver):
        with pytest.raises(PermissionDenied):
            services.programme_open(actor=user, values={**values, "year": 2028})
    with pytest.raises(ValidationError, match="cần số văn bản"):
        services.programme_change(
            actor=scene.officer,
            programme=programme,
            values={"decision_no": "", "decision_on": TODAY, "note": ""},
        )
    assert list(programmes_visible(approver)) == [programme]
    assert not programmes_visible(unit_officer).exists()
    assert not programmes_visible(scene.lead).exists()


def test_units_are_put_in_once_and_only_those_of_the_body(
    scene: Scene, programme: Programme
) -> None:
    organisation = scene.organisation
    add(scene, programme, organisation.department, organisation.other)
    assert add(scene, programme, organisation.department) == []
    assert programme.items.count() == 2
    for unit, words in (
        (organisation.province, "không thuộc"),
        (organisation.district, "không hoạt động trong năm 2027"),
        (factories.UnitFactory(code="NGOAI", name="Tỉnh khác"), "không thuộc"),
    ):
        with pytest.raises(ValidationError, match=words):
            add(scene, programme, unit)
    with pytest.raises(ValidationError):
        add(scene, programme, organisation.centre, subject=" ")
    assert programme.items.count() == 2


def test_an_inspection_is_opened_from_items_and_counted(scene: Scene, programme: Programme) -> None:
    organisation = scene.organisation
    first, second = add(scene, programme, organisation.department, organisation.other)
    values = {
        name: getattr(scene.inspection, name)
        for name in (
            *("name", "subject", "law_examined", "period_from", "period_to"),
            *("starts_on", "ends_on", "evidence_on"),
        )
    }
    made = services.inspection_of_items(
        actor=scene.officer, programme=programme, items=[first], values=values
    )
    assert (made.programme, made.unit) == (programme, organisation.province)
    assert [each.unit for each in made.units.all()] == [organisation.department]
    assert programme_list(scene.officer).get().begun == 0  # still being prepared
    Inspection.objects.filter(pk=made.pk).update(
        stage=Stage.DEPLOYING, decision_no="1-QĐ", decision_on=TODAY
    )
    found = programme_list(scene.officer).get()
    assert (found.item_count, found.begun) == (2, 1)
    with pytest.raises(InspectionRefused, match="không bỏ được"):
        services.item_remove(actor=scene.officer, item=first)
    services.item_remove(actor=scene.officer, item=second)
    assert programme.items.get() == first
    with pytest.raises(InspectionRefused, match="ít nhất một đơn vị"):
        services.inspection_of_items(
            actor=scene.officer, programme=programme, items=[], values=values
        )


# ---- Coverage --------------------------------------------------------------------------------


def covered(scene: Scene, programme: Programme, day: dt.date = TODAY) -> dict[str, Covered]:
    return {row.unit.code: row for row in coverage(scene.officer, programme, day)}


def test_coverage_goes_by_dates(scene: Scene, programme: Programme, approver: User) -> None:
    organisation = scene.organisation
    [department] = another(scene, [organisation.department])  # from 1/3/2024
    conclude(department.inspection, approver, dt.date(2024, 4, 10))
    found = covered(scene, programme)
    assert set(found) == {"SNV", "SNV-LT", "SYT", "X01321"}
    last = found["SNV"].last
    assert last is not None
    assert last.on == dt.date(2024, 3, 1)
    assert found["SNV-LT"].last == last  # inside the department
    assert found["SYT"].last is None
    for day, years, is_long_ago in (
        (dt.date(2026, 3, 1), 2, False),
        (dt.date(2026, 3, 2), 2, True),
        (dt.date(2026, 12, 1), 3, False),
        (dt.date(2027, 3, 2), 3, True),
    ):
        row = covered(scene, programme, day)["SNV"]
        assert row.is_long_ago(day, years) is is_long_ago, day
    # Never inspected: long ago, unless the unit itself is younger than that.
    assert found["SYT"].is_long_ago(TODAY, 3)
    assert not found["X01321"].is_long_ago(TODAY, 3)
    assert found["X01321"].is_long_ago(TODAY, 1)  # it is there since 1/7/2025
    # Before that inspection began there was none.
    assert covered(scene, programme, dt.date(2024, 2, 29))["SNV"].last is None


def test_what_is_planned_and_done_is_told(scene: Scene, programme: Programme) -> None:
    organisation = scene.organisation
    [item] = add(scene, programme, organisation.other)
    advance(scene, Stage.DEPLOYING)  # Sở Nội vụ and Sở Y tế, from 25/11/2026
    found = covered(scene, programme)
    assert found["SYT"].items == (item,)
    assert found["SNV"].items == ()
    assert found["SYT"].in_year == ()  # that was 2026
    Inspection.objects.filter(pk=scene.inspection.pk).update(
        starts_on=dt.date(2027, 1, 5), ends_on=dt.date(2027, 2, 1)
    )
    assert [each.on for each in covered(scene, programme)["SYT"].in_year] == [dt.date(2027, 1, 5)]


# ---- Ranking ---------------------------------------------------------------------------------


def test_signs_are_measured_on_the_same_verdicts_as_the_check(
    scene: Scene, programme: Programme, approver: User
) -> None:
    """The plan of Sở Nội vụ judged by itself says how many results fail."""
    organisation = scene.organisation
    for parameter, value in (
        ("planning.women_share.minimum", 50),
        ("planning.openness.minimum_external", 1),
        ("planning.age_bands.young_below", 35),
        ("planning.age_bands.middle_to", 45),
    ):
        factories.TargetFactory(
            unit=organisation.province, parameter=parameter, level="province", value=value
        )
    factories.NominationFactory(
        pool=organisation.pool, cadre=factories.CadreFactory(sex="", birth_date=None)
    )
    for _time in range(5):
        factories.EvaluationFactory(unit=organisation.department, year=2025, grade=Grade.HTTNV)
    factories.RotationFactory(
        from_unit=organisation.other,
        to_unit=organisation.commune,
        status=RotationStatus.IN_PROGRESS,
        start_on=dt.date(2026, 1, 15),
    )
    recommend(scene.department, due_on=TODAY - dt.timedelta(days=1))
    conclude(scene.inspection, approver)
    run_inline(run_start(actor=None, as_of=TODAY, inline=True))
    rows = coverage(scene.officer, programme, TODAY)
    basis = checked(scene.officer, TODAY).basis
    facts = facts_of(scene.officer, programme, rows, basis, TODAY, 3)
    mine = facts[organisation.department.pk]
    assert mine.verdicts is not None
    expected = {kind: [0, 0, 0] for kind in ("plan", "pool")}
    bad_people, unclear_people = set(), set()
    for each in plan_check(plan=organisation.plan, as_of=TODAY):
        if each.kind.code in expected and each.outcome != Outcome.NOT_APPLICABLE:
            tally = expected[each.kind.code]
            tally[0] += 1
            tally[1] += each.outcome == Outcome.NOT_MET
            tally[2] += each.outcome == Outcome.CANNOT_TELL
        if each.kind.code == "nomination":
            if each.outcome == Outcome.NOT_MET:
                bad_people.add(each.subject_id)
            if each.outcome == Outcome.CANNOT_TELL:
                unclear_people.add(each.subject_id)
    found = mine.verdicts
    for tally, name in ((found.plan, "plan"), (found.pools, "pool")):
        assert [tally.judged, tally.not_met, tally.cannot_tell] == expected[name], name
    assert (found.people.judged, found.people.not_met) == (2, len(bad_people))
    assert found.people.cannot_tell == len(unclear_people - bad_people)
    assert (found.nominees, found.external, found.unknown) == (2, 0, 1)
    assert (mine.graded, mine.grades) == (5, 1)
    assert (mine.open_remedies, mine.late_remedies) == (1, 1)
    assert mine.last_on == scene.inspection.starts_on
    assert mine.moves == 0
    assert facts[organisation.other.pk].moves == 1
    assert facts[organisation.commune.pk].verdicts is None  # no plan
    whole = 4 * found.plan.judged + 2 * found.pools.judged + found.people.judged
    bad = 4 * found.plan.not_met + 2 * found.pools.not_met + found.people.not_met
    failing = next(part for part in risk_of(mine).parts if part.sign.key == "chua-dat")
    assert failing.points == Fraction(30 * bad, whole)
    assert bad > 0


# ---- Pages -----------------------------------------------------------------------------------


def url(name: str, *args: object) -> str:
    return reverse(f"inspections:{name}", args=args)


def test_a_unit_goes_from_the_ranking_into_the_programme(
    scene: Scene, programme: Programme, signed_in: Browser
) -> None:
    office = signed_in(scene.officer)
    page = office.get(url("programme-ranking", programme.pk)).content.decode()
    assert "Chưa có kết quả kiểm tra tuân thủ của ngày này" in page
    run_inline(run_start(actor=None, as_of=TODAY, inline=True))
    page = office.get(url("programme-ranking", programme.pk)).content.decode()
    assert "không phải quy định" in page
    assert page.count('name="don-vi"') == 4
    query = {"don-vi": ["SNV", "SYT"], "nam": "3"}
    form = office.get(url("programme-item-add", programme.pk), query).content.decode()
    assert "Quy hoạch khép kín: 0/1 người từ nơi khác" in form  # a reason to be edited
    answer = office.post(
        url("programme-item-add", programme.pk) + "?don-vi=SNV&don-vi=SYT",
        {"subject": "", "quarter": "1"},
    )
    assert answer.status_code == 422
    answer = office.post(
        url("programme-item-add", programme.pk) + "?don-vi=SNV&don-vi=SYT",
        {"subject": "Quy hoạch", "quarter": "1", "ly-do-SNV": "Điểm cao", "ly-do-SYT": ""},
    )
    assert answer.status_code == 302
    item = programme.items.get(unit=scene.organisation.department)
    assert (item.quarter, item.reason) == (1, "Điểm cao")
    page = office.get(url("programme-ranking", programme.pk)).content.decode()
    assert page.count('name="don-vi"') == 2
    listed = office.get(url("programme-detail", programme.pk)).content.decode()
    for words in ("Quý 1", "Sở Nội vụ", "Điểm cao", "Chưa triển khai"):
        assert words in listed


def test_an_inspection_is_opened_from_the_page_of_the_programme(
    scene: Scene, programme: Programme, signed_in: Browser
) -> None:
    first, second = add(scene, programme, scene.organisation.department, scene.organisation.other)
    office = signed_in(scene.officer)
    address = f"{url('programme-inspect', programme.pk)}?muc={first.pk}&muc={second.pk}"
    page = office.get(address).content.decode()
    assert "Kiểm tra quy hoạch tại 2 đơn vị" in page
    assert "01/04/2027" in page  # the second quarter begins
    form = {
        "name": "Kiểm tra quy hoạch tại 2 đơn vị",
        "unit": "CB",
        "subject": "Quy hoạch",
        "law_examined": "377-QĐ/TW",
        "period_from": "01/01/2026",
        "period_to": "31/12/2026",
        "starts_on": "01/04/2027",
        "ends_on": "30/04/2027",
    }
    assert office.post(address, {**form, "name": ""}).status_code == 422
    assert office.post(address, form).status_code == 302
    made = Inspection.objects.get(programme=programme)
    assert {each.unit.code for each in made.units.all()} == {"SNV", "SYT"}
    assert "Chuẩn bị" in office.get(url("programme-detail", programme.pk)).content.decode()
    assert office.get(url("programme-inspect", programme.pk)).status_code == 302


def test_weights_and_years_are_those_of_the_address(
    scene: Scene, programme: Programme, signed_in: Browser
) -> None:
    office = signed_in(scene.officer)
    address = url("programme-ranking", programme.pk)
    only = "&".join(f"ts-{key}=0" for key in ("chua-dat", "ra-soat", "khep-kin", "xep-loai"))
    page = office.get(f"{address}?{only}&ts-luan-chuyen=0&ts-chua-ro=0&ts-kien-nghi=0&nam=1")
    text = page.content.decode()
    assert "tối đa 100,0" in text
    assert text.count('<td class="num strong"') == 4
    # All nothing, or no numbers: the table's own.
    nothing = "&".join(f"ts-{key}=0" for key in ("chua-dat", "ra-soat"))
    assert "tối đa 30,0" in office.get(f"{address}?ts-chua-dat=x&nam=999").content.decode()
    assert office.get(f"{address}?{nothing}").status_code == 200


def test_only_the_inspecting_side_finds_programmes(
    scene: Scene, programme: Programme, unit_officer: User, approver: User, signed_in: Browser
) -> None:
    [item] = add(scene, programme, scene.organisation.department)
    names = ("programme-detail", "programme-coverage", "programme-ranking")
    for user in (unit_officer, scene.lead, scene.outsider):
        browser = signed_in(user)
        assert browser.get(url("programme-list")).status_code == 403
        for name in (*names, "programme-edit", "programme-item-add"):
            assert browser.get(url(name, programme.pk)).status_code == 404
    reader = signed_in(approver)
    for name in names:
        assert reader.get(url(name, programme.pk)).status_code == 200
    assert reader.get(url("programme-edit", programme.pk)).status_code == 403
    remove = url("programme-item-remove", programme.pk, item.pk)
    assert reader.post(remove).status_code == 403
    assert signed_in(scene.officer).post(remove).status_code == 302
    assert not programme.items.exists()


@pytest.mark.parametrize("name", ["programme-detail", "programme-coverage", "programme-ranking"])
def test_the_number_of_queries_does_not_grow(
    name: str, scene: Scene, programme: Programme, signed_in: Browser
) -> None:
    run_inline(run_start(actor=None, as_of=TODAY, inline=True))
    office, counts = signed_in(scene.officer), []
    for number in (1, 12):
        for _time in range(number):
            unit = factories.UnitFactory(parent=scene.organisation.province, level=Level.PROVINCE)
            factories.PositionFactory(unit=unit, title=scene.organisation.director)
            factories.PlanFactory(unit=unit)
            add(scene, programme, unit)
        office.get(url(name, programme.pk))
        with CaptureQueriesContext(connection) as seen:
            assert office.get(url(name, programme.pk)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 24
    assert clock.today() == TODAY

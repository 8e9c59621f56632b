"""Needs: each kind by the data and the law of the day, its borders, who sees it, the page."""

import datetime as dt
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Level, UnitKind
from cadres.models import (
    Appointment,
    Cadre,
    ExportRecord,
    LocalFlag,
    PositionPeriod,
    Title,
    Unit,
    UnitSuccession,
    User,
)
from cadres.policies import EVERYTHING
from compliance.choices import Outcome, SubjectKind
from compliance.facts import UNIT_YEARS
from compliance.models import Waiver
from compliance.selectors.judged import findings_on
from compliance.services import evaluate
from planning.models import Pool
from rotation.choices import AnswerStage, Flow, NeedReason, RotationKind, RotationStatus
from rotation.facts import APPOINTMENTS, ROTATIONS
from rotation.selectors.answers import answers_on
from rotation.selectors.needs import NeedFilter, NeedRows, is_due
from rotation.selectors.one_way import one_way_units
from rotation.selectors.vacancies import vacancies_on
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY

Browser = Callable[[User], Client]
URL = reverse("rotation:need-list")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def reasons(actor: User, cadre: Cadre, day: dt.date = TODAY, **wanted: Any) -> list[NeedReason]:
    """Why this person should move."""
    return [need.reason for need in found(actor, day, **wanted) if need.code == cadre.code]


def found(actor: User, day: dt.date = TODAY, **wanted: Any) -> list[Any]:
    rows = NeedRows(actor, day, NeedFilter(**wanted))
    needs: list[Any] = rows[: len(rows)]
    return needs


def serving(unit: Unit, title: Title, start_on: dt.date, **values: Any) -> Cadre:
    cadre: Cadre = factories.CadreFactory(**values)
    factories.AppointmentFactory(cadre=cadre, unit=unit, title=title, start_on=start_on)
    return cadre


def commune(organisation: Organisation, name: str, **values: Any) -> Unit:
    return factories.UnitFactory(  # type: ignore[no-any-return]
        parent=organisation.province,
        name=name,
        kind=UnitKind.COMMUNE,
        level=Level.COMMUNE,
        **values,
    )


# ---- Heads -----------------------------------------------------------------------------------


@pytest.fixture
def secretary() -> Title:
    """A title that locals must not hold."""
    return factories.TitleFactory(  # type: ignore[no-any-return]
        code="BT", name="Bí thư Đảng ủy xã, phường", rank=55, is_head=True, non_local_required=True
    )


def test_heads_who_are_locals(
    organisation: Organisation, secretary: Title, provincial_officer: User
) -> None:
    unit, other, since = organisation.commune, organisation.other, dt.date(2026, 3, 10)
    local = serving(unit, secretary, since, native_unit=unit)
    unknown = serving(unit, secretary, since, native_unit=None)
    foreign = serving(unit, secretary, since, native_unit=other)
    declared = serving(unit, secretary, since, native_unit=unit)
    LocalFlag.objects.create(cadre=declared, unit=unit, is_local=False, reason="Chuyển từ nhỏ")
    LocalFlag.objects.create(cadre=foreign, unit=unit, is_local=True, reason="Lập gia đình ở đó")
    actor = provincial_officer
    assert reasons(actor, local) == [NeedReason.LOCAL]
    assert reasons(actor, unknown) == [NeedReason.LOCAL_UNKNOWN]
    assert reasons(actor, declared) == []
    assert reasons(actor, foreign) == [NeedReason.LOCAL]
    (need,) = (need for need in found(actor) if need.code == local.code)
    assert (need.outcome, need.months, need.limit) == (Outcome.NOT_MET, 8, None)
    assert [cited["source"] for cited in need.citations] == ["qd-65-2022"]
    # Valid on the day only: neither before the post nor from the day it ends.
    assert reasons(actor, local, since - dt.timedelta(days=1)) == []
    assert reasons(actor, local, since) == [NeedReason.LOCAL]
    Appointment.objects.filter(cadre=local).update(end_on=TODAY)
    assert reasons(actor, local) == []
    assert reasons(actor, local, TODAY - dt.timedelta(days=1)) == [NeedReason.LOCAL]


def test_a_waived_head_stays_in_the_list_and_is_not_due(
    organisation: Organisation, secretary: Title, provincial_officer: User, signed_in: Browser
) -> None:
    unit = organisation.commune
    local = serving(unit, secretary, dt.date(2026, 3, 10), native_unit=unit)
    other = organisation.other
    elsewhere = serving(other, secretary, dt.date(2026, 3, 10), native_unit=other)
    waiver = factories.WaiverFactory(
        rule="rotation.non_local_head", unit=unit, in_force_from=TODAY, in_force_to=TODAY
    )

    def due(day: dt.date = TODAY) -> set[str]:
        return {each.code for each in found(provincial_officer, day) if is_due(each)}

    assert due() == {local.code, elsewhere.code}  # nobody approved it
    Waiver.objects.update(approved_by=factories.UserFactory())
    assert due() == {elsewhere.code}
    assert due(TODAY + dt.timedelta(days=1)) == {local.code, elsewhere.code}
    assert reasons(provincial_officer, local) == [NeedReason.LOCAL]
    assert f"miễn áp dụng theo {waiver.document}" in (
        signed_in(provincial_officer).get(URL).content.decode()
    )
    # One about somebody else waives nothing here.
    Waiver.objects.update(subject_kind=SubjectKind.APPOINTMENT, subject_id=0)
    assert due() == {local.code, elsewhere.code}


@pytest.mark.parametrize(
    ("start_on", "expected", "months"),
    [
        (dt.date(2016, 12, 1), NeedReason.TERMS_OVER, 120),
        (dt.date(2016, 12, 2), NeedReason.TERMS_SOON, 119),
        (dt.date(2017, 12, 1), NeedReason.TERMS_SOON, 108),
        (dt.date(2017, 12, 2), None, 107),
    ],
)
def test_heads_by_their_terms(
    organisation: Organisation,
    provincial_officer: User,
    start_on: dt.date,
    expected: NeedReason | None,
    months: int,
) -> None:
    head = serving(organisation.other, organisation.director, start_on)
    assert reasons(provincial_officer, head) == ([expected] if expected else [])
    if expected:
        (need,) = (need for need in found(provincial_officer) if need.code == head.code)
        assert (need.months, need.limit) == (months, 120)
        assert need.outcome == (Outcome.NOT_MET if months == 120 else None)
        assert need.citations[0]["at"] == "Điều 4, khoản 2"


def test_terms_follow_the_day_its_law_and_how_far_one_looks(
    organisation: Organisation, provincial_officer: User
) -> None:
    head = serving(organisation.other, organisation.director, dt.date(2010, 1, 1))
    assert reasons(provincial_officer, head, dt.date(2022, 4, 28)) == [NeedReason.TERMS_OVER]
    # The day before the regulation there was no such limit.
    assert reasons(provincial_officer, head, dt.date(2022, 4, 27)) == []
    near = serving(organisation.other, organisation.director, dt.date(2017, 4, 15))
    assert reasons(provincial_officer, near) == [NeedReason.TERMS_SOON]
    assert reasons(provincial_officer, near, within=3) == []
    # The law names no limit for communes, a deputy is no head.
    assert (
        reasons(
            provincial_officer,
            serving(organisation.commune, organisation.director, dt.date(2010, 1, 1)),
        )
        == []
    )
    deputy = serving(organisation.other, organisation.deputy, dt.date(2010, 1, 1))
    assert reasons(provincial_officer, deputy) == []


def test_a_gap_of_31_days_begins_anew(organisation: Organisation, provincial_officer: User) -> None:
    broken, whole = factories.CadreFactory(), factories.CadreFactory()
    for cadre, days in ((broken, 31), (whole, 30)):
        post = {"cadre": cadre, "unit": organisation.other, "title": organisation.director}
        again = dt.date(2020, 6, 1)
        factories.AppointmentFactory(
            **post, start_on=dt.date(2015, 1, 1), end_on=again - dt.timedelta(days=days)
        )
        factories.AppointmentFactory(**post, start_on=again)
    assert reasons(provincial_officer, broken) == []
    assert reasons(provincial_officer, whole) == [NeedReason.TERMS_OVER]


def test_findings_of_a_day_are_those_of_the_engine(
    organisation: Organisation, secretary: Title
) -> None:
    serving(organisation.commune, secretary, TODAY, native_unit=organisation.commune)
    serving(organisation.other, organisation.director, dt.date(2012, 1, 1))
    factories.EvaluationFactory(unit=organisation.department, cadre=organisation.insider)
    # Targets: one for all communes, one that lies nearer but counts later, one that is laxer.
    serving(organisation.commune, organisation.director, dt.date(2018, 1, 1))
    target = {"parameter": "rotation.head_terms.maximum", "in_force_from": dt.date(2020, 1, 1)}
    factories.TargetFactory(**target, unit=organisation.province, level=Level.COMMUNE, value=1)
    nearer = target | {"in_force_from": dt.date(2026, 1, 1)}
    factories.TargetFactory(**nearer, unit=organisation.commune, level=Level.COMMUNE, value=3)
    factories.TargetFactory(**target, unit=organisation.other, level=Level.PROVINCE, value=5)
    for day in (TODAY, dt.date(2025, 12, 31), dt.date(2021, 1, 1)):
        whole = list(evaluate(as_of=day))
        for source in (APPOINTMENTS, UNIT_YEARS):
            expected = [each.as_json(day) for each in whole if each.kind == source.kind]
            told = [each.as_json(day) for each in findings_on(source, day, (EVERYTHING,))]
            assert told == expected
    limits = {
        day: {
            each.required["maximum_terms"]
            for each in findings_on(APPOINTMENTS, day, (organisation.commune.path,))
            if each.rule.code == "rotation.head_terms"
        }
        for day in (TODAY, dt.date(2025, 12, 31))
    }
    assert limits == {TODAY: {3}, dt.date(2025, 12, 31): {1}}
    below = findings_on(APPOINTMENTS, TODAY, (organisation.commune.path,))
    assert {each.labels.unit_code for each in below} == {organisation.commune.code}
    assert findings_on(APPOINTMENTS, TODAY, ()) == []
    with pytest.raises(ValueError, match="days of their own"):
        findings_on(ROTATIONS, TODAY, (EVERYTHING,))


# ---- Experience ------------------------------------------------------------------------------


def nominee(organisation: Organisation, *posts: tuple[Unit, dt.date], **nomination: Any) -> Cadre:
    """Somebody planned as director of Sở Nội vụ who held these posts one after the other."""
    cadre: Cadre = factories.CadreFactory()
    deputy = organisation.deputy
    for place, (unit, start_on) in enumerate(posts):
        end_on = posts[place + 1][1] if place + 1 < len(posts) else None
        factories.AppointmentFactory(
            cadre=cadre, unit=unit, title=deputy, start_on=start_on, end_on=end_on
        )
    factories.NominationFactory(
        pool=nomination.pop("pool", organisation.pool), cadre=cadre, **nomination
    )
    return cadre


def test_nominees_who_lack_experience_elsewhere(
    organisation: Organisation, provincial_officer: User
) -> None:
    actor, snv, syt, xa = (
        provincial_officer,
        organisation.department,
        organisation.other,
        organisation.commune,
    )
    early, late = dt.date(2012, 1, 1), dt.date(2018, 1, 1)
    assert reasons(actor, nominee(organisation, (snv, early))) == [NeedReason.BASE]
    assert reasons(actor, nominee(organisation, (syt, early), (snv, late))) == [NeedReason.BASE]
    assert reasons(actor, nominee(organisation, (xa, early))) == [NeedReason.PROVINCE]
    assert reasons(actor, nominee(organisation, (xa, early), (snv, late))) == []
    assert reasons(actor, nominee(organisation, (organisation.district, early), (snv, late))) == []
    assert reasons(actor, nominee(organisation)) == [NeedReason.CAREER_UNKNOWN]
    # A post that begins after the day is not served yet.
    later = nominee(organisation, (snv, early), (xa, TODAY + dt.timedelta(days=1)))
    assert reasons(actor, later) == [NeedReason.BASE]
    assert reasons(actor, later, TODAY + dt.timedelta(days=1)) == []
    (need,) = (need for need in found(actor) if need.code == later.code)
    assert need.planned_for == ("Giám đốc", "Sở Nội vụ")
    assert (need.unit, need.outcome) == ("Sở Nội vụ", None)


def test_only_active_nominations_count(
    organisation: Organisation, provincial_officer: User
) -> None:
    since = dt.date(2012, 1, 1)
    gone = nominee(organisation, (organisation.department, since), removed_on=TODAY)
    assert reasons(provincial_officer, gone) == []
    assert reasons(provincial_officer, gone, TODAY - dt.timedelta(days=1)) == [NeedReason.BASE]
    assert reasons(provincial_officer, gone, dt.date(2025, 4, 30)) == []


def test_a_career_in_one_place(organisation: Organisation, provincial_officer: User) -> None:
    """Inside one department or commune; a merged commune goes on in the new one."""
    actor, early, late = provincial_officer, dt.date(2012, 1, 1), dt.date(2025, 7, 1)
    merged = {"valid_to": dt.date(2025, 6, 30)}
    first, second = (commune(organisation, name, **merged) for name in ("Xã A", "Xã B"))
    new = commune(organisation, "Xã C", valid_from=late)
    for old in (first, second):
        UnitSuccession.objects.create(unit=old, successor=new)
    plan = factories.PlanFactory(unit=new)
    pool = factories.pool_of(plan, organisation.director)

    def planned(*posts: tuple[Unit, dt.date]) -> list[NeedReason]:
        return reasons(actor, nominee(organisation, *posts, pool=pool))

    assert planned((new, late)) == [NeedReason.ELSEWHERE]
    assert planned((first, early), (new, late)) == [NeedReason.ELSEWHERE]
    assert planned((first, early), (second, dt.date(2018, 1, 1)), (new, late)) == []
    assert planned((organisation.commune, dt.date(2025, 7, 1)), (new, TODAY)) == []
    # The district that ended was another place, whatever became of it.
    assert planned((organisation.district, early), (organisation.commune, late)) == []
    # Inside a department one stays in it; who serves the province as such is above places.
    assert planned((organisation.centre, early), (organisation.department, late)) == [
        NeedReason.ELSEWHERE
    ]
    assert planned((organisation.province, early)) == []


def test_a_committee_is_no_place_of_work(
    organisation: Organisation, provincial_officer: User
) -> None:
    plan = factories.PlanFactory(unit=organisation.commune)
    cadre = nominee(
        organisation,
        (organisation.commune, dt.date(2025, 7, 1)),
        pool=factories.pool_of(plan, organisation.director),
    )
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.province, title=organisation.committee
    )
    assert reasons(provincial_officer, cadre) == [NeedReason.ELSEWHERE]


# ---- Tours -----------------------------------------------------------------------------------


def tour(organisation: Organisation, **values: Any) -> Any:
    """A tour from Sở Nội vụ to Sở Y tế since March 2025."""
    return factories.RotationFactory(
        **{
            "from_unit": organisation.department,
            "from_title": organisation.deputy,
            "to_unit": organisation.other,
            "to_title": organisation.deputy,
            "start_on": dt.date(2025, 3, 1),
            **values,
        }
    )


@pytest.mark.parametrize(
    ("end_on", "expected"),
    [
        (TODAY - dt.timedelta(days=1), NeedReason.TOUR_LATE),
        (TODAY, NeedReason.TOUR_ENDING),
        (dt.date(2027, 12, 1), NeedReason.TOUR_ENDING),
        (dt.date(2027, 12, 2), None),
        (None, None),
    ],
)
def test_tours_that_end(
    organisation: Organisation,
    provincial_officer: User,
    end_on: dt.date | None,
    expected: NeedReason | None,
) -> None:
    move = tour(organisation, planned_end_on=end_on)
    assert reasons(provincial_officer, move.cadre) == ([expected] if expected else [])
    assert reasons(provincial_officer, move.cadre, within=0) == (
        [expected] if end_on and end_on <= TODAY else []
    )


def test_tours_that_lasted_long_enough(
    organisation: Organisation, provincial_officer: User
) -> None:
    far = {"planned_end_on": dt.date(2030, 1, 1)}
    long = tour(organisation, start_on=dt.date(2023, 12, 1), **far)
    short = tour(organisation, start_on=dt.date(2023, 12, 2), **far)
    home = tour(organisation, start_on=dt.date(2020, 1, 1), kind=RotationKind.SECONDMENT, **far)
    assert reasons(provincial_officer, long.cadre) == [NeedReason.TOUR_REACHED]
    assert reasons(provincial_officer, short.cadre) == []
    assert reasons(provincial_officer, home.cadre) == []
    (need,) = (need for need in found(provincial_officer) if need.code == long.cadre.code)
    assert (need.months, need.limit, need.rotation_id) == (36, 36, long.pk)
    # It is over on the day it ended, and has not begun the day before it does.
    ended = tour(
        organisation,
        planned_end_on=TODAY,
        ended_on=dt.date(2026, 6, 1),
        status=RotationStatus.COMPLETED,
    )
    assert reasons(provincial_officer, ended.cadre, dt.date(2026, 5, 31)) == [
        NeedReason.TOUR_ENDING
    ]
    assert reasons(provincial_officer, ended.cadre, dt.date(2026, 6, 1)) == []
    assert reasons(provincial_officer, ended.cadre, dt.date(2025, 2, 28), within=24) == []
    gone = tour(organisation, status=RotationStatus.CANCELLED, planned_end_on=TODAY)
    assert reasons(provincial_officer, gone.cadre) == []


# ---- Answers ---------------------------------------------------------------------------------


def test_answers(organisation: Organisation, provincial_officer: User) -> None:
    """Proposed, submitted, decided; who declined has none; the most advanced one counts."""
    cadre = tour(organisation, planned_end_on=TODAY).cadre
    start = dt.date(2027, 1, 1)

    def stage(day: dt.date = TODAY) -> AnswerStage | None:
        answer = answers_on(provincial_officer, day).by_code.get(cadre.code)
        return answer.stage if answer else None

    assert stage() is None
    declined = tour(organisation, cadre=cadre, start_on=start, status=RotationStatus.DECLINED)
    assert stage() is None
    declined.delete()
    move = tour(
        organisation,
        cadre=cadre,
        start_on=start,
        status=RotationStatus.PROPOSED,
        proposed_on=dt.date(2026, 11, 1),
    )
    assert (stage(), stage(dt.date(2026, 10, 31))) == (AnswerStage.PREPARED, None)
    move.submitted_on, move.submitted_by = dt.date(2026, 11, 20), provincial_officer
    move.save()
    assert (stage(), stage(dt.date(2026, 11, 19))) == (AnswerStage.SUBMITTED, AnswerStage.PREPARED)
    move.status, move.decision_on = RotationStatus.APPROVED, dt.date(2026, 12, 1)
    move.save()
    assert stage() == AnswerStage.DECIDED
    need = next(need for need in found(provincial_officer) if need.code == cadre.code)
    assert need.answer.rotation_id == move.pk
    assert reasons(provincial_officer, cadre, is_answered=True) == [NeedReason.TOUR_ENDING]
    assert reasons(provincial_officer, cadre, is_answered=False) == []
    # Once begun it answers nothing any more, but did on an earlier day.
    move.status = RotationStatus.IN_PROGRESS
    move.save()
    assert stage(start) is None
    assert stage() == AnswerStage.DECIDED


# ---- Posts and units -------------------------------------------------------------------------


def test_vacancies(organisation: Organisation, provincial_officer: User) -> None:
    unit, deputy = organisation.other, organisation.deputy
    position = factories.PositionFactory(unit=unit, title=deputy, prescribed=3)
    serving(unit, deputy, dt.date(2024, 1, 1))

    def vacant(day: dt.date = TODAY, path: str = "") -> dict[str, tuple[int, int, int]]:
        rows = vacancies_on(provincial_officer, day, answers_on(provincial_officer, day), path)
        return {
            f"{row.unit_code}/{row.title_code}": (row.free, row.coming, row.asked) for row in rows
        }

    assert vacant() == {"SYT/PGD": (2, 0, 0)}
    tour(organisation, start_on=dt.date(2027, 1, 1), status=RotationStatus.APPROVED)
    tour(organisation, start_on=dt.date(2027, 1, 1), status=RotationStatus.PROPOSED)
    assert vacant() == {"SYT/PGD": (1, 1, 1)}
    assert vacant(path=organisation.department.path) == {}
    tour(organisation, start_on=dt.date(2027, 2, 1), status=RotationStatus.APPROVED)
    assert vacant() == {}
    # On another day another number was prescribed.
    PositionPeriod.objects.create(
        position=position, prescribed=5, valid_from=None, valid_to=dt.date(2025, 12, 31)
    )
    assert vacant(dt.date(2025, 12, 31))["SYT/PGD"][0] == 2
    assert "SYT/PGD" not in vacant(dt.date(2026, 1, 1))
    # A committee's seat is no post, a unit that has ended has none.
    factories.PositionFactory(unit=unit, title=organisation.committee, prescribed=9)
    factories.PositionFactory(unit=organisation.district, title=deputy, prescribed=9)
    assert vacant() == {}


def test_units_that_exchange_one_way(
    organisation: Organisation, provincial_officer: User, unit_officer: User
) -> None:
    def flows(
        day: dt.date = TODAY, actor: User = provincial_officer
    ) -> dict[str, tuple[Flow, int]]:
        return {unit.code: (unit.flow, unit.people) for unit in one_way_units(actor, day)}

    assert flows() == {}
    started = dt.date(2021, 12, 2)
    tour(organisation, start_on=started, to_unit=organisation.commune)
    # From inside the department, into a place that it shares with itself: no exchange.
    tour(organisation, from_unit=organisation.centre, to_unit=organisation.department)
    tour(organisation, from_unit=organisation.centre, to_unit=organisation.commune)
    assert flows() == {"SNV": (Flow.GIVES, 2), "X01321": (Flow.RECEIVES, 2)}
    assert flows(actor=unit_officer) == {"SNV": (Flow.GIVES, 2)}
    # Five years later the first one is too long ago; before it starts it is not counted.
    assert flows(TODAY + dt.timedelta(days=1))["SNV"] == (Flow.GIVES, 1)
    assert flows(started - dt.timedelta(days=1)) == {}
    tour(organisation, from_unit=organisation.commune, status=RotationStatus.PROPOSED)
    assert len(flows()) == 2
    tour(organisation, from_unit=organisation.other, to_unit=organisation.department)
    assert flows() == {"X01321": (Flow.RECEIVES, 2), "SYT": (Flow.GIVES, 1)}


# ---- Who sees what ---------------------------------------------------------------------------


def test_everybody_sees_their_own_units(
    organisation: Organisation, unit_officer: User, other_unit_officer: User, stranger: User
) -> None:
    since = dt.date(2010, 1, 1)
    own = serving(organisation.centre, organisation.director, since)
    other = serving(organisation.other, organisation.director, since)
    assert reasons(unit_officer, own) == [NeedReason.TERMS_OVER]
    assert reasons(unit_officer, other) == []
    assert reasons(other_unit_officer, other) == [NeedReason.TERMS_OVER]
    assert found(stranger) == []
    # A tour concerns both of its units.
    move = tour(organisation, planned_end_on=TODAY)
    for actor in (unit_officer, other_unit_officer):
        assert reasons(actor, move.cadre) == [NeedReason.TOUR_ENDING]
    # Planned here, serving elsewhere: the file is not open, so nothing is told of it.
    guest = nominee(organisation, (organisation.other, since))
    assert reasons(unit_officer, guest) == []
    # Serving here, planned elsewhere: that plan is not open.
    leaving = nominee(
        organisation,
        (organisation.department, since),
        pool=factories.pool_of(organisation.other_plan, organisation.director),
    )
    assert reasons(unit_officer, leaving) == []
    assert reasons(other_unit_officer, leaving) == []


def test_units_below_a_unit(organisation: Organisation, provincial_officer: User) -> None:
    since = dt.date(2010, 1, 1)
    serving(organisation.centre, organisation.director, since)
    serving(organisation.other, organisation.director, since)
    tour(organisation, planned_end_on=TODAY)
    below = Counter(
        need.reason for need in found(provincial_officer, path=organisation.department.path)
    )
    # The insider of the cast lacks experience; the tour leaves from here.
    assert below == {
        NeedReason.TERMS_OVER: 1,
        NeedReason.TOUR_ENDING: 1,
        NeedReason.BASE: 1,
    }


def test_order(organisation: Organisation, provincial_officer: User) -> None:
    for year in (2011, 2016):
        serving(organisation.other, organisation.director, dt.date(year, 1, 1))
    nominee(organisation, (organisation.department, dt.date(2013, 1, 1)))
    tour(organisation, planned_end_on=TODAY)
    needs = found(provincial_officer)
    order = list(NeedReason)
    assert [need.reason for need in needs] == sorted(
        (need.reason for need in needs), key=order.index
    )
    months = [need.months for need in found(provincial_officer, order="-thang")]
    assert months == sorted(months, reverse=True)
    months = [need.months for need in found(provincial_officer, order="thang")]
    assert months == sorted(months)


# ---- Many nominees ---------------------------------------------------------------------------


@pytest.fixture
def planned(organisation: Organisation) -> dict[str, Cadre]:
    """Nominees who need the base: two of this term in two units, one of the next, of the last."""
    since = dt.date(2013, 1, 1)
    snv, syt = organisation.department, organisation.other
    position = organisation.pool.position
    terms = {
        name: factories.TermFactory(
            code=name, starts_on=dt.date(start, 1, 1), ends_on=dt.date(start + 4, 12, 31)
        )
        for name, start in (("2015-2019", 2015), ("2031-2035", 2031))
    }
    pools = {
        name: Pool.objects.get(
            plan=factories.PlanFactory(unit=position.unit, term=term), position=position
        )
        for name, term in terms.items()
    }
    found = {
        "next": nominee(organisation, (snv, since), pool=pools["2031-2035"]),
        "past": nominee(organisation, (snv, since), pool=pools["2015-2019"]),
        "syt": nominee(organisation, (syt, since)),
        "snv": nominee(organisation, (snv, since)),
    }
    # Who is planned for both is first of all wanted for the nearer one.
    factories.NominationFactory(pool=pools["2031-2035"], cadre=found["syt"])
    return found


def test_nominees_stand_by_term_and_unit(
    organisation: Organisation,
    planned: dict[str, Cadre],
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    browser, names = signed_in(provincial_officer), {row.code: n for n, row in planned.items()}
    codes = [need.code for need in found(provincial_officer, by_unit=True)]
    assert [names[code] for code in codes if code in names] == ["snv", "syt", "next", "past"]
    page = browser.get(URL, {"loai": "base"})
    rows = page.context["rows"]
    headings = [(row["heading"]["unit"], row["heading"]["n"]) for row in rows if "heading" in row]
    assert headings == [
        ("Sở Nội vụ", "2"),
        ("Sở Y tế", "2"),
        ("Sở Nội vụ", "1"),
        ("Sở Nội vụ", "1"),
    ]
    text = page.content.decode()
    nearest = f"Quy hoạch nhiệm kỳ {organisation.plan.term.code}"
    assert text.index(nearest) < text.index("Quy hoạch nhiệm kỳ 2031-2035")
    assert "Quy hoạch nhiệm kỳ đã qua" in text
    unit = browser.get(rows[0]["heading"]["url"])
    assert {row["heading"]["unit"] for row in unit.context["rows"] if "heading" in row} == {
        "Sở Nội vụ"
    }
    flat = browser.get(URL, {"loai": "base", "sap": "thang"})
    assert not any("heading" in row for row in flat.context["rows"])
    assert not any("heading" in row for row in browser.get(URL).context["rows"])


def test_one_term_can_be_asked_for(
    organisation: Organisation,
    planned: dict[str, Cadre],
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    assert [need.code for need in found(provincial_officer, term="2031-2035")] == [
        planned["next"].code
    ]
    browser = signed_in(provincial_officer)
    page = browser.get(URL, {"loai": "base", "nhiem-ky": "2031-2035"})
    assert [row["name"] for row in page.context["rows"]] == [planned["next"].full_name]
    assert "nhiem-ky=2031-2035" in page.context["export_url"]
    # A term of which nobody is, or the past, narrows nothing.
    assert len(browser.get(URL, {"nhiem-ky": "2015-2019"}).context["rows"]) >= 4


def test_the_list_can_be_taken_away(
    organisation: Organisation,
    planned: dict[str, Cadre],
    provincial_officer: User,
    other_unit_officer: User,
    stranger: User,
    signed_in: Browser,
) -> None:
    url = f"{URL}xuat/"
    response = signed_in(provincial_officer).get(url, {"loai": "base", "nhiem-ky": "2031-2035"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    person = planned["next"]
    assert len(rows) == 2
    assert rows[1][:5] == (
        person.code,
        person.full_name,
        "Phó Giám đốc",
        "Sở Nội vụ",
        "Quy hoạch cần qua cơ sở",
    )
    assert rows[1][7] == "2031-2035"
    record = ExportRecord.objects.get()
    assert (record.what, record.rows, record.people) == ("rotation-needs", 1, 1)
    assert record.filters == {"loai": "base", "nhiem-ky": "2031-2035"}
    # Another unit takes away nobody of this one.
    response = signed_in(other_unit_officer).get(url, {"loai": "base"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0]
    assert person.code not in {row[0] for row in sheet.iter_rows(values_only=True)}
    assert signed_in(stranger).get(url).status_code == 403


def test_queries_of_the_list_of_nominees_and_its_file_do_not_grow(
    organisation: Organisation, planned: dict[str, Cadre], unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as told:
            response = browser.get(url, {"loai": "base"})
            assert response.status_code == 200
            b"".join(response)
        return len(told)

    urls = (URL, f"{URL}xuat/")
    few = [queries(url) for url in urls]
    few = [queries(url) for url in urls]
    for year in range(2001, 2011):
        unit = factories.UnitFactory(parent=organisation.department)
        nominee(organisation, (unit, dt.date(year, 1, 1)))
    assert [queries(url) for url in urls] == few
    assert few[0] <= 18


# ---- The page --------------------------------------------------------------------------------


def test_page(organisation: Organisation, provincial_officer: User, signed_in: Browser) -> None:
    browser = signed_in(provincial_officer)
    head = serving(
        organisation.other, organisation.director, dt.date(2016, 12, 1), full_name="Bế Văn Đủ"
    )
    factories.PositionFactory(unit=organisation.other, title=organisation.deputy, prescribed=2)
    move = tour(organisation, planned_end_on=dt.date(2027, 2, 1))
    tour(organisation, cadre=move.cadre, status=RotationStatus.PROPOSED, start_on=None)
    page = browser.get(URL).content.decode()
    assert "2 người đến hạn trong 12 tháng tới; 1 đã có phương án, 1 chưa." in page
    assert reverse("cadres:cadre-detail", args=[head.code]) in page
    for text in ("Đủ 2 nhiệm kỳ liên tiếp", "119/120", "120/120", "Đang lấy ý kiến"):
        assert (text in page) == (text != "119/120"), text
    assert "hạn 01/02/2027" in page
    only = browser.get(URL, {"loai": "head_terms"}).content.decode()
    assert "Bế Văn Đủ" in only
    assert "hạn 01/02/2027" not in only
    assert "Bế Văn Đủ" not in browser.get(URL, {"phuong-an": "co"}).content.decode()
    assert "Phó Giám đốc, Sở Y tế" in browser.get(URL, {"loai": "vacancy"}).content.decode()
    flows = browser.get(URL, {"loai": "mot-chieu"}).content.decode()
    assert "Chỉ cử đi" in flows
    earlier = browser.get(URL, {"ngay": "2026-11-30"}).content.decode()
    assert "Sắp đủ 2 nhiệm kỳ liên tiếp" in earlier


@pytest.mark.parametrize(
    "query",
    [
        {"loai": "x", "don-vi": "KHONG-CO", "phuong-an": "?", "trong": "abc", "sap": "-x"},
        {"trang": "99999999999999999999"},
        {"loai": "local_unknown", "trong": "24", "sap": "thang"},
    ],
)
def test_nonsense_in_the_address_is_left_out(
    organisation: Organisation, provincial_officer: User, signed_in: Browser, query: dict[str, str]
) -> None:
    assert signed_in(provincial_officer).get(URL, query).status_code == 200


def test_queries_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)

    def add(number: int) -> None:
        for _ in range(number):
            serving(organisation.centre, organisation.director, dt.date(2016, 1, 1))
            nominee(organisation, (organisation.department, dt.date(2013, 1, 1)))
            cadre = tour(organisation, planned_end_on=TODAY).cadre
            tour(organisation, cadre=cadre, status=RotationStatus.APPROVED, start_on=None)
            unit = factories.UnitFactory(parent=organisation.department)
            factories.PositionFactory(unit=unit, title=organisation.deputy, prescribed=3)
            tour(organisation, from_unit=unit, to_unit=organisation.commune)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert browser.get(URL).status_code == 200
        return len(told)

    add(2)
    before = queries()
    add(9)
    assert queries() == before
    assert before <= 18

"""What nominees lack, what they learned after being planned, where they come from."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from cadres.choices import Degree, MemberState, SkillKind, Theory, TrainingKind
from cadres.models import Cadre, CadreSkill, Course, User
from planning.selectors.sources import nominee_sources
from planning.selectors.training_gaps import (
    Need,
    gap_counts,
    gap_people,
    trained_people,
    trained_shares,
)
from planning.services import plan_check
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def asking(organisation: Organisation) -> Organisation:
    """The director needs advanced theory and a degree; the deputy intermediate theory."""
    organisation.director.min_theory = Theory.ADVANCED
    organisation.director.min_degree = Degree.BACHELOR
    organisation.director.save()
    organisation.deputy.min_theory = Theory.INTERMEDIATE
    organisation.deputy.save()
    return organisation


def nominee(organisation: Organisation, title: Any = None, plan: Any = None, **file: Any) -> Cadre:
    """Somebody serving in Sở Nội vụ and nominated there."""
    cadre = factories.CadreFactory(**file)
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    pool = factories.pool_of(plan or organisation.plan, title or organisation.director)
    factories.NominationFactory(pool=pool, cadre=cadre)
    return cadre


def counted(actor: User, code: str = "") -> dict[str, tuple[int, int, int]]:
    return {
        count.need.key: (count.lacking, count.unclear, count.sent)
        for count in gap_counts(actor, TODAY)
        if count.unit_code == code
    }


def test_needs_are_those_the_check_finds(asking: Organisation, provincial_officer: User) -> None:
    files = [
        {"theory": theory, "degree": degree}
        for theory in (None, Theory.ELEMENTARY, Theory.ADVANCED)
        for degree in (None, Degree.COLLEGE, Degree.MASTER)
    ]
    people = [nominee(asking, **file) for file in files]
    assert counted(provincial_officer) == {"theory-3": (3, 3, 0), "degree-3": (3, 3, 0)}
    found = {
        finding.labels.cadre_code: finding.outcome.code
        for finding in plan_check(plan=asking.plan, as_of=TODAY)
        if finding.rule.code == "planning.qualification"
    }
    lacking: dict[str, set[bool]] = {person.code: set() for person in people}
    for need in (Need("theory", 3), Need("degree", 3)):
        for person in gap_people(provincial_officer, TODAY, need):
            lacking[person.code].add(person.is_unclear)
    for person in people:
        said = lacking[person.code]
        expected = "not_met" if False in said else "cannot_tell" if said else "met"
        assert found[person.code] == expected, person


def test_one_course_answers_for_the_highest_level(
    asking: Organisation, provincial_officer: User
) -> None:
    cadre = nominee(asking, theory=Theory.ELEMENTARY)
    factories.NominationFactory(pool=factories.pool_of(asking.plan, asking.deputy), cadre=cadre)
    assert counted(provincial_officer) == {"theory-3": (1, 0, 0)}
    (person,) = gap_people(provincial_officer, TODAY, Need("theory", 3))
    assert person.titles == "Giám đốc, Phó Giám đốc"


def test_only_live_plans_on_the_day(asking: Organisation, provincial_officer: User) -> None:
    past = factories.TermFactory(
        code="2020-2025", starts_on=dt.date(2020, 10, 1), ends_on=dt.date(2025, 9, 30)
    )
    old = factories.PlanFactory(unit=asking.department, term=past)
    nominee(asking, plan=old, theory=Theory.NONE)
    gone = nominee(asking, theory=Theory.NONE)
    gone.nominations.update(removed_on=TODAY)
    assert counted(provincial_officer) == {}
    with_past = {c.need.key: c.lacking for c in gap_counts(provincial_officer, dt.date(2025, 9, 1))}
    assert with_past == {"theory-3": 2}


def test_who_is_sent_already(asking: Organisation, provincial_officer: User) -> None:
    sent, absent, other = (nominee(asking, theory=Theory.NONE) for _ in range(3))
    course = factories.CourseFactory(unit=asking.department)
    factories.CourseMemberFactory(course=course, cadre=sent)
    factories.CourseMemberFactory(
        course=course, cadre=absent, state=MemberState.ABSENT, reason="Ốm"
    )
    language = factories.CourseFactory(unit=asking.department, kind=TrainingKind.LANGUAGE)
    factories.CourseMemberFactory(course=language, cadre=other)
    assert counted(provincial_officer)["theory-3"] == (3, 0, 1)
    assert [
        p.code for p in gap_people(provincial_officer, TODAY, Need("theory", 3)) if p.is_sent
    ] == [sent.code]


def test_skills_of_titles(asking: Organisation, provincial_officer: User) -> None:
    kind = SkillKind.STATE_MANAGEMENT
    factories.TitleSkillFactory(title=asking.director, kind=kind, level=2)
    factories.TitleSkillFactory(
        title=asking.deputy, kind=SkillKind.IT, level=1, in_force_to=dt.date(2026, 11, 21)
    )
    higher, lower, unknown, over, taught = (nominee(asking) for _ in range(5))
    CadreSkill.objects.create(cadre=higher, kind=kind, level=3)
    CadreSkill.objects.create(cadre=lower, kind=kind, level=1)
    CadreSkill.objects.create(cadre=unknown, kind=kind)
    CadreSkill.objects.create(cadre=over, kind=kind, level=2, valid_to=dt.date(2026, 11, 21))
    factories.TrainingFactory(cadre=taught, kind=TrainingKind.STATE_MANAGEMENT)
    nominee(asking, title=asking.deputy)  # what ran out yesterday asks nothing today
    people = {p.code: p.is_unclear for p in gap_people(provincial_officer, TODAY, Need(kind, 2))}
    # The director in office is nominated too, and has nothing on file.
    assert people == {
        asking.insider.code: False,
        asking.outsider.code: False,
        lower.code: False,
        over.code: False,
        unknown.code: True,
        taught.code: True,
    }


def test_scope(asking: Organisation, unit_officer: User, other_unit_officer: User) -> None:
    person = nominee(asking, theory=Theory.NONE)
    assert counted(unit_officer) == {"theory-3": (1, 0, 0)}
    assert counted(other_unit_officer) == {}
    assert gap_people(other_unit_officer, TODAY, Need("theory", 3)) == []
    factories.NominationFactory(
        pool=factories.pool_of(asking.other_plan, asking.director), cadre=person
    )
    # In the plan of another unit: named there, but neither to be opened nor to be sent by it.
    (seen,) = gap_people(other_unit_officer, TODAY, Need("theory", 3))
    assert (seen.is_open, seen.can_send) == (False, False)


def test_from_the_need_to_the_course(
    asking: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    person = nominee(asking, theory=Theory.NONE)
    browser = signed_in(unit_officer)
    page = browser.get("/dao-tao/nhu-cau/?nhom=theory-3").content.decode()
    assert person.full_name in page
    assert f'name="nguoi" value="{person.pk}"' in page
    values = {"nguoi": [str(person.pk)], "kind": "theory", "theory": "3", "ten": "x"}
    form = browser.post("/dao-tao/them/", values).content.decode()
    assert '<option value="theory" selected>' in form
    assert '<option value="3" selected>' in form
    browser.post(
        "/dao-tao/them/",
        {"nguoi": [str(person.pk)], "unit": "SNV", "name": "Cao cấp", "kind": "theory"},
    )
    assert Course.objects.get().members.get().cadre == person
    assert counted(unit_officer)["theory-3"] == (1, 0, 1)


# ---- After being planned -------------------------------------------------------------------------


def test_shares_of_who_learned_after(asking: Organisation, provincial_officer: User) -> None:
    before, on_the_day, later, never = (nominee(asking) for _ in range(4))
    for cadre, day in (
        (before, dt.date(2025, 4, 30)),
        (on_the_day, dt.date(2025, 5, 1)),
        (later, dt.date(2026, 3, 1)),
    ):
        factories.TrainingFactory(cadre=cadre, start_on=None, end_on=day)
    days = [dt.date(2024, 12, 31), dt.date(2025, 12, 31), TODAY]
    shares = {
        (share.unit_code, share.day): (share.trained, share.people)
        for share in trained_shares(provincial_officer, days)
    }
    # With the two directors that the plans have anyway.
    assert shares["", dt.date(2025, 12, 31)] == (1, 6)
    assert shares["", TODAY] == (2, 6)
    assert shares["SNV", TODAY] == (2, 5)
    assert ("", dt.date(2024, 12, 31)) not in shares
    people = trained_people(provincial_officer, TODAY, unit_id=asking.department.pk)
    learned = {person.code for person in people if person.course}
    assert learned == {on_the_day.code, later.code}
    assert never.code in {person.code for person in people}


# ---- Sources -------------------------------------------------------------------------------------


def test_sources(asking: Organisation, provincial_officer: User) -> None:
    nominee(asking)
    below, outside, none, new = (factories.CadreFactory() for _ in range(4))
    factories.AppointmentFactory(cadre=below, unit=asking.centre, title=asking.deputy)
    factories.AppointmentFactory(cadre=outside, unit=asking.other, title=asking.deputy)
    Cadre.objects.filter(pk=new.pk).update(birth_date=dt.date(1999, 1, 1))
    factories.AppointmentFactory(
        cadre=new, unit=asking.department, title=asking.deputy, start_on=dt.date(2024, 1, 1)
    )
    for cadre in (below, outside, none, new):
        factories.NominationFactory(pool=asking.pool, cadre=cadre)
    counts = {c.unit_code: c for c in nominee_sources(provincial_officer, TODAY, age=30, years=5)}
    own = counts["SNV"]
    assert (own.people, own.own, own.below, own.elsewhere, own.unknown) == (6, 3, 1, 1, 1)
    assert own.recruits == 1
    assert counts[""].people == 7


def test_queries_do_not_grow(
    asking: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    urls = (
        "/dao-tao/nhu-cau/?nhom=theory-3",
        "/dao-tao/sau-quy-hoach/?xem=1",
        "/dao-tao/nguon/",
    )

    def counts() -> list[int]:
        numbers = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url).status_code == 200
            numbers.append(len(queries))
        return numbers

    nominee(asking, theory=Theory.NONE)
    small = counts()
    for _ in range(8):
        unit = factories.UnitFactory(parent=asking.province)
        plan = factories.PlanFactory(unit=unit)
        nominee(asking, plan=plan, theory=Theory.NONE)
    assert counts() == small
    assert max(small) <= 10, small

"""Liên thông: the page's breaks are those of the rule, with the people, down and up, by scope."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.choices import Level
from cadres.models import Cadre, Unit, User
from planning.models import Plan, Pool
from planning.selectors.lineage import break_rows, down_lines, plan_lineage, up_lines
from planning.services import plan_check
from tests import factories
from tests.cast import Organisation
from tests.engine.conftest import SAMPLE_DAY

Browser = Callable[[User], Client]
DAY = dt.date(2026, 11, 22)
URL = reverse("planning:lineage")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


@pytest.fixture
def top(organisation: Organisation) -> Pool:
    """The pool of the province's committee, with the head of the centre below Sở Nội vụ in it."""
    plan = factories.PlanFactory(unit=organisation.province)
    pool = factories.pool_of(plan, organisation.committee)
    factories.NominationFactory(pool=pool, cadre=organisation.below)
    return pool


def target(organisation: Organisation, value: int = 0) -> None:
    factories.TargetFactory(
        unit=organisation.province, parameter="planning.lineage.maximum", value=value
    )


def by_rule(plan: Plan, day: dt.date = DAY) -> tuple[int, int, str]:
    (found,) = (f for f in plan_check(plan=plan, as_of=day) if f.rule.code == "planning.lineage")
    return found.measured["breaks"], found.measured["total"], found.outcome.code


def test_breaks_are_those_of_the_rule(sample: None, administrator: User) -> None:
    """Over the sample: every plan with units below it, number for number, and name by name."""
    since = dt.date(2026, 1, 1)  # later than what the sample has, so it counts
    for root in Unit.objects.filter(depth=1):
        for level in Level.values:
            factories.TargetFactory(
                unit=root,
                parameter="planning.lineage.maximum",
                level=level,
                value=0,
                in_force_from=since,
            )
    judged = 0
    for term_id in Plan.objects.values_list("term_id", flat=True).distinct():
        lines = down_lines(administrator, term_id, SAMPLE_DAY)
        people = break_rows(administrator, term_id, SAMPLE_DAY, total=10_000)[:]
        for line in lines:
            plan = Plan.objects.get(pk=line.plan_id)
            one = plan_lineage(administrator, plan, SAMPLE_DAY)
            shown = (line.breaks, line.people, line.outcome.code)
            assert shown == by_rule(plan, SAMPLE_DAY)
            assert (len(one.breaks), len(one.people), one.outcome.code) == shown
            listed = [each.code for each in people if each.plan_id == line.plan_id]
            assert listed == [person.code for person in one.breaks]
            judged += line.below
    assert judged > 0


def test_edges_of_a_break(organisation: Organisation, top: Pool, administrator: User) -> None:
    target(organisation)

    def breaks() -> list[str]:
        found = plan_lineage(administrator, top.plan, DAY)
        assert by_rule(top.plan) == (len(found.breaks), len(found.people), found.outcome.code)
        return [person.code for person in found.breaks]

    assert breaks() == ["CB-LT"]
    # In a plan of any unit below and of any term it is none.
    past = factories.TermFactory(
        code="2020-2025", starts_on=dt.date(2020, 10, 1), ends_on=dt.date(2025, 9, 30)
    )
    lower = factories.PlanFactory(unit=organisation.centre, term=past)
    inside = factories.NominationFactory(
        pool=factories.pool_of(lower, organisation.director), cadre=organisation.below
    )
    assert breaks() == []
    # `removed_on` is the first day out.
    inside.removed_on = DAY
    inside.save()
    assert breaks() == ["CB-LT"]
    # Without a post nobody is from below; a higher post on top makes them the unit's own.
    factories.NominationFactory(pool=top, cadre=factories.CadreFactory())
    assert breaks() == ["CB-LT"]
    chief = factories.TitleFactory(rank=90)
    factories.AppointmentFactory(cadre=organisation.below, unit=organisation.province, title=chief)
    assert breaks() == []


def test_without_a_target_breaks_are_information(
    organisation: Organisation, top: Pool, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    page = browser.get(URL).content.decode()
    assert "Chưa có chỉ tiêu liên thông" in page
    assert "Đàm Đức Cường" in page
    plan = browser.get(f"/quy-hoach/{top.plan_id}/?phan=lien-thong").content.decode()
    assert "chỉ để biết" in plan
    assert "Đàm Đức Cường" in plan
    target(organisation)
    judged = browser.get(f"/quy-hoach/{top.plan_id}/?phan=lien-thong").content.decode()
    assert "nhiều nhất 0 người" in judged
    assert "chỉ để biết" not in judged


def test_down_and_up_again(
    organisation: Organisation, top: Pool, provincial_officer: User, signed_in: Browser
) -> None:
    factories.NominationFactory(pool=organisation.pool, cadre=organisation.below)
    (line,) = (
        line
        for line in down_lines(provincial_officer, top.plan.term_id, DAY)
        if line.plan_id == top.plan_id
    )
    assert (line.people, line.below, line.linked, line.breaks) == (1, 1, 1, 0)
    ups = {
        line.unit_name: (line.people, line.above)
        for line in up_lines(provincial_officer, top.plan.term_id, DAY)
    }
    assert ups == {"Sở Nội vụ": (2, 1), "Sở Y tế": (1, 0)}
    lower = signed_in(provincial_officer).get(f"/quy-hoach/{organisation.plan.pk}/?phan=lien-thong")
    (group,) = (g for g in lower.context["groups"] if g.get("is_break"))
    # The head of the centre is from below for Sở Nội vụ too, and stands above.
    assert [p["name"] for p in group["people"]] == ["Đàm Đức Cường"]
    assert [link["text"] for link in group["people"][0]["up"]] == ["Tỉnh ủy Cao Bằng"]


def test_plans_above_out_of_scope_are_not_told(
    organisation: Organisation, top: Pool, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    factories.NominationFactory(pool=organisation.pool, cadre=organisation.below)
    found = plan_lineage(unit_officer, organisation.plan, DAY)
    assert not found.has_above
    assert [person.up for person in found.people] == [(), ()]
    browser = signed_in(unit_officer)
    page = browser.get(f"/quy-hoach/{organisation.plan.pk}/?phan=lien-thong").content.decode()
    assert "Tỉnh ủy Cao Bằng" not in page
    assert "nằm ngoài phạm vi" in page
    assert up_lines(unit_officer, top.plan.term_id, DAY) == []
    assert "Tỉnh ủy Cao Bằng" not in browser.get(f"{URL}?chieu=len").content.decode()
    assert [line.unit_name for line in down_lines(unit_officer, top.plan.term_id, DAY)] == [
        "Sở Nội vụ"
    ]
    assert "Không có kế hoạch nào" in signed_in(stranger).get(URL).content.decode()


def test_queries_do_not_grow(
    organisation: Organisation, top: Pool, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    addresses = [URL, f"{URL}?chieu=len", f"/quy-hoach/{top.plan_id}/?phan=lien-thong"]

    def count() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    count()
    before = count()
    for number in range(8):
        cadre: Cadre = factories.CadreFactory()
        factories.AppointmentFactory(
            cadre=cadre, unit=organisation.centre, title=organisation.deputy
        )
        factories.NominationFactory(pool=top, cadre=cadre)
        if number % 2:
            factories.NominationFactory(pool=organisation.pool, cadre=cadre)
    assert count() == before
    assert max(before) <= 15

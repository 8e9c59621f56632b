"""So sánh: the numbers of the findings, sorted, few beside each other; the trend by days."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadre_portal.templatetags.drawings import dots
from cadres.choices import DisciplineKind
from cadres.models import User
from compliance.choices import Outcome, RunKind, SubjectKind
from compliance.services import evaluate, run_inline, run_start
from planning.models import Plan
from planning.selectors.stored import checked
from planning.selectors.trends import WEEKS, trend
from tests import factories
from tests.cast import Organisation
from tests.engine.conftest import SAMPLE_DAY
from tests.planning.conftest import check_all

Browser = Callable[[User], Client]
URL = reverse("planning:comparison")
DAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def check_on(day: dt.date) -> None:
    with clock.frozen(day):
        run_inline(run_start(actor=None, as_of=day, kind=RunKind.LIVE, inline=True))


# ---- The page ----------------------------------------------------------------------------------


def test_the_table_says_what_the_findings_say(
    checked_sample: None, administrator: User, signed_in: Browser
) -> None:
    page = signed_in(administrator).get(URL, {"nhiem-ky": "2025-2030"})
    level = page.context["form"].initial["cap"]
    women = {
        finding.labels.unit_name: (finding.outcome.code, finding.measured)
        for finding in evaluate(as_of=SAMPLE_DAY)
        if finding.rule.code == "planning.women_share"
        and finding.kind == SubjectKind.PLAN
        and Plan.objects.get(pk=finding.group_id).term.code == "2025-2030"
        and Plan.objects.get(pk=finding.group_id).unit.level == level
    }
    context = page.context
    place = [column["key"] for column in context["columns"]].index("women")
    shown = {line["unit"]: line["cells"][place] for line in context["lines"]}
    assert shown.keys() == women.keys()
    assert len(shown) > 6
    for unit, (outcome, measured) in women.items():
        assert shown[unit]["outcome"] == outcome
        if measured["total"]:
            assert shown[unit]["title"] == f"{measured['part']}/{measured['total']} người"
    strip = next(each for each in context["strips"] if each["key"] == "women")
    assert strip["count"] == sum(bool(m["total"]) for _o, m in women.values())
    values = [100 * m["part"] / m["total"] for _o, m in women.values() if m["total"]]
    for sort, down in (("nu", False), ("women", False), ("-women", True)):
        page = signed_in(administrator).get(URL, {"nhiem-ky": "2025-2030", "sap": sort})
        assert page.status_code == 200
        if sort != "nu":
            texts = [line["cells"][place]["text"] for line in page.context["lines"]]
            known = [float(text.replace(",", ".")) for text in texts if text]
            assert known == [round(v, 1) for v in sorted(values, reverse=down)]


def test_few_units_stand_beside_each_other(
    organisation: Organisation, provincial_officer: User, unit_officer: User, signed_in: Browser
) -> None:
    check_all()
    browser = signed_in(provincial_officer)
    page = browser.get(URL)
    assert page.context["is_turned"]
    text = page.content.decode()
    assert "Sở Nội vụ" in text
    assert "Sở Y tế" in text
    one = browser.get(URL, {"dv": "SYT"})
    assert [line["unit"] for line in one.context["lines"]] == ["Sở Y tế"]
    # Who does not see a unit cannot choose it.
    mine = signed_in(unit_officer).get(URL, {"dv": "SYT"}).content.decode()
    assert "Sở Nội vụ" in mine
    assert "Sở Y tế" not in mine


def test_before_any_check_and_without_plans(
    organisation: Organisation, provincial_officer: User, stranger: User, signed_in: Browser
) -> None:
    assert "Ngày này chưa được kiểm tra" in signed_in(provincial_officer).get(URL).content.decode()
    assert "Chưa có kế hoạch" in signed_in(stranger).get(URL).content.decode()


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)

    def count() -> int:
        check_all()
        browser.get(URL)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(URL).status_code == 200
        return len(captured)

    before = count()
    for _ in range(8):
        unit = factories.UnitFactory(parent=organisation.province)
        factories.NominationFactory(
            pool=factories.pool_of(factories.PlanFactory(unit=unit), organisation.director)
        )
    assert count() == before <= 12


# ---- The trend ---------------------------------------------------------------------------------


@pytest.fixture
def past(organisation: Organisation) -> Iterator[Organisation]:
    """Checked in week 14, 6 and 2 before, and today; the review of Sở Nội vụ got overdue and was
    made good, a nominee of Sở Y tế was disciplined in week 1."""
    plan, other = organisation.plan, organisation.other_plan
    Plan.objects.filter(pk=plan.pk).update(approved_on=dt.date(2025, 9, 1))
    Plan.objects.filter(pk=other.pk).update(approved_on=dt.date(2026, 6, 1))
    for weeks in (14, 6):
        check_on(DAY - dt.timedelta(weeks=weeks))
    Plan.objects.filter(pk=plan.pk).update(last_reviewed_on=DAY - dt.timedelta(weeks=3))
    check_on(DAY - dt.timedelta(weeks=2))
    factories.DisciplineFactory(
        cadre=organisation.outsider,
        kind=DisciplineKind.WARNING,
        decided_on=DAY - dt.timedelta(weeks=1),
    )
    check_on(DAY)
    with clock.frozen(DAY):
        yield organisation


def test_the_trend_is_what_was_found_on_those_days(
    past: Organisation, provincial_officer: User
) -> None:
    found = trend(provincial_officer, checked(provincial_officer, DAY).basis, past.plan.term_id)
    assert len(found.days) == WEEKS + 1
    assert found.days[-1] == DAY
    assert not found.is_short
    # Overdue from the check in week 6 until that in week 2; nobody looked in between.
    assert found.by_rule["planning.annual_review"] == (*[0] * 6, *[1] * 4, 0, 0, 0)
    assert found.by_rule["planning.discipline"] == (*[0] * 12, 1)
    assert found.plans == 2
    now = {
        finding.group_id
        for finding in evaluate(as_of=DAY)
        if finding.outcome == Outcome.NOT_MET and finding.kind <= SubjectKind.NOMINATION
    }
    assert found.failing[-1] == len(now)


def test_the_trend_keeps_to_scope_level_and_right(
    past: Organisation, unit_officer: User, auditor: User, provincial_officer: User
) -> None:
    def of(actor: User, level: str = "") -> dict[str, tuple[int, ...]]:
        return trend(actor, checked(actor, DAY).basis, past.plan.term_id, level).by_rule

    assert "planning.discipline" not in of(unit_officer)
    assert "planning.annual_review" in of(unit_officer)
    assert "planning.discipline" not in of(auditor)
    assert "planning.annual_review" in of(auditor)
    assert of(provincial_officer, "commune") == {}


def test_the_trend_begins_with_the_first_check(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    check_on(DAY - dt.timedelta(weeks=3))
    check_on(DAY)
    with clock.frozen(DAY):
        found = trend(provincial_officer, checked(provincial_officer, DAY).basis, 0)
        assert len(found.days) == 4
        browser = signed_in(provincial_officer)
        assert "chưa đủ 12 tuần" in browser.get(URL).content.decode()
        assert "3 tuần" in browser.get(reverse("planning:overview")).content.decode()
        # A snapshot of another day has no history.
        other = DAY - dt.timedelta(days=1)
        assert trend(provincial_officer, checked(provincial_officer, other).basis, 0).days == ()


# ---- The drawing -------------------------------------------------------------------------------


def test_dots_are_heaped_up_and_stay_inside() -> None:
    made = dots(
        [{"value": value, "outcome": "met"} for value in (0, 0.2, 50, 100, *[25] * 40)], [25], 100
    )
    assert len(made["dots"]) == 44
    assert made["dots"][0]["y"] > made["dots"][1]["y"]
    assert all(0 < dot["y"] < made["base"] for dot in made["dots"])
    assert all(0 < dot["x"] < 100 for dot in made["dots"])
    assert len({dot["y"] for dot in made["dots"] if dot["value"] == 25}) == 40
    assert [line["x"] for line in made["limits"]] == [25.5]
    assert dots([], [], 0)["dots"] == []

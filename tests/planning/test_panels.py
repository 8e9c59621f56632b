"""The parts about plans on the pages of a unit and of a person."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cadres.models import User
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries, check_all

Browser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def unit_url(organisation: Organisation) -> str:
    return reverse("planning:unit-plans", args=[organisation.department.code])


@pytest.fixture
def cadre_url(organisation: Organisation) -> str:
    return reverse("cadres:cadre-detail", args=[organisation.insider.code]) + "?phan=quy-hoach"


def test_they_work(
    organisation: Organisation,
    unit_officer: User,
    signed_in: Browser,
    unit_url: str,
    cadre_url: str,
) -> None:
    check_all()
    browser = signed_in(unit_officer)
    part = browser.get(unit_url, headers=HTMX).content.decode()
    assert "Nhiệm kỳ 2025–2030" in part
    assert "<html" not in part
    assert "<html" in browser.get(unit_url).content.decode()
    assert "Các lần được quy hoạch" in browser.get(cadre_url).content.decode()


def test_they_require_login(client: Client, unit_url: str, cadre_url: str) -> None:
    assert client.get(unit_url).status_code == 302
    assert client.get(cadre_url).status_code == 302


def test_they_hide_other_units(
    other_unit_officer: User, signed_in: Browser, unit_url: str, cadre_url: str
) -> None:
    browser = signed_in(other_unit_officer)
    assert browser.get(unit_url).status_code == 404
    assert browser.get(cadre_url).status_code == 404


def test_a_plan_elsewhere_is_not_told(
    organisation: Organisation, unit_officer: User, signed_in: Browser, cadre_url: str
) -> None:
    """The person serves in my unit; that another unit plans with them is not mine to know."""
    pool = factories.pool_of(organisation.other_plan, organisation.director)
    factories.NominationFactory(pool=pool, cadre=organisation.insider)
    text = signed_in(unit_officer).get(cadre_url).content.decode()
    assert text.count("Giám đốc, Sở Nội vụ") > 1
    assert "Sở Y tế" not in text


def test_the_panel_of_a_person_tells_what_is_wrong(
    organisation: Organisation,
    unit_officer: User,
    auditor: User,
    signed_in: Browser,
    cadre_url: str,
) -> None:
    factories.DisciplineFactory(cadre=organisation.insider)
    words = "1 kỷ luật còn hiệu lực"
    assert words in signed_in(unit_officer).get(cadre_url).content.decode()
    assert "kỷ luật" not in signed_in(auditor).get(cadre_url).content.decode()


def test_before_any_check(
    organisation: Organisation, unit_officer: User, signed_in: Browser, unit_url: str
) -> None:
    text = signed_in(unit_officer).get(unit_url).content.decode()
    assert "Ngày này chưa được kiểm tra" in text


def test_nothing_yet(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    url = reverse("planning:unit-plans", args=[organisation.commune.code])
    assert "chưa có kế hoạch quy hoạch nào" in browser.get(url).content.decode()
    url = reverse("cadres:cadre-detail", args=[organisation.villager.code]) + "?phan=quy-hoach"
    assert "Chưa được quy hoạch" in browser.get(url).content.decode()


def test_queries_do_not_grow(
    organisation: Organisation,
    provincial_officer: User,
    signed_in: Browser,
    queries: Queries,
    unit_url: str,
    cadre_url: str,
) -> None:
    check_all()
    browser = signed_in(provincial_officer)
    few = queries(browser, unit_url), queries(browser, cadre_url)
    assert max(few) <= 12
    for number in range(6):
        year = 2031 + 5 * number
        term = factories.TermFactory(
            code=f"{year}-{year + 5}",
            starts_on=dt.date(year, 1, 1),
            ends_on=dt.date(year + 4, 12, 31),
        )
        plan = factories.PlanFactory(unit=organisation.department, term=term)
        pool = factories.pool_of(plan, organisation.director)
        factories.NominationFactory(pool=pool, cadre=organisation.insider)
    check_all()
    assert (queries(browser, unit_url), queries(browser, cadre_url)) == few

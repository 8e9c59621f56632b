"""The parts of a unit's page that rooms above fill, and the day of retirement."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cadres.contexts.links import UNIT_PANELS, Panel
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import User
from compliance.law import load_law
from compliance.selectors.retirement import retirement_of, whole_months
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]


@pytest.mark.parametrize("panel", UNIT_PANELS)
def test_the_names_of_panels_exist(panel: Panel) -> None:
    assert reverse(panel.url_name, args=["MA"])


def test_panels_are_links_without_script(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    url = reverse("planning:unit-plans", args=["SNV"])
    assert f'href="{url}"' in client.get(reverse("cadres:unit-detail", args=["SNV"])).text
    assert "<html" in client.get(url).text
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).text


def test_ethnic_groups_are_those_of_the_law() -> None:
    law = {group.code: group.name for group in load_law().ethnic_groups.values()}
    assert law == ETHNIC_GROUPS


# ---- Retirement ------------------------------------------------------------------------------


def test_retirement_follows_the_month_of_birth() -> None:
    cadre = factories.CadreFactory.build(sex="male", birth_date=dt.date(1971, 6, 13))
    retirement = retirement_of(cadre, dt.date(2026, 11, 22))
    assert (retirement.first, retirement.last) == (dt.date(2033, 6, 30), dt.date(2033, 6, 30))
    assert retirement.months_left == 79
    assert [cited.confidence for cited in retirement.citations]


def test_a_decision_comes_first() -> None:
    day = dt.date(2027, 1, 1)
    cadre = factories.CadreFactory.build(retires_on=day)
    retirement = retirement_of(cadre, dt.date(2026, 12, 2))
    assert (retirement.first, retirement.is_decided, retirement.months_left) == (day, True, 0)


def test_an_unknown_sex_has_two_dates_and_an_unknown_birth_none() -> None:
    cadre = factories.CadreFactory.build(sex="", birth_date=dt.date(1975, 3, 1))
    retirement = retirement_of(cadre, dt.date(2026, 11, 22))
    assert retirement.first < retirement.last
    assert not retirement.is_sure
    cadre = factories.CadreFactory.build(birth_date=None)
    assert retirement_of(cadre, dt.date(2026, 11, 22)).first is None


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-05-01", "2026-01-01", 0),
        ("2024-11-22", "2026-11-30", 24),
    ],
)
def test_months_are_whole(start: str, end: str, months: int) -> None:
    assert whole_months(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == months


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Điều 169"),
        ({"sex": ""}, "nếu là nữ"),
        ({"birth_date": None, "birth_precision": ""}, "chưa có ngày sinh"),
        ({"birth_date": dt.date(1985, 1, 1), "birth_precision": "year"}, "chỉ rõ năm sinh"),
        ({"retires_on": dt.date(2030, 5, 31)}, "theo quyết định"),
    ],
)
def test_the_file_says_what_it_rests_on(
    changes: dict[str, object],
    words: str,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Browser,
) -> None:
    cadre = organisation.insider
    for name, value in changes.items():
        setattr(cadre, name, value)
    cadre.save()
    page = signed_in(unit_officer).get(reverse("cadres:cadre-detail", args=["CB-NV"]))
    assert words in page.text

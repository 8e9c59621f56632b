"""Parts that rooms above fill, the day of retirement, and the history of a unit or a person."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.contexts.links import CADRE_PANELS, RETIREMENT_PANEL, UNIT_PANELS, Panel
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import User
from cadres.selectors import cadre_history, unit_history
from compliance.law import load_law
from compliance.selectors.retirement import retirement_of, whole_months
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]

#: Panels whose rooms are still to build them.
PLANNED = {"rotation:cadre-rotations"}


@pytest.mark.parametrize("panel", [*UNIT_PANELS, *CADRE_PANELS, RETIREMENT_PANEL])
def test_the_names_of_panels_exist(panel: Panel) -> None:
    if panel.url_name not in PLANNED:
        assert reverse(panel.url_name, args=["MA"])


def test_panels_are_links_without_script(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    for name, code, panel in (
        ("unit-detail", "SNV", "planning:unit-plans"),
        ("cadre-detail", "CB-NV", "planning:cadre-plans"),
        ("cadre-detail", "CB-NV", "compliance:cadre-retirement"),
    ):
        url = reverse(panel, args=[code])
        assert f'href="{url}"' in client.get(reverse(f"cadres:{name}", args=[code])).text
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
def test_the_panel_says_what_it_rests_on(
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
    page = signed_in(unit_officer).get(reverse("compliance:cadre-retirement", args=["CB-NV"]))
    assert words in page.text


# ---- History ---------------------------------------------------------------------------------


def test_history_tells_old_and_new(organisation: Organisation, unit_officer: User) -> None:
    cadre = organisation.insider
    cadre.full_name, cadre.theory, cadre.native_unit = "Nông Thị Ánh Tuyết", 4, organisation.commune
    cadre.save()
    latest = next(change for change in cadre_history(unit_officer, cadre) if not change.is_new)
    told = {field.label: (field.was, field.now) for field in latest.fields}
    assert told == {
        "họ và tên": ("Nông Thị Ánh", "Nông Thị Ánh Tuyết"),
        "lý luận chính trị": ("Cao cấp", "Cử nhân"),
        "quê quán": ("", "Xã Bảo Lạc"),
    }
    assert latest.what == "cán bộ"
    assert latest.who == ""


def test_history_names_the_account(
    organisation: Organisation, administrator: User, unit_officer: User, signed_in: Browser
) -> None:
    unit = organisation.department
    signed_in(administrator).post(
        reverse("admin:cadres_unit_change", args=[unit.pk]),
        {
            "code": unit.code,
            "name": "Sở Nội vụ tỉnh Cao Bằng",
            "kind": unit.kind,
            "level": unit.level,
            "successions-TOTAL_FORMS": "0",
            "successions-INITIAL_FORMS": "0",
        },
    )
    latest = next(change for change in unit_history(unit_officer, unit) if not change.is_new)
    assert latest.who == str(administrator)
    assert [(f.label, f.was, f.now) for f in latest.fields] == [
        ("tên đơn vị", "Sở Nội vụ", "Sở Nội vụ tỉnh Cao Bằng")
    ]


def test_history_leaves_the_mechanics_of_the_tree_out(
    organisation: Organisation, unit_officer: User
) -> None:
    before = len(unit_history(unit_officer, organisation.department))
    factories.UnitFactory(parent=organisation.department)  # changes the parent's row
    assert len(unit_history(unit_officer, organisation.department)) == before


def test_history_keeps_sensitive_changes_from_auditors(
    organisation: Organisation, unit_officer: User, auditor: User
) -> None:
    cadre = organisation.insider
    factories.DisciplineFactory(cadre=cadre)
    cadre.ethnicity_code = "07"
    cadre.save()

    def labels(actor: User) -> set[str]:
        return {field.label for change in cadre_history(actor, cadre) for field in change.fields}

    assert {"dân tộc", "hình thức"} <= labels(unit_officer)
    assert not {"dân tộc", "hình thức"} & labels(auditor)
    assert "họ và tên" in labels(auditor)


def test_history_outside_the_scope_is_empty(
    organisation: Organisation, other_unit_officer: User, stranger: User
) -> None:
    assert unit_history(other_unit_officer, organisation.department) == []
    assert cadre_history(stranger, organisation.insider) == []


def test_the_page_of_history(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client, url = signed_in(unit_officer), reverse("cadres:cadre-history", args=["CB-NV"])
    page = client.get(url).text
    assert "<html" in page
    assert "Ghi mới: cán bộ" in page
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).text

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    few = count()
    for year in range(2001, 2012):
        factories.EvaluationFactory(cadre=organisation.insider, year=year)
    assert count() == few

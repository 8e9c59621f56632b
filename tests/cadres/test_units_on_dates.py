"""The structure on any day, the tree branch by branch, and what a unit's page tells."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import Unit, UnitPeriod, User
from cadres.selectors import UnitFilter, unit_below, unit_matches, unit_profile, unit_tree
from tests import factories as makers
from tests.cast import Organisation

#: What factories make is rows, which their classes do not say.
factories: Any = makers
Browser = Callable[[User], Client]
TODAY = dt.date(2026, 11, 22)
THEN, SINCE = dt.date(2024, 6, 1), dt.date(2025, 3, 1)


@pytest.fixture(autouse=True)
def today() -> Any:
    """Pages are looked at in November."""
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def moved(organisation: Organisation) -> Organisation:
    """Until 28/02/2025 the centre stood under Sở Y tế, and was a station with another level."""
    UnitPeriod.objects.create(
        unit=organisation.centre,
        name="Trạm Lưu trữ",
        kind="other",
        level="district",
        parent=organisation.other,
        valid_to=dt.date(2025, 2, 28),
    )
    return organisation


def branch(actor: User, day: dt.date) -> list[tuple[str, str, int]]:
    """Code, name and indent of every row of the tree."""
    return [(n.unit.code, n.unit.name, n.indent) for n in unit_tree(actor, day).rows]


def test_the_tree_of_a_day_has_the_names_and_parents_of_that_day(
    moved: Organisation, provincial_officer: User
) -> None:
    """Before the move and after it; counts follow."""
    then = unit_tree(provincial_officer, THEN)
    assert ("SNV-LT", "Trạm Lưu trữ", 2) in branch(provincial_officer, THEN)
    codes = [node.unit.code for node in then.rows]
    assert codes.index("SNV-LT") == codes.index("SYT") + 1
    held = {node.unit.code: node.counts.held for node in then.rows}
    assert (held["SNV"], held["SYT"], held["SNV-LT"], held["CB"]) == (1, 2, 1, 3)

    now = unit_tree(provincial_officer, TODAY)
    codes = [node.unit.code for node in now.rows]
    assert codes.index("SNV-LT") == codes.index("SNV") + 1
    assert {node.unit.code: node.counts.held for node in now.rows}["SNV"] == 2


def test_branches_that_are_opened_follow_the_day(
    moved: Organisation, provincial_officer: User
) -> None:
    """What stood below then, not what stands below now."""
    for day, code, found in (
        (THEN, "SYT", ["SNV-LT"]),
        (THEN, "SNV", []),
        (TODAY, "SYT", []),
        (TODAY, "SNV", ["SNV-LT"]),
    ):
        unit = Unit.objects.get(code=code)
        rows = unit_below(provincial_officer, unit, day)
        assert [node.unit.code for node in rows] == found
        assert all(node.counts.held == 1 for node in rows)


def test_units_are_found_by_the_name_and_level_of_the_day(
    moved: Organisation, provincial_officer: User
) -> None:
    """Today's name finds it too."""
    for day, wanted, found in (
        (THEN, UnitFilter(text="tram luu"), ["SNV-LT"]),
        (THEN, UnitFilter(text="trung tam"), ["SNV-LT"]),
        (TODAY, UnitFilter(text="tram luu"), []),
        (THEN, UnitFilter(level="district"), ["SNV-LT", "H042"]),
        (TODAY, UnitFilter(level="district"), []),
    ):
        rows = unit_matches(provincial_officer, day, wanted).rows
        assert sorted(node.unit.code for node in rows) == sorted(found), (day, wanted)
    (row,) = unit_matches(provincial_officer, THEN, UnitFilter(text="tram")).rows
    assert row.way == "Sở Y tế"  # the top of the tree goes without saying


def test_a_page_of_a_unit_follows_the_day(moved: Organisation, provincial_officer: User) -> None:
    """Name, way up, and what it is called today."""
    profile = unit_profile(provincial_officer, Unit.objects.get(code="SNV-LT"), THEN)
    assert profile.unit.name == "Trạm Lưu trữ"
    assert [unit.code for unit in profile.ancestors] == ["CB", "SYT"]
    assert profile.name_today == "Trung tâm Lưu trữ"
    assert [period.name for period in profile.periods] == ["Trạm Lưu trữ"]


def test_rights_follow_today_whatever_the_day(
    moved: Organisation, other_unit_officer: User, unit_officer: User
) -> None:
    """The centre belongs to Sở Nội vụ now: who works for Sở Y tế does not see it of old."""
    assert [row[0] for row in branch(other_unit_officer, THEN)] == ["SYT"]
    assert [row[0] for row in branch(unit_officer, THEN)] == ["SNV", "SNV-LT"]


def test_subtrees_of_moved_units_go_along(moved: Organisation, provincial_officer: User) -> None:
    """A room of the centre, and two moves in a row."""
    centre = Unit.objects.get(code="SNV-LT")
    factories.UnitFactory(parent=centre, code="P1", name="Phòng 1")
    UnitPeriod.objects.create(
        unit=moved.other,
        name="Sở Y tế",
        kind="department",
        level="province",
        parent=moved.department,
        valid_to=dt.date(2025, 2, 28),
    )
    rows = {code: indent for code, _name, indent in branch(provincial_officer, THEN)}
    assert (rows["SNV"], rows["SYT"], rows["SNV-LT"], rows["P1"]) == (1, 2, 3, 4)


# ---- Pages -----------------------------------------------------------------------------------


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("name", "args", "query", "most"),
    [
        ("unit-list", [], "", 10),
        ("unit-list", [], "?cu=1&ngay=2024-06-01", 10),
        ("unit-list", [], "?tim=so&cap=province", 10),
        ("unit-children", ["CB"], "", 10),
        ("unit-detail", ["CB"], "?ngay=2024-06-01", 15),
        ("unit-posts", ["CB"], "", 10),
    ],
)
def test_queries_of_pages_do_not_grow(
    moved: Organisation,
    provincial_officer: User,
    signed_in: Browser,
    name: str,
    args: list[str],
    query: str,
    most: int,
) -> None:
    """With five units and with thirty-five."""
    client, url = signed_in(provincial_officer), reverse(f"cadres:{name}", args=args) + query
    few = _queries(client, url)
    for number in range(30):
        unit = factories.UnitFactory(parent=moved.province)
        factories.AppointmentFactory(unit=unit, title=moved.director)
        factories.AppointmentFactory(unit=moved.province, title=moved.deputy)
        factories.PlanFactory(unit=unit)
        if number % 3 == 0:
            UnitPeriod.objects.create(
                unit=unit,
                name=f"Sở cũ {number}",
                kind="department",
                level="province",
                parent=moved.province,
                valid_to=dt.date(2025, 2, 28),
            )
    assert _queries(client, url) <= max(few, most) == most


def test_a_branch_is_rows_for_htmx_and_a_page_for_others(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """The indent of the rows goes on from that of the unit."""
    client, url = signed_in(provincial_officer), reverse("cadres:unit-children", args=["SNV"])
    rows = client.get(url + "?bac=1", headers={"hx-request": "true"}).content.decode()
    assert 'data-depth="2"' in rows
    assert "<html" not in rows
    assert "Trung tâm Lưu trữ" in client.get(url).content.decode()


def test_the_time_line_tells_who_held_a_post_and_until_when(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """Somebody who left is named; the file is another office's now, so it is not linked."""
    left = factories.CadreFactory(code="CB-DI", full_name="Lục Thị Oanh")
    factories.AppointmentFactory(
        cadre=left,
        unit=organisation.department,
        title=organisation.director,
        start_on=dt.date(2015, 1, 1),
        end_on=dt.date(2019, 12, 31),
    )
    page = signed_in(unit_officer).get(reverse("cadres:unit-posts", args=["SNV"]))
    text = page.content.decode()
    assert "Lục Thị Oanh" in text
    assert "31/12/2019" in text
    assert "CB-DI" not in text
    (group,) = page.context["groups"]
    assert [row["is_now"] for row in group["rows"]] == [True, False]

"""Who sends people where: counts between units, the picture, what the actor may see of it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from cadres.models import User
from rotation.choices import RotationKind, RotationStatus
from rotation.contexts.matrix import matrix
from rotation.selectors.flows import flows, flows_of
from rotation.selectors.turns import in_years, turns
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY

YEARS = range(2022, 2027)


@pytest.fixture
def moved(today: dt.date, organisation: Organisation) -> Organisation:
    """Sở Nội vụ sends two to Sở Y tế and one to the commune; Sở Y tế sends one back."""
    home, away, commune = organisation.department, organisation.other, organisation.commune
    move(home, away)
    move(home, away, kind=RotationKind.TRANSFER, status=RotationStatus.COMPLETED)
    move(home, commune, start_on=dt.date(2022, 1, 1))
    move(away, home)
    # None of these took place, or not in these years.
    move(home, away, status=RotationStatus.DECLINED)
    move(home, away, status=RotationStatus.CANCELLED)
    move(home, away, status=RotationStatus.PROPOSED, start_on=None)
    move(home, away, status=RotationStatus.APPROVED)
    move(home, away, start_on=TODAY + dt.timedelta(days=1))
    move(home, away, start_on=dt.date(2021, 12, 31))
    return organisation


def move(start: Any, end: Any, **values: Any) -> Any:
    return factories.RotationFactory(from_unit=start, to_unit=end, **values)


def names(picture: dict[str, Any]) -> list[str]:
    return [head["label"] for head in picture["heads"]]


def numbers(picture: dict[str, Any]) -> list[list[int]]:
    return [[cell["count"] for cell in row["cells"]] for row in picture["rows"]]


def test_moves_that_took_place_are_counted(moved: Organisation, provincial_officer: User) -> None:
    found = flows(provincial_officer, TODAY, YEARS)
    home, away, commune = moved.department.pk, moved.other.pk, moved.commune.pk
    assert dict(found.between) == {(home, away): 2, (home, commune): 1, (away, home): 1}
    assert (found.out[home], found.into[home], found.total) == (3, 1, 4)
    # The centre has a post as well; the province and the closed district have none.
    assert found.still == 1


def test_one_kind_alone_and_an_earlier_day(moved: Organisation, provincial_officer: User) -> None:
    home, away, commune = moved.department.pk, moved.other.pk, moved.commune.pk
    transfers = flows(provincial_officer, TODAY, YEARS, RotationKind.TRANSFER)
    assert dict(transfers.between) == {(home, away): 1}
    then = flows(provincial_officer, dt.date(2024, 6, 1), YEARS)
    assert dict(then.between) == {(home, commune): 1}


def test_turns_that_were_read_give_the_same(
    moved: Organisation, provincial_officer: User, other_unit_officer: User
) -> None:
    for actor in (provincial_officer, other_unit_officer):
        read = [turn for turn in turns(actor, TODAY, YEARS) if in_years(turn, YEARS)]
        assert flows_of(actor, TODAY, read) == flows(actor, TODAY, YEARS)


def test_only_moves_of_the_actors_units(
    moved: Organisation, other_unit_officer: User, stranger: User
) -> None:
    found = flows(other_unit_officer, TODAY, YEARS)
    home, away = moved.department.pk, moved.other.pk
    assert dict(found.between) == {(home, away): 2, (away, home): 1}
    assert flows(stranger, TODAY, YEARS).total == 0
    assert matrix(other_unit_officer, TODAY)["is_part"]


def test_the_picture_has_sums_nets_and_shades(
    moved: Organisation, provincial_officer: User
) -> None:
    picture = matrix(provincial_officer, TODAY, years=YEARS)
    assert names(picture) == ["Sở Nội vụ", "Sở Y tế", "Xã Bảo Lạc"]
    assert numbers(picture) == [[0, 2, 1], [1, 0, 0], [0, 0, 0]]
    assert [row["out"]["text"] for row in picture["rows"]] == ["3", "1", "0"]
    assert [row["net"] for row in picture["rows"]] == ["−2", "+1", "+1"]
    assert [cell["text"] for cell in picture["into"]] == ["1", "2", "1"]
    assert picture["whole"]["text"] == "4"
    assert [cell["shade"] for cell in picture["rows"][0]["cells"]] == [0, 2, 1]
    assert [step["text"] for step in picture["legend"]] == ["1", "2"]
    assert picture["words"][0] == "Sở Nội vụ cử đi 3, nhận về 1."
    assert picture["words"][-1] == "Còn 1 đơn vị chưa cử hoặc nhận ai."


def test_the_rest_is_one_place(moved: Organisation, provincial_officer: User) -> None:
    for _ in range(2):
        move(moved.other, factories.UnitFactory(parent=moved.province))
    picture = matrix(provincial_officer, TODAY, years=YEARS, size=2)
    assert names(picture) == ["Sở Y tế", "Sở Nội vụ", "Đơn vị khác"]
    assert numbers(picture) == [[0, 1, 2], [2, 0, 1], [0, 0, 0]]
    assert picture["rows"][2]["net"] == "+3"
    # One unit more is named.
    assert len(names(matrix(provincial_officer, TODAY, years=YEARS, size=4))) == 5


def test_it_is_drawn_as_a_table(moved: Organisation, provincial_officer: User) -> None:
    picture = matrix(provincial_officer, TODAY, years=YEARS)
    page = render_to_string("rotation/_matrix.html", {"matrix": picture})
    assert page.count('<th scope="row"') == 4
    assert page.count('class="to"') == 3
    assert "Sở Nội vụ đến Sở Y tế: 2" in page
    empty = matrix(provincial_officer, TODAY, years=range(1990, 1991))
    assert "Chưa có ai đi, đến" in render_to_string("rotation/_matrix.html", {"matrix": empty})


def test_queries_do_not_grow(moved: Organisation, provincial_officer: User) -> None:
    def counted() -> int:
        actor = User.objects.get(pk=provincial_officer.pk)
        with CaptureQueriesContext(connection) as queries:
            matrix(actor, TODAY, years=YEARS)
        return len(queries)

    few = counted()
    for _ in range(8):
        move(moved.department, factories.UnitFactory(parent=moved.province))
    assert counted() == few == 3  # the grants are the third

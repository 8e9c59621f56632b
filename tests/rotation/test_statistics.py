"""Statistics against data counted by hand; every figure leads to as many people as it says."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Grade, Level, Sex
from cadres.models import Title, User
from rotation.choices import DeclineReason, EndReason, PlanState, RotationKind, RotationStatus
from rotation.models import EquivalentTitle, RotationPlan, RotationTarget
from rotation.selectors.statistics import Turns, numbers_of
from rotation.selectors.turns import Step, Turn, TurnState, Where, turns
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, year_plan

YEARS = range(2022, 2027)
Browser = Callable[[User], Client]
URL = reverse("rotation:statistics")


class History:
    """Seven turns of 2022–2026 between Sở Nội vụ, Sở Y tế and xã Bảo Lạc, and some outside it.

    | who    | born, sex, group | what                                                     |
    | ------ | ---------------- | -------------------------------------------------------- |
    | back   | 1985, man, Tày   | 2022-01 to 2025-02, 37 months; back home as director     |
    | short  | 1990, woman, Nùng| 2022-06 to 2024-06, 24 months, family; stays as deputy   |
    | away   | 1980, man, Tày   | tour since 2025-01, planned by Sở Nội vụ                 |
    | sent   | 1970, man, ?     | transfer 2026-03, runs                                   |
    | lent   | ?, woman, Kinh   | secondment 2023-01 to 2023-12; no post since             |
    | home   | 1988, woman, Tày | declined 2026-05, family                                 |
    | unwell | 1968, man, Mông  | declined 2025-05, only a text                            |
    """

    def __init__(self, organisation: Organisation) -> None:
        self.of = organisation
        home, away, commune = organisation.department, organisation.other, organisation.commune
        for unit in (home, away):
            factories.PositionFactory(unit=unit, title=organisation.deputy, prescribed=2)
        self.back = self.move(
            person("back", 1985, Sex.MALE, "02"), home, away, "2022-01-10", ended="2025-02-10"
        )
        self.post("back", home, organisation.director, "2025-02-10")
        factories.EvaluationFactory(cadre=self.back.cadre, unit=home, year=2026, grade=Grade.HTXSNV)
        self.short = self.move(
            person("short", 1990, Sex.FEMALE, "07"),
            home,
            commune,
            "2022-06-01",
            ended="2024-06-01",
            end_kind=EndReason.FAMILY,
        )
        self.post("short", commune, organisation.deputy, "2024-06-01")
        factories.EvaluationFactory(cadre=self.short.cadre, unit=commune, year=2025)
        self.away = self.move(person("away", 1980, Sex.MALE, "02"), home, away, "2025-01-01")
        factories.NominationFactory(pool=organisation.pool, cadre=self.away.cadre)
        self.sent = self.move(
            person("sent", 1970, Sex.MALE, ""), away, home, "2026-03-01", kind=RotationKind.TRANSFER
        )
        self.lent = self.move(
            person("lent", None, Sex.FEMALE, "01"),
            home,
            away,
            "2023-01-01",
            ended="2023-12-01",
            kind=RotationKind.SECONDMENT,
        )
        self.home = self.move(
            person("home", 1988, Sex.FEMALE, "02"),
            home,
            commune,
            "2026-06-01",
            status=RotationStatus.DECLINED,
            decline_kind=DeclineReason.FAMILY,
            declined_on=dt.date(2026, 5, 1),
        )
        self.unwell = self.move(
            person("unwell", 1968, Sex.MALE, "08"),
            away,
            commune,
            "2025-05-01",
            status=RotationStatus.DECLINED,
            decline_reason="Sức khỏe yếu",
        )
        # Outside the period, or nothing yet.
        self.old = self.move(person("old", 1970, Sex.MALE, "02"), home, away, "2020-01-01")
        self.move(person("wish", 1985, Sex.MALE, "02"), home, away, None, status="proposed")
        self.move(person("off", 1985, Sex.MALE, "02"), home, away, "2025-01-01", status="cancelled")
        # Somebody took one of the two posts of deputy that were left at Sở Nội vụ.
        factories.AppointmentFactory(
            unit=home, title=organisation.deputy, start_on=dt.date(2025, 6, 1)
        )

    def move(
        self, cadre: Any, start: Any, end: Any, begun: str | None, *, ended: str = "", **values: Any
    ) -> Any:
        values.setdefault("status", RotationStatus.COMPLETED if ended else "in_progress")
        return factories.RotationFactory(
            cadre=cadre,
            from_unit=start,
            to_unit=end,
            from_title=self.of.deputy,
            to_title=self.of.deputy,
            start_on=dt.date.fromisoformat(begun) if begun else None,
            planned_end_on=None,
            ended_on=dt.date.fromisoformat(ended) if ended else None,
            **values,
        )

    def post(self, name: str, unit: Any, title: Any, start: str) -> None:
        cadre = getattr(self, name).cadre
        factories.AppointmentFactory(
            cadre=cadre, unit=unit, title=title, start_on=dt.date.fromisoformat(start)
        )


def person(code: str, year: int | None, sex: str, group: str) -> Any:
    born = dt.date(year, 1, 1) if year else None
    return factories.CadreFactory(
        code=code, full_name=code, birth_date=born, sex=sex, ethnicity_code=group
    )


@pytest.fixture
def history(today: dt.date, organisation: Organisation) -> History:
    return History(organisation)


def read(actor: User, as_of: dt.date = TODAY, years: range = YEARS) -> Turns:
    return numbers_of(actor, as_of, years).turns


def named(found: list[Turn]) -> set[str]:
    return {turn.code for turn in found}


# ---- Counting --------------------------------------------------------------------------------


def test_turns_of_the_period_are_counted(history: History, provincial_officer: User) -> None:
    found = read(provincial_officer)
    assert named(list(found.counted)) == {
        *("back", "short", "away", "sent", "lent", "home", "unwell")
    }
    assert found.tally("trang-thai") == {
        (TurnState.AWAY,): 2,
        (TurnState.ENDED,): 3,
        (TurnState.DECLINED,): 2,
    }
    assert found.tally("nam", "da-di") == {
        ("2022", "co"): 2,
        ("2023", "co"): 1,
        ("2025", "co"): 1,
        ("2026", "co"): 1,
    }
    assert found.tally("hinh-thuc", "da-di") == {
        ("rotation", "co"): 3,
        ("transfer", "co"): 1,
        ("secondment", "co"): 1,
    }
    assert found.tally("gioi-tinh", "da-di") == {("male", "co"): 3, ("female", "co"): 2}
    assert found.tally("cap", "da-di") == {(Level.PROVINCE, "co"): 4, (Level.COMMUNE, "co"): 1}


def test_age_is_that_of_the_start_or_of_the_refusal(
    history: History, provincial_officer: User
) -> None:
    ages = {turn.code: turn.age for turn in read(provincial_officer).counted}
    assert ages == {
        "back": 37,
        "short": 32,
        "away": 45,
        "sent": 56,
        "lent": None,
        "home": 38,
        "unwell": 57,
    }
    found = read(provincial_officer)
    assert found.tally("ly-do", "tuoi") == {("family", "35"): 1, ("chua-ro", "55"): 1}


def test_length_is_judged_by_the_law_of_the_end(history: History, provincial_officer: User) -> None:
    found = {turn.code: turn for turn in read(provincial_officer).counted}
    assert (found["back"].months, found["back"].minimum, found["back"].is_short) == (37, 36, False)
    assert (found["short"].months, found["short"].is_short) == (24, True)
    assert (found["away"].months, found["away"].is_short) == (23, None)
    # A secondment is no tour of duty.
    assert (found["lent"].months, found["lent"].minimum) == (11, None)
    turned = read(provincial_officer)
    assert turned.tally("ket-thuc-som") == {("family",): 1}
    assert turned.tally("thoi-han") == {("du",): 1, ("chua-du",): 1}
    assert turned.tally("do-dai") == {("36",): 1, ("24",): 1}
    # Nothing was in force in 2016.
    history.move(
        person("early", 1970, "male", ""),
        history.of.department,
        history.of.other,
        "2014-01-01",
        ended="2016-01-01",
    )
    (early,) = read(provincial_officer, years=range(2014, 2015)).counted
    assert early.is_short is None


def test_a_target_of_the_province_counts(history: History, provincial_officer: User) -> None:
    factories.TargetFactory(
        unit=history.of.province,
        parameter="rotation.duration.minimum_months",
        level=Level.PROVINCE,
        value=48,
    )
    found = {turn.code: turn.minimum for turn in read(provincial_officer).counted}
    assert (found["back"], found["short"]) == (48, 36)  # the commune has another level


def test_what_became_of_them(history: History, provincial_officer: User) -> None:
    after = {turn.code: turn.after for turn in read(provincial_officer).counted if turn.after}
    assert set(after) == {"back", "short", "lent"}
    assert (after["back"].step, after["back"].where) == (Step.HIGHER, Where.BACK)
    assert (after["short"].step, after["short"].where) == (Step.SAME, Where.STAYED)
    assert (after["lent"].step, after["lent"].where) == (Step.NONE, None)
    # 2026 is not graded before 2027; of 2025 one grade is on file; none of 2024.
    assert read(provincial_officer).tally("xep-loai") == {
        ("chua-den-ky",): 1,
        ("HTTNV",): 1,
        ("chua-ro",): 1,
    }


def test_back_to_the_successor_is_back(history: History, provincial_officer: User) -> None:
    moved = history.move(
        person("merged", 1980, "male", ""),
        history.of.district,
        history.of.other,
        "2022-02-01",
        ended="2025-08-01",
    )
    history.merged = moved  # type: ignore[attr-defined]
    history.post("merged", history.of.commune, history.of.director, "2025-08-01")
    found = {turn.code: turn.after for turn in read(provincial_officer).counted}
    assert found["merged"].where == Where.BACK  # type: ignore[union-attr]


def test_an_earlier_day_knows_nothing_of_later(history: History, provincial_officer: User) -> None:
    found = read(provincial_officer, dt.date(2024, 1, 1))
    states = {turn.code: turn.state for turn in found.counted}
    assert states == {
        "back": TurnState.AWAY,
        "short": TurnState.AWAY,
        "lent": TurnState.ENDED,
    }


# ---- Planned, units --------------------------------------------------------------------------


def test_planned_against_done(
    history: History, provincial_officer: User, unit_officer: User
) -> None:
    of = history.of
    year_plan(2025, PlanState.APPROVED, targets={of.department: (3, 0), of.other: (0, 2)})
    year_plan(2026, PlanState.SUBMITTED, targets={of.department: (5, 5)})
    numbers = numbers_of(provincial_officer, TODAY, YEARS)
    by_year = {each.key: each for each in numbers.by_year}
    assert (by_year["2025"].send, by_year["2025"].sent) == (3, 1)
    assert (by_year["2025"].receive, by_year["2025"].received) == (2, 1)
    assert by_year["2025"].declined == 1
    # Not approved: no target. The transfer of 2026 is no tour.
    assert (by_year["2026"].send, by_year["2026"].sent) == (None, 0)
    by_level = {each.key: each for each in numbers.by_level}
    assert (by_level["province"].sent, by_level["province"].received) == (3, 2)
    assert (by_level["commune"].sent, by_level["commune"].received) == (0, 1)
    # Moves of years without targets are no part of a level's targets: the two are not divided.
    assert all(each.is_whole for each in numbers.by_year)
    assert not any(each.is_whole for each in numbers.by_level)
    assert all(
        each.is_whole for each in numbers_of(provincial_officer, TODAY, range(2025, 2026)).by_level
    )
    # On the day before the decision nothing was approved.
    then = numbers_of(provincial_officer, dt.date(2025, 1, 31), YEARS)
    assert all(each.send is None for each in then.by_year)
    # While a plan is adjusted, what was decided stays in force.
    RotationTarget.objects.filter(plan__year=2025).update(send=9)
    RotationPlan.objects.filter(year=2025).update(status=PlanState.DRAFT)
    again = {each.key: each for each in numbers_of(provincial_officer, TODAY, YEARS).by_year}
    assert again["2025"].send == 3
    own = {each.key: each for each in numbers_of(unit_officer, TODAY, YEARS).by_year}
    assert (own["2025"].send, own["2025"].receive) == (3, 0)
    assert (own["2025"].sent, own["2025"].received) == (1, 0)


def test_a_plan_counts_its_own_moves_of_any_kind(
    history: History, provincial_officer: User
) -> None:
    history.sent.plan = year_plan(2025, PlanState.APPROVED, targets={history.of.department: (0, 2)})
    history.sent.save()
    by_year = {each.key: each for each in numbers_of(provincial_officer, TODAY, YEARS).by_year}
    # The tour "away" of that year, and the transfer that the plan names.
    assert (by_year["2025"].sent, by_year["2025"].received) == (2, 2)


def test_what_it_does_to_units(history: History, provincial_officer: User) -> None:
    units = {each.code: each for each in numbers_of(provincial_officer, TODAY, YEARS).units}
    home = units["SNV"]
    assert (home.sent, home.received) == (4, 1)
    # back, short and away left the post of a deputy; the secondment did not. One took it since,
    # and "back" is director now.
    assert home.left == {history.back.pk, history.short.pk, history.away.pk}
    assert home.filled == 1
    assert home.away == {history.away.pk}
    assert (units["X01321"].received, units["X01321"].left) == (1, frozenset())


def test_nominees_of_ended_plans_and_removed_ones_are_not_missed(
    history: History, provincial_officer: User
) -> None:
    history.of.pool.nominations.update(removed_on=dt.date(2026, 1, 1))
    units = {each.code: each for each in numbers_of(provincial_officer, TODAY, YEARS).units}
    assert not units["SNV"].away


# ---- Who may see what ------------------------------------------------------------------------


def test_only_turns_of_ones_units(
    history: History, other_unit_officer: User, stranger: User
) -> None:
    assert named(list(read(other_unit_officer).counted)) == {
        *("back", "away", "sent", "lent", "unwell")
    }
    assert turns(stranger, TODAY, YEARS) == []
    assert {each.code for each in numbers_of(other_unit_officer, TODAY, YEARS).units} == {"SYT"}


def test_titles_of_one_group_are_a_step_aside(history: History, provincial_officer: User) -> None:
    (back,) = (turn for turn in read(provincial_officer).counted if turn.code == "back")
    assert back.after is not None
    titles = Title.objects.filter(pk=back.start.title_id) | Title.objects.filter(
        name=back.after.title_name
    )
    assert len(titles) == 2

    def step() -> Step:
        return {t.code: t.after.step for t in read(provincial_officer).counted if t.after}["back"]

    for title, group, expected in zip(
        [*titles, titles[1]], ("A", "B", "A"), (Step.HIGHER, Step.HIGHER, Step.SAME), strict=True
    ):
        EquivalentTitle.objects.update_or_create(title=title, defaults={"group": group})
        assert step() == expected


def test_ethnic_groups_are_not_even_read_where_they_are_not_told(
    history: History, provincial_officer: User, auditor: User, other_unit_officer: User
) -> None:
    assert {turn.code: turn.group for turn in read(provincial_officer).counted}["back"] == "02"
    assert {turn.group for turn in read(auditor).counted} == {None}
    # Nobody but "back", who serves at Sở Nội vụ, holds a post today.
    assert {turn.group for turn in read(other_unit_officer).counted} == {None}
    history.post("away", history.of.other, history.of.deputy, "2025-01-01")
    groups = {turn.code: turn.group for turn in read(other_unit_officer).counted}
    assert groups["away"] == "02"
    assert groups["back"] is None


def test_reasons_are_for_those_alone_who_may_see_sensitive_data(
    history: History, auditor: User, other_unit_officer: User
) -> None:
    found = read(auditor)
    assert found.tally("ly-do") == {("ngoai-quyen",): 2}
    assert found.tally("ket-thuc-som") == {("ngoai-quyen",): 1}
    assert not any(turn.decline_reason or turn.end_kind for turn in found.counted)
    told = {turn.code: turn.decline_reason for turn in read(other_unit_officer).counted}
    assert told["unwell"] == "Sức khỏe yếu"


@pytest.fixture
def reader(history: History, provincial_officer: User, signed_in: Browser) -> Client:
    of = history.of
    year_plan(2025, PlanState.APPROVED, targets={of.department: (3, 0), of.other: (0, 2)})
    return signed_in(provincial_officer)


def test_every_figure_leads_to_its_people(reader: Client) -> None:
    drawn = [context.dicts for context in reader.get(URL).context]
    figures = {each["url"]: each["count"] for each in _figures(drawn) if each["url"]}
    lists = {url: count for url, count in figures.items() if url.startswith(URL)}
    assert len(lists) > 40
    for url, count in lists.items():
        assert reader.get(url).context["listed"] == count, url


def _figures(value: Any) -> Iterator[dict[str, Any]]:
    """Whatever has a count and an address in a context."""
    if isinstance(value, dict):
        if {"count", "url", "text"} <= set(value):
            yield value
        for name, each in value.items():
            if name not in ("form", "table", "shell"):
                yield from _figures(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _figures(each)


def test_the_page_shows_numbers_and_people(reader: Client) -> None:
    answer = reader.get(URL)
    body = answer.content.decode()
    assert "5 lượt đã đi: 2 đang đi, 3 đã kết thúc; 2 từ chối." in body
    assert "Theo dân tộc" in body
    assert "dan-toc=02" not in body
    asked = reader.get(URL, {"ly-do": "family"})
    assert asked.context["listed"] == 1
    assert "Lý do từ chối" in asked.content.decode()
    assert reader.get(URL, {"di": "khong-co"}).context["listed"] == 0


def test_nonsense_is_left_out(reader: Client) -> None:
    for query in (
        {"tu-nam": "x", "den-nam": "99999", "loai": "?"},
        {"tu-nam": "²", "den-nam": "1"},
    ):
        answer = reader.get(URL, query)
        assert answer.status_code == 200
        assert answer.context["period"] == "2022–2026"
    turned = reader.get(URL, {"tu-nam": "2026", "den-nam": "2025"})
    assert turned.context["period"] == "2025–2026"
    assert reader.get(URL, {"dan-toc": "x", "nam": "x"}).context["listed"] == 0


def test_without_the_right_there_is_no_group(
    history: History, auditor: User, stranger: User, signed_in: Browser
) -> None:
    assert "Theo dân tộc" not in signed_in(auditor).get(URL).content.decode()
    assert signed_in(stranger).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_an_empty_period_says_so(reader: Client) -> None:
    body = reader.get(URL, {"tu-nam": "1990", "den-nam": "1991"}).content.decode()
    assert "Chưa có ai đi, đến" in body


def test_queries_do_not_grow(
    history: History, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    browser.get(URL)

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(URL).status_code == 200
        return len(queries)

    few = counted()
    for number in range(12):
        unit = factories.UnitFactory(parent=history.of.province)
        factories.PositionFactory(unit=unit, title=history.of.deputy)
        history.move(
            person(f"more-{number}", 1980, "male", "02"),
            unit,
            history.of.other,
            f"202{number % 5 + 1}-02-0{number % 9 + 1}",
            ended="2026-01-01" if number % 2 else "",
        )
    assert counted() == few
    assert few <= 18

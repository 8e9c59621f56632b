"""Căn cứ: parameters of a day, documents, targets, waivers, two days side by side."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Level
from cadres.models import User
from compliance.applied import applied_over_time
from compliance.engine.figures import TargetValue, resolve
from compliance.law import load_law
from compliance.models import ComplianceRun, Target
from tests import factories
from tests.cast import Organisation

URL = reverse("compliance:law-list")
WOMEN = "planning.women_share.minimum"
SignIn = Callable[[User], Client]


def lines(client: Client, **query: str) -> dict[str, Any]:
    """Rows of the page by parameter."""
    response = client.get(URL, query)
    assert response.status_code == 200
    groups = response.context["catalogue"].groups
    return {line.parameter.id: line for _, rows in groups for line in rows}


def values(line: Any) -> dict[str, str]:
    return {cell.level: cell.text for cell in line.cells}


@pytest.fixture
def target(organisation: Organisation) -> Target:
    """The province asks for 25 % women at its own level from 2026 on."""
    return factories.TargetFactory(
        unit=organisation.province, value=25, in_force_from=dt.date(2026, 1, 15), at="Điều 5"
    )


def test_it_works(
    target: Target, frozen_today: dt.date, provincial_officer: User, signed_in: SignIn
) -> None:
    response = signed_in(provincial_officer).get(URL)
    text = response.content.decode()
    assert "Căn cứ đang áp dụng" in text
    assert "377-QĐ/TW (2025)" in text
    assert "chưa có căn cứ" in text
    assert "chưa đối chiếu văn bản gốc" in text
    assert '<svg class="hist"' in text


def test_it_requires_login(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 302


def test_nonsense_is_no_day(provincial_officer: User, signed_in: SignIn) -> None:
    assert signed_in(provincial_officer).get(URL, {"ngay": "x"}).status_code == 400
    text = signed_in(provincial_officer).get(URL, {"so-voi": "x"}).content.decode()
    assert "Ngày đem so chưa đúng" in text


# -- three days of the law ---------------------------------------------------------------


def test_on_15_april_2017(provincial_officer: User, signed_in: SignIn) -> None:
    page = lines(signed_in(provincial_officer), ngay="2017-04-15")
    women = page[WOMEN]
    assert values(women) == {"province": "≥ 15 %", "district": "≥ 15 %", "commune": "≥ 15 %"}
    assert [cited.source for cited in women.shown[0].citations] == ["15-HD/BTCTW (2012)"]
    assert women.confidence == "recalled"
    assert women.since == dt.date(2012, 11, 5)
    assert values(page["planning.annual_review.maximum_months"])["province"] == ""


def test_on_7_october_2025(provincial_officer: User, signed_in: SignIn) -> None:
    page = lines(signed_in(provincial_officer), ngay="2025-10-07")
    assert values(page[WOMEN]) == {"province": "≥ 25 %", "commune": ""}
    assert page[WOMEN].confidence == "read"
    coefficient = page["planning.committee_coefficient.maximum"]
    assert values(coefficient)["commune"] == "≤ 150 % số lượng quy định"


def test_on_22_november_2026(provincial_officer: User, signed_in: SignIn) -> None:
    page = lines(signed_in(provincial_officer), ngay="2026-11-22")
    assert values(page[WOMEN]) == {"province": "", "commune": ""}
    assert page[WOMEN].confidence == ""
    assert values(page["planning.annual_review.maximum_months"])["commune"] == "≤ 12 tháng"
    assert values(page["planning.ballot.minimum_share"])["province"] == "> 50 %"
    assert page["planning.ballot.minimum_share"].confidence == "second-hand"
    head_terms = page["rotation.head_terms.maximum"]
    assert values(head_terms) == {"province": "< 2 nhiệm kỳ", "commune": ""}
    history = page[WOMEN].histories[0].cards
    assert [(card.text, card.is_now) for card in history] == [
        ("≥ 15 %", False),
        ("≥ 25 %", False),
        ("", True),
    ]
    assert history[-1].applied.start == dt.date(2025, 10, 8)


@pytest.mark.parametrize("day", ["2017-04-15", "2025-10-07", "2026-11-22"])
def test_every_value_is_that_of_the_law(
    provincial_officer: User, signed_in: SignIn, day: str
) -> None:
    law, on = load_law(), dt.date.fromisoformat(day)
    page = lines(signed_in(provincial_officer), ngay=day)
    assert set(page) == set(law.parameters)
    for parameter, line in page.items():
        for level, text in values(line).items():
            value = law.in_force(parameter, level, on)
            assert text == (law.parameters[parameter].text(value.value) if value else "")


# -- targets -----------------------------------------------------------------------------


def test_a_target_is_applied_where_the_law_is_silent(
    target: Target, provincial_officer: User, signed_in: SignIn
) -> None:
    women = lines(signed_in(provincial_officer), ngay="2026-11-22")[WOMEN]
    assert values(women) == {"province": "≥ 25 %", "commune": ""}
    assert women.shown[0].is_target
    assert women.shown[0].citations[0].text == "12-NQ/TU, Điều 5"
    assert women.since == dt.date(2026, 1, 15)
    cards = women.histories[0].cards
    assert [(c.text, c.applied.is_target, c.is_now) for c in cards] == [
        ("≥ 15 %", False, False),
        ("≥ 25 %", False, False),
        ("", False, False),
        ("≥ 25 %", True, True),
    ]
    assert [part.is_target for part in women.bar] == [False, False, True]
    assert women.targets == [target]


def test_a_laxer_target_changes_nothing(
    organisation: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    factories.TargetFactory(unit=organisation.province, value=20)
    women = lines(signed_in(provincial_officer), ngay="2025-10-07")[WOMEN]
    assert values(women)["province"] == "≥ 25 %"
    assert not women.shown[0].is_target


def test_cards_say_what_the_engine_applies(target: Target) -> None:
    """The day before and the day of every change, against the engine's own resolution."""
    law = load_law()
    stricter = factories.TargetFactory.build(
        unit=target.unit,
        value=30,
        in_force_from=dt.date(2023, 3, 1),
        in_force_to=dt.date(2024, 2, 29),
    )
    for parameter in law.parameters:
        for level in law.levels:
            mine = [each for each in (stricter, target) if each.parameter == parameter]
            entries = applied_over_time(law, mine, parameter, level)
            for entry in entries:
                for day in {entry.start, entry.end} - {None}:
                    holding = [
                        each
                        for each in mine
                        if each.level == level
                        and each.in_force_from <= day
                        and (each.in_force_to is None or day <= each.in_force_to)
                    ]
                    near = max(holding, key=lambda each: each.in_force_from, default=None)
                    value, _ = resolve(law, parameter, level, day, near and as_value(near))
                    assert entry.value == value


def as_value(target: Target) -> TargetValue:
    return TargetValue(
        target.pk or 0, target.parameter, target.value, target.document, target.at, "read"
    )


def test_targets_of_other_units_are_not_shown(
    target: Target, organisation: Organisation, unit_officer: User, signed_in: SignIn
) -> None:
    own = factories.TargetFactory(unit=organisation.department, value=40)
    factories.TargetFactory(unit=organisation.other, value=45)
    response = signed_in(unit_officer).get(URL, {"muc": "chi-tieu"})
    # Those of the units above hold here as well.
    assert [line.target for line in response.context["targets"]] == [target, own]
    assert "Sở Y tế" not in response.content.decode()
    women = lines(signed_in(unit_officer), ngay="2026-11-22")[WOMEN]
    assert values(women)["province"] == "≥ 25 %"


def test_who_sets_targets_is_led_there(
    target: Target, provincial_officer: User, unit_officer: User, signed_in: SignIn
) -> None:
    url = reverse("compliance:target-add")
    assert url in signed_in(provincial_officer).get(URL).content.decode()
    assert url not in signed_in(unit_officer).get(URL).content.decode()


# -- chips, two days, other parts ----------------------------------------------------------


def test_chips_count_and_narrow(provincial_officer: User, signed_in: SignIn) -> None:
    client = signed_in(provincial_officer)
    chips = {
        chip["key"]: chip["number"]
        for chip in client.get(URL, {"ngay": "2026-11-22"}).context["chips"]
    }
    assert sum(chips.values()) == len(load_law().parameters)
    for key, number in chips.items():
        page = lines(client, ngay="2026-11-22", chac=key)
        assert len(page) == number
        assert {line.confidence or "none" for line in page.values()} <= {key}


def test_two_days_side_by_side(provincial_officer: User, signed_in: SignIn) -> None:
    client = signed_in(provincial_officer)
    query = {"ngay": "2025-10-08", "so-voi": "2025-10-07"}
    found = client.get(URL, query).context["differences"]
    women = next(each for each in found if each.parameter.id == WOMEN)
    assert (women.levels, women.before_text, women.after_text) == ("Cấp tỉnh", "≥ 25 %", "")
    assert "rotation.duration.minimum_months" not in {each.parameter.id for each in found}
    same = client.get(URL, {"ngay": "2025-10-07", "so-voi": "2025-10-07"})
    assert "Không có gì khác" in same.content.decode()


def test_documents(provincial_officer: User, signed_in: SignIn) -> None:
    response = signed_in(provincial_officer).get(URL, {"muc": "van-ban", "ngay": "2026-11-22"})
    text = response.content.decode()
    assert len(response.context["documents"]) == len(load_law().sources)
    by_id = {line.source.id: line for line in response.context["documents"]}
    assert by_id["qd-50-2021"].is_over
    assert WOMEN in {parameter.id for parameter in by_id["qd-50-2021"].parameters}
    assert 'id="qd-50-2021"' in text
    assert "chưa rõ" in text  # an end that is not on hand is said


def test_waivers(
    organisation: Organisation,
    frozen_today: dt.date,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    approver: User,
    signed_in: SignIn,
) -> None:
    waiver = factories.WaiverFactory(unit=organisation.department, asked_by=unit_officer)
    query = {"muc": "mien-ap-dung"}
    (line,) = signed_in(provincial_officer).get(URL, query).context["waivers"]
    assert (line.title, line.state) == ("Tỷ lệ nữ", "chờ phê duyệt")
    waiver.approved_by = approver
    waiver.save()
    (line,) = signed_in(unit_officer).get(URL, query).context["waivers"]
    assert line.state == "đang áp dụng"
    (line,) = signed_in(unit_officer).get(URL, {**query, "ngay": "2027-01-01"}).context["waivers"]
    assert line.state == "đã hết hạn"
    response = signed_in(other_unit_officer).get(URL, query)
    assert "Không có miễn áp dụng nào" in response.content.decode()


# -- what rests on it ----------------------------------------------------------------------


def test_it_says_how_many_verdicts_rest_on_a_parameter(
    province: ComplianceRun, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)
    (use,) = lines(client)[WOMEN].uses
    numbers = province.summary["planning.women_share"]
    assert use["failing"] == numbers["not_met"]
    assert use["judged"] == sum(n for outcome, n in numbers.items() if outcome != "not_applicable")
    assert client.get(use["url"]).context["page_obj"].paginator.count == numbers["not_met"]
    # Of people only what is not in order is kept: no number of all is claimed.
    (use,) = lines(client)["planning.remaining_service.minimum_months"].uses
    assert use["judged"] is None


def test_the_central_level_is_shown_where_it_has_plans(
    checked: Organisation,
    check: Callable[..., ComplianceRun],
    provincial_officer: User,
    signed_in: SignIn,
) -> None:
    client = signed_in(provincial_officer)
    levels = [code for code, _ in client.get(URL).context["catalogue"].levels]
    assert levels == ["province", "commune"]
    factories.PlanFactory(unit=factories.UnitFactory(level=Level.CENTRAL))
    check()
    levels = [code for code, _ in client.get(URL).context["catalogue"].levels]
    assert levels == ["central", "province", "commune"]


@pytest.mark.parametrize("part", ["", "van-ban", "chi-tieu", "mien-ap-dung"])
def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: SignIn, part: str
) -> None:
    client = signed_in(provincial_officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(URL, {"muc": part})
        return len(captured)

    few = queries()
    for year in range(2000, 2020):
        factories.TargetFactory(unit=organisation.other, in_force_from=dt.date(year, 1, 1))
        factories.WaiverFactory(unit=organisation.other, asked_by=provincial_officer)
    assert queries() == few <= 10

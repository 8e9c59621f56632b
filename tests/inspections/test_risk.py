"""The ranking by signs: each number worked out by hand."""

import datetime as dt
from fractions import Fraction

import pytest

from compliance.choices import Outcome
from inspections.risk import SIGNS, WEIGHTS, UnitFacts, risk_of
from planning.selectors.unit_verdicts import Tally, UnitVerdicts

DAY = dt.date(2026, 12, 1)
#: A plan with 2 of 8 results failing, titles with 3 of 9, people with 5 of 20; 4 results unclear.
VERDICTS = UnitVerdicts(
    plan_id=1,
    plan=Tally(judged=8, not_met=2, cannot_tell=1),
    pools=Tally(judged=9, not_met=3, cannot_tell=1),
    people=Tally(judged=20, not_met=5, cannot_tell=2),
    nominees=18,
    external=0,
    unknown=0,
    review=Outcome.NOT_MET,
    review_months=14,
)
FACTS = UnitFacts(
    day=DAY,
    years=3,
    verdicts=VERDICTS,
    graded=12,
    grades=1,
    moves=0,
    last_on=DAY - dt.timedelta(days=438),
    open_remedies=2,
    late_remedies=1,
)


def parts(facts: UnitFacts, **weights: int) -> dict[str, Fraction]:
    return {part.sign.key: part.points for part in risk_of(facts, WEIGHTS | weights).parts}


def test_each_part_is_worked_out_as_declared() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert parts(FACTS) == {
        # (4 · 2 + 2 · 3 + 1 · 5) of (4 · 8 + 2 · 9 + 1 · 20): 19 of 70, times 30
        "chua-dat": Fraction(30 * 19, 70),
        "ra-soat": 10,
        "khep-kin": 10,
        "xep-loai": 10,
        "luan-chuyen": 10,
        "chua-ro": Fraction(10 * 4, 37),
        "lau-chua": 4,  # 438 of 1095 days
        "kien-nghi": 4,  # 2 of 5
    }
    assert float(risk_of(FACTS).score) == pytest.approx(57.224, abs=0.001)


def test_nothing_wrong_is_nothing() -> None:
    good = UnitFacts(
        day=DAY,
        years=3,
        verdicts=UnitVerdicts(
            plan_id=1,
            plan=Tally(judged=8),
            pools=Tally(judged=9),
            people=Tally(judged=20),
            nominees=18,
            external=1,
            unknown=3,
            review=Outcome.MET,
            review_months=3,
        ),
        graded=12,
        grades=3,
        moves=1,
        last_on=DAY,
    )
    assert risk_of(good).score == 0
    assert risk_of(good).strongest == []


def test_what_is_not_known_counts_as_the_strongest_sign() -> None:
    found = risk_of(UnitFacts(day=DAY, years=3, moves=2))
    unknown = {part.sign.key for part in found.parts if not part.measure.is_known}
    assert unknown == {"chua-dat", "ra-soat", "khep-kin", "xep-loai", "chua-ro"}
    assert {part.points for part in found.parts if part.sign.key in unknown} == {10, 30}
    assert found.score == 80  # and 10 because it was never inspected


def test_closed_is_not_said_while_people_are_unknown() -> None:
    verdicts = UnitVerdicts(**{**VERDICTS.__dict__, "unknown": 2})
    closed = next(
        part.measure
        for part in risk_of(UnitFacts(day=DAY, years=3, verdicts=verdicts)).parts
        if part.sign.key == "khep-kin"
    )
    assert (closed.share, closed.is_known) == (1, False)


def test_a_new_unit_was_not_left_alone_for_years() -> None:
    new = UnitFacts(day=DAY, years=3, since=DAY - dt.timedelta(days=219))
    assert parts(new)["lau-chua"] == 2  # 219 of 1095 days
    assert parts(UnitFacts(day=DAY, years=3))["lau-chua"] == 10
    assert parts(UnitFacts(day=DAY, years=1, since=DAY.replace(year=2020)))["lau-chua"] == 10


def test_few_people_graded_alike_say_nothing_yet() -> None:
    assert parts(UnitFacts(day=DAY, years=3, graded=4, grades=1))["xep-loai"] == 0
    assert parts(UnitFacts(day=DAY, years=3, graded=5, grades=1))["xep-loai"] == 10


def test_weights_are_shares_of_their_sum() -> None:
    only = dict.fromkeys(WEIGHTS, 0) | {"ra-soat": 1, "kien-nghi": 3}
    found = {part.sign.key: part.points for part in risk_of(FACTS, only).parts if part.points}
    assert found == {"ra-soat": 25, "kien-nghi": Fraction(75 * 2, 5)}


def test_signs_are_declared_once_with_words() -> None:
    assert len({sign.key for sign in SIGNS}) == len(SIGNS)
    assert all(str(sign.label) and str(sign.help) for sign in SIGNS)

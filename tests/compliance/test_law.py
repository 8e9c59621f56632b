"""What the law data says: the reference figures, the days on which they change, retirement."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cadres.choices import Level
from compliance.choices import Confidence
from compliance.law import Value, load_law, retirement_date
from compliance.law.catalogue import CONFIDENCES, UNITS
from compliance.law.words import GROUP_WORDS, UNIT_WORDS

LAW = load_law()
REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "law-values.json").read_text(encoding="utf-8")
)
DAY = timedelta(days=1)


def plain(value: Value) -> tuple[str, int, str, str | None, tuple[str, ...], str]:
    """Write a value as the reference file has it."""
    return (
        value.level,
        value.value,
        value.in_force_from.isoformat(),
        value.in_force_to.isoformat() if value.in_force_to else None,
        tuple(cited.source for cited in value.citations),
        value.confidence,
    )


@pytest.mark.parametrize("parameter", REFERENCE["parameters"])
def test_values_equal_the_reference(parameter: str) -> None:
    want = {
        (v["level"], v["value"], v["from"], v["to"], (v["source"],), v["confidence"])
        for v in REFERENCE["parameters"][parameter]
    }
    got = [plain(value) for value in LAW.values(parameter)]
    assert len(got) == len(want)
    assert set(got) == want


@pytest.mark.parametrize("sex", ["male", "female"])
def test_retirement_steps_equal_the_reference(sex: str) -> None:
    want = REFERENCE["retirement_age_months"][sex]
    assert LAW.retirement_months(sex) == {int(year): age for year, age in want.items()}


def test_parameters_that_the_reference_leaves_out() -> None:
    values = {
        name: {(v.level, v.value, v.in_force_from) for v in LAW.values(name)}
        for name in set(LAW.parameters) - set(REFERENCE["parameters"])
        if not name.startswith("retirement.")
    }
    after_2025_10_08 = ("central", "province", "commune")
    all_levels = ("central", "province", "district", "commune")
    approval, appointment, guide = date(2025, 10, 8), date(2021, 8, 1), date(2025, 6, 18)
    discipline = "appointment.after_discipline"
    assert values == {
        "planning.minority_share.minimum": set(),
        "planning.openness.minimum_external": set(),
        "planning.lineage.maximum": set(),
        "appointment.remaining_service.minimum_months": {
            (level, 60, appointment) for level in all_levels
        },
        f"{discipline}.reprimand.minimum_months": {(x, 24, approval) for x in after_2025_10_08},
        f"{discipline}.warning.minimum_months": {(x, 36, approval) for x in after_2025_10_08},
        f"{discipline}.removal.minimum_months": {(x, 60, approval) for x in after_2025_10_08},
        "inspection.duration.maximum_days": {
            ("central", 60, guide),
            ("province", 45, guide),
            ("district", 20, guide),
            ("commune", 20, date(2025, 7, 1)),
        },
        "inspection.extension.maximum_share": {(level, 1, guide) for level in all_levels},
        "inspection.period.maximum_years": {(level, 5, guide) for level in all_levels},
        "approval.deadline.working_days": {(level, 30, date(2022, 2, 15)) for level in all_levels},
    }


@pytest.mark.parametrize(
    "value", LAW.all_values, ids=lambda v: f"{v.parameter}-{v.level}-{v.in_force_from}"
)
def test_a_value_holds_on_its_first_and_last_day_only(value: Value) -> None:
    parameter, level = value.parameter, value.level
    assert LAW.in_force(parameter, level, value.in_force_from) == value
    assert LAW.in_force(parameter, level, value.in_force_from - DAY) != value
    if value.in_force_to is None:
        assert value.covers(date.max)
    else:
        assert value.covers(value.in_force_to)
        assert LAW.in_force(parameter, level, value.in_force_to + DAY) != value


@pytest.mark.parametrize(
    ("parameter", "level", "on", "figure"),
    [
        ("planning.women_share.minimum", "province", date(2012, 11, 4), None),
        ("planning.women_share.minimum", "province", date(2012, 11, 5), 15),
        ("planning.women_share.minimum", "province", date(2021, 12, 26), 15),
        ("planning.women_share.minimum", "province", date(2021, 12, 27), 25),
        ("planning.women_share.minimum", "province", date(2025, 10, 7), 25),
        ("planning.women_share.minimum", "province", date(2025, 10, 8), None),
        ("planning.women_share.minimum", "commune", date(2021, 12, 26), 15),
        ("planning.women_share.minimum", "commune", date(2021, 12, 27), None),
        ("planning.women_share.minimum", "district", date(2025, 6, 30), 25),
        ("planning.women_share.minimum", "district", date(2025, 7, 1), None),
        ("planning.candidates_per_title.maximum", "commune", date(2021, 12, 26), 4),
        ("planning.candidates_per_title.maximum", "commune", date(2021, 12, 27), 3),
        ("planning.ballot.minimum_share", "commune", date(2026, 11, 22), 50),
        ("rotation.head_terms.maximum", "commune", date(2026, 11, 22), None),
        ("planning.lineage.maximum", "province", date(2026, 11, 22), None),
    ],
)
def test_the_day_before_and_of_each_change(
    parameter: str, level: str, on: date, figure: int | None
) -> None:
    value = LAW.in_force(parameter, level, on)
    assert (value.value if value else None) == figure


@pytest.mark.parametrize(
    ("on", "source"),
    [
        (date(2025, 8, 29), "nd-90-2020"),
        (date(2025, 8, 30), "qd-366-2025"),
        (date(2025, 12, 31), "qd-366-2025"),
        (date(2026, 1, 1), "nd-335-2025"),
    ],
)
def test_of_overlapping_values_the_later_start_wins(on: date, source: str) -> None:
    value = LAW.in_force("evaluation.top_grade.maximum_share", "province", on)
    assert value is not None
    assert [cited.source for cited in value.citations] == [source]


def test_nothing_holds_at_district_level_after_it_ended() -> None:
    assert {value.level for value in LAW.in_force_all(date(2025, 6, 30))} == set(LAW.levels)
    assert "district" not in {value.level for value in LAW.in_force_all(date(2025, 7, 1))}


def test_all_values_of_a_day_agree_with_single_questions() -> None:
    on = date(2026, 11, 22)
    found = LAW.in_force_all(on)
    assert len({(value.parameter, value.level) for value in found}) == len(found)
    assert all(LAW.in_force(value.parameter, value.level, on) == value for value in found)


def test_an_unknown_parameter_or_level_is_an_error_not_a_silence() -> None:
    with pytest.raises(KeyError):
        LAW.in_force("planning.women_share", "province", date(2026, 1, 1))
    with pytest.raises(KeyError):
        LAW.in_force("planning.women_share.minimum", "region", date(2026, 1, 1))


def test_a_suggestion_is_never_a_value() -> None:
    on = date(2026, 11, 22)
    silence = LAW.silence("planning.women_share.minimum", "province", on)
    assert silence is not None
    assert silence.suggested == 25
    assert LAW.in_force("planning.women_share.minimum", "province", on) is None


def test_no_silence_contradicts_a_value() -> None:
    for silence in LAW.all_silences:
        assert LAW.in_force(silence.parameter, silence.level, silence.in_force_from) is None


def test_the_confidence_of_a_value_is_its_weakest_citation() -> None:
    assert Confidence.values == list(CONFIDENCES)
    for value in LAW.all_values:
        assert value.confidence in {cited.confidence for cited in value.citations}
    service = LAW.in_force("planning.remaining_service.minimum_months", "province", date.max)
    assert service is not None
    assert service.confidence == "recalled"


def test_levels_groups_and_units_have_their_words() -> None:
    assert list(LAW.levels) == Level.values
    assert {parameter.group for parameter in LAW.parameters.values()} == set(GROUP_WORDS)
    assert set(UNITS) == set(UNIT_WORDS)


def test_a_source_is_shown_with_its_year() -> None:
    assert LAW.sources["qd-50-2021"].reference == "50-QĐ/TW (2021)"
    assert LAW.sources["nd-335-2025"].reference == "335/2025/NĐ-CP"
    assert LAW.sources["nghison-2024"].reference.startswith("Kế hoạch")
    references = [source.reference for source in LAW.sources.values()]
    assert len(set(references)) == len(references)


def test_unknown_dates_of_sources_are_flagged_and_never_filled() -> None:
    rotation, ballots = LAW.sources["qd-65-2022"], LAW.sources["qd-377-2025"]
    assert (rotation.in_force_to, rotation.in_force_to_unknown) == (None, True)
    assert (ballots.in_force_to, ballots.in_force_to_unknown) == (None, False)
    quangtri = LAW.sources["quangtri"]
    assert (quangtri.number, quangtri.issued, quangtri.in_force_from) == (None, None, None)
    assert quangtri.in_force_from_unknown
    assert quangtri.local


def test_a_replaced_document_ends_on_the_eve() -> None:
    for source in LAW.sources.values():
        for old in (LAW.sources[name] for name in source.replaces):
            if source.in_force_from is not None and old.in_force_to is not None:
                assert old.in_force_to == source.in_force_from - DAY, (source.id, old.id)


def test_ethnic_groups() -> None:
    assert list(LAW.ethnic_groups) == [f"{code:02}" for code in range(1, 55)]
    majority = [group.code for group in LAW.ethnic_groups.values() if not group.is_minority]
    assert majority == ["01"]
    assert LAW.ethnic_groups["02"].name == "Tày"
    assert LAW.ethnic_groups[LAW.ethnic_aliases["Sán Chỉ"]].name == "Sán Chay"


@pytest.mark.parametrize(
    ("sex", "born", "retires"),
    [
        ("male", (1960, 12), date(2020, 12, 31)),
        ("male", (1961, 1), date(2021, 4, 30)),
        ("male", (1961, 9), date(2021, 12, 31)),
        ("male", (1965, 4), date(2026, 10, 31)),
        ("male", (1966, 7), date(2028, 7, 31)),
        ("female", (1966, 8), date(2021, 12, 31)),
        ("female", (1966, 9), date(2022, 5, 31)),
        ("female", (1969, 12), date(2026, 12, 31)),
        ("female", (1970, 1), date(2027, 5, 31)),
        ("male", (1900, 1), date(1960, 1, 31)),
        ("female", (1997, 2), date(2057, 2, 28)),
        ("female", (1996, 2), date(2056, 2, 29)),
    ],
)
def test_retirement_date(sex: str, born: tuple[int, int], retires: date) -> None:
    assert retirement_date(sex, *born) == retires


@pytest.mark.parametrize("sex", ["male", "female"])
def test_everybody_retires_and_nobody_before_somebody_older(sex: str) -> None:
    dates = [
        retirement_date(sex, year, month) for year in range(1900, 2027) for month in range(1, 13)
    ]
    assert dates == sorted(dates)


def test_retirement_refuses_what_is_no_month_or_sex() -> None:
    with pytest.raises(ValueError, match="13"):
        retirement_date("male", 1970, 13)
    with pytest.raises(KeyError):
        retirement_date("", 1970, 1)


def test_retirement_ages_are_in_the_catalogue() -> None:
    old = LAW.in_force("retirement.age_months.male", "district", date(2020, 12, 31))
    new = LAW.in_force("retirement.age_months.male", "commune", date(2026, 11, 22))
    assert old is not None
    assert new is not None
    assert (old.value, old.confidence) == (720, "recalled")
    assert (new.value, new.confidence) == (738, "read")
    assert not LAW.parameters["retirement.age_months.male"].accepts_targets

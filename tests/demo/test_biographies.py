"""Biographies of the demonstration: sound dates, real places, the same for the same seed."""

from datetime import date

import pytest

from cadre_portal.demo import organisation as org
from cadre_portal.demo.province import Province, build

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def province() -> Province:
    return build(size=2_400, as_of=AS_OF)


def test_most_files_say_the_items_of_the_form(province: Province) -> None:
    values = [row.values for row in province.biographies]
    full = [each for each in values if "civil_rank" in each]
    assert 0.8 * 2_400 < len(full) < len(values) < 2_400
    places = {*org.COMMUNES.values(), *(name for name, _level in org.OUTSIDE.values())}
    places |= {name for name, _communes in org.FORMER_DISTRICTS.values()}
    known = [str(each["birth_place"]).split(", ")[0] in places for each in values]
    assert sum(known) > 0.95 * len(known)
    assert {str(each["phone"])[:8] for each in values} == {"0206 000"}


def test_dates_follow_each_other(province: Province) -> None:
    for row in province.biographies:
        values, birth = row.values, row.person.birth
        days = [value for value in values.values() if isinstance(value, date)]
        assert all(day <= AS_OF for day in days)
        assert birth is None or all(day.year - birth.year >= 14 for day in days)
        if "enlisted_on" in values:
            assert values["enlisted_on"] < values["discharged_on"]


def test_schools_end_before_they_would_be_in_the_future(province: Province) -> None:
    schools = [row for row in province.trainings if row.school]
    assert len(schools) > 1_500
    assert all(row.end and row.start < row.end < AS_OF for row in schools)


def test_chance_is_that_of_the_seed(province: Province) -> None:
    again = build(size=2_400, as_of=AS_OF)
    assert [row.values for row in again.biographies] == [r.values for r in province.biographies]

"""The way from plain records into the database, which the comparison with the engine relies on."""

import datetime as dt

import pytest
from hypothesis import given

from cadres.models import Appointment, Cadre, Unit
from planning.models import Nomination, Pool
from tests.rules import records
from tests.rules.records import Province
from tests.rules.strategies import provinces, random_search
from tests.rules.writer import in_database


@pytest.mark.django_db
@random_search(40)
@given(provinces())
def test_every_random_province_fits_the_database(drawn):
    province, _ = drawn
    with in_database(province):
        assert Cadre.objects.count() == len(province.cadres)
        assert Nomination.objects.count() == len(province.nominations)
        assert Appointment.objects.count() == len(province.appointments)
        assert not any(map(any, Unit.objects.find_problems()))
        for unit in province.units:
            parent = Unit.objects.get_parent(Unit.objects.get(code=unit.code))
            assert (parent.code if parent else None) == unit.parent_code
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_codes_flags_and_scales_arrive():
    province = Province(
        terms=[records.Term("2025-2030", dt.date(2025, 10, 1), dt.date(2030, 9, 30))],
        units=[records.Unit("X", "commune", "CB"), records.Unit("CB", "province")],
        titles=[records.Title("GD", "leadership", 7, is_head=True, min_theory="advanced")],
        positions=[records.Position("X", "GD", 3)],
        cadres=[records.Cadre("A", sex="female", birth_date=records.PartialDate.of(1985, 5))],
        plans=[records.Plan("X", "2025-2030")],
    )
    with in_database(province):
        pool = Pool.objects.select_related("plan__unit", "position__title").get()
        assert Unit.objects.get_parent(pool.plan.unit).code == "CB"
        assert (pool.position.title.is_head, pool.position.title.min_theory) == (True, 3)
        cadre = Cadre.objects.get()
        assert (cadre.sex, cadre.birth_precision, cadre.ethnicity_code) == ("female", "month", "")

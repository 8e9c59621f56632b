"""The country of the benchmarks, small: sizes, order, and every constraint back in place."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from cadre_portal.demo.bulk import bare
from cadre_portal.demo.country import load_country
from cadres.models import Cadre
from compliance.services import evaluate
from planning.models import Nomination

AS_OF = dt.date(2026, 11, 22)
SCALE = 0.003
TABLES = (
    "cadres_unit, cadres_title, cadres_position, cadres_cadre, cadres_appointment,"
    "cadres_evaluation, cadres_discipline, planning_term, planning_plan, planning_pool,"
    "planning_nomination, planning_ballot, rotation_rotation, compliance_target"
)

SCHEMA = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef, true FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text, true
  FROM pg_trigger WHERE NOT tgisinternal
"""
DIGEST = """
SELECT (SELECT md5(string_agg(c.*::text, '|' ORDER BY id)) FROM cadres_cadre c),
       (SELECT md5(string_agg(a.*::text, '|' ORDER BY id)) FROM cadres_appointment a),
       (SELECT md5(string_agg(e.*::text, '|' ORDER BY id)) FROM cadres_evaluation e),
       (SELECT md5(string_agg(d.*::text, '|' ORDER BY id)) FROM cadres_discipline d),
       (SELECT md5(string_agg(r.*::text, '|' ORDER BY id)) FROM rotation_rotation r),
       (SELECT md5(string_agg(n.*::text, '|' ORDER BY id)) FROM planning_nomination n),
       (SELECT md5(string_agg(b.*::text, '|' ORDER BY id)) FROM planning_ballot b)
"""


def ask(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")


# The mark makes the test database; the fixture below writes outside the tests' transactions.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """A small country, committed for VACUUM, with the schema before it; emptied at the end."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        made = {"schema": set(ask(SCHEMA))}
        try:
            load_country(SCALE, as_of=AS_OF, seed=2)
            made["other"] = ask(DIGEST)
            empty()
            load_country(SCALE, as_of=AS_OF)
            made["first"] = ask(DIGEST)
            empty()
            made["counts"] = load_country(SCALE, as_of=AS_OF)
            yield made
        finally:
            empty()


def test_sizes_follow_the_scale(country):
    counts = country["counts"]
    assert counts["Đơn vị"] == 75
    assert counts["Cán bộ"] == 6_000
    assert counts["Kế hoạch quy hoạch"] == 150
    assert counts["Chức danh quy hoạch"] == 750
    assert counts["Lượt quy hoạch"] == pytest.approx(6_000, rel=0.06)
    assert counts["Lượt giữ chức vụ"] == pytest.approx(18_120, rel=0.02)
    assert counts["Lượt xếp loại"] == pytest.approx(23_700, rel=0.02)
    assert counts["Kỷ luật"] == 120
    assert counts["Phiếu"] == pytest.approx(3_000, rel=0.06)
    assert counts["Chỉ tiêu"] == 50


def test_every_constraint_index_and_trigger_is_back(country):
    assert set(ask(SCHEMA)) == country["schema"]


def test_nominations_lie_in_plan_order(country):
    plans = list(Nomination.objects.order_by("pk").values_list("plan_id", flat=True))
    assert plans == sorted(plans)


def test_the_people_of_a_unit_lie_at_random(country):
    crew = ask("SELECT cadre_id FROM cadres_appointment WHERE unit_id = 10 AND end_on IS NULL")
    ids = sorted(row[0] for row in crew)
    assert ids[-1] - ids[0] > Cadre.objects.count() * 0.8


def test_the_tree_has_four_levels_and_counts_its_children(country):
    assert [row[0] for row in ask("SELECT DISTINCT depth FROM cadres_unit ORDER BY 1")] == [
        1,
        2,
        3,
        4,
    ]
    wrong = ask(
        "SELECT p.id FROM cadres_unit p LEFT JOIN cadres_unit c"
        " ON c.depth = p.depth + 1 AND c.path LIKE p.path || '%'"
        " GROUP BY p.id HAVING p.numchild <> count(c.id)"
    )
    assert wrong == []


def test_rules_find_both_outcomes(country):
    with transaction.atomic():
        seen = {(f.rule.code, f.outcome.code) for f in evaluate(as_of=AS_OF)}
    for code in ("three_age_bands", "women_share", "openness", "higher_title", "ballot"):
        assert {(f"planning.{code}", word) for word in ("met", "not_met")} <= seen


def test_the_same_seed_gives_the_same_rows(country):
    assert ask(DIGEST) == country["first"]
    assert country["other"] != country["first"]


def test_exclusion_constraints_can_be_left_out(country):
    try:
        with transaction.atomic():
            with bare(["planning_nomination"], exclusions=False):
                pass
            missing = country["schema"] - set(ask(SCHEMA))
            assert {row[1] for row in missing} == {"nomination_no_overlap"}
            transaction.set_rollback(True)
    finally:
        assert set(ask(SCHEMA)) == country["schema"]

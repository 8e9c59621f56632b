"""The invented province in memory: the same for a seed, whole, and true to the census."""

import datetime as dt
from collections import Counter
from dataclasses import fields
from itertools import pairwise

import pytest

from cadre_portal.demo import former, names, organisation
from cadre_portal.demo.province import SMALLEST, Province, build
from cadre_portal.demo.targets import targets
from cadres.choices import UnitKind

AS_OF = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def province() -> Province:
    return build(as_of=AS_OF)


def picture(province: Province) -> list[object]:
    """Everything that is written, as plain values."""
    rows: list[object] = [
        (p.name, p.sex, p.birth, p.ethnicity, p.degree, p.theory) for p in province.people
    ]
    rows += [(x.title, x.unit.code, x.start, x.end) for p in province.people for x in p.posts]
    rows += [(r.title, r.person.id, r.nominated_on) for plan in province.plans for r in plan.rows]
    rows += [(e.person.id, e.year, e.grade) for e in province.evaluations]
    rows += [(b.person.id, b.step, b.counts) for b in province.ballots]
    return rows


def test_the_same_seed_gives_the_same_province(province):
    assert picture(build(as_of=AS_OF)) == picture(province)


def test_another_seed_gives_another_province(province):
    assert picture(build(as_of=AS_OF, seed=2)) != picture(province)


@pytest.mark.parametrize("size", [SMALLEST, 3_000, 5_000])
def test_it_has_the_wanted_size(size):
    assert len(build(as_of=AS_OF, size=size).people) == size


@pytest.mark.parametrize("size", [0, SMALLEST - 1, 50_001])
def test_it_refuses_a_size_it_cannot_serve(size):
    with pytest.raises(ValueError, match="Số cán bộ"):
        build(as_of=AS_OF, size=size)


def test_it_refuses_a_day_before_the_communes_were_a_year_old():
    with pytest.raises(ValueError, match="01/09/2026"):
        build(as_of=dt.date(2026, 8, 31))


@pytest.mark.parametrize("as_of", [dt.date(2026, 9, 1), dt.date(2027, 2, 28), dt.date(2028, 2, 29)])
def test_it_can_be_made_for_other_days(as_of):
    assert build(as_of=as_of).plans


def test_ethnic_groups_are_as_in_the_census(province):
    have = Counter(p.ethnicity for p in province.people)
    known, census = sum(have.values()) - have[""], sum(names.CENSUS.values())
    for group, people in names.CENSUS.items():
        assert 100 * have[group] / known == pytest.approx(100 * people / census, abs=2.5)


def test_the_units_are_those_of_the_present(province):
    there = [u for u in province.units.values() if "." not in u.code]
    communes = [u for u in there if u.kind == UnitKind.COMMUNE]
    assert len(communes) == 56
    assert sum(u.name.startswith("Phường") for u in communes) == 3
    assert all(u.valid_from == dt.date(2025, 7, 1) for u in communes)
    districts = [
        u
        for u in there
        if u.kind == UnitKind.DISTRICT and u.code not in organisation.MERGED_DISTRICTS
    ]
    assert len(districts) == 10
    assert {u.valid_to for u in districts} == {dt.date(2025, 6, 30)}
    heirs = [code for u in districts for code in u.successors]
    assert sorted(heirs) == sorted(u.code for u in communes)


def test_the_districts_of_2017_are_thirteen_with_invented_communes(province):
    day = former.EVIDENCE
    then = [u for u in province.units.values() if u.valid_to is None or u.valid_to >= day]
    then = [u for u in then if u.valid_from is None or u.valid_from <= day]
    assert sum(u.kind == UnitKind.DISTRICT for u in then) == 13
    communes = [u for u in then if u.kind == UnitKind.COMMUNE]
    assert {u.parent.code for u in communes if u.parent} == set(organisation.INSPECTED_2017)
    assert all("giả định" in u.name for u in communes)
    for code in organisation.INSPECTED_2017:
        plans = [p for p in province.plans if p.unit.code.split(".")[0] == code]
        old = [p for p in plans if p.term.code == "2015-2020"]
        assert len(old) == 3, code
        for plan in old:
            active = [r for r in plan.rows if r.nominated_on <= day and day < r.removed_on]
            assert len({r.person.id for r in active}) >= 10
            assert all(r.removed_on <= dt.date(2020, 10, 1) for r in plan.rows)


def test_paths_follow_the_tree(province):
    units = list(province.units.values())
    assert len({u.path for u in units}) == len(units)
    for unit in units:
        parent = unit.parent.path if unit.parent else ""
        assert unit.path.startswith(parent)
        assert len(unit.path) == len(parent) + 4
        assert unit.numchild == sum(u.parent is unit for u in units)


def test_outside_bodies_are_roots(province):
    roots = {u.code for u in province.units.values() if u.parent is None}
    assert roots == {organisation.PROVINCE, *organisation.OUTSIDE}


def test_nobody_holds_one_post_twice_at_a_time(province):
    for person in province.people:
        posts = sorted(person.posts, key=lambda p: (p.unit.code, p.title, p.start))
        for one, other in pairwise(posts):
            if (one.unit, one.title) == (other.unit, other.title):
                assert one.end is not None
                assert one.end <= other.start


def test_posts_lie_in_the_life_of_person_and_unit(province):
    for person in province.people:
        for post in person.posts:
            assert post.end is None or post.start < post.end
            assert post.start <= AS_OF
            if post.unit.valid_from:
                assert post.start >= post.unit.valid_from
            if post.unit.valid_to:
                assert post.end is not None
                assert post.end <= post.unit.valid_to + dt.timedelta(days=1)
            if person.birth:
                assert post.start.year - person.birth.year >= 20


def test_everybody_has_a_present_post(province):
    for person in province.people:
        assert any(post.end is None for post in person.posts)


def test_names_suit_sex_and_group(province):
    for person in province.people:
        words = person.name.split()
        assert len(words) in {3, 4}
        assert all(word[0].isupper() for word in words)
        assert "Văn" not in words[1:-1] or person.sex != "female"
        assert "Thị" not in words or person.sex != "male"


def test_birth_dates_of_unknown_day_are_the_earliest_one(province):
    kinds = Counter(str(p.precision) for p in province.people)
    assert min(kinds[kind] for kind in ("day", "month", "year", "")) > 0
    for person in province.people:
        if person.birth is None:
            assert person.precision == ""
        elif person.precision == "year":
            assert (person.birth.month, person.birth.day) == (1, 1)
        elif person.precision == "month":
            assert person.birth.day == 1


def test_ballot_counts_agree(province):
    for ballot in province.ballots:
        assert sorted(ballot.counts, reverse=True) == list(ballot.counts)
        assert ballot.counts[-1] >= 0


def test_all_kinds_and_states_of_rotations_occur(province):
    assert {str(r.kind) for r in province.rotations} == {"rotation", "transfer", "secondment"}
    assert len({str(r.status) for r in province.rotations}) == 6
    assert all(r.decline_reason for r in province.rotations if str(r.status) == "declined")


def test_every_removal_has_a_reason(province):
    removed = [row for plan in province.plans for row in plan.rows if row.removed_on]
    assert len(removed) > 100
    assert all(row.reason for row in removed)


def test_plans_of_four_terms(province):
    have = Counter(plan.term.code for plan in province.plans)
    assert have["2020-2025"] == 10
    assert have["2025-2030"] == 88
    assert have["2030-2035"] > 50
    assert have["2015-2020"] == 18
    assert {str(plan.status) for plan in province.plans} == {
        "draft", "submitted", "returned", "approved",
    }  # fmt: skip


def test_invented_documents_say_so(province):
    for target in targets(province.units):
        assert "giả định" in target.document


def test_a_province_has_everything(province):
    for field in fields(province):
        assert getattr(province, field.name), field.name

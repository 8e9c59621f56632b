"""The solver of rotations against every choice there is, on small cases."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation.proposals.problem import Balance, Gain, Pair, Post, Problem, Scales, Seats
from rotation.proposals.solving import Clash, _Solver, best, clashes, closest
from rotation.proposals.weights import Criterion

POSTS = [Post(unit, title) for unit in range(3) for title in range(2)]


def pair(cadre: int, leaves: Post, takes: Post, points: int = 0) -> Pair:
    return Pair(cadre, leaves, takes, (Gain(Criterion.EXPERIENCE, points),))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to nine pairs of five people over six posts, with targets or without, pins, a limit."""
    homes = {cadre: draw(st.sampled_from(POSTS)) for cadre in range(5)}
    wanted = draw(
        st.lists(
            st.tuples(st.integers(0, 4), st.sampled_from(POSTS), st.integers(-30, 60)),
            max_size=9,
            unique_by=lambda each: each[:2],
        )
    )
    pairs = tuple(
        pair(cadre, homes[cadre], takes, points)
        for cadre, takes, points in wanted
        if takes.unit_id != homes[cadre].unit_id
    )
    seats = {
        post: Seats(draw(st.one_of(st.none(), st.integers(-2, 2))), draw(st.integers(0, 12)))
        for post in POSTS
        if draw(st.integers(0, 7))
    }
    counts = st.integers(0, 2)
    return Problem(
        pairs,
        seats,
        {unit: Balance(draw(counts), draw(counts)) for unit in range(2)},
        Scales(draw(st.booleans()), *(draw(st.integers(0, 12)) for _ in range(3))),
        frozenset(n for n in range(len(pairs)) if draw(st.integers(0, 3)) == 0),
        draw(st.one_of(st.none(), st.integers(0, 3))),
    )


def choices(problem: Problem) -> list[frozenset[int]]:
    """Every choice that breaks no hard condition, pins or not."""
    numbers = range(len(problem.pairs))
    return [
        chosen
        for size in range(len(problem.pairs) + 1)
        for picked in itertools.combinations(numbers, size)
        if problem.is_allowed(chosen := frozenset(picked))
    ]


@settings(max_examples=150, deadline=None)
@given(problems())
def test_no_allowed_choice_is_worth_more(problem: Problem) -> None:
    every = choices(problem)
    with_pins = [chosen for chosen in every if problem.pins <= chosen]
    found = best(problem)
    if with_pins:
        assert found is not None
        assert found.is_best
        assert found.chosen in with_pins
        assert problem.worth(found.chosen) == max(map(problem.worth, with_pins))
        assert clashes(problem) == []
        return
    assert found is None
    nearest = closest(problem)
    assert nearest is not None
    assert nearest.chosen in every
    assert nearest.unmet == problem.pins - nearest.chosen
    assert (len(problem.pins & nearest.chosen), problem.worth(nearest.chosen)) == max(
        (len(problem.pins & chosen), problem.worth(chosen)) for chosen in every
    )


@settings(max_examples=150, deadline=None)
@given(problems())
def test_what_clashes_is_the_least_that_does(problem: Problem) -> None:
    def can(pins: frozenset[int], most: int | None) -> bool:
        return any(pins <= chosen for chosen in choices(replace(problem, most=most)))

    for clash in clashes(problem):
        pins = frozenset(clash.pins)
        assert not can(pins, problem.most if clash.with_limit else None)
        if clash.with_limit:
            assert can(pins, None)
        for pin in pins if len(pins) > 1 else ():
            assert can(pins - {pin}, problem.most if clash.with_limit else None)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_same_question_has_the_same_answer(problem: Problem) -> None:
    assert best(problem) == best(problem)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_what_stands_in_for_a_search_that_ran_out_is_allowed(problem: Problem) -> None:
    """Where no attempt finds anything the pins stay, and nothing breaks a hard condition."""
    found = _Solver(problem, strict=True).solve(())
    if found is None:
        assert not problem.is_allowed(problem.pins)
        return
    assert problem.pins <= found.chosen
    assert problem.is_allowed(found.chosen)
    assert not found.is_best


# ---- By hand ---------------------------------------------------------------------------------

A, B, C = POSTS[0], POSTS[2], POSTS[4]


def test_two_change_places_where_no_seat_is_free() -> None:
    full = {A: Seats(0), B: Seats(0)}
    problem = Problem((pair(1, A, B, 10), pair(2, B, A, 10)), full)
    assert best(problem).chosen == {0, 1}  # type: ignore[union-attr]
    # One alone has nowhere to go.
    assert best(replace(problem, pairs=problem.pairs[:1])).chosen == frozenset()  # type: ignore[union-attr]


def test_a_chain_begins_at_a_free_seat() -> None:
    seats = {A: Seats(0), B: Seats(0), C: Seats(1)}
    problem = Problem((pair(1, A, B, 10), pair(2, B, C, -5)), seats)
    assert best(problem).chosen == {0, 1}  # type: ignore[union-attr]


def test_a_post_with_too_many_takes_nobody_until_enough_have_left() -> None:
    seats = {A: Seats(-1), B: Seats(5), C: Seats(0)}
    leaving = [pair(n, A, B, 1) for n in (1, 2)]
    problem = Problem((pair(9, C, A, 50), *leaving), seats)
    assert best(problem).chosen == {0, 1, 2}  # type: ignore[union-attr]
    alone = replace(problem, pairs=problem.pairs[:2])
    assert 0 not in best(alone).chosen  # type: ignore[union-attr]


def test_a_post_without_a_number_takes_nobody() -> None:
    problem = Problem((pair(1, A, B, 50),), {A: Seats(0), B: Seats(None)})
    assert best(problem).chosen == frozenset()  # type: ignore[union-attr]


def test_of_equal_choices_the_one_with_fewer_moves() -> None:
    problem = Problem((pair(1, A, B, 20), pair(2, A, C, 0)), {B: Seats(1), C: Seats(1)})
    assert best(problem).chosen == {0}  # type: ignore[union-attr]


def test_targets_draw_people_and_hold_them_back() -> None:
    scales = Scales(is_planned=True, within=6, beyond=10)
    problem = Problem(
        tuple(pair(n, A, B, 3) for n in range(4)),
        {B: Seats(4)},
        {A.unit_id: Balance(2, 0), B.unit_id: Balance(0, 2)},
        scales,
    )
    assert len(best(problem).chosen) == 2  # type: ignore[union-attr]


def test_without_a_plan_no_unit_loses_more_than_it_can_spare() -> None:
    problem = Problem(tuple(pair(n, A, B, 5) for n in range(4)), {B: Seats(4)}, {}, Scales(loses=6))
    assert len(best(problem).chosen) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("most", [None, 2])
def test_pins_that_want_one_seat_clash_whatever_the_limit(most: int | None) -> None:
    pairs = (pair(1, A, B), pair(2, A, B), pair(3, A, C))
    seats = {B: Seats(1), C: Seats(1)}
    problem = Problem(pairs, seats, pins=frozenset({0, 1, 2}), most=most)
    assert clashes(problem) == [Clash((0, 1))]
    assert len(closest(problem).chosen) == 2  # type: ignore[union-attr]


def test_more_pins_than_moves_clash_with_the_limit() -> None:
    pairs = (pair(1, A, B), pair(2, A, C))
    problem = Problem(pairs, {B: Seats(1), C: Seats(1)}, pins=frozenset({0, 1}), most=1)
    assert clashes(problem) == [Clash((0, 1), with_limit=True)]


def test_a_pin_without_a_seat_clashes_alone() -> None:
    pairs = (pair(1, A, B), pair(2, A, C))
    problem = Problem(pairs, {B: Seats(0), C: Seats(1)}, pins=frozenset({0, 1}))
    assert clashes(problem) == [Clash((0,))]

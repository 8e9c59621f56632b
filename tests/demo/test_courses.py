"""Courses and skills of the demonstration: few, sound, and the same for the same seed."""

from datetime import date

import pytest

from cadre_portal.demo.province import Province, build
from cadres.choices import SKILL_LEVELS, CourseState, MemberState, SkillKind

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def province() -> Province:
    return build(size=2_400, as_of=AS_OF)


def test_every_state_of_a_course_has_something_to_show(province: Province) -> None:
    states = {course.state for course in province.courses}
    assert states == {CourseState.PLANNED, CourseState.OPEN, CourseState.FINISHED}
    members = [member for course in province.courses for member in course.members]
    assert len(members) > 50
    assert {member.state for member in members} == set(MemberState)
    assert all(member.reason for member in members if member.state == MemberState.ABSENT)
    assert all(len(course.members) <= course.places for course in province.courses)


def test_who_completed_has_it_on_file_once(province: Province) -> None:
    completed = [
        member
        for course in province.courses
        for member in course.members
        if member.state == MemberState.COMPLETED
    ]
    rows = {id(row) for row in province.trainings}
    assert all(id(member.training) in rows for member in completed)
    keys = [(t.person.id, t.kind, t.course, t.start) for t in province.trainings]
    assert len(keys) == len(set(keys))


def test_skills_are_within_their_scales(province: Province) -> None:
    asked = [(skill.kind, skill.level) for skill in province.title_skills]
    held = [(skill.kind, skill.level) for skill in province.skills if skill.level is not None]
    assert asked
    assert all(level in SKILL_LEVELS[SkillKind(kind)] for kind, level in asked + held)
    keys = [(skill.person.id, skill.kind, skill.detail) for skill in province.skills]
    assert len(keys) == len(set(keys))


def test_the_same_seed_gives_the_same(province: Province) -> None:
    again = build(size=2_400, as_of=AS_OF)
    for name in ("courses", "skills"):
        assert len(getattr(again, name)) == len(getattr(province, name))
    first, second = (
        [(m.person.id, m.state) for c in each.courses for m in c.members]
        for each in (province, again)
    )
    assert first == second

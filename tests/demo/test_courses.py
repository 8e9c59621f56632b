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
    states = {str(course.state) for course in province.courses}
    assert states == {CourseState.PLANNED, CourseState.OPEN, CourseState.FINISHED}
    members = [member for course in province.courses for member in course.members]
    number = len(members)
    assert number > 50
    found = {str(member.state) for member in members}
    assert found == set(MemberState.values)
    # Plain values: people hang together, so that a failing test could never print them.
    reasons = [member.reason for member in members if member.state == MemberState.ABSENT]
    assert "" not in reasons
    free = [course.places - len(course.members) for course in province.courses]
    assert min(free) >= 0


def test_who_completed_has_it_on_file_once(province: Province) -> None:
    completed = [
        member
        for course in province.courses
        for member in course.members
        if member.state == MemberState.COMPLETED
    ]
    written, rows = {id(m.training) for m in completed}, {id(t) for t in province.trainings}
    assert written <= rows
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
    skills = [len(each.skills) for each in (again, province)]
    assert skills[0] == skills[1]
    first, second = (
        [(m.person.id, m.state) for c in each.courses for m in c.members]
        for each in (province, again)
    )
    assert first == second

"""Courses and who attends them, skills of titles and people, scoped to the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.choices import CourseState, MemberState, SkillKind, TrainingKind
from cadres.models import (
    Appointment,
    Cadre,
    CadreSkill,
    Course,
    CourseMember,
    TitleSkill,
    Training,
    Unit,
)
from cadres.periods import active_on
from cadres.policies import (
    EDITING_ROLES,
    EVERYTHING,
    Actor,
    below,
    scope_paths,
    sees_everything,
    unit_scope,
)
from cadres.selectors.cadres import cadre_scope, cadres_visible

#: Which kind of course teaches a skill.
TAUGHT_BY = {
    SkillKind.STATE_MANAGEMENT: TrainingKind.STATE_MANAGEMENT,
    SkillKind.MANAGEMENT: TrainingKind.PROFESSIONAL,
    SkillKind.LANGUAGE: TrainingKind.LANGUAGE,
    SkillKind.ETHNIC_LANGUAGE: TrainingKind.LANGUAGE,
    SkillKind.IT: TrainingKind.PROFESSIONAL,
}
#: Of these the kind of a course alone says that the skill was taught; others are too broad.
TELLING = (SkillKind.STATE_MANAGEMENT,)
OPEN_STATES = (CourseState.PLANNED, CourseState.OPEN)


# ---- Courses ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CourseFilter:
    """Which courses; None and "" ask nothing. `unit`: kept by it or below."""

    year: int | None = None
    kind: str = ""
    state: str = ""
    unit: Unit | None = None
    text: str = ""


def courses_visible(actor: Actor) -> QuerySet[Course]:
    """Courses of units in scope, and those that somebody in sight attends."""
    courses = Course.objects.select_related("unit")
    if sees_everything(actor):
        return courses
    attended = CourseMember.objects.filter(cadre_scope(actor, "cadre_id"), course=OuterRef("pk"))
    return courses.filter(unit_scope(actor) | Q(Exists(attended)))


def course_list(actor: Actor, wanted: CourseFilter) -> QuerySet[Course]:
    """Courses with `invited`, `completed`, `absent`: people in sight only. The latest first."""
    courses = courses_visible(actor)
    if wanted.year:
        courses = courses.filter(
            Q(start_on__year=wanted.year) | Q(end_on__year=wanted.year) | Q(start_on=None)
        )
    if wanted.kind:
        courses = courses.filter(kind=wanted.kind)
    if wanted.state:
        courses = courses.filter(state=wanted.state)
    if wanted.unit:
        courses = courses.filter(below(wanted.unit.path, "unit__path"))
    if wanted.text.strip():
        courses = courses.filter(name__icontains=wanted.text.strip())
    seen = CourseMember.objects.filter(cadre_scope(actor, "cadre_id"))
    return courses.annotate(
        people=Count("members", filter=Q(members__in=seen)),
        completed=Count(
            "members", filter=Q(members__in=seen, members__state=MemberState.COMPLETED)
        ),
        absent=Count("members", filter=Q(members__in=seen, members__state=MemberState.ABSENT)),
    ).order_by(F("start_on").desc(nulls_first=True), "name", "pk")


def course_get(actor: Actor, pk: int) -> Course:
    """The course. Raises Http404 when the actor sees none."""
    return get_object_or_404(courses_visible(actor), pk=pk)


def course_years(actor: Actor) -> list[int]:
    """Years in which courses begin, the latest first."""
    days = courses_visible(actor).exclude(start_on=None).dates("start_on", "year", order="DESC")
    return [day.year for day in days]


@dataclass(frozen=True)
class Members:
    """Who attends, as far as the actor sees them; `hidden`: how many others."""

    rows: Sequence[CourseMember]
    hidden: int

    def count(self, *states: str) -> int:
        """How many of those in sight are in these states."""
        return sum(1 for row in self.rows if row.state in states)


def members_of(actor: Actor, course: Course) -> Members:
    """People of a course, as Vietnamese lists are sorted; `is_editable`: the actor may decide."""
    members = (
        CourseMember.objects.filter(course=course)
        .select_related("cadre")
        .annotate(is_open=cadre_scope(actor, "cadre_id"), is_editable=editable_scope(actor))
        .order_by("cadre__sort_key", "cadre__code")
    )
    own = getattr(actor, "cadre_id", None)
    every = list(members)
    for row in every:
        row.is_editable = row.is_editable and row.cadre_id != own
    rows = [row for row in every if row.is_open]
    return Members(rows, len(every) - len(rows))


def editable_scope(actor: Actor, field: str = "cadre_id") -> Exists:
    """Condition "the actor may change the file of the person whose id is `field`"."""
    where = Q()
    paths = scope_paths(actor, *EDITING_ROLES)
    if paths == (EVERYTHING,):
        return Exists(Cadre.objects.filter(pk=OuterRef(field)))
    for path in paths:
        where |= below(path, "unit__path")
    held = Appointment.objects.filter(active_on(clock.today()), where, cadre=OuterRef(field))
    return Exists(held if paths else held.none())


def people_editable(actor: Actor, ids: Iterable[int]) -> list[Cadre]:
    """Those of the people whose files the actor may change; nobody their own."""
    people = cadres_visible(actor).filter(editable_scope(actor, "pk"), pk__in=list(ids))
    own = getattr(actor, "cadre_id", None)
    return list(people.exclude(pk=own) if own else people)


def people_by_code(actor: Actor, codes: Iterable[str]) -> dict[str, Cadre]:
    """People in sight by code, whatever the case it is typed in."""
    wanted = {code.strip().upper() for code in codes if code.strip()}
    found = cadres_visible(actor).filter(code__in=[*wanted, *(c.lower() for c in wanted)])
    return {cadre.code.upper(): cadre for cadre in found}


# ---- Skills ----------------------------------------------------------------------------------


def title_skills(actor: Actor, on: dt.date) -> list[TitleSkill]:
    """What titles ask for on a day, the most senior title first; a shared list."""
    if not scope_paths(actor):
        return []
    return list(
        TitleSkill.objects.filter(in_force(on))
        .select_related("title")
        .order_by("-title__rank", "title__code", "kind")
    )


def in_force(on: dt.date, prefix: str = "") -> Q:
    """Requirements that hold on a day; both days are inside."""
    return Q(**{f"{prefix}in_force_from__lte": on}) & (
        Q(**{f"{prefix}in_force_to": None}) | Q(**{f"{prefix}in_force_to__gte": on})
    )


def skills_of(cadre: Cadre) -> list[CadreSkill]:
    """Skills of a person, those that have run out as well."""
    return list(CadreSkill.objects.filter(cadre=cadre).order_by("kind", "-level", "detail"))


def trainings_of(cadre: Cadre) -> list[Training]:
    """Courses on a person's file, the latest first."""
    return list(
        Training.objects.filter(cadre=cadre).order_by(
            F("end_on").desc(nulls_last=True), F("start_on").desc(nulls_last=True), "course"
        )
    )


def courses_of(actor: Actor, cadre: Cadre) -> list[CourseMember]:
    """Courses that a person is sent to and that are not over."""
    return list(
        CourseMember.objects.filter(
            cadre=cadre, course__in=courses_visible(actor).filter(state__in=OPEN_STATES)
        ).select_related("course")
    )

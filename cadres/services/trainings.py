"""Courses: planned, attended, finished; what was learned is written to the files of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.choices import SKILL_LEVELS, CourseState, MemberState, SkillKind
from cadres.models import Cadre, CadreSkill, Course, CourseMember, Training, User
from cadres.policies import Actor, can_edit_cadre, can_edit_course, require
from cadres.selectors.trainings import members_of, people_editable

#: The room above judges plans anew; this room knows its job by name only.
RECHECK_PEOPLE = "planning.people_recheck"
#: Fields of a course that a form fills in.
FIELDS = (
    "unit",
    "name",
    "kind",
    "organiser",
    "start_on",
    "end_on",
    "places",
    "decision_no",
    "gives_theory",
    "skill",
    "skill_level",
)


# ---- The course ------------------------------------------------------------------------------


@transaction.atomic
def course_add(*, actor: Actor, values: Mapping[str, Any], cadre_ids: Iterable[int] = ()) -> Course:
    """Plan a course and send people to it, in one act. Raises PermissionDenied, ValidationError."""
    course = Course(created_by=cast("User", actor))
    _fill(course, values)
    require(can_edit_course(actor, course.unit))
    _save(course)
    ids = list(cadre_ids)
    if ids:
        members_add(actor=actor, course=course, cadre_ids=ids)
    return course


@transaction.atomic
def course_edit(*, actor: Actor, course: Course, values: Mapping[str, Any]) -> Course:
    """Change a course that is not over. Raises PermissionDenied, ValidationError."""
    course = _locked(actor, course)
    _require_open(course)
    _fill(course, values)
    require(can_edit_course(actor, course.unit))
    people = CourseMember.objects.filter(course=course).count()
    if course.places is not None and people > course.places:
        text = _("Đã cử %(n)d người, nhiều hơn số chỗ này.")
        raise ValidationError({"places": text % {"n": people}})
    _save(course)
    return course


@transaction.atomic
def course_open(*, actor: Actor, course: Course) -> Course:
    """The course begins: who was invited attends. Twice changes nothing."""
    course = _locked(actor, course)
    _require_open(course)
    course.state = CourseState.OPEN
    course.save(update_fields=["state"])
    CourseMember.objects.filter(course=course, state=MemberState.INVITED).update(
        state=MemberState.ATTENDING
    )
    return course


@transaction.atomic
def course_cancel(*, actor: Actor, course: Course, reason: str) -> Course:
    """Call a course off; its list stays as it is. Raises PermissionDenied, ValidationError."""
    course = _locked(actor, course)
    _require_open(course)
    if not reason.strip():
        raise ValidationError({"reason": _("Hãy ghi lý do hủy khóa học.")})
    course.state, course.cancel_reason = CourseState.CANCELLED, reason.strip()[:200]
    course.save(update_fields=["state", "cancel_reason"])
    return course


def _fill(course: Course, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(course, name, values[name])
    if course.skill:
        levels = SKILL_LEVELS[SkillKind(course.skill)]
        if course.skill_level is not None and course.skill_level not in levels:
            raise ValidationError({"skill_level": _("Kỹ năng này không có mức đó.")})
    else:
        course.skill_level = None


def _save(course: Course) -> None:
    text = _("Đơn vị đã có khóa học cùng tên, cùng ngày khai giảng.")
    same = Course.objects.filter(unit=course.unit, name=course.name, start_on=course.start_on)
    if same.exclude(pk=course.pk).exists():
        raise ValidationError({"name": text})
    course.full_clean()
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError:  # somebody made it between our look and our writing
        raise ValidationError({"name": text}) from None


def _locked(actor: Actor, course: Course) -> Course:
    course = Course.objects.select_for_update(of=("self",)).select_related("unit").get(pk=course.pk)
    require(can_edit_course(actor, course.unit))
    return course


def _require_open(course: Course) -> None:
    if course.state not in (CourseState.PLANNED, CourseState.OPEN):
        raise ValidationError(
            _("Khóa học %(state)s, không sửa được nữa.")
            % {"state": str(course.get_state_display()).lower()}
        )


# ---- Who attends -----------------------------------------------------------------------------


@transaction.atomic
def members_add(*, actor: Actor, course: Course, cadre_ids: Iterable[int]) -> int:
    """Send people to a course; who is in it already is left as is. How many were added.

    Raises PermissionDenied (somebody is not the actor's to send), ValidationError (too many).
    """
    course = _locked(actor, course)
    _require_open(course)
    ids = set(cadre_ids)
    require(len(people_editable(actor, ids)) == len(ids))
    known = set(CourseMember.objects.filter(course=course).values_list("cadre_id", flat=True))
    new = sorted(ids - known)
    if course.places is not None and len(known) + len(new) > course.places:
        text = _("Khóa học có %(places)d chỗ, đã cử %(n)d người; không thể thêm %(new)d người.")
        raise ValidationError(text % {"places": course.places, "n": len(known), "new": len(new)})
    state = MemberState.ATTENDING if course.state == CourseState.OPEN else MemberState.INVITED
    CourseMember.objects.bulk_create(
        [CourseMember(course=course, cadre_id=pk, state=state) for pk in new]
    )
    return len(new)


@dataclass(frozen=True)
class MemberEntry:
    """What a form says of a person in a course."""

    member_id: int
    state: str
    reason: str = ""
    result: str = ""


@transaction.atomic
def members_save(*, actor: Actor, course: Course, entries: Sequence[MemberEntry]) -> int:
    """Say who attends, who completed with which result, who did not come and why.

    How many changed. Raises PermissionDenied, ValidationError with a message for each person.
    """
    course = _locked(actor, course)
    _require_open(course)
    members = {row.pk: row for row in members_of(actor, course).rows}
    changed, faults = [], []
    for entry in entries:
        row = members.get(entry.member_id)
        require(row is not None)
        row = cast("CourseMember", row)
        values = (entry.state, entry.reason.strip()[:200], entry.result.strip()[:80])
        if values == (row.state, row.reason, row.result):
            continue
        require(row.is_editable)  # type: ignore[attr-defined]
        row.state, row.reason, row.result = values
        if row.state not in MemberState.values:
            raise ValidationError(_("Biểu mẫu có trạng thái lạ. Hãy tải lại trang."))
        if row.state == MemberState.ABSENT and not row.reason:
            faults.append(_("%(name)s: hãy ghi lý do không học.") % {"name": row.cadre})
        changed.append(row)
    if faults:
        raise ValidationError(faults)
    CourseMember.objects.bulk_update(changed, ["state", "reason", "result"])
    return len(changed)


@transaction.atomic
def member_remove(*, actor: Actor, course: Course, member_id: int) -> None:
    """Take somebody out of a course that is not over. Raises PermissionDenied, ValidationError."""
    course = _locked(actor, course)
    _require_open(course)
    row = next((row for row in members_of(actor, course).rows if row.pk == member_id), None)
    require(row is not None and row.is_editable)  # type: ignore[attr-defined]
    cast("CourseMember", row).delete()


# ---- The end ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finish:
    """What finishing a course would write; nothing is written yet.

    `trainings`: who gets a row on the file. `theory`: whose political theory would rise, with what
    is on file now. `skills`: who gets the skill. `undecided`: who has neither completed nor stayed
    away; `hidden`: people out of sight who are undecided. `own`: the actor is among the completed.
    """

    course: Course
    trainings: list[Cadre] = field(default_factory=list)
    theory: list[Cadre] = field(default_factory=list)
    skills: list[Cadre] = field(default_factory=list)
    undecided: list[Cadre] = field(default_factory=list)
    hidden: int = 0
    is_own: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.undecided or self.hidden or self.is_own) and bool(self.course.end_on)


def finish_plan(*, actor: Actor, course: Course) -> Finish:
    """What finishing the course would write to the files of people."""
    members = members_of(actor, course)
    completed = [row.cadre for row in members.rows if row.state == MemberState.COMPLETED]
    raised = [
        row.cadre
        for row in members.rows
        if row.state == MemberState.COMPLETED
        and row.is_editable  # type: ignore[attr-defined]
        and course.gives_theory is not None
        and (row.cadre.theory is None or row.cadre.theory < course.gives_theory)
    ]
    waiting = Q(state__in=(MemberState.INVITED, MemberState.ATTENDING))
    shown = {row.pk for row in members.rows}
    return Finish(
        course=course,
        trainings=completed,
        theory=raised,
        skills=completed if course.skill else [],
        undecided=[
            row.cadre
            for row in members.rows
            if row.state in (MemberState.INVITED, MemberState.ATTENDING)
        ],
        hidden=CourseMember.objects.filter(waiting, course=course).exclude(pk__in=shown).count()
        if members.hidden
        else 0,
        is_own=any(cadre.pk == getattr(actor, "cadre_id", None) for cadre in completed),
    )


@transaction.atomic
def course_finish(*, actor: Actor, course: Course, theory_for: Collection[int] = ()) -> int:
    """Finish a course: its trainings, skills and confirmed theory go to the files, or nothing does.

    `theory_for`: for whom the new level of political theory was confirmed; a level never falls.
    How many people completed it; a course that is finished already stays as it is (0). Raises
    PermissionDenied, ValidationError.
    """
    course = _locked(actor, course)
    if course.state == CourseState.FINISHED:
        return 0
    _require_open(course)
    plan = finish_plan(actor=actor, course=course)
    require(not plan.is_own)  # somebody else finishes a course that one has completed oneself
    if not plan.is_possible:
        raise ValidationError(_cannot_finish(plan))
    rows = list(
        CourseMember.objects.select_for_update(of=("self",))
        .filter(course=course, state=MemberState.COMPLETED)
        .select_related("cadre")
        .order_by("cadre_id")
    )
    _write_trainings(course, rows)
    _write_skills(course, rows)
    raised = {cadre.pk for cadre in plan.theory} & set(theory_for)
    if raised:
        Cadre.objects.filter(
            Q(theory=None) | Q(theory__lt=course.gives_theory), pk__in=raised
        ).update(theory=course.gives_theory)
    course.state, course.finished_on = CourseState.FINISHED, clock.today()
    course.save(update_fields=["state", "finished_on"])
    if rows:
        enqueue(RECHECK_PEOPLE, cadre_ids=[row.cadre_id for row in rows])
    return len(rows)


def _cannot_finish(plan: Finish) -> list[str]:
    faults = []
    if not plan.course.end_on:
        faults.append(_("Hãy ghi ngày bế giảng trước khi kết thúc khóa học."))
    if plan.undecided:
        faults.append(
            _("Còn %(n)d người chưa có kết quả. Hãy ghi hoàn thành hoặc không học cho từng người.")
            % {"n": len(plan.undecided)}
        )
    if plan.hidden:
        faults.append(
            _("Còn %(n)d người ngoài phạm vi của đồng chí chưa có kết quả; cấp trên ghi giúp.")
            % {"n": plan.hidden}
        )
    return faults


def _write_trainings(course: Course, rows: Sequence[CourseMember]) -> None:
    """A row on each file; one that an import brought already is taken over, not doubled."""
    same = Training.objects.filter(
        cadre__in=[row.cadre_id for row in rows],
        kind=course.kind,
        course=course.name,
        start_on=course.start_on,
    )
    known = {training.cadre_id: training for training in same.select_for_update()}
    new = {
        row.cadre_id: Training(
            cadre_id=row.cadre_id,
            course=course.name,
            kind=course.kind,
            start_on=course.start_on,
            end_on=course.end_on,
            result=row.result,
        )
        for row in rows
        if row.cadre_id not in known
    }
    Training.objects.bulk_create(new.values())
    for row in rows:
        training = known.get(row.cadre_id)
        if training:
            training.end_on = course.end_on
            training.result = row.result or training.result
        row.training = training or new[row.cadre_id]
    Training.objects.bulk_update(known.values(), ["end_on", "result"])
    CourseMember.objects.bulk_update(rows, ["training"])


def _write_skills(course: Course, rows: Sequence[CourseMember]) -> None:
    """The skill that the course gives; a level on file never falls."""
    if not course.skill:
        return
    ids = [row.cadre_id for row in rows]
    held = CadreSkill.objects.filter(cadre__in=ids, kind=course.skill, detail="")
    known = {skill.cadre_id: skill for skill in held.select_for_update()}
    for skill in known.values():
        skill.level = max(skill.level or 0, course.skill_level or 0) or None
        skill.certificate, skill.issued_on, skill.valid_to = course.name[:120], course.end_on, None
    CadreSkill.objects.bulk_update(
        known.values(), ["level", "certificate", "issued_on", "valid_to"]
    )
    CadreSkill.objects.bulk_create(
        [
            CadreSkill(
                cadre_id=pk,
                kind=course.skill,
                level=course.skill_level,
                certificate=course.name[:120],
                issued_on=course.end_on,
            )
            for pk in ids
            if pk not in known
        ]
    )


# ---- Skills of a person ----------------------------------------------------------------------


@transaction.atomic
def skill_save(
    *,
    actor: Actor,
    cadre: Cadre,
    kind: str,
    level: int | None,
    detail: str = "",
    certificate: str = "",
    issued_on: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> CadreSkill:
    """Put a skill on a person's file, or change the one of the same kind and detail.

    Raises PermissionDenied, ValidationError.
    """
    require(can_edit_cadre(actor, cadre))
    if level is not None and level not in SKILL_LEVELS[SkillKind(kind)]:
        raise ValidationError({"level": _("Kỹ năng này không có mức đó.")})
    Cadre.objects.select_for_update(no_key=True).get(pk=cadre.pk)
    skill = CadreSkill.objects.filter(cadre=cadre, kind=kind, detail=detail).first()
    skill = skill or CadreSkill(cadre=cadre, kind=kind, detail=detail)
    skill.level, skill.certificate = level, certificate
    skill.issued_on, skill.valid_to = issued_on, valid_to
    skill.full_clean()
    skill.save()
    return skill


@transaction.atomic
def skill_remove(*, actor: Actor, cadre: Cadre, pk: int) -> None:
    """Take a skill off a person's file; its history stays. Raises PermissionDenied."""
    require(can_edit_cadre(actor, cadre))
    CadreSkill.objects.filter(cadre=cadre, pk=pk).delete()

"""Pages of courses and skills."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.choices import CourseState, FileDoor, TrainingKind
from cadres.contexts import trainings as context
from cadres.contexts.links import Links
from cadres.exports.courses import attendance_file, courses_file
from cadres.forms.trainings import (
    AddMembersForm,
    CourseFilterForm,
    CourseForm,
    SkillForm,
    ids_in,
    typed_members,
)
from cadres.models import Cadre, Course, Unit
from cadres.policies import (
    EDITING_ROLES,
    can_edit_cadre,
    can_edit_course,
    can_export_people,
    unit_scope,
)
from cadres.selectors import trainings as selectors
from cadres.selectors.cadres import cadre_get
from cadres.selectors.units import unit_list
from cadres.services import trainings as services
from cadres.services.records import record_opening

_UNITS_OFFERED = 300


@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    """Đào tạo, bồi dưỡng: the courses."""
    as_of = view_date(request)
    form = CourseFilterForm(request.GET, years=selectors.course_years(request.user))
    courses = selectors.course_list(request.user, form.filters())
    page = Paginator(courses, context.PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "cadres/trainings/training_list.html",
        context.list_context(
            page=page,
            form=form,
            can_add=bool(_own_units(request, 1)),
            can_export=can_export_people(request.user),
            query=request.GET,
            as_of=as_of,
        ),
    )


def _own_units(request: HttpRequest, number: int = _UNITS_OFFERED) -> list[Unit]:
    """Units whose courses the actor may plan, as far as a choice can hold them."""
    return list(
        unit_list(request.user)
        .filter(unit_scope(request.user, "path", roles=EDITING_ROLES), valid_to=None)
        .order_by("path")[:number]
    )


@require_safe
def training_export(request: HttpRequest) -> HttpResponseBase:
    """The courses of the same filters as a sheet."""
    as_of = view_date(request)
    form = CourseFilterForm(request.GET, years=selectors.course_years(request.user))
    return courses_file(
        actor=request.user,
        courses=selectors.course_list(request.user, form.filters()),
        chosen=form.chosen(),
        filters={name: request.GET[name] for name in sorted(request.GET)},
        as_of=as_of,
    )


# ---- The course itself -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def training_add(request: HttpRequest) -> HttpResponse:
    """A new course, perhaps for people who were chosen on another page (`nguoi`)."""
    as_of, units = view_date(request), _own_units(request)
    if not units:
        raise PermissionDenied
    people = selectors.people_editable(request.user, ids_in(request.POST.getlist("nguoi")))
    is_sent = request.method == "POST" and "name" in request.POST
    kind = request.POST.get("kind", "")
    form = CourseForm(
        request.POST if is_sent else None,
        units=units,
        initial={
            "kind": kind if kind in TrainingKind.values else "",
            "name": request.POST.get("ten", "")[:200],
            "gives_theory": request.POST.get("theory", ""),
            "gives_skill": request.POST.get("skill", ""),
            "unit": units[0].code,
        },
    )
    if is_sent and form.is_valid():
        try:
            course = services.course_add(
                actor=request.user,
                values=form.values(),
                cadre_ids=[person.pk for person in people],
            )
        except ValidationError as error:
            form.say(_by_field(error))
        else:
            text = _("Đã lập khóa học, cử %(n)d người.") % {"n": len(people)}
            messages.success(request, text if people else _("Đã lập khóa học."))
            return _to_course(course, as_of)
    page = context.form_context(form=form, people=people, course=None, as_of=as_of)
    status = 422 if is_sent else 200
    return render(request, "cadres/trainings/training_form.html", page, status=status)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}


def _to_course(course: Course, as_of: dt.date) -> HttpResponse:
    return redirect(Links(as_of).to("cadres:training-detail", course.pk))


@require_safe
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A course and its people."""
    return _course_page(request, selectors.course_get(request.user, pk))


def _course_page(
    request: HttpRequest,
    course: Course,
    *,
    add_form: AddMembersForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = context.course_context(
        actor=request.user,
        course=course,
        members=selectors.members_of(request.user, course),
        add_form=add_form or AddMembersForm(),
        as_of=view_date(request),
    )
    return render(request, "cadres/trainings/training_detail.html", page, status=status)


@require_safe
def training_members_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who attends the course as a sheet."""
    course = selectors.course_get(request.user, pk)
    return attendance_file(
        actor=request.user,
        course=course,
        members=selectors.members_of(request.user, course),
        as_of=view_date(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def training_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a course."""
    as_of, course = view_date(request), _to_edit(request, pk)
    units = _own_units(request)
    if course.unit not in units:
        units.append(course.unit)
    form = CourseForm(request.POST or None, units=units, initial=CourseForm.initial_of(course))
    if request.method == "POST" and form.is_valid():
        try:
            services.course_edit(actor=request.user, course=course, values=form.values())
        except ValidationError as error:
            form.say(_by_field(error))
        else:
            messages.success(request, _("Đã lưu khóa học."))
            return _to_course(course, as_of)
    page = context.form_context(form=form, people=[], course=course, as_of=as_of)
    status = 422 if request.method == "POST" else 200
    return render(request, "cadres/trainings/training_form.html", page, status=status)


def _to_edit(request: HttpRequest, pk: int) -> Course:
    course = selectors.course_get(request.user, pk)
    if not can_edit_course(request.user, course.unit):
        raise PermissionDenied
    return course


@require_POST
def training_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The course begins."""
    course = _to_edit(request, pk)
    try:
        services.course_open(actor=request.user, course=course)
    except ValidationError as error:
        _say(request, error)
    return _to_course(course, view_date(request))


@require_POST
def training_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the course off, with a reason."""
    course = _to_edit(request, pk)
    try:
        services.course_cancel(
            actor=request.user, course=course, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        _say(request, error)
    return _to_course(course, view_date(request))


def _say(request: HttpRequest, error: ValidationError) -> None:
    for text in error.messages:
        messages.error(request, text)


@require_http_methods(["GET", "HEAD", "POST"])
def training_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """What finishing would write, then the one confirmation."""
    as_of, course = view_date(request), _to_edit(request, pk)
    faults: list[str] = []
    if request.method == "POST":
        try:
            number = services.course_finish(
                actor=request.user,
                course=course,
                theory_for=ids_in(request.POST.getlist("theory")),
            )
        except ValidationError as error:
            faults = error.messages
        else:
            text = _("Đã kết thúc khóa học; ghi vào hồ sơ của %(n)d người.") % {"n": number}
            messages.success(request, text if number else _("Khóa học đã kết thúc."))
            return _to_course(course, as_of)
    elif course.state in (CourseState.FINISHED, CourseState.CANCELLED):
        return _to_course(course, as_of)
    plan = services.finish_plan(actor=request.user, course=course)
    page = context.finish_context(plan=plan, faults=faults, as_of=as_of)
    status = 422 if faults else 200
    return render(request, "cadres/trainings/training_finish.html", page, status=status)


# ---- Who attends -----------------------------------------------------------------------------


@require_POST
def training_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Write who attends, completed, stayed away; or take one person out (`bo`)."""
    as_of, course = view_date(request), _to_edit(request, pk)
    try:
        if out := ids_in(request.POST.getlist("bo")):
            services.member_remove(actor=request.user, course=course, member_id=out[0])
            messages.success(request, _("Đã đưa một người ra khỏi khóa học."))
        else:
            members = selectors.members_of(request.user, course)
            entries = typed_members(members, request.POST)
            number = services.members_save(actor=request.user, course=course, entries=entries)
            messages.success(request, _("Đã lưu %(n)d thay đổi.") % {"n": number})
    except ValidationError as error:
        _say(request, error)
    return _to_course(course, as_of)


@require_POST
def training_add_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Send people to the course: by code, or chosen on another page (`nguoi`)."""
    as_of, course = view_date(request), _to_edit(request, pk)
    form = AddMembersForm(request.POST)
    if chosen := ids_in(request.POST.getlist("nguoi")):
        ids = [person.pk for person in selectors.people_editable(request.user, chosen)]
    elif form.is_valid():
        found = _found(request, form)
        if form.errors:
            return _course_page(request, course, add_form=form, status=422)
        ids = [cadre.pk for cadre in found]
    else:
        return _course_page(request, course, add_form=form, status=422)
    try:
        number = services.members_add(actor=request.user, course=course, cadre_ids=ids)
    except ValidationError as error:
        _say(request, error)
    else:
        messages.success(request, _("Đã cử thêm %(n)d người.") % {"n": number})
    return _to_course(course, as_of)


def _found(request: HttpRequest, form: AddMembersForm) -> list[Cadre]:
    """People by the codes that were typed; what is wrong is said on the form."""
    codes = form.codes()
    known = selectors.people_by_code(request.user, codes)
    found = [known[code.upper()] for code in codes if code.upper() in known]
    allowed = {c.pk for c in selectors.people_editable(request.user, [c.pk for c in found])}
    wrong = [code for code in codes if code.upper() not in known]
    wrong += [cadre.code for cadre in found if cadre.pk not in allowed]
    if wrong:
        text = _("Không cử được: %(codes)s. Kiểm tra số hiệu và phạm vi của đồng chí.")
        form.add_error("so_hieu", text % {"codes": ", ".join(wrong[:10])})
    return found


# ---- Skills ----------------------------------------------------------------------------------


@require_safe
def training_skills(request: HttpRequest) -> HttpResponse:
    """What titles ask for beyond degree and theory."""
    as_of = view_date(request)
    asked = selectors.title_skills(request.user, as_of)
    page = context.skills_context(actor=request.user, asked=asked, as_of=as_of)
    return render(request, "cadres/trainings/training_skills.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def training_cadre(request: HttpRequest, code: str) -> HttpResponse:
    """Courses and skills of one person; skills are added here."""
    as_of, cadre = view_date(request), cadre_get(request.user, code)
    record_opening(actor=request.user, cadre=cadre, door=FileDoor.TRAINING)
    form = SkillForm(request.POST or None)
    if request.method == "POST":
        if not can_edit_cadre(request.user, cadre):
            raise PermissionDenied
        if form.is_valid():
            try:
                services.skill_save(actor=request.user, cadre=cadre, **form.values())
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Đã ghi kỹ năng."))
                return redirect(Links(as_of).to("cadres:training-cadre", cadre.code))
    page = context.cadre_context(
        actor=request.user,
        cadre=cadre,
        skills=selectors.skills_of(cadre),
        trainings=selectors.trainings_of(cadre),
        courses=selectors.courses_of(request.user, cadre),
        form=form,
        as_of=as_of,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "cadres/trainings/training_cadre.html", page, status=status)


@require_POST
def training_skill_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a skill off a person's file."""
    cadre = cadre_get(request.user, code)
    services.skill_remove(actor=request.user, cadre=cadre, pk=pk)
    return redirect(Links(view_date(request)).to("cadres:training-cadre", cadre.code))

"""Courses: planned in one act, attended, finished once; skills; who may; how many queries."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from cadre_portal.common import clock
from cadres.choices import CourseState, FileDoor, MemberState, SkillKind, Theory, TrainingKind
from cadres.models import (
    Cadre,
    CadreSkill,
    Course,
    CourseMember,
    ExportRecord,
    FileOpening,
    Training,
    User,
)
from cadres.services import trainings as service
from cadres.services.trainings import MemberEntry
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(dt.date(2026, 11, 22)):
        yield


@pytest.fixture
def people(organisation: Organisation) -> list[Cadre]:
    """Three deputies of Sở Nội vụ without much theory."""
    return [
        factories.AppointmentFactory(
            unit=organisation.department,
            title=organisation.deputy,
            cadre__theory=Theory.INTERMEDIATE,
        ).cadre
        for _ in range(3)
    ]


@pytest.fixture
def course(organisation: Organisation, people: list[Cadre]) -> Course:
    """An open course that two completed and one stayed away from."""
    course = factories.CourseFactory(
        unit=organisation.department,
        state=CourseState.OPEN,
        end_on=dt.date(2026, 11, 20),
        gives_theory=Theory.ADVANCED,
        skill=SkillKind.STATE_MANAGEMENT,
        skill_level=2,
    )
    for cadre in people[:2]:
        factories.CourseMemberFactory(
            course=course, cadre=cadre, state=MemberState.COMPLETED, result="Giỏi"
        )
    factories.CourseMemberFactory(
        course=course, cadre=people[2], state=MemberState.ABSENT, reason="Đi công tác"
    )
    return course


# ---- Planned -------------------------------------------------------------------------------------


def test_a_course_is_made_for_people_in_one_act(
    organisation: Organisation, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    ids = [str(person.pk) for person in people]
    asked = browser.post("/dao-tao/them/", {"nguoi": ids, "kind": "theory", "theory": "3"})
    page = asked.content.decode()
    assert "Lập và cử 3 người" in page
    assert not Course.objects.exists()
    values = {"unit": "SNV", "name": "Cao cấp LLCT", "kind": "theory", "nguoi": ids}
    response = browser.post("/dao-tao/them/", values)
    course = Course.objects.get()
    assert response["Location"] == f"/dao-tao/{course.pk}/"
    assert course.created_by == unit_officer
    assert CourseMember.objects.filter(course=course, state=MemberState.INVITED).count() == 3
    again = browser.post("/dao-tao/them/", values)
    assert again.status_code == 422
    assert "cùng tên, cùng ngày khai giảng" in again.content.decode()
    assert CourseMember.objects.count() == 3


def test_people_of_others_cannot_be_sent(
    organisation: Organisation, people: list[Cadre], unit_officer: User, course: Course
) -> None:
    with pytest.raises(PermissionDenied):
        service.members_add(actor=unit_officer, course=course, cadre_ids=[organisation.outsider.pk])
    unit_officer.cadre = organisation.insider
    unit_officer.save()
    with pytest.raises(PermissionDenied):
        service.members_add(actor=unit_officer, course=course, cadre_ids=[organisation.insider.pk])


def test_codes_out_of_scope_are_as_unknown_ones(
    organisation: Organisation, course: Course, unit_officer: User, signed_in: Browser
) -> None:
    url = f"/dao-tao/{course.pk}/hoc-vien/them/"
    response = signed_in(unit_officer).post(url, {"so_hieu": "cb-nv, CB-YT\nCB-XX"})
    assert response.status_code == 422
    assert "Không cử được: CB-YT, CB-XX." in response.content.decode()
    response = signed_in(unit_officer).post(url, {"so_hieu": "cb-nv"})
    assert response.status_code == 302
    added = CourseMember.objects.get(cadre=organisation.insider)
    assert added.state == MemberState.ATTENDING  # the course has begun


def test_places(organisation: Organisation, people: list[Cadre], unit_officer: User) -> None:
    course = factories.CourseFactory(unit=organisation.department, places=2)
    ids = [person.pk for person in people]
    with pytest.raises(ValidationError, match="có 2 chỗ"):
        service.members_add(actor=unit_officer, course=course, cadre_ids=ids)
    assert service.members_add(actor=unit_officer, course=course, cadre_ids=ids[:2]) == 2
    assert service.members_add(actor=unit_officer, course=course, cadre_ids=ids[:2]) == 0
    with pytest.raises(ValidationError, match="nhiều hơn số chỗ"):
        service.course_edit(actor=unit_officer, course=course, values={"places": 1})


def test_who_stays_away_says_why(course: Course, people: list[Cadre], unit_officer: User) -> None:
    row = CourseMember.objects.get(cadre=people[0])
    with pytest.raises(ValidationError, match="hãy ghi lý do"):
        service.members_save(
            actor=unit_officer, course=course, entries=[MemberEntry(row.pk, MemberState.ABSENT)]
        )
    row.refresh_from_db()
    assert row.state == MemberState.COMPLETED


def test_opening_and_cancelling(
    organisation: Organisation, people: list[Cadre], unit_officer: User
) -> None:
    course = factories.CourseFactory(unit=organisation.department)
    member = factories.CourseMemberFactory(course=course, cadre=people[0])
    service.course_open(actor=unit_officer, course=course)
    member.refresh_from_db()
    assert member.state == MemberState.ATTENDING
    with pytest.raises(ValidationError, match="lý do hủy"):
        service.course_cancel(actor=unit_officer, course=course, reason=" ")
    service.course_cancel(actor=unit_officer, course=course, reason="Thiếu kinh phí")
    with pytest.raises(ValidationError, match="đã hủy"):
        service.course_open(actor=unit_officer, course=course)


# ---- Finished ------------------------------------------------------------------------------------


def test_finishing_writes_files_once(
    course: Course, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    browser, url = signed_in(unit_officer), f"/dao-tao/{course.pk}/ket-thuc/"
    page = browser.get(url).content.decode()
    assert "Đề nghị ghi trình độ lý luận chính trị: cao cấp" in page
    assert not Training.objects.exists()
    for _ in range(2):  # a double click, or two officers
        assert browser.post(url, {"theory": [str(people[0].pk)]}).status_code == 302
    rows = Training.objects.order_by("cadre_id").values_list("cadre_id", "course", "kind", "result")
    assert list(rows) == [
        (cadre.pk, course.name, TrainingKind.THEORY, "Giỏi") for cadre in people[:2]
    ]
    theory = Cadre.objects.filter(pk__in=[p.pk for p in people]).order_by("pk")
    # Confirmed for the first one only.
    assert [cadre.theory for cadre in theory] == [
        Theory.ADVANCED,
        Theory.INTERMEDIATE,
        Theory.INTERMEDIATE,
    ]
    assert sorted(CadreSkill.objects.values_list("cadre_id", "level")) == [
        (cadre.pk, 2) for cadre in people[:2]
    ]
    course.refresh_from_db()
    assert (course.state, course.finished_on) == (CourseState.FINISHED, dt.date(2026, 11, 22))
    assert service.course_finish(actor=unit_officer, course=course) == 0


def test_an_imported_training_is_taken_over(
    course: Course, people: list[Cadre], unit_officer: User
) -> None:
    known = factories.TrainingFactory(
        cadre=people[0], course=course.name, start_on=course.start_on, end_on=None, result=""
    )
    assert service.course_finish(actor=unit_officer, course=course) == 2
    known.refresh_from_db()
    assert (known.end_on, known.result) == (course.end_on, "Giỏi")
    assert Training.objects.filter(cadre=people[0]).count() == 1
    assert CourseMember.objects.get(cadre=people[0]).training == known


def test_a_level_never_falls(course: Course, people: list[Cadre], unit_officer: User) -> None:
    Cadre.objects.filter(pk=people[0].pk).update(theory=Theory.BACHELOR)
    CadreSkill.objects.create(cadre=people[0], kind=SkillKind.STATE_MANAGEMENT, level=3)
    ids = [person.pk for person in people]
    service.course_finish(actor=unit_officer, course=course, theory_for=ids)
    assert list(
        Cadre.objects.filter(pk__in=ids).order_by("pk").values_list("theory", flat=True)
    ) == [
        Theory.BACHELOR,
        Theory.ADVANCED,
        Theory.INTERMEDIATE,  # stayed away
    ]
    assert CadreSkill.objects.get(cadre=people[0]).level == 3


def test_nobody_undecided_and_not_oneself(
    course: Course, people: list[Cadre], unit_officer: User
) -> None:
    CourseMember.objects.filter(cadre=people[1]).update(state=MemberState.ATTENDING)
    with pytest.raises(ValidationError, match="Còn 1 người chưa có kết quả"):
        service.course_finish(actor=unit_officer, course=course)
    CourseMember.objects.filter(cadre=people[1]).update(state=MemberState.COMPLETED)
    unit_officer.cadre = people[1]
    unit_officer.save()
    with pytest.raises(PermissionDenied):
        service.course_finish(actor=unit_officer, course=course)
    assert not Training.objects.exists()


def test_somebody_out_of_sight_holds_the_course_open(
    course: Course, organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    factories.CourseMemberFactory(course=course, cadre=organisation.outsider)
    with pytest.raises(ValidationError, match="Còn 1 người ngoài phạm vi"):
        service.course_finish(actor=unit_officer, course=course)
    member = CourseMember.objects.get(cadre=organisation.outsider)
    service.members_save(
        actor=provincial_officer,
        course=course,
        entries=[MemberEntry(member.pk, MemberState.ABSENT, "Ốm")],
    )
    assert service.course_finish(actor=unit_officer, course=course) == 2


def test_plans_are_judged_again(
    course: Course, people: list[Cadre], unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(service, "enqueue", lambda name, **kwargs: sent.append((name, kwargs)))
    service.course_finish(actor=unit_officer, course=course)
    ids = [person.pk for person in people[:2]]
    assert sent == [("planning.people_recheck", {"cadre_ids": ids})]


# ---- Who sees what -------------------------------------------------------------------------------


def test_others_see_the_course_with_their_own_people_only(
    course: Course,
    people: list[Cadre],
    organisation: Organisation,
    other_unit_officer: User,
    signed_in: Browser,
) -> None:
    Cadre.objects.filter(pk=people[0].pk).update(full_name="Ma Thị Xuất")
    browser = signed_in(other_unit_officer)
    assert browser.get(f"/dao-tao/{course.pk}/").status_code == 404
    factories.CourseMemberFactory(course=course, cadre=organisation.outsider)
    page = browser.get(f"/dao-tao/{course.pk}/").content.decode()
    assert "Lý Thị Đào" in page
    assert "3 người ngoài phạm vi" in page
    assert "Ma Thị Xuất" not in page
    assert browser.get(f"/dao-tao/{course.pk}/sua/").status_code == 403


def test_skills_of_a_person(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    browser, url = signed_in(unit_officer), "/dao-tao/nguoi/CB-NV/"
    for level in ("language:3", "language:4"):
        values = {"skill": level, "detail": "tiếng Anh", "certificate": "VSTEP"}
        assert browser.post(url, values).status_code == 302
    skill = CadreSkill.objects.get()
    assert (skill.kind, skill.level, skill.detail) == ("language", 4, "tiếng Anh")
    assert "bậc 4 (B2)" in browser.get(url).content.decode()
    browser.post(f"{url}ky-nang/{skill.pk}/xoa/")
    assert not CadreSkill.objects.exists()
    wrong = browser.post(url, {"skill": "it", "issued_on": "2026-02-01", "valid_to": "2026-01-01"})
    assert wrong.status_code == 422


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    course = factories.CourseFactory(unit=organisation.department)
    browser = signed_in(provincial_officer)

    def counts() -> list[int]:
        numbers = []
        for url in ("/dao-tao/", f"/dao-tao/{course.pk}/", f"/dao-tao/{course.pk}/ket-thuc/"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url).status_code == 200
            numbers.append(len(queries))
        return numbers

    def more(number: int) -> None:
        for _ in range(number):
            held = factories.AppointmentFactory(
                unit=organisation.department, title=organisation.deputy
            )
            factories.CourseMemberFactory(course=course, cadre=held.cadre)
            factories.CourseMemberFactory(cadre=held.cadre)

    more(2)
    small = counts()
    more(8)
    assert counts() == small
    assert max(small) <= 10, small


def test_courses_and_attendance_as_sheets(
    course: Course, people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    """Exactly what the pages show, each on record; who may not take away gets nothing."""
    browser = signed_in(unit_officer)
    answer = browser.get("/dao-tao/xuat/?loai=theory&q=")
    (sheet, about) = _sheets(answer)
    assert [row[0] for row in sheet[1:]] == [course.name]
    assert ("Loại", "Lý luận chính trị") in {tuple(row[:2]) for row in about}
    (sheet, _about) = _sheets(browser.get(f"/dao-tao/{course.pk}/xuat/"))
    assert {row[1] for row in sheet[1:]} == {
        member.cadre.full_name for member in course.members.all()
    }
    kept = ExportRecord.objects.order_by("pk").values_list("what", "people")
    assert list(kept) == [("trainings", None), ("trainings", course.members.count())]


def _sheets(answer: Any) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_the_page_of_a_person_is_a_door_to_the_file(
    people: list[Cadre], unit_officer: User, signed_in: Browser
) -> None:
    signed_in(unit_officer).get(f"/dao-tao/nguoi/{people[0].code}/")
    opening = FileOpening.objects.get()
    assert (opening.cadre, opening.door) == (people[0], FileDoor.TRAINING)

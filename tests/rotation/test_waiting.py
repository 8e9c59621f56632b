"""What "Việc của tôi" shows of rotation: to whom, until when, and in how many lines."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from cadres.todo import Todo
from rotation.choices import ReportKind, RotationKind, RotationStatus, Side, Stance
from rotation.models import TourReport
from rotation.selectors.waiting import rotation_todos
from rotation.services import process
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, Stage, approve, propose, submitted
from tests.rotation.test_needs import serving, tour

Browser = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def waiting(actor: User) -> dict[str, list[Todo]]:
    """Todos by their group."""
    found: dict[str, list[Todo]] = {}
    for todo in rotation_todos(actor, TODAY):
        found.setdefault(todo.group, []).append(todo)
    return found


DECIDE, HEAR = "Chờ quyết định luân chuyển", "Cho ý kiến về luân chuyển"
BEGIN, END = "Luân chuyển chưa thực hiện", "Hết hạn luân chuyển"
REPORT, NEED = "Nhận xét hằng năm", "Nhu cầu luân chuyển"


def test_sides_are_asked_until_they_have_spoken(
    stage: Stage, provincial_officer: User, unit_officer: User, other_unit_officer: User
) -> None:
    rotation = propose(stage, provincial_officer)
    (todo,) = waiting(unit_officer)[HEAR]
    assert todo.under == "Cần ý kiến: cán bộ được đề xuất, nơi đi"
    assert todo.url == reverse("rotation:rotation-detail", args=[rotation.pk])
    assert "Nông Văn Luân" in todo.text
    (todo,) = waiting(other_unit_officer)[HEAR]
    assert todo.under == "Cần ý kiến: nơi đến"
    # Who works for all units speaks for none; the person is asked for their own word.
    assert HEAR not in waiting(provincial_officer)
    person = factories.UserFactory(cadre=stage.person)
    assert waiting(person)[HEAR][0].under == "Cần ý kiến: cán bộ được đề xuất"
    for side in (Side.PERSON, Side.SENDING):
        process.opinion_save(
            actor=unit_officer,
            rotation=rotation,
            side=side,
            values={"stance": Stance.AGREE, "text": "", "document": "", "given_on": TODAY},
        )
    assert HEAR not in waiting(unit_officer)
    assert HEAR not in waiting(person)
    assert HEAR in waiting(other_unit_officer)


def test_approvers_decide_what_others_submitted(
    stage: Stage, provincial_officer: User, approver: User, administrator: User, auditor: User
) -> None:
    rotation = submitted(stage, administrator)
    (todo,) = waiting(approver)[DECIDE]
    assert todo.url == reverse("rotation:rotation-detail", args=[rotation.pk])
    assert todo.under == "Tờ trình 12-TTr/BTC ngày 01/12/2026"
    for actor in (administrator, provincial_officer, auditor):
        assert DECIDE not in waiting(actor)
    approve(rotation, approver)
    assert DECIDE not in waiting(approver)


@pytest.mark.usefixtures("today")
def test_tours_that_end_are_told_to_both_units(
    organisation: Organisation,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    auditor: User,
) -> None:
    soon = tour(organisation, planned_end_on=TODAY + dt.timedelta(days=90))
    tour(organisation, planned_end_on=TODAY + dt.timedelta(days=91))
    for actor in (provincial_officer, unit_officer, other_unit_officer):
        (todo,) = waiting(actor)[END]
        assert todo.due_on == soon.planned_end_on
    assert waiting(auditor) == {}
    late = tour(organisation, planned_end_on=TODAY - dt.timedelta(days=1))
    assert [each.due_on for each in waiting(unit_officer)[END]] == [
        late.planned_end_on,
        soon.planned_end_on,
    ]
    # Somebody has thought of what follows.
    tour(organisation, cadre=soon.cadre, status=RotationStatus.PROPOSED, start_on=None)
    assert [each.due_on for each in waiting(unit_officer)[END]] == [late.planned_end_on]
    for _ in range(5):
        tour(organisation, planned_end_on=TODAY)
    (many,) = waiting(unit_officer)[END]
    assert (many.count, many.due_on) == (6, late.planned_end_on)
    assert many.url.startswith(reverse("rotation:need-list"))


@pytest.mark.usefixtures("today")
def test_reports_are_asked_of_the_receiving_unit(
    organisation: Organisation, unit_officer: User, other_unit_officer: User
) -> None:
    move = tour(organisation)
    tour(organisation, start_on=dt.date(2026, 12, 1), kind=RotationKind.SECONDMENT)
    assert REPORT not in waiting(unit_officer)
    (todo,) = waiting(other_unit_officer)[REPORT]
    assert todo.under == "Cần nhận xét năm 2026"
    TourReport.objects.create(
        rotation=move,
        kind=ReportKind.YEARLY,
        year=2026,
        text="Tốt",
        reported_on=TODAY,
        recorded_by=other_unit_officer,
    )
    assert REPORT not in waiting(other_unit_officer)


@pytest.mark.usefixtures("today")
def test_decisions_that_did_not_begin(
    organisation: Organisation, provincial_officer: User, approver: User
) -> None:
    start = TODAY - dt.timedelta(days=1)
    move = tour(organisation, status=RotationStatus.APPROVED, start_on=start)
    tour(organisation, status=RotationStatus.APPROVED, start_on=TODAY)
    (todo,) = waiting(provincial_officer)[BEGIN]
    assert (todo.due_on, todo.url) == (
        start,
        reverse("rotation:rotation-detail", args=[move.pk]),
    )
    assert BEGIN not in waiting(approver)


@pytest.mark.usefixtures("today")
def test_needs_are_counted_as_their_page_counts_them(
    organisation: Organisation,
    unit_officer: User,
    provincial_officer: User,
    approver: User,
    signed_in: Browser,
) -> None:
    for unit in (organisation.centre, organisation.other):
        serving(unit, organisation.director, dt.date(2010, 1, 1))
    # Two reasons, one person.
    both = serving(organisation.other, organisation.director, dt.date(2012, 1, 1))
    tour(organisation, cadre=both, planned_end_on=TODAY)
    answered = tour(organisation, planned_end_on=TODAY).cadre
    tour(organisation, cadre=answered, status=RotationStatus.PROPOSED, start_on=None)
    (todo,) = waiting(provincial_officer)[NEED]
    assert todo.count == 3
    assert todo.text == "3 người đến hạn luân chuyển chưa có phương án"
    page = signed_in(provincial_officer).get(todo.url)
    assert page.context["page"].paginator.count == 4  # needs of three people
    assert "4 người đến hạn" in page.content.decode()
    assert waiting(unit_officer)[NEED][0].count == 2
    assert NEED not in waiting(approver)


def test_queries_do_not_grow(stage: Stage, unit_officer: User, provincial_officer: User) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            tour(stage.organisation, planned_end_on=TODAY)
            serving(stage.home, stage.organisation.director, dt.date(2010, 1, 1))
            propose(stage, provincial_officer, cadre=factories.CadreFactory())
            tour(
                stage.organisation,
                status=RotationStatus.APPROVED,
                start_on=TODAY - dt.timedelta(days=3),
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            list(rotation_todos(unit_officer, TODAY))
        return len(told)

    list(rotation_todos(unit_officer, TODAY))  # grants are read once per account
    add(1)
    before = queries()
    add(7)
    assert queries() == before <= 11

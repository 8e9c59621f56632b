"""What the team and who concludes find under "Việc của tôi"."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.models import User
from cadres.todo import Todo
from inspections.choices import SignState, Stage, TeamRole
from inspections.models import Inspection, Objection, TeamReport
from inspections.selectors.team_waiting import team_todos
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, told

pytestmark = pytest.mark.django_db


def at(scene: Scene, stage: Stage) -> None:
    Inspection.objects.filter(pk=scene.inspection.pk).update(stage=stage)
    scene.inspection.refresh_from_db()


def waiting(user: User) -> dict[str, Todo]:
    anew = User.objects.get(pk=user.pk)  # grants are read once a request
    return {todo.group: todo for todo in team_todos(anew, TODAY)}


def test_findings_wait_for_the_lead_while_they_are_verified(scene: Scene) -> None:
    told(scene)
    told(scene, "Hai.", state="drafted")
    told(scene, "Ba.", state="approved")
    assert waiting(scene.lead) == {}
    at(scene, Stage.VERIFYING)
    found = waiting(scene.lead)
    assert list(found) == ["Nhận định chờ duyệt"]
    line = found["Nhận định chờ duyệt"]
    assert (line.count, line.due_on) == (2, dt.date(2026, 12, 25))
    assert waiting(scene.secretary) == waiting(scene.outsider) == {}


def test_objections_wait_for_who_reads_the_unit(scene: Scene, unit_officer: User) -> None:
    at(scene, Stage.VERIFYING)
    finding = told(scene, state="approved")
    objection = Objection.objects.create(
        finding=finding, text="Chưa đúng.", raised_on=TODAY, raised_by=unit_officer
    )
    elsewhere = factories.UserFactory(username="thanhvien")
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=elsewhere,
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    assert list(waiting(scene.secretary)) == ["Ý kiến của đơn vị chờ trả lời"]
    assert waiting(elsewhere) == waiting(unit_officer) == waiting(scene.officer) == {}
    objection.answer, objection.answered_on, objection.answered_by = "Giữ.", TODAY, scene.lead
    objection.save()
    assert waiting(scene.secretary) == {}


def test_the_report_waits_for_the_next_signature(scene: Scene) -> None:
    at(scene, Stage.REPORTING)
    report = TeamReport.objects.create(inspection=scene.inspection)
    assert waiting(scene.secretary) == {}  # nothing is written yet
    report.strengths = "Chấp hành nghiêm."
    report.save()
    assert list(waiting(scene.secretary)) == ["Báo cáo của đoàn chờ ký"]
    assert waiting(scene.lead) == {}
    report.state = SignState.SYNTHESISED
    report.save()
    assert waiting(scene.secretary) == {}
    assert list(waiting(scene.lead)) == ["Báo cáo của đoàn chờ ký"]


def test_the_conclusion_waits_for_an_approver_outside_the_team(
    scene: Scene, approver: User
) -> None:
    assert waiting(approver) == {}
    at(scene, Stage.CONCLUDING)
    assert waiting(approver)["Chờ thông báo kết luận"].text == scene.inspection.name
    assert waiting(scene.lead) == waiting(scene.officer) == {}

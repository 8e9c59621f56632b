"""Services that write targets and waivers, and the work that beat sends by the clock."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django_celery_beat.models import PeriodicTask

from cadre_portal.celery import app
from cadres.models import User
from compliance import law_changes
from compliance.law_changes import target_save, waiver_approve, waiver_ask
from compliance.models import Target
from tests import factories
from tests.cast import Organisation


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the jobs asked for; none is sent."""
    names: list[str] = []
    monkeypatch.setattr(law_changes, "enqueue", lambda name, **_: names.append(name))
    return names


def test_a_target_has_everything_checked_anew(
    organisation: Organisation, provincial_officer: User, sent: list[str]
) -> None:
    target = factories.TargetFactory.build(unit=organisation.department)
    target_save(actor=provincial_officer, target=target)
    assert Target.objects.get() == target
    assert sent == ["compliance.check_all"]


def test_who_may_not_set_targets(
    organisation: Organisation, unit_officer: User, approver: User, auditor: User, sent: list[str]
) -> None:
    target = factories.TargetFactory.build(unit=organisation.department)
    for actor in (unit_officer, approver, auditor):
        with pytest.raises(PermissionDenied):
            target_save(actor=actor, target=target)
    assert sent == []


def test_a_target_cannot_be_moved_out_of_a_unit_without_right_there(
    organisation: Organisation, sent: list[str]
) -> None:
    officer = factories.RoleGrantFactory(unit=organisation.department).user
    target = factories.TargetFactory(unit=organisation.other)
    target.unit = organisation.department
    with pytest.raises(PermissionDenied):
        target_save(actor=officer, target=target)


def test_not_every_parameter_takes_a_target(
    organisation: Organisation, provincial_officer: User, sent: list[str]
) -> None:
    target = factories.TargetFactory.build(
        unit=organisation.department, parameter="retirement.age_months.male"
    )
    with pytest.raises(ValidationError) as raised:
        target_save(actor=provincial_officer, target=target)
    assert "parameter" in raised.value.message_dict


def test_nobody_approves_what_they_asked_for(
    organisation: Organisation, administrator: User, approver: User
) -> None:
    waiver = factories.WaiverFactory.build(unit=organisation.department, asked_by=None)
    waiver_ask(actor=administrator, waiver=waiver)
    assert waiver.asked_by == administrator
    with pytest.raises(PermissionDenied):
        waiver_approve(actor=administrator, waiver=waiver)
    assert waiver_approve(actor=approver, waiver=waiver).approved_by == approver


def test_a_changed_waiver_has_to_be_approved_again(
    organisation: Organisation, unit_officer: User, approver: User
) -> None:
    waiver = factories.WaiverFactory(unit=organisation.department, asked_by=unit_officer)
    waiver = waiver_approve(actor=approver, waiver=waiver)
    waiver.in_force_to = dt.date(2030, 1, 1)
    assert waiver_ask(actor=unit_officer, waiver=waiver).approved_by is None


@pytest.fixture
def scheduled(db: None) -> None:
    """The rows of the data migration; tests that empty all tables take them away."""
    migration = import_module("compliance.migrations.0007_schedule_nightly_check")
    migration.schedule(apps, None)


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("Kiểm tra hằng đêm", "compliance.check_all"),
        ("Tiếp tục lần kiểm tra dở", "compliance.runs_resume"),
    ],
)
def test_periodic_work_is_there(scheduled: None, name: str, task: str) -> None:
    periodic = PeriodicTask.objects.get(name=name)
    app.loader.import_default_modules()
    assert periodic.task == task
    assert periodic.task in app.tasks
    assert periodic.enabled


def test_the_night_is_ours(scheduled: None) -> None:
    crontab = PeriodicTask.objects.get(name="Kiểm tra hằng đêm").crontab
    assert (crontab.hour, crontab.minute, str(crontab.timezone)) == ("1", "0", "Asia/Ho_Chi_Minh")
    assert PeriodicTask.objects.get(name="Tiếp tục lần kiểm tra dở").interval.every == 5

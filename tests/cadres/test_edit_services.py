"""Services that change files: rights, rules of the import, merging, undo, rechecks."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from cadres.choices import Grade
from cadres.file_fields import (
    BIOGRAPHY,
    CAREER,
    DISCIPLINES,
    EVALUATIONS,
    IDENTITY,
    TRAININGS,
)
from cadres.models import Appointment, Biography, Cadre, Discipline, Training, User
from cadres.selectors.editing import last_edit, removed_rows
from cadres.services import cadres as services
from tests import factories
from tests.cast import Organisation

Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Jobs asked for, by name; the broker alone is left out."""
    jobs: Sent = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, kwargs, **_more: jobs.append((name, kwargs))
    )
    return jobs


def change(actor: User, cadre: Cadre, section: Any, typed: dict[str, str], **more: Any) -> Any:
    row = cadre if section is IDENTITY else Biography.objects.filter(cadre=cadre).first()
    base = more.get("base") or section.texts_of(row)
    return services.section_change(
        actor=actor, cadre=cadre, section=section, typed=typed, base=base
    )


def test_a_field_is_changed_and_nothing_else(
    organisation: Organisation, unit_officer: User
) -> None:
    saved = change(unit_officer, organisation.insider, IDENTITY, {"birth_date": "10/1979"})
    assert saved.is_changed
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.birth_date, fresh.birth_precision) == (dt.date(1979, 10, 1), "month")
    assert fresh.full_name == organisation.insider.full_name
    edit = last_edit(Cadre, fresh.pk)
    assert edit is not None
    assert edit.who == str(unit_officer)


def test_saving_what_is_there_writes_nothing(
    organisation: Organisation, unit_officer: User
) -> None:
    events = Cadre.pgh_event_model.objects.count()
    texts = IDENTITY.texts_of(organisation.insider)
    assert not change(unit_officer, organisation.insider, IDENTITY, texts).is_changed
    assert Cadre.pgh_event_model.objects.count() == events


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("full_name", " ", "Thiếu họ và tên"),
        ("birth_date", "31/02/1980", "lịch"),
        ("birth_date", "22/11/2990", "tương lai"),
        ("birth_date", "1899", "trước năm 1900"),
        ("birth_date", "mười", "không phải là ngày sinh"),
        ("sex", "khac", "không có trong danh sách"),
        ("ethnicity_code", "77", "không có trong danh sách"),
        ("party_joined_on", "9/2001", "không phải là ngày"),
        ("native_unit_code", "KHONG-CO", "Không tìm thấy đơn vị"),
        ("full_name", "x" * 121, "nhiều nhất 120"),
    ],
)
def test_identity_is_judged_as_the_import_does(
    key: str, text: str, words: str, organisation: Organisation, unit_officer: User
) -> None:
    with pytest.raises(ValidationError) as caught:
        change(unit_officer, organisation.insider, IDENTITY, {key: text, "theory": "advanced"})
    assert list(caught.value.message_dict) == [key]
    assert words in caught.value.message_dict[key][0]


def test_the_day_before_tomorrow_may_be_a_birthday(
    organisation: Organisation, unit_officer: User
) -> None:
    from cadre_portal.common import clock

    today = clock.today()
    change(unit_officer, organisation.insider, IDENTITY, {"birth_date": f"{today:%d/%m/%Y}"})
    tomorrow = today + dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        change(unit_officer, organisation.insider, IDENTITY, {"birth_date": f"{tomorrow:%d/%m/%Y}"})


def test_biography_is_made_when_first_written(
    organisation: Organisation, unit_officer: User
) -> None:
    typed = {
        "recruited_on": "9/2001",
        "salary_coefficient": "4,4",
        "salary_step": "3",
        "phone": "0206 385 0000",
        "rewards": "Bằng khen, 2019\r\nHuân chương, 2023",
    }
    change(unit_officer, organisation.insider, BIOGRAPHY, typed)
    kept = Biography.objects.get(cadre=organisation.insider)
    assert (kept.recruited_on, kept.recruited_on_precision) == (dt.date(2001, 9, 1), "month")
    assert (str(kept.salary_coefficient), kept.salary_step) == ("4.40", 3)
    assert kept.rewards == "Bằng khen, 2019\nHuân chương, 2023"
    change(unit_officer, organisation.insider, BIOGRAPHY, {"recruited_on": ""})
    kept.refresh_from_db()
    assert (kept.recruited_on, kept.recruited_on_precision) == (None, "")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"salary_coefficient": "4,405"}, "salary_coefficient"),
        ({"salary_coefficient": "0"}, "salary_coefficient"),
        ({"position_allowance": "-1"}, "position_allowance"),
        ({"salary_step": "21"}, "salary_step"),
        ({"recruited_on": "13/2001"}, "recruited_on"),
        ({"recruited_on": "2999"}, "recruited_on"),
        ({"enlisted_on": "2001", "discharged_on": "2000"}, "discharged_on"),
    ],
)
def test_biography_refuses_what_cannot_be(
    typed: dict[str, str], key: str, organisation: Organisation, unit_officer: User
) -> None:
    with pytest.raises(ValidationError) as caught:
        change(unit_officer, organisation.insider, BIOGRAPHY, typed)
    assert key in caught.value.message_dict
    assert not Biography.objects.exists()


# ---- Rights ----------------------------------------------------------------------------------


def test_nobody_writes_out_of_scope_or_in_their_own_file(
    organisation: Organisation,
    unit_officer: User,
    other_unit_officer: User,
    inspector: User,
    approver: User,
) -> None:
    for actor in (other_unit_officer, inspector, approver):
        with pytest.raises(PermissionDenied):
            change(actor, organisation.insider, IDENTITY, {"full_name": "Khác"})
    unit_officer.cadre = organisation.insider
    unit_officer.save()
    with pytest.raises(PermissionDenied):
        change(unit_officer, organisation.insider, IDENTITY, {"full_name": "Khác"})


def test_posts_elsewhere_are_not_the_officers(
    organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    post = factories.AppointmentFactory(
        cadre=organisation.insider,
        unit=organisation.other,
        title=organisation.deputy,
        start_on=dt.date(2010, 1, 1),
        end_on=dt.date(2015, 1, 1),
    )
    typed = {"title_code": "PGD", "unit_code": "SYT", "start_on": "01/01/2016"}
    with pytest.raises(ValidationError) as caught:
        services.row_add(
            actor=unit_officer, cadre=organisation.insider, section=CAREER, typed=typed
        )
    assert "trong phạm vi" in caught.value.message_dict["unit_code"][0]
    args = {"cadre": organisation.insider, "section": CAREER, "pk": post.pk}
    base = CAREER.texts_of(post)
    with pytest.raises(PermissionDenied):
        services.row_change(actor=unit_officer, typed={"end_on": ""}, base=base, **args)
    with pytest.raises(PermissionDenied):
        services.row_remove(actor=unit_officer, base=base, **args)
    services.row_remove(actor=provincial_officer, base=base, **args)


# ---- Rows ------------------------------------------------------------------------------------


def test_a_post_is_added_ended_removed_and_brought_back(
    organisation: Organisation, unit_officer: User
) -> None:
    person = organisation.insider
    typed = {"title_code": "PGD", "unit_code": "Trung tâm Lưu trữ", "start_on": "1/6/2018"}
    post = services.row_add(actor=unit_officer, cadre=person, section=CAREER, typed=typed)
    assert (post.unit, post.start_on) == (organisation.centre, dt.date(2018, 6, 1))
    services.appointment_end(
        actor=unit_officer, appointment=post, end_on="31/12/2019", base=CAREER.texts_of(post)
    )
    post.refresh_from_db()
    assert post.end_on == dt.date(2019, 12, 31)
    services.row_remove(
        actor=unit_officer, cadre=person, section=CAREER, pk=post.pk, base=CAREER.texts_of(post)
    )
    [event] = removed_rows(person, CAREER)
    services.row_restore(actor=unit_officer, cadre=person, section=CAREER, event=event)
    assert CAREER.texts_of(Appointment.objects.get(pk=post.pk)) == CAREER.texts_of(post)
    assert removed_rows(person, CAREER) == []
    with pytest.raises(ValidationError):
        services.row_restore(actor=unit_officer, cadre=person, section=CAREER, event=event)


def test_overlap_is_told_and_touching_is_not_overlap(
    organisation: Organisation, unit_officer: User
) -> None:
    typed = {"title_code": "GD", "unit_code": "SNV", "start_on": "01/01/2019"}
    add = {"actor": unit_officer, "cadre": organisation.insider, "section": CAREER}
    with pytest.raises(ValidationError) as caught:
        services.row_add(**add, typed={**typed, "end_on": "02/01/2020"})
    message = caught.value.message_dict["start_on"][0]
    assert "01/01/2020" in message
    assert "nay" in message
    services.row_add(**add, typed={**typed, "end_on": "01/01/2020"})


@pytest.mark.parametrize(
    ("section", "typed", "key"),
    [
        (
            CAREER,
            {
                "title_code": "PGD",
                "unit_code": "SNV",
                "start_on": "02/01/2020",
                "end_on": "01/01/2020",
            },
            "end_on",
        ),
        (CAREER, {"title_code": "GD", "unit_code": "SNV", "start_on": "01/01/2020"}, "start_on"),
        (CAREER, {"title_code": "", "unit_code": "SNV", "start_on": "01/01/2022"}, "title_code"),
        (EVALUATIONS, {"year": "1944", "grade": "HTTNV", "unit_code": "SNV"}, "year"),
        (EVALUATIONS, {"year": "2020", "grade": "TOT", "unit_code": "SNV"}, "grade"),
        (
            TRAININGS,
            {"course": "A", "kind": "other", "start_on": "2/2/2020", "end_on": "1/2/2020"},
            "end_on",
        ),
        (
            DISCIPLINES,
            {"kind": "warning", "decided_on": "5/5/2024", "effective_to": "4/5/2024"},
            "effective_to",
        ),
    ],
)
def test_rows_are_judged_as_the_import_does(
    section: Any,
    typed: dict[str, str],
    key: str,
    organisation: Organisation,
    unit_officer: User,
) -> None:
    with pytest.raises(ValidationError) as caught:
        services.row_add(
            actor=unit_officer, cadre=organisation.insider, section=section, typed=typed
        )
    assert key in caught.value.message_dict


def test_a_double_row_is_told_at_its_field(organisation: Organisation, unit_officer: User) -> None:
    training = factories.TrainingFactory(cadre=organisation.insider)
    typed = TRAININGS.texts_of(training)
    with pytest.raises(ValidationError) as caught:
        services.row_add(
            actor=unit_officer, cadre=organisation.insider, section=TRAININGS, typed=typed
        )
    assert "đã có dòng này" in caught.value.message_dict["course"][0]


def test_a_row_that_went_is_told(organisation: Organisation, unit_officer: User) -> None:
    discipline = factories.DisciplineFactory(cadre=organisation.insider)
    base = DISCIPLINES.texts_of(discipline)
    pk = discipline.pk
    discipline.delete()
    with pytest.raises(services.RowGone):
        services.row_change(
            actor=unit_officer,
            cadre=organisation.insider,
            section=DISCIPLINES,
            pk=pk,
            typed={"kind": "removal"},
            base=base,
        )


def test_a_changed_row_is_not_removed_unseen(
    organisation: Organisation, unit_officer: User
) -> None:
    discipline = factories.DisciplineFactory(cadre=organisation.insider)
    base = DISCIPLINES.texts_of(discipline)
    Discipline.objects.update(kind="warning")
    with pytest.raises(services.EditConflict):
        services.row_remove(
            actor=unit_officer,
            cadre=organisation.insider,
            section=DISCIPLINES,
            pk=discipline.pk,
            base=base,
        )
    assert Discipline.objects.count() == 1


# ---- Two at once -----------------------------------------------------------------------------


def test_different_fields_merge_and_the_same_field_conflicts(
    organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    person = organisation.insider
    base = IDENTITY.texts_of(person)
    change(provincial_officer, person, IDENTITY, {**base, "degree": "doctor"}, base=base)
    saved = change(unit_officer, person, IDENTITY, {**base, "theory": "bachelor"}, base=base)
    assert [field.key for field in saved.theirs] == ["degree"]
    fresh = IDENTITY.texts_of(Cadre.objects.get(pk=person.pk))
    assert (fresh["degree"], fresh["theory"]) == ("doctor", "bachelor")

    with pytest.raises(services.EditConflict) as caught:
        change(unit_officer, person, IDENTITY, {**base, "degree": "master"}, base=base)
    [conflict] = caught.value.merge.conflicts
    assert (conflict.before, conflict.mine, conflict.theirs) == ("bachelor", "master", "doctor")
    same = change(unit_officer, person, IDENTITY, {**base, "degree": "doctor"}, base=base)
    assert not same.is_changed


def test_an_import_meanwhile_is_seen_as_well(
    organisation: Organisation, unit_officer: User
) -> None:
    person = organisation.insider
    base = IDENTITY.texts_of(person)
    Cadre.objects.filter(pk=person.pk).update(full_name="Nông Thị Ánh Tuyết")
    with pytest.raises(services.EditConflict):
        change(unit_officer, person, IDENTITY, {**base, "full_name": "Nông Thị A"}, base=base)


# ---- A new file ------------------------------------------------------------------------------

NEW = {"full_name": "Lục Văn Mới", "birth_date": "1990", "sex": "male"}
FIRST_POST = {"post-title_code": "PGD", "post-unit_code": "SNV-LT", "post-start_on": "01/03/2026"}


def test_a_new_file_with_its_first_post(organisation: Organisation, unit_officer: User) -> None:
    made = services.cadre_add(actor=unit_officer, code="CB-MOI", typed={**NEW, **FIRST_POST})
    assert made.appointments.get().unit == organisation.centre
    assert made.birth_precision == "year"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"post-title_code": "", "post-unit_code": "", "post-start_on": ""}, "post-unit_code"),
        ({"post-unit_code": "SYT"}, "post-unit_code"),
        ({"post-start_on": "01/01/2099"}, "post-start_on"),
        ({"full_name": ""}, "full_name"),
        ({"code": "CB-YT"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "a/b"}, "code"),
    ],
)
def test_a_new_file_is_refused_whole(
    changes: dict[str, str], key: str, organisation: Organisation, unit_officer: User
) -> None:
    typed = {"code": "CB-MOI", **NEW, **FIRST_POST, **changes}
    with pytest.raises(ValidationError) as caught:
        services.cadre_add(actor=unit_officer, code=typed.pop("code"), typed=typed)
    assert key in caught.value.message_dict
    assert not Cadre.objects.filter(full_name=NEW["full_name"]).exists()


def test_who_works_everywhere_may_open_a_file_without_a_post(
    provincial_officer: User, inspector: User, organisation: Organisation
) -> None:
    assert services.cadre_add(actor=provincial_officer, code="CB-MOI", typed=NEW).pk
    with pytest.raises(PermissionDenied):
        services.cadre_add(actor=inspector, code="CB-M2", typed=NEW)


# ---- Rechecks --------------------------------------------------------------------------------


def test_only_what_an_edit_touches_is_checked_again(
    organisation: Organisation,
    unit_officer: User,
    sent: Sent,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    person = organisation.insider
    with django_capture_on_commit_callbacks(execute=True):
        change(unit_officer, person, BIOGRAPHY, {"phone": "1"})
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        services.row_add(
            actor=unit_officer,
            cadre=person,
            section=EVALUATIONS,
            typed={"year": "2025", "grade": Grade.HTNV.name, "unit_code": "SNV"},
        )
    unit = organisation.department.pk
    assert sent == [
        ("planning.people_recheck", {"cadre_ids": [person.pk]}),
        ("rotation.people_recheck", {"cadre_ids": [person.pk]}),
        ("compliance.recheck", {"source_name": "appointments", "groups": [unit]}),
        ("compliance.recheck", {"source_name": "unit_years", "groups": [unit]}),
    ]
    current_app.loader.import_default_modules()
    for name, arguments in sent:
        current_app.tasks[name].apply(kwargs=arguments, throw=True)


def test_every_row_of_a_new_training_has_its_extra_items(
    organisation: Organisation, unit_officer: User
) -> None:
    typed = {"course": "Cao học", "kind": "professional", "school": "ĐH Thái Nguyên"}
    services.row_add(actor=unit_officer, cadre=organisation.insider, section=TRAININGS, typed=typed)
    assert Training.objects.get().school == "ĐH Thái Nguyên"


@pytest.mark.django_db(transaction=True)
def test_two_connections_save_one_field_and_one_is_told(
    organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    person = organisation.insider
    base = IDENTITY.texts_of(person)
    start, outcomes = threading.Barrier(2), {}

    def save(actor: User, degree: str) -> None:
        try:
            start.wait(10)
            change(actor, person, IDENTITY, {**base, "degree": degree}, base=base)
            outcomes[degree] = "saved"
        except services.EditConflict as conflict:
            outcomes[degree] = conflict.merge.conflicts[0].theirs
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=save, args=(unit_officer, "master")),
        threading.Thread(target=save, args=(provincial_officer, "doctor")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    kept = IDENTITY.texts_of(Cadre.objects.get(pk=person.pk))["degree"]
    told = "doctor" if kept == "master" else "master"
    assert outcomes == {kept: "saved", told: kept}


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_quicker_is_told_at_the_field(
    organisation: Organisation, unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of another connection appears between the checks and the write."""
    person = organisation.insider
    checked = services._check_rows

    def then_somebody_is_quicker(section: Any, row: Any) -> None:
        checked(section, row)
        quick = threading.Thread(target=insert)
        quick.start()
        quick.join(20)

    def insert() -> None:
        Training.objects.create(cadre_id=person.pk, course="Cao học", kind="other")
        connections.close_all()

    monkeypatch.setattr(Training, "full_clean", lambda *_args, **_more: None)
    monkeypatch.setattr(services, "_check_rows", then_somebody_is_quicker)
    with pytest.raises(ValidationError) as caught:
        services.row_add(
            actor=unit_officer,
            cadre=person,
            section=TRAININGS,
            typed={"course": "Cao học", "kind": "other"},
        )
    assert "đã có dòng này" in caught.value.message_dict["course"][0]
    assert Training.objects.count() == 1

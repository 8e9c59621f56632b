"""The way of a rotation: who may do what when, and what it does to careers."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from cadre_portal.common import clock
from cadres.models import Appointment, Notice, User
from compliance.choices import Outcome
from rotation.choices import CheckCode, RotationKind, RotationStatus, Side, Stance
from rotation.models import EquivalentTitle, Rotation
from rotation.selectors.checks import checks_of
from rotation.selectors.judging import Move, judge_moves
from rotation.services import process, telling
from rotation.services.process import RotationRefused
from tests import factories
from tests.rotation.conftest import START, TODAY, Stage, approve, heard, propose, submitted

DAY = dt.timedelta(days=1)


def careers() -> list[tuple[Any, ...]]:
    """Every appointment as it stands, without its number."""
    rows = Appointment.objects.order_by("cadre", "unit", "title", "start_on")
    return list(rows.values_list("cadre", "unit", "title", "start_on", "end_on", "decision_no"))


# ---- Proposing and hearing -------------------------------------------------------------------


def test_only_officers_of_both_units_propose(
    stage: Stage, provincial_officer: User, unit_officer: User, approver: User
) -> None:
    rotation = propose(stage, provincial_officer)
    assert rotation.is_open
    assert rotation.proposed_by == provincial_officer
    for actor in (unit_officer, approver):
        with pytest.raises(PermissionDenied):
            propose(stage, actor, start_on=START + DAY)


def test_nobody_moves_themselves(stage: Stage, provincial_officer: User) -> None:
    provincial_officer.cadre = stage.person
    provincial_officer.save()
    with pytest.raises(PermissionDenied):
        propose(stage, provincial_officer)


def test_a_proposal_is_made_once_and_goes_somewhere(stage: Stage, provincial_officer: User) -> None:
    propose(stage, provincial_officer)
    with pytest.raises(ValidationError, match="đã có đề xuất như vậy"):
        propose(stage, provincial_officer)
    with pytest.raises(ValidationError, match="trùng nơi đi"):
        propose(stage, provincial_officer, to_unit=stage.home)
    with pytest.raises(ValidationError, match="trước ngày bắt đầu"):
        propose(stage, provincial_officer, planned_end_on=START - DAY)


def test_the_second_of_two_editors_is_told(stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer)
    seen = rotation.version
    process.rotation_change(
        actor=provincial_officer,
        rotation=rotation,
        version=seen,
        values={"need_note": "Cần người"},
    )
    with pytest.raises(RotationRefused, match="Người khác vừa sửa"):
        process.rotation_change(
            actor=provincial_officer,
            rotation=rotation,
            version=seen,
            values={"need_note": "Khác"},
        )
    rotation.refresh_from_db()
    assert rotation.need_note == "Cần người"


def test_opinions_are_of_their_side_and_fall_when_the_post_changes(
    stage: Stage, provincial_officer: User, unit_officer: User, other_unit_officer: User
) -> None:
    rotation = propose(stage, provincial_officer)
    values = {"stance": Stance.AGREE, "text": "", "document": "", "given_on": TODAY}
    process.opinion_save(actor=unit_officer, rotation=rotation, side=Side.SENDING, values=values)
    process.opinion_save(
        actor=other_unit_officer, rotation=rotation, side=Side.RECEIVING, values=values
    )
    with pytest.raises(PermissionDenied):
        process.opinion_save(
            actor=unit_officer, rotation=rotation, side=Side.RECEIVING, values=values
        )
    with pytest.raises(ValidationError, match="sau hôm nay"):
        process.opinion_save(
            actor=unit_officer,
            rotation=rotation,
            side=Side.SENDING,
            values=values | {"given_on": TODAY + DAY},
        )
    process.rotation_change(
        actor=provincial_officer,
        rotation=rotation,
        version=rotation.version,
        values={"to_title": factories.TitleFactory(code="KHAC", rank=60)},
    )
    assert not rotation.opinions.exists()


def test_what_is_missing_is_told_at_once(stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer, planned_end_on=dt.date(2029, 12, 31))
    with pytest.raises(RotationRefused) as refused:
        process.rotation_submit(
            actor=provincial_officer, rotation=rotation, submission_no=" ", submitted_on=TODAY + DAY
        )
    text = " ".join(refused.value.reasons)
    assert "Cán bộ được đề xuất" in text
    assert "Nơi đi" in text
    assert "Nơi đến" in text
    assert "35 tháng, cần ít nhất 36 tháng" in text
    assert "Thiếu số tờ trình" in text
    assert "Ngày trình không được sau hôm nay" in text


# ---- Conditions ------------------------------------------------------------------------------


def outcome_of(rotation: Rotation, code: CheckCode) -> Outcome:
    return next(each.outcome for each in checks_of(rotation, TODAY) if each.code == code)


def test_a_rotation_in_order_meets_everything(stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer)
    found = checks_of(rotation, TODAY)
    assert [each.code for each in found] == [
        CheckCode.IN_PLAN,
        CheckCode.SERVICE,
        CheckCode.EQUIVALENT,
        CheckCode.SEAT,
    ]
    assert {each.outcome for each in found} == {Outcome.MET}


def test_years_left_are_counted_from_the_start(stage: Stage, provincial_officer: User) -> None:
    stage.person.retires_on = dt.date(2037, 1, 1)
    stage.person.save()
    rotation = propose(stage, provincial_officer)
    assert outcome_of(rotation, CheckCode.SERVICE) == Outcome.MET
    stage.person.retires_on -= DAY
    stage.person.save()
    assert outcome_of(rotation, CheckCode.SERVICE) == Outcome.NOT_MET
    stage.person.retires_on = stage.person.birth_date = None
    stage.person.birth_precision = ""
    stage.person.save()
    assert outcome_of(rotation, CheckCode.SERVICE) == Outcome.CANNOT_TELL


def test_a_higher_title_is_for_the_outstanding(stage: Stage, provincial_officer: User) -> None:
    director = stage.organisation.director
    rotation = propose(stage, provincial_officer, to_title=director)
    assert outcome_of(rotation, CheckCode.EQUIVALENT) == Outcome.CANNOT_TELL
    grade = factories.EvaluationFactory(cadre=stage.person, year=2026, grade=3, unit=stage.home)
    assert outcome_of(rotation, CheckCode.EQUIVALENT) == Outcome.NOT_MET
    grade.grade = 4
    grade.save()
    assert outcome_of(rotation, CheckCode.EQUIVALENT) == Outcome.MET
    grade.delete()
    for title in (director, stage.title):
        EquivalentTitle.objects.create(title=title, group="Lãnh đạo sở")
    assert outcome_of(rotation, CheckCode.EQUIVALENT) == Outcome.MET


def test_locals_do_not_head_and_a_decision_goes_before_the_native_place(
    stage: Stage, provincial_officer: User
) -> None:
    from cadres.services.locals import local_flag_drop, local_flag_set

    title = factories.TitleFactory(code="BTX", rank=60, non_local_required=True)
    commune = stage.organisation.commune
    factories.PositionFactory(unit=commune, title=title)
    rotation = propose(stage, provincial_officer, to_unit=commune, to_title=title)
    assert outcome_of(rotation, CheckCode.NON_LOCAL) == Outcome.CANNOT_TELL
    stage.person.native_unit = commune
    stage.person.save()
    assert outcome_of(rotation, CheckCode.NON_LOCAL) == Outcome.NOT_MET
    flag = local_flag_set(
        actor=provincial_officer,
        cadre=stage.person,
        unit=stage.organisation.province,
        is_local=False,
        reason="Sinh sống, công tác ở nơi khác từ nhỏ",
    )
    assert outcome_of(rotation, CheckCode.NON_LOCAL) == Outcome.MET
    local_flag_set(
        actor=provincial_officer, cadre=stage.person, unit=commune, is_local=True, reason="Cư trú"
    )
    assert outcome_of(rotation, CheckCode.NON_LOCAL) == Outcome.NOT_MET
    local_flag_drop(actor=provincial_officer, flag=flag)
    with pytest.raises(ValidationError, match="Thiếu lý do"):
        local_flag_set(
            actor=provincial_officer, cadre=stage.person, unit=commune, is_local=True, reason=" "
        )


def test_moves_are_judged_like_rotations_on_file(stage: Stage, provincial_officer: User) -> None:
    """The hypothetical move and the stored rotation get one verdict by one declaration."""
    from compliance.services import evaluate

    outsider = stage.organisation.outsider
    rotation = propose(stage, provincial_officer)
    other = propose(
        stage,
        provincial_officer,
        cadre=factories.CadreFactory(code="KHONG-QH", birth_date=dt.date(1970, 1, 1)),
    )
    stored = {
        (each.labels.cadre_code, each.rule.code): (each.outcome, each.measured, each.required)
        for each in evaluate(as_of=TODAY)
        if each.kind.code == "rotation"
    }
    moves = [Move(row.cadre_id, row.to_unit_id, row.to_title_id) for row in (rotation, other)]
    moves.append(Move(outsider.pk, stage.home.pk, stage.title.pk))
    judged = judge_moves(moves, START)
    assert [each.move for each in judged] == moves
    for row, each in zip((rotation, other), judged, strict=False):
        for found in (each.in_plan, each.service):
            assert stored[row.cadre.code, found.rule.code] == (
                found.outcome,
                found.measured,
                found.required,
            )
    assert judged[1].in_plan.outcome == judged[1].service.outcome == Outcome.NOT_MET


# ---- Deciding --------------------------------------------------------------------------------


def test_approval_waits_for_its_day_then_writes_careers(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    before = careers()
    rotation = approve(submitted(stage, provincial_officer), approver)
    assert rotation.status == RotationStatus.APPROVED
    assert careers() == before
    assert process.rotations_begin_due(today=TODAY) == {"begun": [], "refused": []}
    with clock.frozen(START):
        assert process.rotations_begin_due(today=START) == {"begun": [rotation.pk], "refused": []}
        assert process.rotations_begin_due(today=START) == {"begun": [], "refused": []}
    stage.post.refresh_from_db()
    made = Appointment.objects.get(cadre=stage.person, unit=stage.away)
    assert stage.post.end_on == START
    assert (made.title, made.start_on, made.end_on) == (stage.title, START, None)
    assert made.decision_no == "30-QĐ/TU"


def test_a_day_that_has_come_is_begun_at_once_and_cancelling_restores_exactly(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    stage.post.end_on = dt.date(2029, 5, 1)
    stage.post.save()
    before = careers()
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    assert rotation.status == RotationStatus.IN_PROGRESS
    assert careers() != before
    with pytest.raises(RotationRefused, match="Thiếu lý do hủy"):
        process.rotation_cancel(actor=approver, rotation=rotation, reason=" ")
    with pytest.raises(PermissionDenied):
        process.rotation_cancel(actor=provincial_officer, rotation=rotation, reason="Thôi")
    process.rotation_cancel(actor=approver, rotation=rotation, reason="Điều chỉnh phương án")
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.CANCELLED
    assert careers() == before


def test_cancelling_after_somebody_edited_the_career_is_refused(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    Appointment.objects.filter(cadre=stage.person, unit=stage.away).update(decision_no="khác")
    after = careers()
    with pytest.raises(RotationRefused, match="đã được sửa sau đó"):
        process.rotation_cancel(actor=approver, rotation=rotation, reason="Thôi")
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.IN_PROGRESS
    assert careers() == after


def test_a_secondment_keeps_the_post_at_home(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    rotation = submitted(stage, provincial_officer, kind=RotationKind.SECONDMENT, start_on=TODAY)
    approve(rotation, approver)
    stage.post.refresh_from_db()
    assert stage.post.end_on is None
    assert Appointment.objects.filter(cadre=stage.person, unit=stage.away).exists()


def test_who_submits_does_not_decide_and_units_do_not(
    stage: Stage, provincial_officer: User, administrator: User, unit_officer: User
) -> None:
    rotation = submitted(stage, administrator)
    for actor in (administrator, provincial_officer, unit_officer):
        with pytest.raises(PermissionDenied):
            approve(rotation, actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rotation.objects.filter(pk=rotation.pk).update(
            decided_by=administrator, decision_no="1", decision_on=TODAY
        )


def test_a_hard_rule_is_waived_on_paper_or_not_at_all(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    stage.person.nominations.all().delete()
    rotation = submitted(stage, provincial_officer)
    with pytest.raises(RotationRefused, match="Trong quy hoạch"):
        approve(rotation, approver)
    paper = {"reason": "Nguồn đặc biệt", "document": "15-TB/TU", "document_on": TODAY}
    with pytest.raises(RotationRefused, match="đang đạt"):
        process.waiver_save(actor=approver, rotation=rotation, check=CheckCode.SEAT, values=paper)
    with pytest.raises(PermissionDenied):
        process.waiver_save(
            actor=provincial_officer, rotation=rotation, check=CheckCode.IN_PLAN, values=paper
        )
    process.waiver_save(actor=approver, rotation=rotation, check=CheckCode.IN_PLAN, values=paper)
    assert approve(rotation, approver).status == RotationStatus.APPROVED


def test_returned_with_a_reason_then_mended(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    rotation = submitted(stage, provincial_officer)
    with pytest.raises(RotationRefused, match="Thiếu lý do trả lại"):
        process.rotation_return(actor=approver, rotation=rotation, reason="")
    process.rotation_return(actor=approver, rotation=rotation, reason="Bổ sung nhận xét")
    rotation.refresh_from_db()
    assert rotation.is_open
    assert rotation.return_reason == "Bổ sung nhận xét"
    with pytest.raises(RotationRefused, match="Hãy tải lại trang"):
        approve(rotation, approver)


def test_declined_with_a_kind_and_words(stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer)
    with pytest.raises(RotationRefused) as refused:
        process.rotation_decline(
            actor=provincial_officer, rotation=rotation, kind="", reason=" ", declined_on=TODAY
        )
    assert len(refused.value.reasons) == 2
    process.rotation_decline(
        actor=provincial_officer,
        rotation=rotation,
        kind="family",
        reason="Con nhỏ",
        declined_on=TODAY,
    )
    rotation.refresh_from_db()
    assert (rotation.status, rotation.decline_reason) == (RotationStatus.DECLINED, "Con nhỏ")


def test_a_person_is_bound_once(stage: Stage, provincial_officer: User, approver: User) -> None:
    first, second = (
        submitted(
            stage,
            provincial_officer,
            start_on=START + n * DAY,
            planned_end_on=dt.date(2030, 6, 1),
        )
        for n in range(2)
    )
    approve(first, approver)
    with pytest.raises(RotationRefused, match="đang có quyết định"):
        approve(second, approver)


# ---- The tour --------------------------------------------------------------------------------


def ended(rotation: Rotation, actor: User, day: dt.date, **values: Any) -> Rotation:
    defaults = {
        "ended_on": day,
        "end_kind": "",
        "end_note": "",
        "after_unit": None,
        "after_title": None,
        "after_decision_no": "",
        "writes_posts": True,
    }
    return process.rotation_end(actor=actor, rotation=rotation, values=defaults | values)


def test_a_tour_ends_with_what_follows_and_the_end_can_be_taken_back(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    during = careers()
    later = dt.date(2029, 12, 1)
    with clock.frozen(later):
        ended(
            rotation,
            provincial_officer,
            later,
            after_unit=stage.home,
            after_title=stage.organisation.director,
            after_decision_no="99-QĐ/TU",
        )
        tour = Appointment.objects.get(cadre=stage.person, unit=stage.away)
        after = Appointment.objects.get(cadre=stage.person, title=stage.organisation.director)
        assert (tour.end_on, after.start_on, after.decision_no) == (later, later, "99-QĐ/TU")
        process.rotation_end_undo(actor=provincial_officer, rotation=rotation)
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.IN_PROGRESS
    assert careers() == during


def test_a_tour_lasts_longer_by_a_decision(
    stage: Stage, provincial_officer: User, approver: User, other_unit_officer: User
) -> None:
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    paper = {"reason": "Chưa có người thay", "document": "9-QĐ/TU", "document_on": TODAY}
    with pytest.raises(ValidationError, match="phải sau ngày dự kiến 01/01/2030"):
        process.rotation_extend(
            actor=provincial_officer,
            rotation=rotation,
            values=paper | {"until": dt.date(2030, 1, 1)},
        )
    with pytest.raises(PermissionDenied):
        process.rotation_extend(
            actor=other_unit_officer,
            rotation=rotation,
            values=paper | {"until": dt.date(2031, 1, 1)},
        )
    process.rotation_extend(
        actor=provincial_officer, rotation=rotation, values=paper | {"until": dt.date(2031, 1, 1)}
    )
    rotation.refresh_from_db()
    assert rotation.planned_end_on == dt.date(2031, 1, 1)
    assert rotation.extensions.get().was == dt.date(2030, 1, 1)


def test_ending_early_asks_why(stage: Stage, provincial_officer: User, approver: User) -> None:
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    early = dt.date(2029, 11, 30)
    with clock.frozen(early):
        with pytest.raises(RotationRefused, match="trước thời gian tối thiểu"):
            ended(rotation, provincial_officer, early)
        ended(rotation, provincial_officer, early, end_kind="need", end_note="Điều động gấp")
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.COMPLETED


def test_reports_are_of_the_receiving_unit_and_of_years_of_the_tour(
    stage: Stage,
    provincial_officer: User,
    approver: User,
    other_unit_officer: User,
    unit_officer: User,
) -> None:
    rotation = approve(submitted(stage, provincial_officer, start_on=TODAY), approver)
    values = {"grade": 3, "text": "Hoàn thành tốt", "document": "", "reported_on": TODAY}
    report: dict[str, Any] = {"rotation": rotation, "kind": "yearly", "values": values}
    process.report_save(actor=other_unit_officer, year=2026, **report)
    with pytest.raises(PermissionDenied):
        process.report_save(actor=unit_officer, year=2026, **report)
    with pytest.raises(ValidationError, match="từ 2026 đến 2026"):
        process.report_save(actor=other_unit_officer, year=2027, **report)


# ---- Telling ---------------------------------------------------------------------------------


def test_who_is_concerned_is_told_once(
    stage: Stage,
    provincial_officer: User,
    approver: User,
    unit_officer: User,
    other_unit_officer: User,
) -> None:
    rotation = submitted(stage, provincial_officer, start_on=TODAY)
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {"unit_officer", "other_unit_officer", "approver"}
    approve(rotation, approver)
    with clock.frozen(dt.date(2029, 11, 1)):
        telling.remind(today=clock.today())
        count = Notice.objects.count()
        telling.remind(today=clock.today())
        assert Notice.objects.count() == count
    texts = Notice.objects.filter(user=other_unit_officer).values_list("text", flat=True)
    assert any("hết hạn luân chuyển" in text for text in texts)
    assert any("cần nhận xét năm 2028" in text for text in texts)


# ---- Two at once -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_seat_two_approvals_one_wins(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    """The second approval waits for the first and then finds no seat."""
    factories.AppointmentFactory(cadre=factories.CadreFactory(), unit=stage.away, title=stage.title)
    rival = factories.CadreFactory(code="CB-LC2", birth_date=dt.date(1985, 5, 5))
    factories.AppointmentFactory(cadre=rival, unit=stage.home, title=stage.title)
    factories.NominationFactory(pool=stage.organisation.pool, cadre=rival)
    rotations = [
        submitted(stage, provincial_officer),
        submitted(stage, provincial_officer, cadre=rival),
    ]
    results: list[str] = []
    gate = threading.Barrier(2)

    def decide(rotation: Rotation) -> None:
        try:
            gate.wait(timeout=20)
            with clock.frozen(TODAY):
                approve(rotation, approver)
            results.append("approved")
        except RotationRefused as refused:
            results.append(refused.reasons[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[each]) for each in rotations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results)[-1] == "approved"
    assert len(results) == 2
    assert any("Đã đủ" in text for text in results), results
    states = sorted(Rotation.objects.values_list("status", flat=True))
    assert states == [RotationStatus.APPROVED, RotationStatus.PROPOSED]


@pytest.mark.django_db(transaction=True)
def test_one_rotation_decided_twice(stage: Stage, provincial_officer: User, approver: User) -> None:
    rotation = submitted(stage, provincial_officer, start_on=TODAY)
    results: list[str] = []
    gate = threading.Barrier(2)

    def decide(number: str) -> None:
        try:
            gate.wait(timeout=20)
            with clock.frozen(TODAY):
                approve(rotation, approver, number)
            results.append("approved")
        except RotationRefused as refused:
            results.append(refused.reasons[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[f"{n}-QĐ/TU"]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert results.count("approved") == 1
    assert len(results) == 2
    assert Appointment.objects.filter(cadre=stage.person, unit=stage.away).count() == 1


def test_the_service_refuses_what_nobody_heard(stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer, kind=RotationKind.TRANSFER)
    heard(rotation, provincial_officer)
    found = {each.code for each in checks_of(rotation, TODAY)}
    assert CheckCode.IN_PLAN not in found
    assert CheckCode.SEAT in found

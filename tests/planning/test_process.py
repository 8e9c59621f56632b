"""The way of a dossier: opened, written down, submitted, given back, approved."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from cadre_portal.common import clock
from cadres.models import Cadre, User
from compliance.law.process import load_process
from compliance.models import Mark
from planning.choices import CycleKind, DraftAct, PlanStatus, RemovalReason
from planning.models import (
    Ballot,
    Dossier,
    DraftItem,
    Nomination,
    PlanSnapshot,
    ProcessSetting,
    StepTemplate,
)
from planning.selectors import dossiers as reads
from planning.selectors.snapshots import outcome_changes, people_changes, people_of
from planning.services import plan_check
from planning.services.process import (
    Counted,
    DossierRefused,
    dossier_approve,
    dossier_open,
    dossier_return,
    dossier_submit,
    dossier_take_back,
    step_save,
)
from planning.services.snapshots import findings_json
from tests import factories
from tests.cast import Organisation

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def newcomer(organisation: Organisation) -> Cadre:
    """Deputy director of the department, not planned yet."""
    cadre = factories.CadreFactory(code="CB-MOI", full_name="Vàng Thị Mỷ")
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    return cadre


@pytest.fixture
def review(organisation: Organisation, unit_officer: User) -> Dossier:
    cycle = factories.CycleFactory(term=organisation.plan.term)
    return dossier_open(actor=unit_officer, plan=organisation.plan, cycle=cycle)


def held(number: int, **extra: Any) -> dict[str, Any]:
    return {
        "held_on": dt.date(2026, 11, number),
        "minutes_no": f"0{number}-BB",
        "summoned": 20,
        "present": 19,
        **extra,
    }


def counted(item: DraftItem, agree: int) -> Counted:
    return Counted(item.pool_id, item.cadre_id, issued=19, collected=19, valid=18, agree=agree)


def walk(actor: User, dossier: Dossier, *items: DraftItem, agree: int = 15) -> None:
    """Hold every step of a dossier, everybody elected with `agree` ballots."""
    for step in reads.steps_of(dossier):
        rows = [counted(item, agree) for item in items] if step.has_ballot else []
        if step.has_ballot and not items:
            continue
        step_save(
            actor=actor,
            dossier=dossier,
            number=step.number,
            values=held(step.number),
            counted=rows,
        )


def submit(actor: User, dossier: Dossier) -> Dossier:
    return dossier_submit(
        actor=actor, dossier=dossier, submission_no="12-TTr/ĐU", submitted_on=TODAY
    )


def approve(actor: User, dossier: Dossier) -> Dossier:
    return dossier_approve(actor=actor, dossier=dossier, decision_no="99-QĐ/TU", decision_on=TODAY)


# ---- Opening ---------------------------------------------------------------------------------


def test_a_dossier_copies_the_steps_of_the_papers_or_of_the_province(
    organisation: Organisation, unit_officer: User, review: Dossier
) -> None:
    named = [(s.number, s.body, s.has_ballot) for s in reads.steps_of(review)]
    asked = [s for s in load_process().steps if s.kind == CycleKind.REVIEW]
    assert named == [(s.number, s.body, s.ballot) for s in asked]
    again = dossier_open(actor=unit_officer, plan=organisation.plan, cycle=review.cycle)
    assert again == review

    StepTemplate.objects.create(kind=CycleKind.REVIEW, number=1, name="Một bước", has_ballot=True)
    assert [(s.number, s.name) for s in reads.steps_asked(CycleKind.REVIEW)] == [(1, "Một bước")]


def test_opening_is_refused_with_reasons(organisation: Organisation, unit_officer: User) -> None:
    plan = organisation.plan
    wrong_term = factories.CycleFactory(term=factories.TermFactory(code="2030-2035"))
    closed = factories.CycleFactory(term=plan.term, year=2025, closed_on=dt.date(2026, 2, 1))
    first = factories.CycleFactory(term=plan.term, kind=CycleKind.FIRST)
    for cycle, word in ((wrong_term, "nhiệm kỳ"), (closed, "kết thúc"), (first, "phê duyệt")):
        with pytest.raises(DossierRefused, match=word):
            dossier_open(actor=unit_officer, plan=plan, cycle=cycle)
    factories.CycleFactory(term=plan.term)
    assert not Dossier.objects.exists()


def test_only_officers_of_the_unit_prepare(
    review: Dossier, other_unit_officer: User, auditor: User, approver: User
) -> None:
    for actor in (other_unit_officer, auditor, approver):
        with pytest.raises(PermissionDenied):
            step_save(actor=actor, dossier=review, number=1, values=held(1))
        with pytest.raises(PermissionDenied):
            submit(actor, review)


# ---- Ballots ---------------------------------------------------------------------------------


def test_ballots_have_to_be_possible(
    organisation: Organisation, unit_officer: User, review: Dossier, newcomer: Cadre
) -> None:
    item = factories.draft(review, organisation.pool, newcomer)
    too_many = Counted(item.pool_id, item.cadre_id, issued=25, collected=19, valid=18, agree=15)
    with pytest.raises(ValidationError, match="phát ra"):
        step_save(actor=unit_officer, dossier=review, number=2, values=held(2), counted=[too_many])
    stranger = Counted(item.pool_id, organisation.outsider.pk, 19, 19, 18, 15)
    with pytest.raises(DossierRefused, match="vừa thay đổi"):
        step_save(actor=unit_officer, dossier=review, number=2, values=held(2), counted=[stranger])
    with pytest.raises(ValidationError):
        step_save(actor=unit_officer, dossier=review, number=1, values=held(1, minutes_no=""))


@pytest.mark.parametrize(("agree", "passes"), [(10, False), (11, True)])
def test_more_than_half_of_those_summoned(
    organisation: Organisation,
    unit_officer: User,
    review: Dossier,
    newcomer: Cadre,
    agree: int,
    passes: bool,
) -> None:
    item = factories.draft(review, organisation.pool, newcomer)
    factories.draft(review, organisation.pool, organisation.insider, DraftAct.KEEP)
    walk(unit_officer, review, item, agree=agree)
    if passes:
        assert submit(unit_officer, review).status == PlanStatus.SUBMITTED
        return
    with pytest.raises(DossierRefused) as refused:
        submit(unit_officer, review)
    assert len(refused.value.reasons) == 3  # one a step with ballots
    assert "Vàng Thị Mỷ (Giám đốc): 50,0\N{NO-BREAK SPACE}%" in refused.value.reasons[0]
    # Of valid ballots ten are more than half: the province says what counts.
    ProcessSetting.objects.create(pk=1, ballot_denominator="valid")
    assert submit(unit_officer, review).status == PlanStatus.SUBMITTED


# ---- Submitting ------------------------------------------------------------------------------


def test_everything_that_stands_in_the_way_is_told_at_once(
    organisation: Organisation, unit_officer: User, review: Dossier, newcomer: Cadre
) -> None:
    item = factories.draft(review, organisation.pool, newcomer)
    step_save(
        actor=unit_officer,
        dossier=review,
        number=2,
        values=held(2, held_on=TODAY + dt.timedelta(days=1)),
    )
    with pytest.raises(DossierRefused) as refused:
        dossier_submit(
            actor=unit_officer,
            dossier=review,
            submission_no=" ",
            submitted_on=TODAY + dt.timedelta(days=1),
        )
    said = " | ".join(refused.value.reasons)
    for words in (
        "chưa rà soát: Nông Thị Ánh",
        "Bước 1",
        "chưa đến",
        "Bước 2 chưa có phiếu của Vàng Thị Mỷ (Giám đốc)",
        "Bước 3",
        "Bước 4",
        "số tờ trình",
        "sau hôm nay",
    ):
        assert words in said, said
    assert Dossier.objects.get().status == PlanStatus.DRAFT
    assert item.act == DraftAct.ADD


def test_steps_go_forward_in_time(
    organisation: Organisation, unit_officer: User, review: Dossier
) -> None:
    factories.draft(review, organisation.pool, organisation.insider, DraftAct.KEEP)
    step_save(actor=unit_officer, dossier=review, number=1, values=held(9))
    step_save(actor=unit_officer, dossier=review, number=2, values=held(3))
    with pytest.raises(DossierRefused, match="trước bước 1"):
        submit(unit_officer, review)


def test_a_submitted_dossier_is_closed_until_taken_back(
    organisation: Organisation, unit_officer: User, review: Dossier
) -> None:
    factories.draft(review, organisation.pool, organisation.insider, DraftAct.KEEP)
    walk(unit_officer, review)
    submit(unit_officer, review)
    with pytest.raises(DossierRefused, match="đã trình"):
        step_save(actor=unit_officer, dossier=review, number=1, values=held(1))
    with pytest.raises(DossierRefused):
        submit(unit_officer, review)
    assert dossier_take_back(actor=unit_officer, dossier=review).status == PlanStatus.DRAFT
    # The plan itself was never touched by a review.
    organisation.plan.refresh_from_db()
    assert organisation.plan.status == PlanStatus.APPROVED


# ---- Deciding --------------------------------------------------------------------------------


@pytest.fixture
def submitted(
    organisation: Organisation, unit_officer: User, review: Dossier, newcomer: Cadre
) -> Dossier:
    """One is added, one taken out."""
    item = factories.draft(review, organisation.pool, newcomer)
    factories.draft(
        review,
        organisation.pool,
        organisation.insider,
        DraftAct.REMOVE,
        reason=RemovalReason.OTHER,
        note="theo nguyện vọng",
    )
    walk(unit_officer, review, item)
    return submit(unit_officer, review)


def test_nobody_decides_on_what_they_submitted_or_stand_in(
    organisation: Organisation,
    submitted: Dossier,
    administrator: User,
    approver: User,
    provincial_officer: User,
) -> None:
    Dossier.objects.filter(pk=submitted.pk).update(submitted_by=administrator)
    for actor in (administrator, provincial_officer):
        with pytest.raises(PermissionDenied):
            approve(actor, submitted)
    approver.cadre = organisation.insider
    approver.save()
    with pytest.raises(PermissionDenied):
        approve(approver, submitted)
    with pytest.raises(PermissionDenied):
        dossier_return(actor=approver, dossier=submitted, reason="Chưa đủ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=submitted.pk).update(decided_by=administrator)


def test_a_return_says_why_and_about_whom(
    organisation: Organisation, submitted: Dossier, approver: User, unit_officer: User
) -> None:
    with pytest.raises(DossierRefused, match="lý do"):
        dossier_return(actor=approver, dossier=submitted, reason="  ")
    item = submitted.items.get(act=DraftAct.ADD)
    dossier_return(
        actor=approver,
        dossier=submitted,
        reason="Bổ sung nhận xét của chi ủy nơi cư trú.",
        remarks={item.pk: "Chưa rõ trình độ lý luận chính trị", 0: "không ai"},
    )
    item.refresh_from_db()
    assert item.returned_for == "Chưa rõ trình độ lý luận chính trị"
    again = submit(unit_officer, submitted)
    item.refresh_from_db()
    assert (again.status, item.returned_for) == (PlanStatus.SUBMITTED, "")
    with pytest.raises(DossierRefused, match="đã trình"):
        submit(unit_officer, submitted)


def test_approval_applies_the_draft_on_its_day(
    organisation: Organisation, submitted: Dossier, approver: User, newcomer: Cadre
) -> None:
    before = set(Nomination.objects.filter(removed_on=None).values_list("cadre__code", flat=True))
    assert before == {"CB-NV", "CB-YT"}  # the draft changed nothing
    approve(approver, submitted)
    added = Nomination.objects.get(cadre=newcomer)
    gone = Nomination.objects.get(cadre=organisation.insider)
    assert (added.nominated_on, added.removed_on) == (TODAY, None)
    assert (gone.removed_on, gone.removal_reason) == (TODAY, "theo nguyện vọng")
    assert Ballot.objects.filter(cadre=newcomer).count() == 3
    plan = organisation.plan
    plan.refresh_from_db()
    assert (plan.status, plan.last_reviewed_on) == (PlanStatus.APPROVED, TODAY)
    assert (plan.approved_on, plan.decision_no) == (dt.date(2025, 5, 1), "34-QĐ/TU")
    with pytest.raises(DossierRefused):
        approve(approver, submitted)


def test_an_approval_that_cannot_be_is_refused_whole(
    organisation: Organisation, submitted: Dossier, approver: User, newcomer: Cadre
) -> None:
    def tries(decision_no: str = "99-QĐ/TU", decision_on: dt.date = TODAY) -> str:
        with pytest.raises(DossierRefused) as refused:
            dossier_approve(
                actor=approver,
                dossier=submitted,
                decision_no=decision_no,
                decision_on=decision_on,
            )
        return str(refused.value)

    assert "số quyết định" in tries(decision_no=" ")
    assert "sau hôm nay" in tries(decision_on=TODAY + dt.timedelta(days=1))
    assert "trước ngày trình" in tries(decision_on=TODAY - dt.timedelta(days=1))
    # Meanwhile an import put the newcomer in.
    factories.NominationFactory(pool=organisation.pool, cadre=newcomer)
    assert "đã ở trong quy hoạch" in tries()
    submitted.refresh_from_db()
    assert submitted.status == PlanStatus.SUBMITTED
    assert Nomination.objects.get(cadre=organisation.insider).removed_on is None
    assert not PlanSnapshot.objects.exists()


def test_a_first_planning_shows_in_the_plan(
    organisation: Organisation, unit_officer: User, approver: User, newcomer: Cadre
) -> None:
    plan = factories.PlanFactory(
        unit=organisation.department,
        term=factories.TermFactory(code="2030-2035"),
        status=PlanStatus.DRAFT,
        approved_on=None,
        decision_no="",
    )
    cycle = factories.CycleFactory(term=plan.term, kind=CycleKind.FIRST)
    dossier = dossier_open(actor=unit_officer, plan=plan, cycle=cycle)
    with pytest.raises(DossierRefused, match="chưa có ai"):
        submit(unit_officer, dossier)
    item = factories.draft(dossier, plan.pools.get(position__title=organisation.director), newcomer)
    walk(unit_officer, dossier, item)
    submit(unit_officer, dossier)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUBMITTED
    approve(approver, dossier)
    plan.refresh_from_db()
    assert (plan.status, plan.approved_on, plan.decision_no) == (
        PlanStatus.APPROVED,
        TODAY,
        "99-QĐ/TU",
    )


# ---- What froze ------------------------------------------------------------------------------


def test_the_snapshot_stays_and_shows_what_changed_since(
    organisation: Organisation,
    submitted: Dossier,
    approver: User,
    auditor: User,
    newcomer: Cadre,
) -> None:
    approve(approver, submitted)
    snapshot = PlanSnapshot.objects.get()
    assert [row["name"] for row in snapshot.people] == ["Vàng Thị Mỷ"]
    assert snapshot.findings == findings_json(organisation.plan, TODAY)
    assert not people_changes(snapshot.people, people_of(organisation.plan, TODAY))

    newcomer.sex, newcomer.degree = "female", 5
    newcomer.save()
    factories.NominationFactory(
        pool=organisation.pool, cadre=organisation.below, nominated_on=TODAY
    )
    changes = people_changes(snapshot.people, people_of(organisation.plan, TODAY))
    assert [(c.name, c.before is None, c.facts) for c in changes] == [
        ("Vàng Thị Mỷ", False, ("degree",)),
        ("Đàm Đức Cường", True, ()),
    ]
    factories.DisciplineFactory(cadre=newcomer, decided_on=TODAY)
    now = findings_json(organisation.plan, TODAY)
    told = {c.rule for c in outcome_changes(approver, organisation.plan, snapshot.findings, now)}
    hidden = {c.rule for c in outcome_changes(auditor, organisation.plan, snapshot.findings, now)}
    assert told - hidden == {"planning.discipline"}

    for sql in (
        "UPDATE planning_plansnapshot SET people = '[]'",
        "DELETE FROM planning_plansnapshot",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_engine_counts_against_what_the_province_set(
    organisation: Organisation, provincial_officer: User, signed_in: Any
) -> None:
    """Ten of twenty summoned are too few, ten of eighteen valid ballots are enough."""
    factories.BallotFactory(pool=organisation.pool, cadre=organisation.insider, agree=10)

    def outcome() -> str:
        found = plan_check(plan=organisation.plan, as_of=TODAY)
        return next(f.outcome.code for f in found if f.rule.code == "planning.ballot")

    page = f"/quy-hoach/{organisation.plan.pk}/?phan=phieu"
    assert outcome() == "not_met"
    Mark.objects.all().delete()
    ProcessSetting.objects.create(pk=1, ballot_denominator="valid")
    assert outcome() == "met"
    assert list(Mark.objects.values_list("kind", "subject_id")) == [(0, None)]
    text = signed_in(provincial_officer).get(page).content.decode()
    assert "55,6" in text


# ---- The database itself ---------------------------------------------------------------------


def test_items_stay_inside_their_plan(
    organisation: Organisation, review: Dossier, newcomer: Cadre
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.draft(review, organisation.pool, organisation.insider, DraftAct.REMOVE, reason="")
    foreign = organisation.other_plan.pools.get()
    factories.draft(review, foreign, newcomer)
    with pytest.raises(IntegrityError, match="draft_item_pool_of_plan"):
        connection.check_constraints()


def test_every_reason_of_the_papers_is_offered() -> None:
    offered = set(RemovalReason.values) - {RemovalReason.OTHER}
    assert set(load_process().removal_reasons) == offered

"""Rounds "Đề nghị bổ sung lý lịch": scope, answers, decisions, two at once."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from cadres.choices import ProposalStatus, Role
from cadres.models import Biography, Cadre, RoundProposal, RoundRequest, SupplementRound, User
from cadres.selectors import rounds as selectors
from cadres.selectors.history import door_of
from cadres.services import rounds as services
from cadres.todo import todos_of
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
FIELDS = ["birth_date", "phone", "native_unit_code"]


@pytest.fixture
def insider_account(organisation: Organisation) -> User:
    """The director of Sở Nội vụ at a desk of their own, without any grant."""
    return factories.UserFactory(username="nguoi-trong-cuoc", cadre=organisation.insider)


@pytest.fixture
def opened(organisation: Organisation, provincial_officer: User) -> SupplementRound:
    """A round for the directors of the two departments."""
    return services.round_open(
        actor=provincial_officer,
        title="Bổ sung 2026",
        fields=FIELDS,
        due_on=clock.today(),
        cadre_ids=[organisation.insider.pk, organisation.outsider.pk],
    )


def request_of(found: SupplementRound, cadre: Cadre) -> RoundRequest:
    return RoundRequest.objects.select_related("round", "cadre").get(round=found, cadre=cadre)


def answer(actor: User, found: SupplementRound, cadre: Cadre, **typed: str) -> int:
    asked = request_of(found, cadre)
    people = Cadre.objects.select_related("native_unit").filter(pk=cadre.pk)
    base = selectors.texts_now(people, FIELDS)[cadre.pk]
    return services.request_answer(actor=actor, request=asked, typed={**base, **typed}, base=base)


def pending(found: SupplementRound, field: str) -> RoundProposal:
    return RoundProposal.objects.get(
        request__round=found, field=field, status=ProposalStatus.PENDING
    )


def accept(actor: User, found: SupplementRound, *fields: str, **seen: str) -> list[RoundProposal]:
    rows = [pending(found, field) for field in fields]
    return services.proposals_accept(
        actor=actor, found=found, seen={r.pk: seen.get(r.field, r.base) for r in rows}
    )


# ---- Opening ---------------------------------------------------------------------------------


def test_only_people_of_the_scope_can_be_asked(
    organisation: Organisation, unit_officer: User, inspector: User
) -> None:
    def open_one(actor: User, cadre: Cadre, **changes: Any) -> SupplementRound:
        wanted = {"title": "A", "fields": ["phone"], "due_on": clock.today(), **changes}
        return services.round_open(actor=actor, cadre_ids=[cadre.pk], **wanted)

    made = open_one(unit_officer, organisation.below)
    assert request_of(made, organisation.below).unit == organisation.centre
    for actor, cadre in ((unit_officer, organisation.outsider), (inspector, organisation.insider)):
        with pytest.raises(PermissionDenied):
            open_one(actor, cadre)
    yesterday = clock.today() - dt.timedelta(days=1)
    for changes in ({"due_on": yesterday}, {"fields": []}, {"fields": ["la"]}, {"title": " "}):
        with pytest.raises(ValidationError):
            open_one(unit_officer, organisation.below, **changes)


def test_people_are_chosen_by_code_unit_title_and_what_they_lack(
    organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    def codes(actor: User, **wanted: Any) -> list[str]:
        return [cadre.code for cadre in selectors.cadres_to_ask(actor, **wanted)]

    assert codes(unit_officer) == ["CB-NV", "CB-LT"]
    assert codes(unit_officer, codes=["CB-YT", "CB-LT"]) == ["CB-LT"]
    assert codes(provincial_officer, unit=organisation.other) == ["CB-YT"]
    assert codes(provincial_officer, title=organisation.committee) == ["CB-BL"]
    Biography.objects.create(cadre=organisation.insider, phone="1")
    assert codes(unit_officer, lacking=["phone"]) == ["CB-LT"]
    assert codes(unit_officer, lacking=["degree"]) == []
    assert codes(unit_officer, lacking=["phone", "salary_from"]) == ["CB-NV", "CB-LT"]


# ---- Answering -------------------------------------------------------------------------------


def test_the_person_proposes_and_the_file_waits(
    organisation: Organisation, opened: SupplementRound, insider_account: User
) -> None:
    assert answer(insider_account, opened, organisation.insider, birth_date="2/1/1985") == 1
    proposal = pending(opened, "birth_date")
    assert (proposal.base, proposal.value) == ("20/05/1985", "02/01/1985")
    assert Cadre.objects.get(pk=organisation.insider.pk).birth_date == dt.date(1985, 5, 20)
    assert request_of(opened, organisation.insider).answered_by == insider_account


def test_saying_that_all_is_right_is_an_answer(
    organisation: Organisation, opened: SupplementRound, insider_account: User
) -> None:
    assert answer(insider_account, opened, organisation.insider) == 0
    assert request_of(opened, organisation.insider).answered_at
    assert not RoundProposal.objects.exists()


def test_a_new_value_takes_the_place_of_the_waiting_one(
    organisation: Organisation, opened: SupplementRound, insider_account: User
) -> None:
    for phone in ("1", "2", "2"):
        answer(insider_account, opened, organisation.insider, phone=phone)
    assert pending(opened, "phone").value == "2"
    assert RoundProposal.objects.count() == 2
    answer(insider_account, opened, organisation.insider)
    assert not RoundProposal.objects.filter(status=ProposalStatus.PENDING).exists()


def test_answers_are_judged_and_limited(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    other_unit_officer: User,
    provincial_officer: User,
) -> None:
    with pytest.raises(ValidationError) as caught:
        answer(insider_account, opened, organisation.insider, birth_date="2999", phone="9")
    assert list(caught.value.message_dict) == ["birth_date"]
    answer(insider_account, opened, organisation.insider, full_name="Không được hỏi")
    assert not RoundProposal.objects.exists()
    for actor, cadre in (
        (insider_account, organisation.outsider),
        (other_unit_officer, organisation.insider),
    ):
        with pytest.raises(PermissionDenied):
            answer(actor, opened, cadre, phone="1")
    services.round_close(actor=provincial_officer, found=opened)
    with pytest.raises(services.RoundClosed):
        answer(insider_account, opened, organisation.insider, phone="1")
    services.round_reopen(actor=provincial_officer, found=opened)
    assert answer(insider_account, opened, organisation.insider, phone="1") == 1


# ---- Deciding --------------------------------------------------------------------------------


def test_accepted_values_are_written_with_both_names_in_the_history(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    provincial_officer: User,
) -> None:
    person = organisation.insider
    answer(
        insider_account,
        opened,
        person,
        birth_date="10/1985",
        phone="0206",
        native_unit_code="X01321",
    )
    accept(provincial_officer, opened, *FIELDS)
    fresh = Cadre.objects.get(pk=person.pk)
    assert (fresh.birth_precision, fresh.native_unit) == ("month", organisation.commune)
    assert fresh.biography.phone == "0206"
    event = Cadre.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")
    told = event.pgh_context.metadata
    assert told["user"] == provincial_officer.pk
    assert told["proposed_by"][str(person.pk)]["birth_date"] == insider_account.pk
    assert door_of(event) == f"bổ sung lý lịch, {insider_account} đề nghị"
    decided = RoundProposal.objects.filter(status=ProposalStatus.ACCEPTED)
    assert {row.decided_by for row in decided} == {provincial_officer}


def test_refused_ones_go_back_with_the_reason(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    provincial_officer: User,
) -> None:
    answer(insider_account, opened, organisation.insider, phone="1")
    ids = [pending(opened, "phone").pk]
    with pytest.raises(ValidationError):
        services.proposals_refuse(actor=provincial_officer, found=opened, ids=ids, reason=" ")
    services.proposals_refuse(
        actor=provincial_officer, found=opened, ids=ids, reason="Thiếu mã vùng"
    )
    [mine] = selectors.requests_of_me(insider_account)
    assert (mine.pending, mine.refused) == (0, 1)
    asked = request_of(opened, organisation.insider)
    assert selectors.latest_proposals(asked)["phone"].reason == "Thiếu mã vùng"
    assert answer(insider_account, opened, organisation.insider, phone="0206") == 1


def test_nobody_decides_on_their_own_proposal_or_file(
    organisation: Organisation,
    opened: SupplementRound,
    unit_officer: User,
    other_unit_officer: User,
    inspector: User,
) -> None:
    answer(unit_officer, opened, organisation.insider, phone="1")
    for actor in (unit_officer, other_unit_officer, inspector):
        with pytest.raises(PermissionDenied):
            accept(actor, opened, "phone")
        with pytest.raises(PermissionDenied):
            services.proposals_refuse(
                actor=actor, found=opened, ids=[pending(opened, "phone").pk], reason="x"
            )
    colleague = factories.UserFactory(cadre=organisation.insider)
    factories.RoleGrantFactory(user=colleague, role=Role.UNIT_OFFICER, unit=organisation.department)
    with pytest.raises(PermissionDenied):
        accept(colleague, opened, "phone")


def test_the_database_too_refuses_own_decisions(
    organisation: Organisation, opened: SupplementRound, unit_officer: User
) -> None:
    answer(unit_officer, opened, organisation.insider, phone="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundProposal.objects.update(
            status=ProposalStatus.ACCEPTED, decided_by=unit_officer, decided_at=clock.now()
        )


def test_a_file_that_changed_meanwhile_is_told_and_nothing_is_written(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    provincial_officer: User,
) -> None:
    person = organisation.insider
    answer(insider_account, opened, person, birth_date="1985", phone="1")
    Cadre.objects.filter(pk=person.pk).update(birth_date=dt.date(1986, 1, 1))
    rows, _names = selectors.open_proposals(
        provincial_officer, selectors.pending_proposals(provincial_officer, opened)
    )
    assert {row.field.key: row.is_conflict for row in rows} == {"birth_date": True, "phone": False}
    with pytest.raises(services.DecisionConflict) as caught:
        accept(provincial_officer, opened, "birth_date", "phone")
    assert [row.field for row in caught.value.changed] == ["birth_date"]
    assert not Biography.objects.filter(cadre=person).exists()
    accept(provincial_officer, opened, "birth_date", "phone", birth_date="01/01/1986")
    assert Cadre.objects.get(pk=person.pk).birth_precision == "year"


def test_one_value_that_no_longer_fits_rolls_all_back(
    organisation: Organisation, provincial_officer: User, insider_account: User
) -> None:
    found = services.round_open(
        actor=provincial_officer,
        title="Quân ngũ",
        fields=["discharged_on", "full_name"],
        due_on=clock.today(),
        cadre_ids=[organisation.insider.pk],
    )
    asked = request_of(found, organisation.insider)
    services.request_answer(
        actor=insider_account,
        request=asked,
        typed={"discharged_on": "2001", "full_name": "Nông Thị Ánh Mới"},
        base={"discharged_on": "", "full_name": "Nông Thị Ánh"},
    )
    Biography.objects.create(
        cadre=organisation.insider,
        enlisted_on=dt.date(2005, 1, 1),
        enlisted_on_precision="year",
    )
    with pytest.raises(ValidationError) as caught:
        accept(provincial_officer, found, "discharged_on", "full_name")
    assert "Ngày xuất ngũ" in caught.value.messages[0]
    assert Cadre.objects.get(pk=organisation.insider.pk).full_name == "Nông Thị Ánh"
    assert RoundProposal.objects.filter(status=ProposalStatus.PENDING).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once_and_the_second_is_told(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    provincial_officer: User,
    administrator: User,
) -> None:
    answer(insider_account, opened, organisation.insider, phone="1")
    proposal = pending(opened, "phone")
    start, outcomes = threading.Barrier(2), []

    def decide(actor: User) -> None:
        try:
            start.wait(10)
            services.proposals_accept(actor=actor, found=opened, seen={proposal.pk: ""})
            outcomes.append("written")
        except services.DecisionConflict as conflict:
            outcomes.append(str(conflict.decided[0].decided_by_id))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=(actor,))
        for actor in (provincial_officer, administrator)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    proposal.refresh_from_db()
    assert sorted(outcomes) == sorted(["written", str(proposal.decided_by_id)])
    events = Biography.pgh_event_model.objects.filter(pgh_obj_id=organisation.insider.pk)
    assert events.count() == 1


# ---- Who sees what ---------------------------------------------------------------------------


def test_a_round_shows_each_officer_their_own_people(
    organisation: Organisation,
    opened: SupplementRound,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    insider_account: User,
    inspector: User,
    auditor: User,
) -> None:
    answer(insider_account, opened, organisation.insider, phone="1")
    counts = {}
    for actor in (provincial_officer, unit_officer, other_unit_officer):
        found = selectors.round_get(actor, opened.pk)
        counts[actor.username] = (found.asked, found.answered, found.pending)
    assert counts == {
        "provincial_officer": (2, 1, 1),
        "unit_officer": (1, 1, 1),
        "other_unit_officer": (1, 0, 0),
    }
    for actor in (inspector, auditor, insider_account):
        with pytest.raises(Http404):
            selectors.round_get(actor, opened.pk)
    [of_unit] = selectors.round_progress(unit_officer, opened)
    assert (of_unit.unit, of_unit.asked, of_unit.answered, of_unit.pending) == (
        "Sở Nội vụ",
        1,
        1,
        1,
    )


def test_what_waits_for_whom(
    organisation: Organisation,
    opened: SupplementRound,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    insider_account: User,
) -> None:
    def waiting(actor: User) -> list[tuple[str, int]]:
        return [(one.kind, one.count) for one in selectors.rounds_waiting(actor)]

    assert waiting(insider_account) == [("answer", 1)]
    answer(unit_officer, opened, organisation.insider, phone="1", birth_date="1985")
    assert waiting(insider_account) == []
    assert waiting(provincial_officer) == [("decide", 2)]
    assert waiting(unit_officer) == []  # their own proposals
    (todo,) = todos_of(provincial_officer, clock.today())
    assert (todo.text, todo.count) == (f"Duyệt 2 giá trị đề nghị, “{opened.title}”", 2)
    assert todo.url == f"/bo-sung-ly-lich/{opened.pk}/duyet/"
    assert waiting(other_unit_officer) == []
    tomorrow = clock.today() + dt.timedelta(days=1)
    with clock.frozen(tomorrow):
        assert [one.is_overdue for one in selectors.rounds_waiting(provincial_officer)] == [True]


# ---- Pages -----------------------------------------------------------------------------------

ROUND = "/bo-sung-ly-lich/"


def test_a_round_from_opening_to_the_file(
    organisation: Organisation,
    provincial_officer: User,
    insider_account: User,
    signed_in: Browser,
) -> None:
    officer, person = signed_in(provincial_officer), signed_in(insider_account)
    asked = {
        "title": "Điện thoại",
        "fields_asked": ["phone", "rewards"],
        "unit": "SNV · Sở Nội vụ",
        "due_on": "31/12/2099",
    }
    preview = officer.post(f"{ROUND}mo/", asked)
    assert preview.status_code == 200
    assert "2 người sẽ được hỏi" in preview.content.decode()
    assert not SupplementRound.objects.exists()
    officer.post(f"{ROUND}mo/", {**asked, "xac-nhan": "2"})
    found = SupplementRound.objects.get()

    assert "Điện thoại" in person.get(ROUND).content.decode()
    address = f"{ROUND}{found.pk}/tra-loi/CB-NV/"
    token = person.get(address).context["token"]
    sent = {"goc": token, "phone": "0206", "rewards": "Bằng khen\r\n2019"}
    assert person.post(address, sent).status_code == 302

    decide = f"{ROUND}{found.pk}/duyet/"
    page = officer.get(decide)
    assert page.content.decode().count("để trống") == 2
    rows = {str(row["label"]): row["pk"] for row in page.context["rows"]}
    shown = {f"nay-{pk}": "" for pk in rows.values()}
    none = officer.post(decide, {**shown, "viec": "nhan"})
    assert none.status_code == 422
    no_reason = officer.post(decide, {**shown, "viec": "khong-nhan", "chon": [rows["Khen thưởng"]]})
    assert "Thiếu lý do" in no_reason.content.decode()
    officer.post(decide, {**shown, "viec": "nhan", "chon": [rows["Điện thoại"]]})
    officer.post(
        decide,
        {**shown, "viec": "khong-nhan", "chon": [rows["Khen thưởng"]], "reason": "Thiếu số QĐ"},
    )
    assert Biography.objects.get(cadre=organisation.insider).phone == "0206"
    assert "Thiếu số QĐ" in person.get(address).content.decode()
    detail = officer.get(f"{ROUND}{found.pk}/").content.decode()
    assert "1 trong 2 người đã trả lời" in detail


def test_a_decision_over_a_changed_file_is_shown_again(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    answer(insider_account, opened, organisation.insider, phone="1")
    row = pending(opened, "phone")
    Biography.objects.create(cadre=organisation.insider, phone="7")
    officer, decide = signed_in(provincial_officer), f"{ROUND}{opened.pk}/duyet/"
    sent = {f"nay-{row.pk}": "", "chon": [row.pk], "viec": "nhan"}
    told = officer.post(decide, sent)
    assert told.status_code == 409
    assert "hồ sơ vừa được sửa" in told.content.decode()
    everything = {f"nay-{row.pk}": "7", "tat-ca": "1", "viec": "nhan"}
    assert officer.post(decide, everything).status_code == 422  # never with "all"
    assert officer.post(decide, {**sent, f"nay-{row.pk}": "7"}).status_code == 302
    assert Biography.objects.get(cadre=organisation.insider).phone == "1"
    late = officer.post(decide, sent)
    assert late.status_code == 409
    assert str(provincial_officer) in late.content.decode()


def test_who_is_not_asked_finds_nothing(
    organisation: Organisation,
    opened: SupplementRound,
    insider_account: User,
    other_unit_officer: User,
    signed_in: Browser,
) -> None:
    person, other = signed_in(insider_account), signed_in(other_unit_officer)
    assert person.get(f"{ROUND}{opened.pk}/").status_code == 404
    assert person.get(f"{ROUND}{opened.pk}/tra-loi/CB-YT/").status_code == 404
    assert other.get(f"{ROUND}{opened.pk}/tra-loi/CB-NV/").status_code == 404
    assert person.get(f"{ROUND}mo/").status_code == 403
    page = other.get(f"{ROUND}{opened.pk}/").content.decode()
    assert "Nông Thị Ánh" not in page
    assert "Lý Thị Đào" in page


def test_unknown_codes_and_units_are_told_at_their_field(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    officer = signed_in(unit_officer)
    asked = {"title": "A", "fields_asked": ["phone"], "due_on": "31/12/2099"}
    for chosen, words in (
        ({"codes": "CB-NV, CB-YT"}, "CB-YT"),
        ({"unit": "SYT"}, "Không tìm thấy đơn vị"),
        ({}, "Hãy chọn đơn vị, chức danh, hoặc ghi số hiệu"),
    ):
        answer_page = officer.post(f"{ROUND}mo/", {**asked, **chosen})
        assert answer_page.status_code == 422
        assert words in answer_page.content.decode()


def test_the_number_of_queries_does_not_grow(
    organisation: Organisation,
    provincial_officer: User,
    administrator: User,
    signed_in: Browser,
) -> None:
    officer = signed_in(provincial_officer)
    counts: dict[str, list[int]] = {}
    for size in (2, 9):
        people = [
            factories.AppointmentFactory(
                unit=organisation.department, title=organisation.deputy
            ).cadre
            for _ in range(size)
        ]
        found = services.round_open(
            actor=administrator,
            title=f"Đợt {size}",
            fields=FIELDS,
            due_on=clock.today(),
            cadre_ids=[cadre.pk for cadre in people],
        )
        for cadre in people:
            answer(administrator, found, cadre, phone="1", native_unit_code="X01321")
        for path in ("", f"{found.pk}/", f"{found.pk}/duyet/"):
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(ROUND + path).status_code == 200
            counts.setdefault(path.replace(str(found.pk), "n"), []).append(len(queries))
    assert all(small == large for small, large in counts.values()), counts
    assert max(max(pair) for pair in counts.values()) <= 13, counts

"""One paper for several rotations: all or none, judged as they will stand together."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from cadres.models import Notice, Position, PositionPeriod, User
from rotation.choices import CheckCode, RotationStatus, Side, Stance
from rotation.models import Rotation
from rotation.selectors.checks import checks_of, checks_of_all, obstacles_to_approve
from rotation.services import process
from rotation.services.process import RotationRefused
from tests import factories
from tests.planning.conftest import Queries
from tests.planning.conftest import queries as queries
from tests.rotation.conftest import START, TODAY, Stage, approve, heard, propose, submitted

Browser = Callable[[User], Client]
DECIDE = "/luan-chuyen/quyet-dinh/"
#: What an opinion says.
AGREED = {"stance": Stance.AGREE, "text": "", "document": "15-BB/ĐU", "given_on": TODAY}


@dataclass(frozen=True)
class Exchange:
    """Two deputies whose units have one deputy each and who are to change places."""

    there: Rotation
    back: Rotation


def other_person(stage: Stage, code: str = "CB-DOI") -> Any:
    """A planned deputy of Sở Y tế."""
    person = factories.CadreFactory(code=code, birth_date=dt.date(1986, 6, 6))
    factories.AppointmentFactory(
        cadre=person, unit=stage.away, title=stage.title, start_on=dt.date(2020, 1, 1)
    )
    factories.NominationFactory(pool=stage.organisation.pool, cadre=person)
    return person


def back_home(stage: Stage, person: Any) -> dict[str, Any]:
    """What proposes somebody of Sở Y tế for Sở Nội vụ."""
    return {"cadre": person, "from_unit": stage.away, "to_unit": stage.home}


@pytest.fixture
def exchange(stage: Stage, provincial_officer: User, approver: User) -> Exchange:
    """Both submitted by one paper."""
    Position.objects.update(prescribed=1)
    both = [
        propose(stage, provincial_officer),
        propose(stage, provincial_officer, **back_home(stage, other_person(stage))),
    ]
    for rotation in both:
        heard(rotation, provincial_officer)
    process.rotations_submit(
        actor=provincial_officer, rotations=both, submission_no="12-TTr/BTC", submitted_on=TODAY
    )
    return Exchange(*(Rotation.objects.get(pk=each.pk) for each in both))


def approve_all(actor: User, *rotations: Rotation) -> list[Rotation]:
    return process.rotations_approve(
        actor=actor, rotations=rotations, decision_no="30-QĐ/TU", decision_on=TODAY
    )


def statuses() -> set[str]:
    return set(Rotation.objects.values_list("status", flat=True))


def test_an_exchange_is_decided_at_once_though_neither_could_go_alone(
    exchange: Exchange, approver: User
) -> None:
    for each in (exchange.there, exchange.back):
        with pytest.raises(RotationRefused, match="Đã đủ"):
            approve(each, approver)
    approve_all(approver, exchange.there, exchange.back)
    assert statuses() == {RotationStatus.APPROVED}
    assert {each.decision_no for each in Rotation.objects.all()} == {"30-QĐ/TU"}


def test_two_who_want_one_seat_are_refused_together_and_nothing_is_written(
    exchange: Exchange, stage: Stage, provincial_officer: User, approver: User
) -> None:
    third = factories.CadreFactory(code="CB-BA", birth_date=dt.date(1984, 4, 4), full_name="Lý Ba")
    factories.AppointmentFactory(
        cadre=third, unit=stage.home, title=stage.title, start_on=dt.date(2020, 1, 1)
    )
    factories.NominationFactory(pool=stage.organisation.pool, cadre=third)
    too_many = submitted(stage, provincial_officer, cadre=third)
    with pytest.raises(RotationRefused) as refused:
        approve_all(approver, exchange.there, exchange.back, too_many)
    assert any(text.startswith("Lý Ba: ") and "Đã đủ" in text for text in refused.value.reasons)
    assert statuses() == {RotationStatus.PROPOSED}


def test_who_leaves_later_frees_nothing_yet(
    stage: Stage, provincial_officer: User, approver: User
) -> None:
    Position.objects.update(prescribed=1)
    there = submitted(stage, provincial_officer)
    later = {"start_on": START + dt.timedelta(days=31), "planned_end_on": dt.date(2030, 6, 1)}
    back = submitted(stage, provincial_officer, **back_home(stage, other_person(stage)), **later)
    found = obstacles_to_approve([there, back], TODAY)
    assert any(str(CheckCode.SEAT.label) in text for text in found[there.pk])
    assert found[back.pk] == []


def test_one_person_is_chosen_once(stage: Stage, provincial_officer: User, approver: User) -> None:
    first = submitted(stage, provincial_officer)
    second = submitted(stage, provincial_officer, start_on=START - dt.timedelta(days=1))
    with pytest.raises(RotationRefused, match="hai hồ sơ cùng được chọn"):
        approve_all(approver, first, second)


def test_what_begins_today_is_written_for_all(exchange: Exchange, approver: User) -> None:
    Rotation.objects.update(start_on=TODAY)
    approve_all(approver, *Rotation.objects.all())
    assert statuses() == {RotationStatus.IN_PROGRESS}
    held = {
        each.cadre.code: each.cadre.appointments.get(end_on=None).unit_id
        for each in (exchange.there, exchange.back)
    }
    assert held == {
        exchange.there.cadre.code: exchange.there.to_unit_id,
        exchange.back.cadre.code: exchange.back.to_unit_id,
    }


def test_none_is_submitted_while_one_lacks_something(
    stage: Stage, provincial_officer: User
) -> None:
    ready, lacking = (
        propose(stage, provincial_officer),
        propose(stage, provincial_officer, **back_home(stage, other_person(stage))),
    )
    heard(ready, provincial_officer)
    with pytest.raises(RotationRefused) as refused:
        process.rotations_submit(
            actor=provincial_officer,
            rotations=[ready, lacking],
            submission_no="12-TTr/BTC",
            submitted_on=TODAY,
        )
    assert all(text.startswith(f"{lacking.cadre.full_name}: ") for text in refused.value.reasons)
    assert not Rotation.objects.exclude(submitted_on=None).exists()


def test_opinions_of_a_meeting_replace_nothing(stage: Stage, provincial_officer: User) -> None:
    said, open_one = (
        propose(stage, provincial_officer),
        propose(stage, provincial_officer, **back_home(stage, other_person(stage))),
    )
    process.opinion_save(
        actor=provincial_officer,
        rotation=said,
        side=Side.SENDING,
        values=AGREED | {"stance": Stance.DISAGREE, "text": "Thiếu người"},
    )
    both = {"actor": provincial_officer, "rotations": [said, open_one], "values": AGREED}
    with pytest.raises(RotationRefused, match="Đã có ý kiến"):
        process.opinions_save(side=Side.SENDING, **both)  # type: ignore[arg-type]
    assert said.opinions.get().stance == Stance.DISAGREE
    assert not open_one.opinions.exists()
    assert len(process.opinions_save(side=Side.RECEIVING, **both)) == 2  # type: ignore[arg-type]


def test_only_who_may_decide_all_of_them_decides(
    exchange: Exchange, provincial_officer: User, unit_officer: User
) -> None:
    for actor in (provincial_officer, unit_officer):
        with pytest.raises(PermissionDenied):
            approve_all(actor, exchange.there, exchange.back)
    with pytest.raises(RotationRefused, match="Chưa chọn"):
        approve_all(provincial_officer)


def test_approvers_are_told_once(exchange: Exchange, approver: User) -> None:
    notices = Notice.objects.filter(user=approver)
    assert [each.text for each in notices] == [
        "2 hồ sơ luân chuyển, điều động, biệt phái đã trình (12-TTr/BTC), chờ quyết định."
    ]
    assert notices.get().url == DECIDE


# ---- The pages -------------------------------------------------------------------------------


def test_the_way_of_several_by_forms(
    stage: Stage, provincial_officer: User, approver: User, signed_in: Browser
) -> None:
    Position.objects.update(prescribed=1)
    propose(stage, provincial_officer)
    propose(stage, provincial_officer, **back_home(stage, other_person(stage)))
    chosen = [each.pk for each in Rotation.objects.all()]
    officer, boss = signed_in(provincial_officer), signed_in(approver)

    assert "Chưa có ý kiến: Nơi đi." in text_of(officer, "/luan-chuyen/trinh/")
    said = {"stance": "agree", "given_on": "01/12/2026", "chon": chosen}
    for side in Side.values:
        assert officer.post("/luan-chuyen/y-kien/", said | {"side": side}).status_code == 302
    assert "2 trên 2 hồ sơ được chọn trình được" in text_of(officer, "/luan-chuyen/trinh/")
    paper = {"submission_no": "12-TTr/BTC", "submitted_on": "01/12/2026", "chon": chosen}
    assert officer.post("/luan-chuyen/trinh/", paper).status_code == 302

    assert "2 trên 2 hồ sơ được chọn đủ điều kiện" in text_of(boss, DECIDE)
    assert "0 trên 1 hồ sơ" in text_of(boss, f"{DECIDE}?chon={chosen[0]}")
    decision = {"decision_no": "30-QĐ/TU", "decision_on": "01/12/2026"}
    judged = boss.post(DECIDE, {"xet": "1", "chon": chosen[:1]})
    assert "Đã đủ" in judged.content.decode()
    alone = boss.post(DECIDE, decision | {"chon": chosen[:1]})
    assert alone.status_code == 422
    assert statuses() == {RotationStatus.PROPOSED}
    assert boss.post(DECIDE, decision | {"chon": chosen}).status_code == 302
    assert statuses() == {RotationStatus.APPROVED}
    assert "Không có hồ sơ nào" in text_of(boss, DECIDE)


def text_of(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_who_may_not_gets_nothing(
    exchange: Exchange, unit_officer: User, approver: User, auditor: User, signed_in: Browser
) -> None:
    assert signed_in(unit_officer).get(DECIDE).status_code == 403
    assert signed_in(auditor).get("/luan-chuyen/trinh/").status_code == 403
    assert "Không có hồ sơ nào" in text_of(signed_in(unit_officer), "/luan-chuyen/trinh/")
    assert signed_in(approver).get("/luan-chuyen/y-kien/").status_code == 403


def many(stage: Stage, officer: User, number: int, *, is_sent: bool = True) -> list[Rotation]:
    """Further deputies of Sở Y tế for Sở Nội vụ, each on a day of their own."""
    make = submitted if is_sent else propose
    return [
        make(
            stage,
            officer,
            **back_home(stage, other_person(stage, code=f"CB-{place:03}")),
            start_on=START + dt.timedelta(days=place),
            planned_end_on=dt.date(2031, 1, 1),
        )
        for place in range(Rotation.objects.count(), Rotation.objects.count() + number)
    ]


@pytest.mark.parametrize("page", ["y-kien", "trinh", "quyet-dinh"])
def test_queries_do_not_grow(
    stage: Stage,
    provincial_officer: User,
    approver: User,
    signed_in: Browser,
    queries: Queries,
    page: str,
) -> None:
    is_sent = page == "quyet-dinh"
    browser, url = signed_in(approver if is_sent else provincial_officer), f"/luan-chuyen/{page}/"
    many(stage, provincial_officer, 2, is_sent=is_sent)
    before = queries(browser, url)
    many(stage, provincial_officer, 6, is_sent=is_sent)
    assert queries(browser, url) == before
    assert before <= 22


def test_many_days_are_judged_as_each_alone(stage: Stage, provincial_officer: User) -> None:
    native = stage.person
    native.retires_on = START + dt.timedelta(days=800)
    native.save()
    rows = [propose(stage, provincial_officer), *many(stage, provincial_officer, 4, is_sent=False)]
    PositionPeriod.objects.create(
        position=Position.objects.get(unit=stage.home, title=stage.title),
        prescribed=5,
        valid_from=START + dt.timedelta(days=3),
    )
    assert len({each.start_on for each in rows}) == 5
    together = checks_of_all(rows, TODAY)
    assert together == [checks_of(each, TODAY) for each in rows]
    said = [
        {each.code: (each.outcome, each.message) for each in checks}[CheckCode.SEAT]
        for checks in together
    ]
    assert len(set(said)) > 1


def test_opinions_claim_nothing_that_was_not_looked_at(
    stage: Stage, provincial_officer: User, signed_in: Browser
) -> None:
    one = propose(stage, provincial_officer)
    browser, url = signed_in(provincial_officer), "/luan-chuyen/y-kien/"
    text = text_of(browser, url)
    assert "đủ điều kiện" not in text.lower()
    assert "Chưa có: Cán bộ được đề xuất; Nơi đi; Nơi đến" in text
    process.opinion_save(actor=provincial_officer, rotation=one, side=Side.SENDING, values=AGREED)
    assert "Chưa có: Cán bộ được đề xuất; Nơi đến" in text_of(browser, url)
    judged = browser.post(url, {"xet": "1", "chon": one.pk, "side": Side.SENDING.value})
    assert "0 trên 1 hồ sơ được chọn ghi được" in judged.content.decode()
    assert "Đã có ý kiến của bên này" in judged.content.decode()
    assert "Không hồ sơ nào đang chờ khớp" in text_of(browser, f"{url}?thieu=sending")
    assert one.cadre.full_name in text_of(browser, f"{url}?thieu=receiving")


def test_of_many_pages_only_what_is_seen_is_chosen(
    stage: Stage, provincial_officer: User, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotation.views.together.PER_PAGE", 3)
    rows = many(stage, provincial_officer, 7, is_sent=False)
    browser, url = signed_in(provincial_officer), "/luan-chuyen/y-kien/"
    first = browser.get(url)
    assert first.content.decode().count("checked") == 3
    assert "Chọn cả 7 hồ sơ, kể cả ở trang khác" in first.content.decode()
    assert "và 4 hồ sơ ở trang khác" in first.content.decode()
    everything = first.context["everything"]
    assert {int(pk) for pk in everything.split(",")} == {each.pk for each in rows}

    said = {"stance": "agree", "given_on": "01/12/2026", "side": "sending"}
    on_page = [each.pk for each in browser.get(f"{url}?trang=2").context["page"].object_list]
    done = browser.post(f"{url}?trang=2", said | {"chon": on_page})
    assert done.status_code == 302
    assert done["Location"] == url
    heard_now = Rotation.objects.filter(opinions__side=Side.SENDING)
    assert {each.pk for each in heard_now} == set(on_page)

    refused = browser.post(f"{url}?trang=2", said | {"chon": on_page, "tat_ca": everything})
    assert refused.status_code == 422
    # Whoever of the others is chosen and hindered is named, on whatever page.
    hindered = browser.post(url, {"xet": "1", "side": "sending", "tat_ca": everything})
    assert "4 trên 7 hồ sơ được chọn ghi được" in hindered.content.decode()
    assert len(hindered.context["elsewhere"]["rows"]) == 3
    receiving = said | {"side": "receiving", "tat_ca": everything}
    assert browser.post(url, receiving).status_code == 302
    assert Rotation.objects.filter(opinions__side=Side.RECEIVING).count() == 7


def test_what_somebody_else_did_meanwhile_is_told(
    exchange: Exchange, approver: User, signed_in: Browser
) -> None:
    process.rotation_return(actor=approver, rotation=exchange.back, reason="Bổ sung")
    decision = {"decision_no": "30-QĐ/TU", "decision_on": "01/12/2026"}
    chosen = [exchange.there.pk, exchange.back.pk]
    sent = signed_in(approver).post(DECIDE, decision | {"chon": chosen})
    assert sent.status_code == 422
    assert "1 hồ sơ đã chọn không còn chờ việc này" in sent.content.decode()
    assert statuses() == {RotationStatus.PROPOSED}


def test_units_and_papers_narrow(
    stage: Stage, provincial_officer: User, approver: User, signed_in: Browser
) -> None:
    submitted(stage, provincial_officer)
    third = factories.UnitFactory(parent=stage.organisation.province, name="Sở Ba")
    factories.PositionFactory(unit=third, title=stage.title, prescribed=2)
    apart = propose(
        stage, provincial_officer, **back_home(stage, other_person(stage)) | {"to_unit": third}
    )
    heard(apart, provincial_officer)
    process.rotation_submit(
        actor=provincial_officer, rotation=apart, submission_no="13-TTr/BTC", submitted_on=TODAY
    )
    browser = signed_in(approver)

    def found(query: str) -> list[int]:
        return [each.pk for each in browser.get(f"{DECIDE}?{query}").context["found"]]

    assert found("to-trinh=13-TTr/BTC") == found(f"don-vi={third.code}") == [apart.pk]
    assert len(found(f"don-vi={stage.away.code}")) == 2
    # What is not offered narrows nothing.
    assert len(found("don-vi=KHONG-CO&to-trinh=x")) == 2


def test_a_unit_is_asked_for_its_own_files_only(
    stage: Stage, provincial_officer: User, unit_officer: User, signed_in: Browser
) -> None:
    """The officer of one side is not offered, and may not write, the word of the other."""
    one = propose(stage, provincial_officer)
    browser, url = signed_in(unit_officer), "/luan-chuyen/y-kien/"
    assert [each.pk for each in browser.get(url).context["found"]] == [one.pk]
    assert browser.get(f"{url}?thieu=receiving").context["found"] == []
    said = {"stance": "agree", "given_on": "01/12/2026", "chon": one.pk}
    refused = browser.post(url, said | {"side": "receiving"})
    assert refused.status_code == 422
    assert "không được ghi ý kiến của bên này" in refused.content.decode()
    assert not one.opinions.exists()
    assert browser.post(url, said | {"side": "sending"}).status_code == 302


# ---- At once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_crosswise_do_not_block_each_other(
    exchange: Exchange, approver: User
) -> None:
    results: list[str] = []
    ready = threading.Barrier(2)

    def act(rotations: list[Rotation]) -> None:
        try:
            ready.wait(10)
            approve_all(approver, *rotations)
            results.append("approved")
        except RotationRefused:
            results.append("refused")
        finally:
            connection.close()

    both = [exchange.there, exchange.back]
    threads = [threading.Thread(target=act, args=[rows]) for rows in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["approved", "refused"]

"""Pages of cycles and dossiers: what each person sees and can do on the way to an approval."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from cadre_portal.common import clock
from cadres.models import Cadre, Notice, User
from planning.choices import DraftAct, PlanStatus
from planning.models import Dossier, DraftItem, Nomination, PlanningCycle
from planning.selectors.cycles import Board
from planning.services.process import dossier_open
from planning.services.telling import remind
from planning.working_days import after_working_days, working_days_between
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries

Browser = Callable[[User], Client]
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def cycle(organisation: Organisation) -> PlanningCycle:
    return factories.CycleFactory(term=organisation.plan.term)


@pytest.fixture
def newcomer(organisation: Organisation) -> Cadre:
    cadre = factories.CadreFactory(code="CB-MOI", full_name="Vàng Thị Mỷ")
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    return cadre


def step_data(number: int, **extra: object) -> dict[str, object]:
    return {
        "held_on": f"{number:02}/11/2026",
        "minutes_no": f"0{number}-BB",
        "chaired_by": "",
        "summoned": "20",
        "present": "19",
        "note": "",
        **extra,
    }


def test_a_review_from_the_cycle_to_the_decision(
    organisation: Organisation,
    cycle: PlanningCycle,
    newcomer: Cadre,
    unit_officer: User,
    approver: User,
    signed_in: Browser,
) -> None:
    officer, boss = signed_in(unit_officer), signed_in(approver)
    plan = organisation.plan
    page = f"/quy-hoach/{plan.pk}/?phan=ho-so"
    assert "Lập hồ sơ" in officer.get(f"/quy-hoach/dot/{cycle.pk}/").content.decode()
    begun = officer.post(f"/quy-hoach/dot/{cycle.pk}/lap-ho-so/", {"don-vi": "SNV"})
    assert begun["Location"] == page
    dossier = Dossier.objects.get()
    at = f"/quy-hoach/ho-so/{dossier.pk}"

    # The review: nothing chosen is nothing saved; a removal without reason is told at its row.
    nomination = Nomination.objects.get(plan=plan)
    bad = officer.post(f"{at}/ra-soat/", {f"de-xuat-{nomination.pk}": "remove"})
    assert bad.status_code == 422
    assert "Chọn lý do đưa Nông Thị Ánh ra khỏi quy hoạch." in bad.content.decode()
    assert not DraftItem.objects.exists()
    saved = officer.post(
        f"{at}/ra-soat/",
        {f"de-xuat-{nomination.pk}": "remove", f"ly-do-{nomination.pk}": "retirement"},
    )
    assert saved.status_code == 302
    item = factories.draft(dossier, organisation.pool, newcomer)

    # The steps: half a row of ballots is refused and nothing typed is lost.
    key = f"phieu-{item.pool_id}-{item.cadre_id}"
    half = officer.post(f"{at}/buoc/2/", step_data(2, **{f"{key}-issued": "19"}))
    text = half.content.decode()
    assert half.status_code == 422
    assert 'value="19"' in text
    assert "Ghi đủ bốn số nguyên" in text
    assert "Còn" in officer.get(page).content.decode()
    counts = {"issued": "19", "collected": "19", "valid": "18", "agree": "15"}
    ballots = {f"{key}-{name}": value for name, value in counts.items()}
    for number in (1, 2, 3, 4):
        extra = ballots if number > 1 else {}
        assert officer.post(f"{at}/buoc/{number}/", step_data(number, **extra)).status_code == 302
    assert "75,0" in officer.get(f"{at}/buoc/2/").content.decode()
    assert "Đủ điều kiện trình" in officer.get(page).content.decode()

    # Submitted, given back with a remark on the person, mended, submitted again, approved.
    sent = {"submission_no": "12-TTr/ĐU", "submitted_on": "20/11/2026"}
    assert officer.post(f"{at}/trinh/", sent)["Location"] == page
    assert Notice.objects.get(user=approver).text.startswith("Sở Nội vụ đã trình hồ sơ")
    assert "Sở Nội vụ" in boss.get("/viec/").content.decode()
    refused = boss.post(f"{at}/tra-lai/", {"reason": "", f"y-kien-{item.pk}": "Chưa rõ LLCT"})
    assert refused.status_code == 422
    assert 'value="Chưa rõ LLCT"' in refused.content.decode()
    reason = {"reason": "Bổ sung nhận xét.", f"y-kien-{item.pk}": "Chưa rõ LLCT"}
    boss.post(f"{at}/tra-lai/", reason)
    shown = officer.get(page).content.decode()
    assert "Bổ sung nhận xét." in shown
    assert "Chưa rõ LLCT" in shown
    assert "Bổ sung nhận xét." in officer.get("/viec/").content.decode()
    officer.post(f"{at}/trinh/", sent)
    decided = {"decision_no": "99-QĐ/TU", "decision_on": "20/11/2026"}
    assert boss.post(f"{at}/phe-duyet/", decided)["Location"] == page
    dossier.refresh_from_db()
    assert dossier.status == PlanStatus.APPROVED
    told = list(Notice.objects.filter(user=unit_officer).values_list("text", flat=True))
    assert [text for text in told if "phê duyệt" in text]
    assert "99-QĐ/TU" in officer.get(f"{at}/").content.decode()
    since = officer.get(f"/quy-hoach/{plan.pk}/?phan=phe-duyet").content.decode()
    assert "Không có thay đổi từ khi phê duyệt" in since


def test_the_board_counts_who_stands_where(
    organisation: Organisation,
    cycle: PlanningCycle,
    unit_officer: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    dossier = dossier_open(actor=unit_officer, plan=organisation.plan, cycle=cycle)
    board = Board(provincial_officer, cycle, TODAY)
    assert [(u.name, u.status) for u in board.units] == [
        ("Sở Nội vụ", PlanStatus.DRAFT),
        ("Sở Y tế", "none"),
    ]
    late = Board(provincial_officer, cycle, dt.date(2027, 1, 4))
    assert late.totals["late"] == 2
    assert [u.name for u in Board(unit_officer, cycle, TODAY).units] == ["Sở Nội vụ"]

    factories.TargetFactory(
        unit=organisation.province, parameter="approval.deadline.working_days", value=30
    )
    Dossier.objects.filter(pk=dossier.pk).update(
        status=PlanStatus.SUBMITTED, submitted_on=dt.date(2026, 11, 2), submitted_by=unit_officer
    )
    (waiting,) = Board(provincial_officer, cycle, TODAY).shown(PlanStatus.SUBMITTED)
    assert waiting.decide_by == dt.date(2026, 12, 14)  # thirty working days after 2 November
    assert waiting.days_left == 16
    text = signed_in(provincial_officer).get(f"/quy-hoach/dot/{cycle.pk}/").content.decode()
    assert "14/12/2026" in text
    assert "còn 16 ngày làm việc" in text


def test_queries_do_not_grow_with_units(
    organisation: Organisation,
    cycle: PlanningCycle,
    provincial_officer: User,
    signed_in: Browser,
    queries: Queries,
) -> None:
    browser = signed_in(provincial_officer)
    urls = (f"/quy-hoach/dot/{cycle.pk}/", "/quy-hoach/dot/", "/viec/")
    before = [queries(browser, url) for url in urls]
    for number in range(8):
        unit = factories.UnitFactory(parent=organisation.province)
        plan = factories.PlanFactory(unit=unit, term=organisation.plan.term)
        dossier = dossier_open(actor=provincial_officer, plan=plan, cycle=cycle)
        status = (PlanStatus.DRAFT, PlanStatus.SUBMITTED)[number % 2]
        Dossier.objects.filter(pk=dossier.pk).update(
            status=status, submitted_on=TODAY, submitted_by=provincial_officer
        )
    after = [queries(browser, url) for url in urls]
    # Deadlines take two queries more once there are any.
    assert all(now <= was + 2 for was, now in zip(before, after, strict=True)), (before, after)
    # What waits for somebody is asked of every room, each with a fixed number.
    assert max(after[:2]) <= 12
    assert after[2] <= 24


def test_reminders_come_once_and_only_to_the_nearest_officers(
    organisation: Organisation,
    cycle: PlanningCycle,
    unit_officer: User,
    other_unit_officer: User,
    provincial_officer: User,
) -> None:
    day = cycle.due_on - dt.timedelta(days=5)
    assert remind(today=cycle.due_on - dt.timedelta(days=30)) == 0
    for _again in range(2):
        assert remind(today=day) == 2
    assert {n.user_id: n.text for n in Notice.objects.all()} == {
        unit_officer.pk: "Sở Nội vụ cần trình hồ sơ “Rà soát, bổ sung quy hoạch năm 2026”, "
        "hạn 31/12/2026.",
        other_unit_officer.pk: "Sở Y tế cần trình hồ sơ “Rà soát, bổ sung quy hoạch năm 2026”, "
        "hạn 31/12/2026.",
    }
    remind(today=dt.date(2027, 1, 5))
    assert Notice.objects.filter(user=unit_officer, text__contains="quá hạn").count() == 1


def test_working_days_leave_out_weekends_and_holidays() -> None:
    holidays = {dt.date(2026, 9, 2)}
    assert after_working_days(dt.date(2026, 8, 31), 3, holidays) == dt.date(2026, 9, 4)
    assert after_working_days(dt.date(2026, 8, 28), 1, holidays) == dt.date(2026, 8, 31)
    assert working_days_between(dt.date(2026, 8, 28), dt.date(2026, 9, 4), holidays) == 4
    assert working_days_between(dt.date(2026, 9, 4), dt.date(2026, 8, 28), holidays) == -4


def test_a_notice_is_marked_when_it_is_followed(
    unit_officer: User, cycle: PlanningCycle, signed_in: Browser
) -> None:
    remind(today=cycle.due_on)
    notice = Notice.objects.get(user=unit_officer)
    browser = signed_in(unit_officer)
    assert "1 thông báo chưa đọc" in browser.get("/thong-bao/").content.decode()
    assert browser.post(f"/thong-bao/{notice.pk}/")["Location"] == notice.url
    assert "1 thông báo chưa đọc" not in browser.get("/thong-bao/").content.decode()


def test_carrying_over_leaves_out_who_no_longer_fits(
    organisation: Organisation, unit_officer: User, newcomer: Cadre, signed_in: Browser
) -> None:
    """The next term's draft takes the people of this term in whom no rule fails."""
    newcomer.birth_date = dt.date(1990, 5, 2)
    newcomer.sex = "female"
    newcomer.save()
    factories.NominationFactory(pool=organisation.pool, cadre=newcomer)
    Cadre.objects.filter(pk=organisation.insider.pk).update(
        birth_date=dt.date(1966, 5, 2), sex="female"
    )
    term = factories.TermFactory(
        code="2030-2035", starts_on=dt.date(2030, 10, 1), ends_on=dt.date(2035, 9, 30)
    )
    plan = factories.PlanFactory(
        unit=organisation.department, term=term, status=PlanStatus.DRAFT, approved_on=None
    )
    cycle = factories.CycleFactory(term=term, kind="first")
    dossier = dossier_open(actor=unit_officer, plan=plan, cycle=cycle)
    signed_in(unit_officer).post(f"/quy-hoach/ho-so/{dossier.pk}/chuyen-tiep/")
    (item,) = DraftItem.objects.filter(dossier=dossier)
    assert (item.cadre, item.act) == (newcomer, DraftAct.ADD)
    assert item.carried_from == organisation.pool

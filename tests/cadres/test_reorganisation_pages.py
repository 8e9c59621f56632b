"""Reorganisations in the browser: a merge from the first click to the applied act, and races."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.choices import ReorganisationStatus, StepKind
from cadres.models import Appointment, Reorganisation, ReorganisationStep, Unit, UnitPeriod, User
from cadres.selectors.act_effects import effects_of
from cadres.services import reorganisations as services
from tests.cast import Organisation

Browser = Callable[[User], Client]
DAY = dt.date(2026, 7, 1)


def _draft(*steps: dict[str, Any]) -> Reorganisation:
    act = Reorganisation.objects.create(name="Sắp xếp", effective_on=DAY, decision_no="1-NQ/TU")
    for number, step in enumerate(steps, start=1):
        ReorganisationStep.objects.create(reorganisation=act, number=number, **step)
    return act


def _rename(code: str, name: str) -> dict[str, Any]:
    return {"kind": StepKind.RENAME, "unit_code": code, "name": name}


def _url(name: str, act: Reorganisation, *args: Any) -> str:
    return reverse(f"cadres:reorganisation-{name}", args=[act.pk, *args])


# ---- Pages -----------------------------------------------------------------------------------


def test_a_draft_is_made_step_by_step(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """A merge into a new unit adds two steps; the preview says what happens to people."""
    client = signed_in(provincial_officer)
    values = {"name": "Hợp nhất", "effective_on": "2026-07-01", "decision_no": "2-NQ/TU"}
    client.post(reverse("cadres:reorganisation-add"), values)
    act = Reorganisation.objects.get()
    assert act.created_by == provincial_officer
    step = {
        "version": act.version,
        "sources": ["SNV", "SYT"],
        "new_code": "SNYT",
        "new_name": "Sở Nội vụ và Y tế",
        "new_kind": "department",
        "new_level": "province",
        "new_parent": "CB",
    }
    client.post(_url("step-add", act, "merge"), step)
    page = client.get(_url("detail", act))
    text = page.content.decode()
    assert "Lập Sở Nội vụ và Y tế (mã SNYT), trực thuộc Tỉnh ủy Cao Bằng" in text
    assert "Nhập Sở Nội vụ, Sở Y tế vào Sở Nội vụ và Y tế" in text
    assert "Trung tâm Lưu trữ" in text
    # Two directors for one post have to be settled first.
    assert page.context["problem_count"] == 1
    assert not page.context["can_apply"]
    # A stale page changes nothing and says so.
    again = client.post(_url("step-add", act, "merge"), step, follow=True)
    assert "vừa được thay đổi" in again.content.decode()
    assert act.steps.count() == 2


def test_what_is_wrong_stands_beside_its_step(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """And there is no button to apply it."""
    act = _draft(_rename("SNV", "Sở Nội vụ"))
    page = signed_in(provincial_officer).get(_url("detail", act))
    assert "không đổi so với hiện nay" in page.context["steps"][0]["problems"][0]
    assert not page.context["can_apply"]


def test_a_form_that_is_wrong_comes_back_with_its_values(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """No target chosen, none named."""
    act = _draft()
    values = {"version": act.version, "sources": ["SNV"]}
    page = signed_in(provincial_officer).post(_url("step-add", act, "merge"), values)
    assert page.status_code == 422
    assert "Hãy chọn một đơn vị nhận" in page.content.decode()


def test_people_and_posts_are_chosen(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """Half a choice is refused; a whole one shows in the preview."""
    act = _draft({"kind": StepKind.MERGE, "unit_code": "SYT", "other_codes": ["SNV-LT"]})
    held = Appointment.objects.get(unit__code="SNV-LT")
    client = signed_in(provincial_officer)
    half = {"version": act.version, f"don_vi_{held.pk}": "SYT", f"chuc_danh_{held.pk}": ""}
    assert "Chọn cả đơn vị" in client.post(_url("people", act), half).content.decode()
    whole = half | {f"chuc_danh_{held.pk}": organisation.director.pk}
    client.post(_url("people", act), whole)
    assert act.choices.get().unit_code == "SYT"
    act.refresh_from_db()
    posts = {"version": act.version, f"so_{organisation.director.pk}_SYT": "3"}
    client.post(_url("posts", act), posts)
    assert act.posts.get().prescribed == 3
    assert client.get(_url("detail", act)).context["effects"]["posts"][0]["after"] == "3"


def test_unit_pages_tell_of_the_act(
    organisation: Organisation, provincial_officer: User, unit_officer: User, signed_in: Browser
) -> None:
    """Linked for who may read it, named for others."""
    act = _draft(_rename("SNV", "Sở Mới"))
    services.act_apply(act=act)
    url = reverse("cadres:unit-detail", args=["SNV"])
    assert _url("detail", act) in signed_in(provincial_officer).get(url).content.decode()
    text = signed_in(unit_officer).get(url).content.decode()
    assert "1-NQ/TU" in text
    assert _url("detail", act) not in text
    former = signed_in(unit_officer).get(url + "?ngay=2026-06-30").content.decode()
    assert "<h1>Sở Nội vụ</h1>" in former
    assert "nay là Sở Mới" in former


# ---- Races -----------------------------------------------------------------------------------


def _together(*works: Callable[[], object]) -> list[object]:
    """Run works at once, each on a connection of its own; what each returned or raised."""
    barrier = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def one(place: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_one_act_applied_twice_at_once_is_done_once(organisation: Organisation) -> None:
    """A double click on two workers."""
    act = _draft(_rename("SNV", "Sở Mới"))
    digest = effects_of(act).digest
    work = lambda: services.act_apply(act=act, digest=digest)  # noqa: E731
    results = _together(work, work)
    refused = [each for each in results if isinstance(each, services.ReorganisationChanged)]
    assert len(refused) == 1
    assert UnitPeriod.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_take_turns(organisation: Organisation) -> None:
    """Both would end the same unit: the second finds that the first did."""
    Appointment.objects.filter(unit=organisation.centre).delete()
    acts = [
        _draft({"kind": StepKind.MERGE, "unit_code": heir, "other_codes": ["SNV-LT"]})
        for heir in ("SNV", "SYT")
    ]
    results = _together(*[lambda act=act: services.act_apply(act=act) for act in acts])
    refused = [each for each in results if isinstance(each, services.ReorganisationRefused)]
    assert len(refused) == 1
    assert "không hoạt động" in refused[0].reasons[0] or "kết thúc" in refused[0].reasons[0]
    assert Unit.objects.get(code="SNV-LT").successors.count() == 1
    assert not any(Unit.objects.find_problems())


# ---- A journey -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_merge_from_the_first_click_to_the_tree_of_before(
    organisation: Organisation,
    provincial_officer: User,
    signed_in: Browser,
    browser: Chromium,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    """Draft, merge with a new unit, a head to settle, apply, look at the day before, undo."""
    name = settings.SESSION_COOKIE_NAME
    cookie = signed_in(provincial_officer).cookies[name].value
    context = browser.new_context(**browser_context_args)
    context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
    page: Page = context.new_page()
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page.goto(f"{live_server.url}/to-chuc/")
    page.get_by_role("link", name="Sắp xếp tổ chức").click()
    page.get_by_role("link", name="Đợt sắp xếp mới").first.click()
    page.get_by_label("nội dung", exact=False).first.fill("Hợp nhất hai sở")
    page.get_by_label("ngày hiệu lực", exact=False).first.fill("2026-07-01")
    page.get_by_label("số quyết định", exact=False).first.fill("9-NQ/TU")
    page.get_by_role("button", name="Tạo bản dự thảo").click()

    page.get_by_role("link", name="Hợp nhất, sáp nhập").click()
    page.locator("select[name=sources]").select_option(["SNV", "SYT"])
    page.locator("input[name=new_code]").fill("SM")
    page.locator("input[name=new_name]").fill("Sở Mới")
    page.locator("select[name=new_kind]").select_option("department")
    page.locator("select[name=new_level]").select_option("province")
    page.locator("select[name=new_parent]").select_option("CB")
    page.get_by_role("button", name="Thêm bước").click()
    expect(page.get_by_text("Nhập Sở Nội vụ, Sở Y tế vào Sở Mới")).to_be_visible()
    expect(page.get_by_text("2 người cùng giữ")).to_be_visible()

    page.get_by_role("link", name="Bố trí người…").click()
    page.get_by_label("Đơn vị đến của Lý Thị Đào").select_option("-")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Áp dụng…").click()
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_text("Đã áp dụng. Kết quả kiểm tra")).to_be_visible()
    assert Reorganisation.objects.get().status == ReorganisationStatus.APPLIED

    page.get_by_role("link", name="Tổ chức ngày 30/06/2026").click()
    expect(page.get_by_role("link", name="Sở Y tế")).to_be_visible()
    expect(page.get_by_role("link", name="Sở Mới")).to_have_count(0)
    page.get_by_role("link", name="Về hôm nay").click()
    expect(page.get_by_role("link", name="Sở Mới", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Trung tâm Lưu trữ", exact=True)).to_be_visible()
    # A branch is closed and opened again.
    page.locator("a[data-tree]", has_text="Sở Mới").click()
    expect(page.get_by_role("link", name="Trung tâm Lưu trữ", exact=True)).to_be_hidden()

    page.goto(live_server.url + _url("detail", Reorganisation.objects.get()))
    page.get_by_role("link", name="Hoàn tác…").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("trở lại như trước")).to_be_visible()
    context.close()
    assert Unit.objects.get(code="SNV").valid_to is None
    assert not Unit.objects.filter(code="SM").exists()

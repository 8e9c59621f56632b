"""The pool editor: what is proposed in an address, judged before anything is saved."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.common import clock
from cadres.models import Cadre, User
from planning.choices import CycleKind, DraftAct, PlanStatus
from planning.contexts.cards import place_of
from planning.contexts.plan_address import PlanAddress
from planning.contexts.what_if import WhatIf
from planning.models import Dossier, DraftItem, DraftSave, Nomination, Plan, Pool
from planning.selectors.drafts import changes_asked
from planning.services import plan_check
from planning.services.drafts import draft_save
from planning.services.process import dossier_open
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries
from tests.rules.strategies import random_search
from tests.support.axe import violations

Browser = Callable[[User], Client]
TODAY = dt.date(2026, 11, 20)
NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám")


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def office(organisation: Organisation) -> SimpleNamespace:
    """A plan with two pools, four people in them, five who could join, and targets that bind."""
    for parameter, value in (
        ("planning.women_share.minimum", 50),
        ("planning.age_bands.young_below", 40),
        ("planning.age_bands.middle_to", 50),
        ("planning.young_share.minimum", 30),
        ("planning.young_share.age_below", 40),
    ):
        factories.TargetFactory(unit=organisation.province, parameter=parameter, value=value)
    directors = organisation.pool
    deputies = factories.pool_of(organisation.plan, organisation.deputy, prescribed=2)
    people = []
    for number in range(8):
        cadre = factories.CadreFactory(
            code=f"CB-{number}",
            full_name=f"Người Thứ {NUMBERS[number]}",
            sex="female" if number % 3 == 0 else "male",
            birth_date=dt.date(1968 + 4 * number, 5, 5) if number else None,
        )
        unit = organisation.other if number == 7 else organisation.department
        factories.AppointmentFactory(cadre=cadre, unit=unit, title=organisation.deputy)
        people.append(cadre)
    for pool, cadre in ((directors, people[1]), (deputies, people[2]), (deputies, people[1])):
        factories.NominationFactory(pool=pool, cadre=cadre)
    cycle = factories.CycleFactory(term=organisation.plan.term)
    return SimpleNamespace(
        organisation=organisation,
        plan=organisation.plan,
        directors=directors,
        deputies=deputies,
        people=people,
        cycle=cycle,
    )


@pytest.fixture
def dossier(office: SimpleNamespace, unit_officer: User) -> Dossier:
    return dossier_open(actor=unit_officer, plan=office.plan, cycle=office.cycle)


def page_url(plan: Plan, *pairs: tuple[str, Any]) -> str:
    tail = f"?{urlencode(pairs)}" if pairs else ""
    return reverse("planning:plan-detail", args=[plan.pk]) + tail


def to(name: str, plan: Plan) -> str:
    return reverse(f"planning:plan-draft-{name}", args=[plan.pk])


def adding(pool: Pool, cadre: Cadre) -> tuple[str, str]:
    return "them", f"{pool.pk}-{cadre.code}"


def nomination(pool: Pool, cadre: Cadre) -> Nomination:
    return Nomination.objects.get(pool=pool, cadre=cadre)


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def person(page: Any, name: str, pool: int = 0) -> dict[str, Any]:
    found = [
        each
        for grid in page.context["grids"]
        for band in grid["bands"]
        for cell in band["cells"]
        for each in cell["people"]
        if each["name"] == name
    ]
    return found[pool]


# ---- What if ---------------------------------------------------------------------------------


def test_an_address_proposes_and_a_get_writes_nothing(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    """One joins, one leaves: before and after, in totals, heads, bands, cards and rows."""
    browser, (_, one, two, *others) = signed_in(unit_officer), office.people
    before = browser.get(page_url(office.plan))
    joins = others[3]
    gone = nomination(office.deputies, two)
    page = browser.get(
        page_url(office.plan, adding(office.deputies, joins), ("bo", gone.pk), ("goc", 0))
    )
    panel = page.context["panel"]
    assert (panel["unsaved"], panel["can_save"], panel["unreasoned"]) == (2, True, 1)
    assert page.context["totals_before"] == before.context["totals"]
    assert page.context["totals"] != before.context["totals"]
    assert person(page, joins.full_name)["state"] == "new"
    assert person(page, two.full_name)["state"] == "out"
    assert person(page, one.full_name)["state"] == ""
    text = text_of(page)
    for words in ("Nếu lưu 2 thay đổi", "Mới thêm, chưa lưu", "Chọn lý do…", "Lưu thay đổi"):
        assert words in text
    (band,) = [b for b in page.context["grids"][0]["bands"] if b["label"] == "Dưới 40"]
    assert (band["before"], band["count"]) == (0, 1)
    (card,) = [c for c in page.context["cards"]["not_met"] if c["title"] == "Tỷ lệ cán bộ trẻ"] or [
        c for c in page.context["cards"]["better"] if c["title"] == "Tỷ lệ cán bộ trẻ"
    ]
    assert card["was"].startswith("0/3")
    assert card["share"]["after_part"] == 1
    assert not DraftItem.objects.exists()
    # Every way back leads to the page as it was.
    assert person(page, joins.full_name)["way_url"].count("them=") == 0
    assert panel["clear_url"] == page_url(office.plan)
    assert parse_qs(urlparse(panel["repair_url"]).query)["bo"] == [str(gone.pk)]


def test_the_board_alone_is_swapped(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    url = page_url(office.plan, adding(office.deputies, office.people[5]))
    part = browser.get(url, headers={"HX-Request": "true", "HX-Target": "ban"}).content.decode()
    assert part.lstrip().startswith('<div class="with-aside board" id="ban"')
    assert "Nếu lưu 1 thay đổi" in part


def test_what_a_row_says(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    """Age at the term's start beside age today, last grade, other pools of the term in scope."""
    one = office.people[1]
    factories.EvaluationFactory(cadre=one, unit=office.organisation.department, year=2025)
    hidden = factories.pool_of(office.organisation.other_plan, office.organisation.deputy)
    factories.NominationFactory(pool=hidden, cadre=one)
    page = signed_in(unit_officer).get(page_url(office.plan))
    row = person(page, one.full_name)
    assert (row["age"], row["starting_age"], row["grade"]["short"]) == (54, 53, "HTTNV")
    assert row["others"] == ["Phó Giám đốc"]
    assert "Sở Y tế" not in text_of(page)


def test_who_is_out_of_scope_is_not_added(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    """By address and by form: as if there were nobody of that code."""
    browser, outsider = signed_in(unit_officer), office.people[7]
    page = browser.get(page_url(office.plan, adding(office.deputies, outsider)))
    assert outsider.full_name not in text_of(page)
    assert page.context["panel"]["unsaved"] == 0
    assert "1 người trong địa chỉ không có trong phạm vi" in text_of(page)
    name, value = adding(office.deputies, outsider)
    browser.post(to("save", office.plan), {name: value, "goc": 0})
    assert not DraftItem.objects.exists()


def test_nonsense_in_an_address_is_passed_over(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    pairs = [
        ("them", "x-1"),
        ("them", "99999999999999999999-CB-5"),
        ("bo", "-3"),
        ("bo", str(10**14)),
        ("rut", "1-CB-5"),
        ("xep", f"{office.deputies.pk}-a.b."),
        ("goc", "moi"),
        ("them", f"{office.deputies.pk}-CB\x00"),
    ]
    page = signed_in(unit_officer).get(page_url(office.plan, *pairs))
    assert page.status_code == 200
    assert page.context["panel"]["unsaved"] <= 1


def test_readers_see_a_shared_proposal_and_change_nothing(
    office: SimpleNamespace,
    dossier: Dossier,
    inspector: User,
    auditor: User,
    other_unit_officer: User,
    signed_in: Browser,
) -> None:
    """Why somebody is to leave is told to whom disciplines are told."""
    factories.draft(
        dossier, office.deputies, office.people[2], DraftAct.REMOVE, reason="discipline"
    )
    url = page_url(
        office.plan,
        adding(office.deputies, office.people[5]),
        ("bo", nomination(office.deputies, office.people[1]).pk),
        ("goc", 99),
    )
    for reader in (inspector, auditor):
        browser = signed_in(reader)
        text = text_of(browser.get(url))
        assert ("bị kỷ luật" in text) == (reader == inspector)
        assert "Đề xuất đưa ra" in text
        assert "Phương án chưa lưu" in text
        assert "Lưu thay đổi" not in text
        assert "Thêm người" not in text
        assert browser.post(to("save", office.plan), {"goc": 0}).status_code == 403
    assert signed_in(other_unit_officer).get(url).status_code == 404
    assert signed_in(other_unit_officer).post(to("save", office.plan)).status_code == 404


def test_the_plan_as_it_stands_beside_its_draft(
    office: SimpleNamespace,
    dossier: Dossier,
    inspector: User,
    approver: User,
    unit_officer: User,
    signed_in: Browser,
) -> None:
    """Who reads sees the plan, who works on the draft the draft; each can look at the other."""
    factories.draft(dossier, office.deputies, office.people[5])
    name = office.people[5].full_name
    for reader, first in ((inspector, False), (unit_officer, True), (approver, True)):
        browser = signed_in(reader)
        page = browser.get(page_url(office.plan))
        assert (name in text_of(page)) == first
        standing, drafted = page.context["panel"]["views"]
        assert (standing["here"], drafted["here"]) == (not first, first)
        assert name not in text_of(browser.get(standing["url"]))
        assert name in text_of(browser.get(drafted["url"]))
    page = signed_in(unit_officer).get(page_url(office.plan, ("xem", "duyet")))
    assert not any(grid["feet"] for grid in page.context["grids"])


def test_a_pool_one_is_in_is_closed(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    unit_officer.cadre = office.people[2]
    unit_officer.save()
    browser = signed_in(unit_officer)
    page = browser.get(page_url(office.plan))
    assert "Đồng chí có tên ở đây nên không sửa được" in text_of(page)
    (one, other) = (person(page, office.people[1].full_name, pool) for pool in (0, 1))
    assert sorted(bool(row["way_url"]) for row in (one, other)) == [False, True]
    gone = nomination(office.deputies, office.people[1])
    data = {"bo": gone.pk, f"ly-do-{gone.pk}": "tasks", "goc": 0}
    assert browser.post(to("save", office.plan), data).status_code == 403
    assert not DraftItem.objects.exists()


def test_another_day(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    """Judged for that day, and the page says from when a plan changes."""
    day = ("ngay", "2027-01-15")
    url = page_url(office.plan, adding(office.deputies, office.people[5]), day)
    text = text_of(signed_in(unit_officer).get(url))
    assert "Kết quả tính cho ngày 15/01/2027" in text
    assert "quy hoạch thay đổi từ ngày phê duyệt" in text


def test_queries_do_not_grow(
    office: SimpleNamespace,
    dossier: Dossier,
    provincial_officer: User,
    signed_in: Browser,
    queries: Queries,
) -> None:
    """With a draft and unsaved changes; more people, more changes, no more queries."""
    browser = signed_in(provincial_officer)

    def add(number: int) -> tuple[str, str]:
        cadre = factories.CadreFactory(code=f"M-{number}")
        factories.AppointmentFactory(
            cadre=cadre, unit=office.organisation.department, title=office.organisation.deputy
        )
        return adding(office.deputies, cadre)

    factories.draft(dossier, office.deputies, office.people[3])
    few = queries(browser, page_url(office.plan, add(0), ("goc", 0)))
    for _number in range(8):
        factories.NominationFactory(pool=office.directors, cadre=factories.CadreFactory())
        factories.draft(dossier, office.deputies, factories.CadreFactory())
    many = queries(browser, page_url(office.plan, *map(add, range(10, 20)), ("goc", 0)))
    assert many == few


# ---- Saving ----------------------------------------------------------------------------------


def save_form(page: Any, **values: Any) -> dict[str, Any]:
    """What the form of a page would send, with what one chose in it."""
    data: dict[str, Any] = {}
    for name, value in page.context["panel"]["fields"]:
        data.setdefault(name, []).append(value)
    return {**data, **values}


def test_saving_without_script_and_taking_back(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    gone = nomination(office.deputies, office.people[2])
    url = page_url(office.plan, adding(office.deputies, office.people[5]), ("bo", gone.pk))
    page = browser.get(url)
    refused = browser.post(to("save", office.plan), save_form(page))
    assert refused.status_code == 422
    assert f"Chọn lý do đưa {office.people[2].full_name} ra" in text_of(refused)
    assert f'href="#bo-{gone.pk}"' in refused.content.decode()
    assert refused.context["panel"]["unsaved"] == 2
    saved = browser.post(
        to("save", office.plan), save_form(refused, **{f"ly-do-{gone.pk}": "tasks"}), follow=True
    )
    assert "Đã lưu 2 thay đổi vào dự thảo." in text_of(saved)
    assert "đề xuất đưa ra: không hoàn thành nhiệm vụ" in text_of(saved).lower()
    assert person(saved, office.people[5].full_name)["state"] == "drafted"
    # Coming back to the address from before proposes nothing any more.
    assert browser.get(url).context["panel"]["unsaved"] == 0
    undo = saved.context["panel"]["undo"]
    back = browser.post(undo["url"], {"goc": undo["version"]}, follow=True)
    assert "Đã hoàn tác lần lưu" in text_of(back)
    assert not DraftItem.objects.exists()
    again = browser.post(undo["url"], {"goc": undo["version"]}, follow=True)
    assert "Không có lần lưu nào để hoàn tác" in text_of(again)


def test_withdrawing_and_ordering_by_links(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    """Every way on a row is a link; saving what they propose empties the address."""
    browser = signed_in(unit_officer)
    factories.draft(dossier, office.deputies, office.people[3])
    leaving = nomination(office.deputies, office.people[2])
    factories.draft(dossier, office.deputies, office.people[2], DraftAct.REMOVE, reason="tasks")
    who_else = reverse("planning:pool-suggestions", args=[office.plan.pk, office.deputies.pk])
    asked = {"q": office.people[3].code, "rut": f"{office.deputies.pk}-{office.people[3].code}"}
    assert office.people[3].full_name in text_of(browser.get(who_else, asked))
    assert office.people[3].full_name not in text_of(browser.get(who_else, {"q": asked["q"]}))
    page = browser.get(page_url(office.plan))
    for who, state in ((office.people[3], "undrafted"), (office.people[2], "staying")):
        page = browser.get(person(page, who.full_name)["way_url"])
        assert person(page, who.full_name)["state"] == state
    browser.post(to("save", office.plan), save_form(page))
    assert not DraftItem.objects.exists()
    assert leaving.removed_on is None
    factories.NominationFactory(pool=office.deputies, cadre=office.people[3])
    page = browser.get(page_url(office.plan))
    rows = [person(page, who.full_name) for who in office.people[2:4]]
    first, second = sorted(rows, key=lambda row: not row["down_url"])
    page = browser.get(first["down_url"])
    assert page.context["panel"]["ordered"] == ["Phó Giám đốc"]
    browser.post(to("save", office.plan), save_form(page))
    names = list(DraftItem.objects.order_by("place").values_list("cadre__full_name", flat=True))
    assert names.index(second["name"]) < names.index(first["name"])
    assert len(names) == office.deputies.nominations.count()


def test_opening_a_dossier_keeps_what_is_proposed(
    office: SimpleNamespace, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    gone = nomination(office.deputies, office.people[2])
    pairs = [
        adding(office.deputies, office.people[5]),
        ("bo", gone.pk),
        (f"ly-do-{gone.pk}", "tasks"),
    ]
    page = browser.get(page_url(office.plan, *pairs))
    opening = page.context["panel"]["opening"]
    assert [cycle.pk for cycle in opening["cycles"]] == [office.cycle.pk]
    assert not page.context["panel"]["can_save"]
    none_yet = browser.post(to("save", office.plan), dict(pairs), follow=True)
    assert "chưa có hồ sơ đang mở" in text_of(none_yet)
    opened = browser.post(
        opening["url"], {"dot": office.cycle.pk, **dict(opening["fields"])}, follow=True
    )
    assert opened.context["panel"]["can_save"]
    assert (opened.context["panel"]["unsaved"], opened.context["panel"]["unreasoned"]) == (2, 0)
    other = factories.CycleFactory(
        term=office.plan.term, kind=CycleKind.FIRST, name="Lần đầu", year=2025
    )
    wrong = browser.post(to("open", office.plan), {"dot": other.pk}, follow=True)
    assert "Chọn một đợt đang mở" in text_of(wrong)


def test_a_submitted_dossier_is_closed(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, signed_in: Browser
) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        status=PlanStatus.SUBMITTED, submitted_on=TODAY, submitted_by=unit_officer
    )
    browser = signed_in(unit_officer)
    page = browser.get(page_url(office.plan))
    assert "Hồ sơ đã trình nên dự thảo đang đóng" in text_of(page)
    assert not any(grid["feet"] for grid in page.context["grids"])
    name, value = adding(office.deputies, office.people[5])
    told = browser.post(to("save", office.plan), {name: value}, follow=True)
    assert "đã trình nên không sửa được" in text_of(told)


def test_the_second_of_two_officers_loses_nothing(
    office: SimpleNamespace,
    dossier: Dossier,
    unit_officer: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    """Told who changed what, beside what they chose; then theirs or mine, by a link."""
    gone = nomination(office.deputies, office.people[2])
    pairs = [
        ("bo", gone.pk),
        (f"ly-do-{gone.pk}", "over_age"),
        adding(office.deputies, office.people[5]),
    ]
    mine = page_url(office.plan, *pairs, ("goc", 0))
    browser = signed_in(unit_officer)
    page = browser.get(mine)
    signed_in(provincial_officer).post(
        to("save", office.plan), {"bo": gone.pk, f"ly-do-{gone.pk}": "tasks", "goc": 0}
    )
    met = browser.post(
        to("save", office.plan), save_form(page, **{f"ly-do-{gone.pk}": "over_age"}), follow=True
    )
    kept = parse_qs(urlparse(met.redirect_chain[-1][0]).query)
    assert kept["bo"] == [str(gone.pk)]
    assert kept["them"] == [f"{office.deputies.pk}-{office.people[5].code}"]
    meeting = met.context["panel"]["meeting"]
    assert meeting["who"] == [str(provincial_officer)]
    (row,) = meeting["rows"]
    assert row["mine"] == "đưa ra (quá tuổi quy hoạch)"
    assert row["theirs"] == "đưa ra (không hoàn thành nhiệm vụ)"
    assert not met.context["panel"]["can_save"]
    assert DraftSave.objects.count() == 1
    theirs = browser.get(meeting["theirs_url"])
    assert theirs.context["panel"]["unsaved"] == 1
    own = browser.get(meeting["mine_url"])
    browser.post(to("save", office.plan), save_form(own, **{f"ly-do-{gone.pk}": "over_age"}))
    items = dict(DraftItem.objects.values_list("cadre_id", "reason"))
    assert items == {office.people[2].pk: "over_age", office.people[5].pk: ""}


# ---- In a browser ----------------------------------------------------------------------------

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}


def test_editing_in_a_browser_wide_narrow_and_without_script(
    office: SimpleNamespace,
    dossier: Dossier,
    unit_officer: User,
    signed_in: Browser,
    browser: Chromium,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    """Add from the side panel, move and take out by keys, back, save, undo; on a phone; plain."""
    complaints: list[str] = []
    session = signed_in(unit_officer).cookies[settings.SESSION_COOKIE_NAME].value

    def open_page(url: str, **look: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **look})
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(live_server.url + url)
        return page

    joins, leaves = office.people[5], office.people[2]
    factories.NominationFactory(pool=office.deputies, cadre=office.people[3])
    page = open_page(page_url(office.plan), viewport=WIDE)
    page.locator(f"#them-{office.deputies.pk}").click()
    page.locator("#ngan-keo input[type=search]").press_sequentially("nguoi thu sau")
    page.locator("#ngan-keo").get_by_role("link", name=f"thêm {joins.full_name}").click()
    expect(page.locator(".sum h2")).to_have_text("Nếu lưu 1 thay đổi")
    expect(page.locator(f"#nguoi-{office.deputies.pk}-{joins.code}-ten")).to_be_focused()
    page.locator(f"#nguoi-{office.deputies.pk}-{leaves.code}-ten").press("Alt+ArrowDown")
    expect(page.locator(".sum h2")).to_have_text("Nếu lưu 2 thay đổi")
    page.go_back()
    expect(page.locator(".sum h2")).to_have_text("Nếu lưu 1 thay đổi")
    page.locator(f"#nguoi-{office.deputies.pk}-{leaves.code}-ten").press("Delete")
    expect(page.locator(".sum h2")).to_have_text("Nếu lưu 2 thay đổi")
    page.get_by_label(f"Lý do đưa {leaves.full_name}").select_option("tasks")
    page.wait_for_url("**ly-do-**")
    assert serious(page) == []
    assert not DraftItem.objects.exists()
    page.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.locator(".notes")).to_contain_text("Đã lưu 2 thay đổi")
    page.get_by_role("button", name="Hoàn tác lần lưu").click()
    expect(page.locator(".notes")).to_contain_text("Đã hoàn tác")

    gone = nomination(office.deputies, leaves)
    url = page_url(office.plan, ("bo", gone.pk), ("chuc-danh", office.deputies.pk))
    for look in ({"viewport": PHONE}, {"viewport": WIDE, "java_script_enabled": False}):
        page = open_page(url, **look)
        assert page.locator("html").evaluate("e => e.scrollWidth") <= look["viewport"]["width"]
        page.get_by_label(f"Lý do đưa {leaves.full_name}").select_option("tasks")
        if look["viewport"] == PHONE:
            page.wait_for_url("**ly-do-**")
            assert serious(page) == []
        page.locator("button:visible", has_text=re.compile("^Lưu")).click()
        expect(page.locator(".notes")).to_contain_text("Đã lưu 1 thay đổi")
        page.get_by_role("button", name="Hoàn tác lần lưu").click()
        expect(page.locator(".notes")).to_contain_text("Đã hoàn tác")
    acts = [save.undone_at is not None for save in DraftSave.objects.all()]
    assert acts == [True] * 6
    assert complaints == []


def serious(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds that keeps somebody from reading or working."""
    return [each for each in violations(page) if each[0] in ("serious", "critical")]


# ---- What if is what will be -----------------------------------------------------------------


def said(findings: Any, keys: dict[int, Any]) -> set[Any]:
    return {
        (*place_of(each, keys), each.outcome, str(each.measured), each.message) for each in findings
    }


EDITS = st.lists(
    st.tuples(st.sampled_from(("them", "bo", "rut")), st.integers(0, 1), st.integers(0, 6)),
    max_size=6,
)


@random_search(12)
@given(first=EDITS, second=EDITS)
def test_what_if_is_the_check_after_saving_and_after_approval(
    office: SimpleNamespace, dossier: Dossier, unit_officer: User, first: Any, second: Any
) -> None:
    """Two rounds of random edits: the page before a save says what it says after, and the plan."""
    plan = Plan.objects.select_related("unit", "term").get(pk=office.plan.pk)
    with transaction.atomic():
        for edits in (first, second):
            what_if = asked_by(office, plan, unit_officer, edits)
            guess = said(what_if.findings, what_if.keys(what_if.after))
            held = Dossier.objects.get(pk=dossier.pk)
            draft_save(
                actor=unit_officer, dossier=held, version=held.version, changes=what_if.changes
            )
            saved = asked_by(office, plan, unit_officer, [])
            assert not saved.changes
            assert said(saved.findings, saved.keys(saved.after)) == guess
        approve(plan)
        keys = {row.pk: (row.pool_id, row.cadre_id) for row in plan.nominations.all()}
        assert said(plan_check(plan=plan, as_of=TODAY), keys) == guess
        transaction.set_rollback(True)


def asked_by(office: SimpleNamespace, plan: Plan, actor: User, edits: Any) -> WhatIf:
    query = QueryDict(mutable=True)
    for name, pool, number in edits:
        of, cadre = (office.directors, office.deputies)[pool], office.people[number]
        if name != "bo":
            query.appendlist(name, f"{of.pk}-{cadre.code}")
        for row in Nomination.objects.filter(pool=of, cadre=cadre) if name == "bo" else ():
            query.appendlist("bo", str(row.pk))
            query[f"ly-do-{row.pk}"] = "tasks"
    address = PlanAddress(plan, TODAY, query)
    assert all(change.pool_id for change in changes_asked(actor, plan, address.asked()))
    return WhatIf(actor, plan, TODAY, address)


def approve(plan: Plan) -> None:
    """What an approval does with the draft's items."""
    for item in DraftItem.objects.filter(plan=plan):
        if item.act == DraftAct.ADD:
            factories.NominationFactory(pool=item.pool, cadre=item.cadre, nominated_on=TODAY)
        elif item.act == DraftAct.REMOVE and item.nomination:
            item.nomination.removed_on = TODAY
            item.nomination.save()

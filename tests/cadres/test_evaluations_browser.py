"""The grid of grades in a real browser: by keyboard, judged while typing, saved, accessible."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from cadres.choices import Grade
from cadres.models import Cadre, Evaluation, User
from tests import factories
from tests.cast import Organisation
from tests.support.axe import violations

YEAR = 2025
pytestmark = pytest.mark.django_db(transaction=True)


def cookie_of(user: User, url: str, signed_in: Callable[[User], Any]) -> dict[str, Any]:
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": signed_in(user).cookies[name].value, "url": url}


@pytest.fixture
def grid(
    page: Page,
    live_server: Any,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Any],
) -> Page:
    """The grid of Sở Nội vụ: the director and six deputies without a grade of the year."""
    for number in range(6):
        held = factories.AppointmentFactory(
            unit=organisation.department,
            title=organisation.deputy,
            cadre__full_name=f"Lý Thị {'ABCDEG'[number]}",
        )
        factories.EvaluationFactory(
            cadre=held.cadre, unit=organisation.department, year=YEAR - 1, grade=Grade.HTTNV
        )
    page.context.add_cookies([cookie_of(unit_officer, live_server.url, signed_in)])
    page.goto(f"{live_server.url}/danh-gia/SNV/?nam={YEAR}")
    return page


def saved() -> list[str]:
    rows = Evaluation.objects.filter(year=YEAR).order_by("cadre__sort_key", "cadre__code")
    return [Grade(row.grade).name for row in rows]


def test_a_year_is_entered_by_keyboard(grid: Page, organisation: Organisation) -> None:
    selects = grid.locator("select[data-grade]")
    expect(selects).to_have_count(7)
    selects.first.focus()
    # Digits and letters set, Enter and arrows move: 2 top grades over 5 good ones are too many.
    for key in "1tXt2tT":
        grid.keyboard.press(key)
        grid.keyboard.press("Enter")
    panel = grid.locator("#ket-qua-xet")
    expect(panel).to_contain_text("2 người hoàn thành xuất sắc trên 5 người hoàn thành tốt")
    expect(panel.locator('[data-outcome="not_met"]')).to_be_visible()
    expect(panel).to_contain_text("Nếu lưu: 7 thay đổi")
    # The third one after all did well: 1 over 6 is allowed. Then back, and forth again.
    selects.nth(3).focus()
    grid.keyboard.press("ArrowUp")
    expect(selects.nth(2)).to_be_focused()
    grid.keyboard.press("2")
    expect(panel.locator('[data-outcome="met"]')).to_be_visible()
    grid.keyboard.press("Control+z")
    expect(selects.nth(2)).to_have_value("HTXSNV")
    expect(panel.locator('[data-outcome="not_met"]')).to_be_visible()
    grid.keyboard.press("ArrowRight")
    expect(selects.nth(2)).to_have_value("HTTNV")
    expect(panel.locator('[data-outcome="met"]')).to_be_visible()
    assert saved() == []
    grid.get_by_role("button", name="Lưu xếp loại").click()
    expect(grid.get_by_text("Đã lưu xếp loại của 7 người.")).to_be_visible()
    assert sorted(saved()) == ["HTTNV"] * 6 + ["HTXSNV"]


def test_a_slip_does_not_lose_what_was_typed(grid: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    grid.on("dialog", stay)
    grid.locator("select[data-grade]").first.focus()
    grid.keyboard.press("1")
    grid.keyboard.press("Backspace")
    grid.keyboard.press("h")
    expect(grid.locator("#ket-qua-xet")).to_contain_text("Nếu lưu: 1 thay đổi")
    grid.evaluate("location.reload()")
    grid.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    expect(grid.locator("select[data-grade]").first).to_have_value("HTNV")


def test_somebody_else_was_faster(grid: Page, organisation: Organisation) -> None:
    first = Cadre.objects.get(code=organisation.insider.code)
    factories.EvaluationFactory(
        cadre=first, unit=organisation.department, year=YEAR, grade=Grade.HTNV
    )
    place = grid.locator(f"#id_g{first.pk}")
    place.focus()
    grid.keyboard.press("1")
    grid.get_by_role("button", name="Lưu xếp loại").click()
    expect(grid.get_by_role("alert")).to_contain_text("Nông Thị Ánh")
    expect(place).to_have_value("HTXSNV")
    assert saved() == ["HTNV"]


def test_without_script(
    live_server: Any,
    new_context: Any,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Any],
) -> None:
    context = new_context(java_script_enabled=False)
    context.add_cookies([cookie_of(unit_officer, live_server.url, signed_in)])
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/danh-gia/SNV/?nam={YEAR}")
    page.select_option(f"#id_g{organisation.insider.pk}", "HTTNV")
    page.get_by_role("button", name="Lưu xếp loại").click()
    expect(page.get_by_text("Đã lưu xếp loại của 1 người.")).to_be_visible()
    assert saved() == ["HTTNV"]


def test_accessible(grid: Page) -> None:
    assert violations(grid) == []

"""Quy hoạch: the list of plans with its filters."""

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cadres.choices import Level
from cadres.models import Unit, User
from planning.choices import PlanStatus
from planning.models import Plan
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries, check_all

Browser = Callable[[User], Client]
URL = reverse("planning:plan-list")


def units(page: object) -> list[str]:
    """The units listed, in order."""
    return [row["cells"][0]["text"] for row in page.context["table"]["rows"]]  # type: ignore[attr-defined]


def test_it_works(organisation: Organisation, provincial_officer: User, signed_in: Browser) -> None:
    check_all()
    page = signed_in(provincial_officer).get(URL)
    assert sorted(units(page)) == ["Sở Nội vụ", "Sở Y tế"]
    assert "Việc nên làm trước" in page.content.decode()


def test_it_requires_login(client: Client) -> None:
    assert client.get(URL).status_code == 302


def test_it_hides_other_units(
    organisation: Organisation, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    check_all()
    page = signed_in(unit_officer).get(URL)
    assert units(page) == ["Sở Nội vụ"]
    assert "Sở Y tế" not in page.content.decode()
    # Naming a unit outside the scope finds nothing more.
    assert units(signed_in(unit_officer).get(f"{URL}?don-vi=SYT")) == ["Sở Nội vụ"]
    page = signed_in(stranger).get(URL)
    assert units(page) == []
    assert "Chưa có kế hoạch quy hoạch nào" in page.content.decode()


def test_it_works_before_any_check(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(URL)
    assert units(page) == ["Sở Nội vụ", "Sở Y tế"]
    assert "Ngày này chưa được kiểm tra" in page.content.decode()
    assert "Chưa kiểm tra" in page.content.decode()


def test_filters(organisation: Organisation, provincial_officer: User, signed_in: Browser) -> None:
    factories.PlanFactory(unit=organisation.centre, status=PlanStatus.DRAFT, approved_on=None)
    factories.PlanFactory(unit=organisation.commune)
    check_all()
    browser = signed_in(provincial_officer)
    asked = {
        "don-vi=SNV": ["Sở Nội vụ", "Trung tâm Lưu trữ"],
        "cap=commune": ["Xã Bảo Lạc"],
        "trang-thai=draft": ["Trung tâm Lưu trữ"],
        "ket-qua=unchecked": [],
        "don-vi=SNV&trang-thai=approved": ["Sở Nội vụ"],
        "nhiem-ky=khong-co": ["Sở Nội vụ", "Sở Y tế", "Trung tâm Lưu trữ", "Xã Bảo Lạc"],
    }
    for query, expected in asked.items():
        assert sorted(units(browser.get(f"{URL}?{query}"))) == expected, query
    failing = browser.get(f"{URL}?vuong=review").context["table"]["rows"]
    assert all("Rà soát" in row["cells"][4] for row in failing)
    assert units(browser.get(f"{URL}?vuong=1=1")) == units(browser.get(URL))
    by_outcome = [
        *units(browser.get(f"{URL}?ket-qua=met")),
        *units(browser.get(f"{URL}?ket-qua=not_met")),
        *units(browser.get(f"{URL}?ket-qua=cannot_tell")),
    ]
    assert len(by_outcome) == 4


def test_nothing_found_says_what_to_do(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    text = signed_in(provincial_officer).get(f"{URL}?trang-thai=returned").content.decode()
    assert "Không có kế hoạch nào khớp bộ lọc" in text
    assert "Bỏ lọc" in text


def test_orders_and_pages(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    many(organisation, 60)
    check_all()
    browser = signed_in(provincial_officer)
    first = browser.get(f"{URL}?sap=don-vi")
    second = browser.get(f"{URL}?sap=don-vi&trang=2")
    assert (len(units(first)), len(units(second))) == (50, 12)
    assert not set(units(first)) & set(units(second))
    assert units(browser.get(f"{URL}?sap=-don-vi"))[0] == units(second)[-1]
    assert units(browser.get(f"{URL}?sap=nonsense&trang=nonsense"))
    people = [row["cells"][2] for row in browser.get(f"{URL}?sap=-nguoi").context["table"]["rows"]]
    assert people == sorted(people, reverse=True)


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser, queries: Queries
) -> None:
    many(organisation, 8)
    check_all()
    browser = signed_in(provincial_officer)
    few = queries(browser, URL)
    many(organisation, 992)
    assert Plan.objects.count() >= 1000
    assert queries(browser, URL) == few <= 10
    assert queries(browser, reverse("planning:overview")) <= 12


def many(organisation: Organisation, count: int) -> None:
    """Communes with empty plans."""
    province = Unit.objects.get(pk=organisation.province.pk)
    first = Plan.objects.count()
    made = [
        Unit(
            code=f"XX{number:05}",
            name=f"Xã số {number}",
            kind="commune",
            level=Level.COMMUNE,
            path=f"{province.path}{_step(number + 100)}",
            depth=province.depth + 1,
        )
        for number in range(first, first + count)
    ]
    Unit.objects.bulk_create(made)
    term = organisation.plan.term
    Plan.objects.bulk_create(
        [
            Plan(unit=unit, term=term, status=PlanStatus.APPROVED, approved_on=dt.date(2026, 5, 1))
            for unit in made
        ]
    )


def _step(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text.rjust(4, "0")

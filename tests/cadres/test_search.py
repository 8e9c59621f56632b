"""The search box of the shell: people, units and plans, inside the scope, few queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]

URL = "/tim/"
TYPING = {"HX-Request": "true"}


def found(client: Client, text: str, **headers: str) -> dict[str, list[str]]:
    page = client.get(URL, {"q": text}, headers=headers)
    assert page.status_code == 200
    return {
        str(group["label"]): [item["name"] for item in group["items"]]
        for group in page.context["groups"]
    }


@pytest.mark.parametrize("headers", [{}, TYPING])
def test_people_units_and_plans(
    headers: dict[str, str],
    organisation: Organisation,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    client = signed_in(provincial_officer)
    assert found(client, "noi vu", **headers) == {
        "Đơn vị": ["Sở Nội vụ"],
        "Kế hoạch quy hoạch": ["Quy hoạch Sở Nội vụ"],
    }
    assert found(client, "bao lac", **headers) == {"Đơn vị": ["Huyện Bảo Lạc", "Xã Bảo Lạc"]}
    assert found(client, "thi anh", **headers) == {"Người": ["Nông Thị Ánh"]}
    assert found(client, "cb-lt", **headers) == {"Người": ["Đàm Đức Cường"]}
    page = client.get(URL, {"q": "nong"}, headers=headers)
    text = page.content.decode()
    assert "Giám đốc, Sở Nội vụ" in text
    assert ("<html" in text) is not headers


def test_who_is_called_so_comes_first(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    for name in ("Ánh Văn Bình", "Hoàng Ánh Dương", "Vi Ngọc Ánh"):
        factories.CadreFactory(full_name=name)
    people = found(signed_in(provincial_officer), "ánh")["Người"]
    assert people == ["Nông Thị Ánh", "Vi Ngọc Ánh", "Ánh Văn Bình", "Hoàng Ánh Dương"]


def test_nobody_and_nothing_outside_the_scope(
    organisation: Organisation, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    officer = signed_in(unit_officer)
    for text in ("đào", "so y te", "SYT", "CB-YT", "cao bang"):
        assert found(officer, text) == {}
        assert found(officer, text, **TYPING) == {}
    assert found(signed_in(stranger), "anh") == {}


def test_sensitive_data_are_not_searched(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    assert found(signed_in(provincial_officer), "tay") == {}


def test_suggestions_are_options_with_addresses(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(URL, {"q": "anh"}, headers=TYPING)
    text = page.content.decode()
    assert 'role="option"' in text
    assert reverse("cadres:cadre-detail", args=["CB-NV"]) in text
    assert "/tim/?q=anh" in text


def test_the_date_of_view_is_kept(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(URL, {"q": "anh", "ngay": "2021-02-03"})
    assert "/ho-so/CB-NV/?ngay=2021-02-03" in page.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000, "%", "zz " * 300])
def test_odd_texts_do_no_harm(
    text: str, organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    assert found(signed_in(provincial_officer), text) == {}


def test_few_queries(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    client = signed_in(unit_officer)

    def queries(text: str) -> int:
        client.get(URL, {"q": text}, headers=TYPING)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL, {"q": text}, headers=TYPING)
        return len(captured)

    account = queries("")
    assert queries("s") <= account + 5  # grants, people, their posts, units, plans

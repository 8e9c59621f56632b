"""The shell around every page, and the pages shown when something is wrong."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path
from django.views import defaults

from cadre_portal.common import clock
from cadre_portal.common.viewdate import BadViewDate, view_date
from cadre_portal.context_processors import NAVIGATION
from tests.ui import urls

pytestmark = pytest.mark.urls("tests.ui.urls")


def shell_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# -- The date of view -----------------------------------------------------------------


def test_view_date_is_today_unless_said() -> None:
    with clock.frozen(dt.date(2026, 11, 22)):
        assert view_date(RequestFactory().get("/")) == dt.date(2026, 11, 22)
    for text in ("2025-06-30", "30/06/2025"):
        assert view_date(RequestFactory().get("/", {"ngay": text})) == dt.date(2025, 6, 30)


@pytest.mark.parametrize("text", ["xx", "2026-02-30", "13/31/2026", "0001-01-01", "9999-12-31"])
def test_view_date_refuses_nonsense(text: str) -> None:
    with pytest.raises(BadViewDate):
        view_date(RequestFactory().get("/", {"ngay": text}))


def test_nonsense_is_answered_with_words(admin_client: Client) -> None:
    response = admin_client.get("/?ngay=hom-qua")
    assert response.status_code == 400
    assert "hom-qua" in response.content.decode()
    assert "không phải là một ngày" in response.content.decode()


@pytest.mark.django_db
def test_the_word_of_a_bad_date_is_escaped(admin_client: Client) -> None:
    response = admin_client.get("/", {"ngay": "<script>"})
    assert b"<script>\xe2\x80\x9d" not in response.content


def test_another_day_is_said_and_kept_in_links(admin_client: Client) -> None:
    with clock.frozen(dt.date(2026, 11, 22)):
        today = shell_of(admin_client, "/")
        other = shell_of(admin_client, "/?ngay=2025-06-30&q=a")
    assert "Đang xem theo ngày" not in today
    assert "30/06/2025" in other
    assert "Đang xem theo ngày" in other
    assert 'href="/quy-hoach/?ngay=2025-06-30"' in other
    assert '<input type="hidden" name="q" value="a">' in other, "the picker keeps the rest"


# -- Navigation -----------------------------------------------------------------------


def test_all_pages_are_there_in_order(admin_client: Client) -> None:
    html = shell_of(admin_client, "/")
    side = html[html.index('class="side') : html.index("</nav>", html.index('class="side'))]
    words = re.findall(r'<span class="word">([^<]+)</span>', side)
    assert words[: len(NAVIGATION)] == [str(item.label) for item in NAVIGATION]


def test_letters_are_different() -> None:
    assert len({item.key for item in NAVIGATION}) == len(NAVIGATION)


@pytest.mark.parametrize(
    ("address", "label"), [("/", "Tổng quan"), ("/ho-so/CB-1/", "Hồ sơ"), ("/can-cu/", "Căn cứ")]
)
def test_the_present_page_is_marked(admin_client: Client, address: str, label: str) -> None:
    html = shell_of(admin_client, address)
    marked = re.findall(r'title="([^"]+)"[^>]*aria-current="page"', html)
    assert marked == [label]


@pytest.mark.urls("tests.ui.test_shell")
def test_a_page_that_does_not_exist_is_not_offered(admin_client: Client) -> None:
    html = shell_of(admin_client, "/only/")
    assert "data-key=" not in html
    assert 'role="search"' not in html


def test_sign_out_is_a_post(admin_client: Client) -> None:
    html = shell_of(admin_client, "/")
    assert '<form method="post" action="/tai-khoan/logout/">' in html


def test_the_other_language_is_one_button_away(admin_client: Client) -> None:
    html = shell_of(admin_client, "/ho-so/?q=a")
    assert 'name="language" value="en" lang="en"' in html
    assert 'name="next" value="/ho-so/?q=a"' in html
    answer = admin_client.post("/ngon-ngu/setlang/", {"language": "en", "next": "/ho-so/?q=a"})
    assert answer["Location"] == "/ho-so/?q=a"
    assert '<html lang="en">' in shell_of(admin_client, "/ho-so/")


def test_the_demonstration_says_so(admin_client: Client, settings: object) -> None:
    assert "giả định" not in shell_of(admin_client, "/")
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "đều là giả định" in shell_of(admin_client, "/")


def test_policy_allows_all_that_the_shell_loads(admin_client: Client) -> None:
    response = admin_client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy


# -- When something is wrong ----------------------------------------------------------


def forbidden(request: HttpRequest) -> None:
    """A page that refuses."""
    raise PermissionDenied


urlpatterns = [path("only/", urls.page)]


def test_not_found_says_what_to_do(admin_client: Client) -> None:
    response = admin_client.get("/khong-co/")
    assert response.status_code == 404
    assert "Thử tìm theo tên" in response.content.decode()


def test_refusal_says_whom_to_ask(rf: RequestFactory, admin_user: object) -> None:
    request = rf.get("/")
    request.user = admin_user  # type: ignore[assignment]
    response = defaults.permission_denied(request, PermissionDenied())
    assert response.status_code == 403
    assert "đề nghị người quản trị" in response.content.decode()


def test_the_broken_page_needs_nothing() -> None:
    """Django renders 500.html without a request and without context processors."""
    html = render_to_string("500.html")
    assert "Chờ một phút" in html
    assert "portal.css" in html


@pytest.mark.django_db
def test_an_old_form_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/tai-khoan/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "tải lại trang" in response.content.decode()


def test_static_files_of_the_shell_exist() -> None:
    from django.contrib.staticfiles import finders

    names = [
        "css/portal.css",
        "js/portal.js",
        "img/mark.svg",
        "js-lib-bootstrap5/css/bootstrap.min.css",
        "django_htmx/htmx-2.min.js",
    ]
    assert [name for name in names if not finders.find(name)] == []


def test_fonts_named_in_the_style_sheet_exist() -> None:
    from urllib.parse import unquote

    from django.contrib.staticfiles import finders

    css = (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")
    fonts = {unquote(url) for url in re.findall(r'url\("\.\./([^"]+)"\)', css)}
    assert len(fonts) == 4
    assert [font for font in fonts if not finders.find(font)] == []

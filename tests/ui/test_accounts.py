"""Account pages: our words, our look, and that they work."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

pytestmark = [pytest.mark.urls("tests.ui.urls"), pytest.mark.django_db]

PASSWORD = "mot-cau-ngan-de-nho-2026"
ENGLISH = re.compile(
    r">\s*(Sign (?:In|Out)|Password|Username|Code|Activate|Deactivate|Generate|Add|Cancel|Confirm"
    r"|Two-Factor[^<]*|Recovery[^<]*|Security[^<]*)\s*<"
)


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    """Attempts are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def person(client: Client, django_user_model: type) -> Client:
    """A signed-in person who has just shown the password."""
    django_user_model.objects.create_user(username="van-anh", password=PASSWORD)
    answer = client.post("/tai-khoan/login/", {"login": "van-anh", "password": PASSWORD})
    assert answer.status_code == 302
    client.post("/tai-khoan/reauthenticate/", {"password": PASSWORD})
    return client


def test_sign_in_is_in_vietnamese(client: Client) -> None:
    html = client.get("/tai-khoan/login/").content.decode()
    assert "Tên đăng nhập" in html
    assert "placeholder" not in html
    assert not ENGLISH.search(html)


def test_a_wrong_password_is_said_plainly(client: Client, django_user_model: type) -> None:
    django_user_model.objects.create_user(username="van-anh", password=PASSWORD)
    answer = client.post("/tai-khoan/login/", {"login": "van-anh", "password": "sai"})
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "logout/",
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "reauthenticate/",
    ],
)
def test_own_pages_are_in_vietnamese_and_in_the_shell(person: Client, address: str) -> None:
    response = person.get(f"/tai-khoan/{address}")
    assert response.status_code == 200
    html = response.content.decode()
    assert "portal.css" in html
    assert not ENGLISH.search(html)


def test_pages_for_those_without_an_account(client: Client) -> None:
    for address in ("signup/", "inactive/", "password/reset/"):
        html = client.get(f"/tai-khoan/{address}").content.decode()
        assert "người quản trị" in html, address


def test_two_passwords_that_differ(person: Client) -> None:
    answer = person.post(
        "/tai-khoan/password/change/",
        {"oldpassword": PASSWORD, "password1": "mot-cau-khac-2026", "password2": "cau-thu-ba-2026"},
    )
    assert "Hai lần gõ mật khẩu mới không giống nhau." in answer.content.decode()


def test_authenticator_application_from_beginning_to_end(person: Client) -> None:
    page = person.get("/tai-khoan/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([^"]+)"', page)
    assert secret
    wrong = person.post("/tai-khoan/2fa/totp/activate/", {"code": "000000"}).content.decode()
    assert "Mã chưa đúng" in wrong
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret[1], counter))
    done = person.post("/tai-khoan/2fa/totp/activate/", {"code": code})
    assert done.status_code == 302
    codes = person.get("/tai-khoan/2fa/recovery-codes/").content.decode()
    assert "Còn 10 trong 10 mã" in codes
    for address in ("2fa/totp/deactivate/", "2fa/recovery-codes/generate/"):
        html = person.get(f"/tai-khoan/{address}").content.decode()
        assert not ENGLISH.search(html), address

    person.post("/tai-khoan/logout/")
    first = person.post(
        "/tai-khoan/login/", {"login": "van-anh", "password": PASSWORD}, follow=True
    )
    html = first.content.decode()
    assert "Bước thứ hai" in html
    assert "Mã xác thực" in html
    assert not ENGLISH.search(html)


def test_too_many_attempts_say_when_to_come_back(client: Client, django_user_model: type) -> None:
    django_user_model.objects.create_user(username="van-anh", password=PASSWORD)
    for _attempt in range(6):
        answer = client.post("/tai-khoan/login/", {"login": "van-anh", "password": "sai"})
    text = answer.content.decode()
    assert "Chờ 15 phút" in text or "quá nhiều lần" in text


def test_sign_out_says_so(person: Client) -> None:
    assert "Đã đăng xuất" in person.post("/tai-khoan/logout/", follow=True).content.decode()

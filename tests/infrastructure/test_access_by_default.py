"""Nothing is open unless it says so; accounts are made by administrators; guessing is stopped."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.stock]

PASSWORD = "một mật khẩu dài và riêng"


@pytest.fixture
def person():
    return get_user_model().objects.create_user("nguoi.dung", password=PASSWORD)


def _sign_in(client: Client, password: str):
    return client.post(reverse("account_login"), {"login": "nguoi.dung", "password": password})


@pytest.mark.parametrize("path", ["/", "/thanh-phan/", "/tai-khoan/2fa/", "/khong-co-trang-nay/"])
def test_pages_require_login(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert response["Location"].startswith(reverse("account_login"))


def test_health_is_open_and_says_little(client: Client) -> None:
    response = client.get("/healthz/", headers={"accept": "application/json"})
    assert response.status_code == 200
    assert "cadre" not in response.content.decode()


def test_login_by_username(client: Client, person) -> None:
    response = _sign_in(client, PASSWORD)
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_nobody_signs_up(client: Client) -> None:
    before = get_user_model().objects.count()
    client.post(
        reverse("account_signup"),
        {"username": "la", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert get_user_model().objects.count() == before


def test_guessing_is_locked_out_even_with_the_right_password_then(client: Client, person) -> None:
    statuses = [_sign_in(client, "sai").status_code for _ in range(5)]
    assert 429 in statuses
    assert _sign_in(client, PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_strict_headers(client: Client) -> None:
    response = client.get(reverse("account_login"))
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert len(response["X-Request-ID"]) == 16


@pytest.mark.parametrize(
    ("cookie", "expected"), [(None, "vi"), ("en", "en"), ("xx", "vi"), ("../etc", "vi")]
)
def test_language_is_chosen_by_the_person_not_by_the_browser(
    client: Client, cookie: str | None, expected: str
) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get(reverse("account_login"), headers={"accept-language": "en-US,en"})
    assert response["Content-Language"] == expected

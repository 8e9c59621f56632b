"""A transaction that PostgreSQL stops for another one: tried again, else asked to try again."""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from cadre_portal.conflicts import ConflictMiddleware
from cadres.choices import Degree
from cadres.models import Cadre, User
from tests.cadres.test_edit_pages import fields_of
from tests.cast import Organisation

DEADLOCK, SERIALIZATION, UNIQUE = "40P01", "40001", "23505"


def fail(code: str) -> None:
    """Let PostgreSQL itself raise the error with this code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")


class Attempts:
    """A view that fails with these codes, then answers with what it was sent."""

    def __init__(self, *codes: str) -> None:
        self.codes, self.read = list(codes), []  # type: tuple[list[str], list[bytes]]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.read += [file.read() for file in request.FILES.values()]
        if self.codes:
            fail(self.codes.pop(0))
        return HttpResponse(request.POST.get("ten", ""))


def answer(view: Attempts, typed: dict[str, Any], route: str = "ho-so/", **more: Any) -> Any:
    """What the middleware makes of the first failure; None: not its business."""
    request = getattr(RequestFactory(), more.get("method", "post"))("/ho-so/?trang=2", typed)
    request.user, request.session = AnonymousUser(), SessionBase()
    request.resolver_match = ResolverMatch(view, (), {}, "people", route=route)
    with pytest.raises(DatabaseError) as caught:
        view(request)
    return ConflictMiddleware(view).process_exception(request, caught.value)


def test_the_same_request_is_answered_again_with_its_files(db: None) -> None:
    view = Attempts(DEADLOCK, SERIALIZATION)
    upload = BytesIO(b"danh sach")
    upload.name = "ds.csv"
    assert answer(view, {"ten": "Ánh", "tep": upload}).content.decode() == "Ánh"
    assert view.read == [b"danh sach"] * 3


def test_what_was_typed_comes_back_with_a_button(db: None) -> None:
    said = answer(Attempts(*[DEADLOCK] * 3), {"ten": 'Nông "Ánh"', "ky_nang": ["1", "2"]})
    page = said.content.decode()
    assert (said.status_code, said["Retry-After"]) == (503, "1")
    assert "Những gì đã nhập vẫn còn" in page
    assert 'action="/ho-so/?trang=2"' in page
    assert 'name="ten" value="Nông &quot;Ánh&quot;"' in page
    assert page.count('name="ky_nang"') == 2


def test_secrets_are_not_written_into_a_page(db: None) -> None:
    said = answer(Attempts(*[DEADLOCK] * 3), {"password": "bí mật"}, route="tai-khoan/login/")
    assert "bí mật" not in said.content.decode()
    assert "Hãy quay lại trang trước" in said.content.decode()


def test_other_errors_and_readings_are_left_alone(db: None) -> None:
    assert answer(Attempts(UNIQUE), {}) is None
    assert answer(Attempts(DEADLOCK), {}, method="get") is None


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_meets_a_deadlock_is_saved(
    organisation: Organisation, unit_officer: User, signed_in: Callable[[User], Client]
) -> None:
    """The edit holds the person and needs the history; somebody holds the history, then needs
    the person: PostgreSQL stops the edit, which waited first."""
    person, held = organisation.insider, threading.Event()

    def somebody() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cadres_cadreevent IN SHARE MODE")
            held.set()
            waiting = False
            while not waiting:
                cursor.execute(
                    "SELECT pg_sleep(0.01), EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
                )
                waiting = cursor.fetchone()[1]
            cursor.execute("SELECT 1 FROM cadres_cadre WHERE id = %s FOR UPDATE", [person.pk])
        connections.close_all()

    other = threading.Thread(target=somebody)
    other.start()
    assert held.wait(10)
    client, url = signed_in(unit_officer), f"/ho-so/{person.code}/sua/"
    answered = client.post(url, fields_of(client.get(url)) | {"degree": "doctor"})
    other.join(20)
    assert answered.status_code == 302
    assert Cadre.objects.get(pk=person.pk).degree == Degree.DOCTOR

"""Files that a worker makes: asked for, made, taken by nobody else, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.models import ExportRecord, Notice, RoleGrant, StoredExport, User
from cadres.services import stored_exports as services
from cadres.tasks import export_make, exports_forget
from cadres.views import cadre_list, form_2c
from tests.cast import Organisation

Browser = Callable[[User], Client]
Status = StoredExport.Status
LIST = reverse("cadres:export-list")


@pytest.fixture
def long(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> list[dict[str, Any]]:
    """Every file is a long one; the jobs that were sent."""
    settings.MEDIA_ROOT = tmp_path
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(cadre_list, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(form_2c, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(services, "enqueue", lambda name, **ids: sent.append({"job": name, **ids}))
    return sent


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_long_list_is_made_by_a_worker(
    long: list[dict[str, Any]],
    unit_officer: User,
    other_unit_officer: User,
    signed_in: Browser,
    organisation: Organisation,
) -> None:
    browser = signed_in(unit_officer)
    asked = reverse("cadres:cadre-export") + "?q=anh"
    answer = browser.post(asked, {"dinh_dang": "csv", "ly_do": "Rà soát"})
    assert answer.headers["Location"] == LIST
    found = StoredExport.objects.get()
    assert long == [{"job": "cadres.export_make", "export_id": found.pk}]
    file = reverse("cadres:export-file", args=[found.pk])
    assert "tien-do" in browser.get(LIST).content.decode()
    assert browser.get(file).status_code == 404
    assert not ExportRecord.objects.exists()

    export_make(export_id=found.pk)
    export_make(export_id=found.pk)  # delivered once more
    record = ExportRecord.objects.get()
    assert (record.actor, record.people, record.filters["q"]) == (unit_officer, 1, "anh")
    assert [notice.user for notice in Notice.objects.all()] == [unit_officer]
    assert file in browser.get(LIST).content.decode()
    taken = browser.get(file)
    text = body_of(taken).decode("utf-8-sig")
    assert organisation.insider.full_name in text
    assert organisation.outsider.full_name not in text
    assert "no-store" in taken.headers["Cache-Control"]
    assert signed_in(other_unit_officer).get(file).status_code == 404
    progress = browser.get(reverse("cadres:export-progress", args=[found.pk]))
    assert progress.headers["HX-Refresh"] == "true"


def test_rights_that_changed_close_the_file(
    long: list[dict[str, Any]], unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    for _number in range(2):
        browser.post(reverse("cadres:cadre-export"), {"dinh_dang": "xlsx", "ly_do": "Rà soát"})
    made, waiting = StoredExport.objects.order_by("pk")
    services.export_make(export_id=made.pk)
    file = reverse("cadres:export-file", args=[made.pk])
    assert browser.get(file).status_code == 200
    RoleGrant.objects.filter(user=unit_officer).update(role=Role.APPROVER)
    assert browser.get(file).status_code == 403
    services.export_make(export_id=waiting.pk)  # asked for with rights that are gone
    waiting.refresh_from_db()
    assert (waiting.status, bool(waiting.file)) == (Status.FAILED, False)
    assert ExportRecord.objects.count() == 1


def test_documents_of_several_people(
    long: list[dict[str, Any]],
    unit_officer: User,
    signed_in: Browser,
    organisation: Organisation,
) -> None:
    browser = signed_in(unit_officer)
    codes = [organisation.insider.code, organisation.below.code]
    url = reverse("cadres:cadre-forms-2c") + "?" + "&".join(f"chon={code}" for code in codes)
    answer = browser.post(url, {"dinh_dang": "docx", "ly_do": "Họp"})
    assert answer.headers["Location"] == LIST
    found = StoredExport.objects.get()
    services.export_make(export_id=found.pk)
    found.refresh_from_db()
    assert (found.status, found.file_name[-4:]) == (Status.READY, ".zip")
    assert body_of(browser.get(reverse("cadres:export-file", args=[found.pk])))[:2] == b"PK"


def test_an_interrupted_file_is_made_again(
    long: list[dict[str, Any]],
    unit_officer: User,
    signed_in: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = signed_in(unit_officer)
    browser.post(reverse("cadres:cadre-export"), {"dinh_dang": "csv", "ly_do": "Rà soát"})
    found = StoredExport.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(services, "_name_of", lambda _response: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.export_make(export_id=found.pk)
    assert "bị gián đoạn" in browser.get(LIST).content.decode()
    assert not ExportRecord.objects.exists()  # nothing was taken away
    browser.post(reverse("cadres:export-retry", args=[found.pk]))
    services.export_make(export_id=found.pk)
    found.refresh_from_db()
    assert found.status == Status.READY


def test_files_are_forgotten(
    long: list[dict[str, Any]],
    unit_officer: User,
    signed_in: Browser,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser = signed_in(unit_officer)
    for _number in range(3):
        browser.post(reverse("cadres:cadre-export"), {"dinh_dang": "csv", "ly_do": "Rà soát"})
    old, dropped, kept = StoredExport.objects.order_by("pk")
    for found in (old, dropped, kept):
        services.export_make(export_id=found.pk)
        found.refresh_from_db()
    days = dt.timedelta(days=settings.EXPORTS_KEPT_DAYS, hours=1)
    StoredExport.objects.filter(pk=old.pk).update(created_at=clock.now() - days)
    with django_capture_on_commit_callbacks(execute=True):
        exports_forget()
        browser.post(reverse("cadres:export-drop", args=[dropped.pk]))
    assert list(StoredExport.objects.all()) == [kept]
    assert [default_storage.exists(f.file.name) for f in (old, dropped, kept)] == [
        False,
        False,
        True,
    ]
    assert ExportRecord.objects.count() == 3  # what was taken away stays told

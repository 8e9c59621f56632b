"""Pages of imports: who gets in, what they show in every state, what a click does."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Cadre, ImportJob, Unit, User
from cadres.services import imports as services
from cadres.workbook.loading import import_workbook
from tests.cast import ROLES, Organisation
from tests.workbook.conftest import BASE, DATA, Book, write_book

SignIn = Callable[[User], Client]
Status = ImportJob.Status
#: Officers of a unit bring in lists of their unit, which the same page takes.
LIST_IMPORTERS = {"unit_officer", "other_unit_officer"}
IMPORTERS = {"administrator", "provincial_officer"}
EXPORTERS = IMPORTERS | {"unit_officer", "other_unit_officer", "approver", "inspector"}


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Jobs that would have been sent."""
    found: list[tuple[str, dict[str, Any]]] = []

    def note(name: str, *, on_failure: object = None, **kwargs: Any) -> None:
        found.append((name, kwargs))

    monkeypatch.setattr(services, "enqueue", note)
    return found


def upload_of(path: Path, name: str = "nhap.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, path.read_bytes())


@pytest.fixture
def make_job(
    provincial_officer: User, sent: list[Any], tmp_path: Path
) -> Callable[[Book | Path], ImportJob]:
    """`make_job(book)` uploads a workbook."""

    def make(book: Book | Path) -> ImportJob:
        path = book if isinstance(book, Path) else write_book(tmp_path / "up.xlsx", book)
        return services.import_upload(actor=provincial_officer, upload=upload_of(path))

    return make


# ---- Who ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_page_by_role(role: str, cast: dict[str, User], signed_in: SignIn) -> None:
    response = signed_in(cast[role]).get(reverse("cadres:import-list"))
    assert response.status_code == (200 if role in EXPORTERS else 403)
    assert ("Tải lên và kiểm tra" in response.text) is (role in IMPORTERS | LIST_IMPORTERS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "method", "there"),
    [
        ("import-detail", "get", 200),
        ("import-progress", "get", 200),
        ("import-errors", "get", 200),
        ("import-apply", "get", 200),
        ("import-apply", "post", 302),
        ("import-retry", "post", 302),
    ],
)
def test_an_import_exists_only_for_importers(
    role: str,
    name: str,
    method: str,
    there: int,
    cast: dict[str, User],
    signed_in: SignIn,
    make_job: Callable[[Book | Path], ImportJob],
) -> None:
    job = make_job(BASE)
    url = reverse(f"cadres:{name}", args=[job.pk])
    response = getattr(signed_in(cast[role]), method)(url)
    assert response.status_code == (there if role in IMPORTERS else 404)


@pytest.mark.parametrize("role", sorted(set(ROLES) - IMPORTERS))
def test_uploading_requires_the_right(
    role: str, cast: dict[str, User], signed_in: SignIn, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "up.xlsx", BASE)
    response = signed_in(cast[role]).post(reverse("cadres:import-list"), {"file": upload_of(path)})
    assert response.status_code == 403
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("name", ["import-list", "import-template", "workbook-export"])
def test_it_requires_login(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(f"cadres:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["import-retry"])
def test_it_rejects_get(
    name: str, administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob]
) -> None:
    job = make_job(BASE)
    assert signed_in(administrator).get(reverse(f"cadres:{name}", args=[job.pk])).status_code == 405


# ---- Upload ---------------------------------------------------------------------------------


def test_upload_keeps_the_file_and_asks_for_the_check(
    provincial_officer: User, signed_in: SignIn, sent: list[Any], tmp_path: Path, settings: Any
) -> None:
    path = write_book(tmp_path / "up.xlsx", BASE)
    response = signed_in(provincial_officer).post(
        reverse("cadres:import-list"), {"file": upload_of(path, "Danh sách 2026.xlsx")}
    )
    job = ImportJob.objects.get()
    assert response.headers["Location"] == reverse("cadres:import-detail", args=[job.pk])
    assert job.file_name == "Danh sách 2026.xlsx"
    assert Path(job.file.path).is_relative_to(settings.MEDIA_ROOT)
    assert Path(job.file.path).read_bytes() == path.read_bytes()
    assert sent == [("cadres.import_check", {"job_id": job.pk})]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.docx", b"PK\x03\x04"), "Chỉ nhận bảng tính"),
        (SimpleUploadedFile("a.xlsx", b"ma,ten\n"), "không phải là .xlsx thật"),
        (SimpleUploadedFile("a.xlsx", b""), "Tệp rỗng"),
        (None, "Chưa chọn tệp"),
    ],
)
def test_it_shows_form_errors(
    upload: Any, words: str, administrator: User, signed_in: SignIn, sent: list[Any]
) -> None:
    data = {"file": upload} if upload else {}
    response = signed_in(administrator).post(reverse("cadres:import-list"), data)
    assert response.status_code == 422
    assert words in response.text
    assert not ImportJob.objects.exists()


def test_too_large_a_file_is_refused_in_words(
    administrator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cadres.forms.imports.MAX_UPLOAD_BYTES", 10)
    upload = SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"0" * 20)
    response = signed_in(administrator).post(reverse("cadres:import-list"), {"file": upload})
    assert response.status_code == 422
    assert "nhiều nhất 50 MB" in response.text


# ---- Check, look, write ---------------------------------------------------------------------


def test_from_upload_to_the_files(
    provincial_officer: User,
    administrator: User,
    signed_in: SignIn,
    sent: list[Any],
    make_job: Callable[..., ImportJob],
) -> None:
    job = make_job(BASE)
    browser = signed_in(administrator)
    url = reverse("cadres:import-detail", args=[job.pk])
    assert "Đang chờ đến lượt" in browser.get(url).text

    services.import_check(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.READY
    assert not Cadre.objects.exists()
    page = browser.get(url)
    assert "Tệp hợp lệ; chưa có gì được ghi" in page.text
    assert page.text.count("btn-primary") == 1

    confirm = browser.get(reverse("cadres:import-apply", args=[job.pk]))
    assert "Toàn bộ tệp được ghi cùng một lúc" in confirm.text
    browser.post(reverse("cadres:import-apply", args=[job.pk]))
    assert sent[-1] == ("cadres.import_apply", {"job_id": job.pk})
    services.import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.applied_by) == (Status.APPLIED, administrator)
    assert Cadre.objects.count() == 2
    assert sent[-1] == ("compliance.check_all", {})
    assert "Đã ghi vào hồ sơ" in browser.get(url).text


def test_refused_file_shows_where_and_why(
    administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob]
) -> None:
    job = make_job(DATA / "broken" / "three-faults.xlsx")
    services.import_check(job_id=job.pk)
    browser = signed_in(administrator)
    page = browser.get(reverse("cadres:import-detail", args=[job.pk])).text
    assert "Tệp có 4 lỗi; chưa ghi gì." in page
    for words in ("cadres", "plans", "ballots", "không có trong danh sách", "2040-2045"):
        assert words in page
    only = browser.get(reverse("cadres:import-detail", args=[job.pk]), {"bang": "plans"}).text
    assert "2040-2045" in only
    assert "nằm ngoài khoảng" not in only
    assert "Ghi vào hồ sơ</button>" not in page
    sheet = openpyxl.load_workbook(
        BytesIO(
            browser.get(reverse("cadres:import-errors", args=[job.pk])).getvalue()  # type: ignore[attr-defined]
        )
    ).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4] == ["cadres", 2, "sex", "not_listed"]
    assert sheet.max_row == 5


def test_a_refused_file_cannot_be_written(
    administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob], sent: list[Any]
) -> None:
    job = make_job(DATA / "broken" / "unknown-unit.xlsx")
    services.import_check(job_id=job.pk)
    before = list(sent)
    response = signed_in(administrator).post(
        reverse("cadres:import-apply", args=[job.pk]), follow=True
    )
    assert "đã được người khác ghi hoặc đang được xử lý" in response.text
    assert sent == before


def test_two_clicks_write_once(
    administrator: User,
    provincial_officer: User,
    make_job: Callable[..., ImportJob],
    sent: list[Any],
) -> None:
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    services.import_apply_ask(actor=administrator, job=job)
    with pytest.raises(services.ImportChanged):
        services.import_apply_ask(actor=provincial_officer, job=job)
    assert [name for name, _ in sent] == ["cadres.import_check", "cadres.import_apply"]
    services.import_apply(job_id=job.pk)
    services.import_apply(job_id=job.pk)  # delivered again
    services.import_check(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.APPLIED
    assert Cadre.objects.count() == 2


def test_what_changed_since_the_check_is_checked_again(
    administrator: User, make_job: Callable[..., ImportJob], tmp_path: Path
) -> None:
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    other = {name: BASE[name] for name in ("units", "titles", "cadres")}
    other["appointments"] = [{**BASE["appointments"][0], "start_on": "2019-01-01"}]
    assert import_workbook(write_book(tmp_path / "other.xlsx", other)).ok
    services.import_apply_ask(actor=administrator, job=job)
    services.import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.REFUSED
    assert job.result["errors"][0]["code"] == "overlapping_appointments"


def test_interrupted_work_is_told_and_can_be_repeated(
    administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob], sent: list[Any]
) -> None:
    job = make_job(BASE)
    ImportJob.objects.filter(pk=job.pk).update(status=Status.CHECKING)  # and nobody holds it
    browser = signed_in(administrator)
    page = browser.get(reverse("cadres:import-detail", args=[job.pk])).text
    assert "Việc kiểm tra bị gián đoạn" in page
    part = browser.get(reverse("cadres:import-progress", args=[job.pk]))
    assert part.headers["HX-Refresh"] == "true"
    browser.post(reverse("cadres:import-retry", args=[job.pk]))
    assert sent[-1] == ("cadres.import_check", {"job_id": job.pk})
    services.import_check(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.READY


def test_an_unexpected_error_leaves_a_word_and_no_rows(
    make_job: Callable[..., ImportJob], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    services.import_apply_ask(actor=administrator, job=job)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("broken pipe")

    monkeypatch.setattr("cadres.workbook.loading.write_sheet", fail)
    with pytest.raises(ValueError, match="broken pipe"):
        services.import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "chưa ghi gì" in job.error
    assert not Cadre.objects.exists()


def test_a_file_that_was_swapped_on_disk_is_not_written(
    make_job: Callable[..., ImportJob], administrator: User
) -> None:
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    Path(job.file.path).write_bytes((DATA / "province-small.xlsx").read_bytes())
    services.import_apply_ask(actor=administrator, job=job)
    services.import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Status.REFUSED
    assert job.result["errors"][0]["code"] == "file_changed"
    assert not Cadre.objects.exists()


def test_history_says_who_wrote_it(make_job: Callable[..., ImportJob], administrator: User) -> None:
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    services.import_apply_ask(actor=administrator, job=job)
    services.import_apply(job_id=job.pk)
    event = Cadre.objects.get(code="C1").events.get()  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["user"] == administrator.pk
    assert event.pgh_context.metadata["import_job"] == job.pk


# ---- Export and template --------------------------------------------------------------------


def sheets_of(response: Any) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(BytesIO(response.getvalue()))
    return {
        page.title: [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        for page in book
    }


def test_export_holds_what_the_actor_may_take(
    unit_officer: User, administrator: User, organisation: Organisation, signed_in: SignIn
) -> None:
    url = reverse("cadres:workbook-export")
    mine = sheets_of(signed_in(unit_officer).get(url))
    assert {row[0] for row in mine["cadres"]} == {"CB-NV", "CB-LT"}
    assert {row[0] for row in mine["plans"]} == {"SNV"}
    everything = sheets_of(signed_in(administrator).get(url))
    assert len(everything["cadres"]) == Cadre.objects.count()
    assert len(everything["units"]) == Unit.objects.count()


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        ("administrator", "SYT", 200),
        ("unit_officer", "SNV", 200),
        ("unit_officer", "SNV-LT", 200),
        ("unit_officer", "SYT", 404),
        ("inspector", "SNV", 200),
        ("auditor", "SNV", 403),
        ("auditor", "", 403),
        ("stranger", "", 403),
        ("stranger", "SNV", 404),
    ],
)
def test_export_by_role(
    role: str, code: str, status: int, cast: dict[str, User], signed_in: SignIn
) -> None:
    response = signed_in(cast[role]).get(reverse("cadres:workbook-export"), {"don_vi": code})
    response.getvalue()  # type: ignore[attr-defined]  # else its file stays open
    assert response.status_code == status


def test_template_can_be_imported_as_it_is(
    unit_officer: User, signed_in: SignIn, tmp_path: Path
) -> None:
    response = signed_in(unit_officer).get(reverse("cadres:import-template"))
    path = tmp_path / "template.xlsx"
    path.write_bytes(response.getvalue())  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 14
    comment = book["cadres"]["D1"].comment
    assert comment is not None
    assert "10/1965" in comment.text
    assert book["cadres"].data_validations.count > 0
    assert import_workbook(path, dry_run=True).ok


# ---- Queries --------------------------------------------------------------------------------


def test_queries_do_not_grow(
    administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob]
) -> None:
    browser = signed_in(administrator)
    job = make_job(DATA / "broken" / "three-faults.xlsx")
    services.import_check(job_id=job.pk)
    urls = [reverse("cadres:import-list"), reverse("cadres:import-detail", args=[job.pk])]
    few = [_queries(browser, url) for url in urls]
    ImportJob.objects.bulk_create(
        [
            ImportJob(
                uploaded_by=administrator,
                file_name=f"{n}.xlsx",
                sha256="0" * 64,
                status=Status.APPLIED,
            )
            for n in range(40)
        ]
    )
    job.refresh_from_db()
    job.result["errors"] = job.result["errors"] * 200
    job.save()
    assert [_queries(browser, url) for url in urls] == few
    assert max(few) <= 10


def _queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return len(found)


def test_a_file_that_changes_nothing_offers_nothing(
    administrator: User, signed_in: SignIn, make_job: Callable[..., ImportJob], tmp_path: Path
) -> None:
    assert import_workbook(write_book(tmp_path / "first.xlsx", BASE)).ok
    job = make_job(BASE)
    services.import_check(job_id=job.pk)
    page = signed_in(administrator).get(reverse("cadres:import-detail", args=[job.pk])).text
    assert "Không có gì để ghi" in page
    assert "btn-primary" not in page

"""Form 2C: what it says, in every shape, for one and for many, and what it leaves out for whom."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from cadre_portal.common import clock
from cadres.contexts.form_2c import content_of
from cadres.exports.form_2c import make_docx, make_pdf
from cadres.models import Biography, Cadre, ExportRecord, FileOpening, User
from cadres.selectors.form_2c import forms_2c
from tests import factories
from tests.cast import Organisation

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 22)


@pytest.fixture
def cadre(organisation: Organisation) -> Cadre:
    cadre = Cadre.objects.get(code="CB-NV")
    Cadre.objects.filter(pk=cadre.pk).update(
        ethnicity_code="02", birth_date="1981-05-01", birth_precision="month"
    )
    Biography.objects.create(
        cadre=cadre,
        birth_place="Xã Bảo Lâm & <b>vùng</b> ven",
        recruited_on="2005-03-01",
        recruited_on_precision="month",
    )
    factories.DisciplineFactory(cadre=cadre, kind="warning", decided_on="2020-02-03")
    factories.TrainingFactory(cadre=cadre, course="Quản lý nhà nước", start_on="2019-03-01")
    return cadre


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_it_tells_what_the_file_knows(cadre: Cadre, administrator: User) -> None:
    (form,) = forms_2c(administrator, ["CB-NV"])
    words = words_of(make_docx(content_of(form, DAY)))
    for expected in (
        cadre.full_name.upper(),
        "05/1981",
        "Xã Bảo Lâm & <b>vùng</b> ven",
        "03/2005",
        "Tày",
        "Cảnh cáo (03/02/2020)",
        "Quản lý nhà nước",
    ):
        assert expected in words
    assert make_pdf(content_of(form, DAY)).startswith(b"%PDF")


def test_posts_of_the_day_stand_in_item_three(cadre: Cadre, administrator: User) -> None:
    (form,) = forms_2c(administrator, ["CB-NV"])
    now = content_of(form, clock.today()).fields()
    before = content_of(form, dt.date(1990, 1, 1)).fields()
    assert now["office"] or now["committee"]
    assert not before["office"]
    assert not before["committee"]
    assert len(now["career"]) == len(form.posts)


def test_sensitive_items_stay_blank_without_the_right(cadre: Cadre, auditor: User) -> None:
    (form,) = forms_2c(auditor, ["CB-NV"])
    words = words_of(make_docx(content_of(form, DAY)))
    assert "Tày" not in words
    assert "Cảnh cáo" not in words
    assert "không có quyền xem" in words


def test_a_file_goes_out_with_a_reason_and_on_record(
    cadre: Cadre, provincial_officer: User
) -> None:
    client = Client()
    client.force_login(provincial_officer)
    address = "/ho-so/CB-NV/2c/"
    page = client.get(address)
    assert page.status_code == 200
    assert "SƠ YẾU LÝ LỊCH" in page.content.decode()
    refused = client.post(address, {"dinh_dang": "pdf"})
    assert refused.status_code == 422
    assert "ghi lý do" in refused.content.decode()
    assert not ExportRecord.objects.exists()
    made = client.post(address, {"dinh_dang": "pdf", "ly_do": "Bổ sung hồ sơ bổ nhiệm"})
    assert made["Content-Type"] == "application/pdf"
    assert "2C-CB-NV.pdf" in made["Content-Disposition"]
    record = ExportRecord.objects.get()
    assert (record.what, record.people, record.is_sensitive) == ("cadre-documents", 1, True)
    assert record.reason == "Bổ sung hồ sơ bổ nhiệm"
    assert FileOpening.objects.filter(cadre=cadre.pk, door="document").exists()


def test_many_come_as_a_zip_of_those_in_scope(cadre: Cadre, unit_officer: User) -> None:
    client = Client()
    client.force_login(unit_officer)
    codes = list(Cadre.objects.values_list("code", flat=True))
    seen = {form.cadre.code for form in forms_2c(unit_officer, codes)}
    assert "CB-NV" in seen
    assert seen < set(codes)
    query = "&".join(f"chon={code}" for code in codes)
    made = client.post(f"/ho-so/2c/?{query}", {"dinh_dang": "docx", "ly_do": "Kiểm tra"})
    if len(seen) == 1:
        assert "2C-CB-NV.docx" in made["Content-Disposition"]
        return
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert {name.removeprefix("2C-").removesuffix(".docx") for name in archive.namelist()} == (
            seen
        )


def test_out_of_scope_it_does_not_exist(cadre: Cadre, other_unit_officer: User) -> None:
    client = Client()
    client.force_login(other_unit_officer)
    assert client.get("/ho-so/CB-NV/2c/").status_code == 404
    page = client.get("/ho-so/2c/?chon=CB-NV").content.decode()
    assert cadre.full_name not in page
    assert "Chưa chọn người nào" in page


def test_the_office_may_use_its_own_template(
    cadre: Cadre, administrator: User, tmp_path, settings
) -> None:
    own = Document()
    own.add_paragraph("Lý lịch của {{ full_name }}, sinh {{ birth_date }}")
    own.save(tmp_path / "form_2c.docx")
    settings.DOCUMENT_TEMPLATES = str(tmp_path)
    (form,) = forms_2c(administrator, ["CB-NV"])
    words = words_of(make_docx(content_of(form, DAY)))
    assert words.strip() == f"Lý lịch của {cadre.full_name.upper()}, sinh 05/1981"


def test_queries_do_not_grow_with_people(cadre: Cadre, administrator: User) -> None:
    def queries(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            for form in forms_2c(administrator, codes):
                content_of(form, DAY)
        return len(captured)

    queries(["CB-NV"])  # grants are read once for an account
    one = queries(["CB-NV"])
    for _ in range(10):
        post = factories.AppointmentFactory()
        factories.TrainingFactory(cadre=post.cadre)
    assert queries(list(Cadre.objects.values_list("code", flat=True))) == one <= 7

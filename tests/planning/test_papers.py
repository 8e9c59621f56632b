"""Official tables of planning: golden cells and texts, who is told what, records, the way back.

After a wanted change, `REWRITE_GOLDEN=1 python -m pytest tests/planning/test_papers.py` writes the
golden files anew; their difference is reviewed.
"""

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from cadre_portal.common import clock
from cadres.exports.papers import make_paper
from cadres.exports.word import template_path
from cadres.exports.word_templates import write_template
from cadres.lists import read
from cadres.models import Cadre, ExportRecord, User
from cadres.papers import Attached, long_day, short_day
from compliance.law import load_law
from planning import selectors
from planning.choices import DraftAct, PlanStatus, RemovalReason
from planning.exports.forms import PLAN_FORMS, TEMPLATES, PaperOptions, plan_form
from planning.exports.province_summary import province_summary
from planning.models import Dossier
from planning.selectors.structure import plan_structure, term_structure
from planning.services import plan_check
from tests import factories
from tests.cast import Organisation
from tests.support.papers import is_golden, sheet_of, text_of, words_in

Browser = Callable[[User], Client]
DAY = dt.date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


def person(organisation: Organisation, name: str, **file: Any) -> Cadre:
    cadre: Cadre = factories.CadreFactory(full_name=name, **file)
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    return cadre


@pytest.fixture
def dossier(organisation: Organisation) -> Dossier:
    """A review of Sở Nội vụ: one goes on, one leaves for a discipline, two come, one undecided."""
    plan = organisation.plan
    deputies = factories.pool_of(plan, organisation.deputy, prescribed=2)
    members = factories.pool_of(plan, organisation.committee, prescribed=3)
    past = factories.PlanFactory(
        unit=organisation.department,
        term=factories.TermFactory(
            code="2020-2025", starts_on=dt.date(2020, 10, 1), ends_on=dt.date(2025, 9, 30)
        ),
        decision_no="7-QĐ/TU",
        approved_on=dt.date(2020, 2, 3),
    )
    leaving = person(
        organisation, "Hoàng Văn Bé", sex="male", birth_date="1979-10-01", birth_precision="month"
    )
    waiting = person(organisation, "Vi Văn Khải", sex="", birth_date="1990-01-01", theory=None)
    coming = person(organisation, "=Lục & <Oanh>", birth_date="1992-01-01", birth_precision="year")
    carried = person(organisation, "Triệu Thị Hương", degree=5, theory=2)
    for cadre, pool in ((leaving, deputies), (waiting, members), (leaving, members)):
        factories.NominationFactory(pool=pool, cadre=cadre)
    for year, grade in ((2023, 3), (2025, 4), (2022, 1)):
        factories.EvaluationFactory(
            cadre=organisation.insider, unit=organisation.department, year=year, grade=grade
        )
    made = Dossier.objects.create(
        plan=plan,
        cycle=factories.CycleFactory(term=plan.term),
        opened_on=DAY,
        submission_no="15/TTr-SNV",
        submitted_on=dt.date(2026, 2, 5),
    )
    factories.draft(made, organisation.pool, organisation.insider, DraftAct.KEEP)
    for pool in (deputies, members):
        factories.draft(made, pool, leaving, DraftAct.REMOVE, reason=RemovalReason.DISCIPLINE)
    factories.draft(made, deputies, coming, note="nguồn trẻ")
    old = factories.pool_of(past, organisation.deputy)
    factories.draft(made, organisation.pool, carried, carried_from=old)
    return made


def options(dossier: Dossier | None, **chosen: Any) -> PaperOptions:
    attached = Attached("15/TTr-SNV", dt.date(2026, 2, 5))
    return PaperOptions(as_of=DAY, attached=attached, dossier=dossier, **chosen)


def made(key: str, actor: User, dossier: Dossier, **chosen: Any) -> Any:
    form = plan_form(key)
    assert form is not None
    return form.make(actor, dossier.plan, options(dossier, **chosen))


# ---- What stands in the files ------------------------------------------------------------------


def test_tables_of_a_plan(dossier: Dossier, provincial_officer: User) -> None:
    for form in PLAN_FORMS:
        paper = made(form.key, provincial_officer, dossier, with_group=form.has_group)
        found = {
            "xlsx": sheet_of(make_paper(paper, "xlsx")),
            "docx": text_of(make_paper(paper, "docx")),
        }
        is_golden(GOLDEN, form.key, found)
    assert make_paper(paper, "pdf").startswith(b"%PDF")


def test_the_province_summed_up(dossier: Dossier, provincial_officer: User) -> None:
    found = term_structure(provincial_officer, dossier.plan.term_id, DAY)
    unit, above = selectors.issuer(provincial_officer)
    paper = province_summary(
        provincial_officer, found, dossier.plan.term, unit, above, DAY, with_group=True
    )
    is_golden(
        GOLDEN,
        "tong-hop",
        {"xlsx": sheet_of(make_paper(paper, "xlsx")), "docx": text_of(make_paper(paper, "docx"))},
    )
    assert make_paper(paper, "pdf").startswith(b"%PDF")


def test_columns_are_those_of_the_forms(dossier: Dossier, provincial_officer: User) -> None:
    """REGULATIONS section 9: twelve and ten, in this order."""
    heads = {
        key: [
            f"{column.over}: {column.head}" if column.over else column.head
            for column in made(key, provincial_officer, dossier).tables[0].columns
        ]
        for key in ("phu-luc-1", "phu-luc-2")
    }
    born = ["Ngày sinh: Nam", "Ngày sinh: Nữ", "Chức vụ hiện tại"]
    assert heads["phu-luc-1"] == [
        "Số TT",
        "Họ và tên",
        *born,
        "Chức danh đã được quy hoạch",
        "Chức danh chuyển tiếp quy hoạch",
        "Trình độ: chuyên môn",
        "Trình độ: lý luận chính trị",
        "QĐ quy hoạch (số, ngày)",
        "Kết quả phân loại 03 năm gần nhất",
        "Đề xuất của đơn vị",
    ]
    assert heads["phu-luc-2"] == [
        "Số TT",
        "Họ và tên",
        *born,
        "Chức danh đề xuất quy hoạch",
        "Chuyên môn",
        "Lý luận chính trị",
        "Kết quả phân loại 03 năm",
        "Đề xuất",
    ]


def test_our_own_reader_reads_both_appendices(
    dossier: Dossier, provincial_officer: User, tmp_path: Path
) -> None:
    """The way back: names, sexes and dates as far as they are known."""
    expected = {
        "phu-luc-1": {
            ("Nông Thị Ánh", "female", "1985-05-20"),
            ("Hoàng Văn Bé", "male", "1979-10"),
            ("Triệu Thị Hương", "female", "1985-05-20"),
            ("Vi Văn Khải", None, None),
        },
        "phu-luc-2": {("=Lục & <Oanh>", "female", "1992")},
    }
    for key, people in expected.items():
        path = tmp_path / f"{key}.xlsx"
        path.write_bytes(make_paper(made(key, provincial_officer, dossier), "xlsx"))
        found = read(path, path.name).as_json()["people"]
        assert {(p["full_name"], p["sex"], p["birth_date"]) for p in found} == people
        assert all(p["title_text"] for p in found)


def test_the_structure_counts_as_the_rules_do(dossier: Dossier, organisation: Organisation) -> None:
    for parameter, value in (
        ("planning.age_bands.young_below", 40),
        ("planning.age_bands.middle_to", 50),
        ("planning.young_share.age_below", 40),
        ("planning.young_share.minimum", 15),
        ("planning.minority_share.minimum", 15),
        ("planning.openness.minimum_external", 0),
    ):
        factories.TargetFactory(unit=organisation.province, parameter=parameter, value=value)
    factories.NominationFactory(pool=organisation.pool, cadre=organisation.outsider)
    born = factories.CadreFactory(birth_date=dt.date(1986, 11, 23), sex="male")
    factories.NominationFactory(pool=organisation.pool, cadre=born)
    whole = plan_structure(dossier.plan, DAY).whole
    rules = {
        f.rule.code: f.measured for f in plan_check(plan=dossier.plan, as_of=DAY) if f.kind == 1
    }
    ages = rules["planning.three_age_bands"]
    assert (whole.band_young, whole.band_middle, whole.band_senior, whole.unknown_age) == (
        ages["young"],
        ages["middle"],
        ages["senior"],
        ages["unknown"],
    )
    for name, code in (
        (whole.young, "planning.young_share"),
        (whole.women, "planning.women_share"),
        (whole.minority, "planning.minority_share"),
        (whole.elsewhere, "planning.openness"),
    ):
        assert (name, whole.people) == (rules[code]["part"], rules[code]["total"]), code
    assert whole.unknown_sex == rules["planning.women_share"]["unknown"] == 1
    assert whole.unknown_place == rules["planning.openness"]["unknown"] == 1


def test_without_law_a_column_stays_empty(dossier: Dossier, provincial_officer: User) -> None:
    """No value on the day is never a zero."""
    row = made("bieu-tong-hop", provincial_officer, dossier).tables[0].rows[0]
    keys = [c.key for c in made("bieu-tong-hop", provincial_officer, dossier).tables[0].columns]
    cells = dict(zip(keys, row.cells, strict=True))
    assert cells["women"] == 1
    assert [cells[key] for key in ("young", "young_share", "band_young", "minority")] == [None] * 4


# ---- Who is told what --------------------------------------------------------------------------


def test_sensitive_words_only_for_who_may(
    dossier: Dossier, provincial_officer: User, auditor: User
) -> None:
    for actor, may in ((provincial_officer, True), (auditor, False)):
        listed = make_paper(made("danh-sach", actor, dossier, with_group=True), "xlsx")
        assert ("Tày" in words_in(listed)) is may
        paper = made("phu-luc-1", actor, dossier)
        assert paper.is_sensitive is may
        assert ("bị kỷ luật" in words_in(make_paper(paper, "xlsx"))) is may
    bare = made("danh-sach", provincial_officer, dossier)
    assert "Tày" not in words_in(make_paper(bare, "xlsx"))


def test_from_the_plan_to_the_file_and_the_record(
    dossier: Dossier, provincial_officer: User, signed_in: Browser
) -> None:
    browser, plan = signed_in(provincial_officer), dossier.plan
    page = browser.get(f"/quy-hoach/{plan.pk}/").content.decode()
    url = reverse("planning:plan-export", args=[plan.pk])
    assert f'href="{url}?mau=phu-luc-1"' in page
    form = browser.get(url, {"mau": "phu-luc-1"}).content.decode()
    assert 'value="15/TTr-SNV"' in form
    asked = {"mau": "phu-luc-1", "dinh_dang": "xlsx", "ho_so": str(dossier.pk)}
    refused = browser.post(url, asked)
    assert refused.status_code == 422
    assert "hãy ghi lý do" in refused.content.decode()
    assert not ExportRecord.objects.exists()
    made = browser.post(url, {**asked, "ly_do": "Trình Ban Thường vụ", "so_to_trinh": "9/TTr"})
    assert made["Content-Disposition"].endswith(
        'filename="phu-luc-1-SNV-2025-2030-2026-11-22.xlsx"'
    )
    assert "Tờ trình số 9/TTr ngày …" in words_in(made.content)
    record = ExportRecord.objects.get()
    assert (record.what, record.file_format, record.reason) == (
        "plan-appendix-1",
        "xlsx",
        "Trình Ban Thường vụ",
    )
    assert (record.people, record.rows, record.is_sensitive) == (4, 4, True)
    assert (record.as_of, record.law_fingerprint) == (DAY, load_law().fingerprint)
    assert record.filters == {
        "unit": "SNV",
        "term": "2025-2030",
        "dossier": dossier.pk,
        "with_group": False,
    }
    plain = browser.post(url, {"mau": "danh-sach", "dinh_dang": "pdf"})
    assert plain.content.startswith(b"%PDF")
    assert browser.post(url, {"mau": "khac", "dinh_dang": "pdf"}).status_code == 422


def test_the_auditor_is_not_offered_groups(
    dossier: Dossier, auditor: User, signed_in: Browser
) -> None:
    url = reverse("planning:plan-export", args=[dossier.plan_id])
    assert "kem_dan_toc" not in signed_in(auditor).get(url).content.decode()
    asked = {"mau": "danh-sach", "dinh_dang": "xlsx", "kem_dan_toc": "on", "ly_do": "Xem"}
    assert "Tày" not in words_in(signed_in(auditor).post(url, asked).content)
    asked = {"dinh_dang": "xlsx", "kem_dan_toc": "on", "nhiem_ky": "2025-2030", "ly_do": "Xem"}
    sums = signed_in(auditor).post(reverse("planning:summary-export"), asked)
    assert "Cột dân tộc thiểu số để trống" in words_in(sums.content)
    assert not ExportRecord.objects.filter(is_sensitive=True).exists()


def test_sums_hold_only_what_is_in_scope(
    dossier: Dossier, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    unit, above = selectors.issuer(unit_officer)
    assert (unit.name, [each.name for each in above]) == ("Sở Nội vụ", ["Tỉnh ủy Cao Bằng"])
    # Who sees several parts reports in the name of the unit on top.
    several = factories.RoleGrantFactory(unit=organisation.other).user
    factories.RoleGrantFactory(user=several, unit=organisation.commune)
    assert selectors.issuer(several)[0].name == "Tỉnh ủy Cao Bằng"
    asked = {"dinh_dang": "xlsx", "nhiem_ky": "2025-2030"}
    words = words_in(
        signed_in(unit_officer).post(reverse("planning:summary-export"), asked).content
    )
    assert "Sở Nội vụ" in words
    assert "Sở Y tế" not in words


def test_an_approved_review_stays_as_it_was_proposed(
    dossier: Dossier, provincial_officer: User, approver: User
) -> None:
    for row in dossier.plan.nominations.filter(draft_items__act=DraftAct.REMOVE):
        row.removed_on = DAY
        row.save()
    Dossier.objects.filter(pk=dossier.pk).update(
        status=PlanStatus.APPROVED,
        submitted_by=provincial_officer,
        decided_by=approver,
        decided_at=clock.now(),
        decision_no="1-QĐ/TU",
        decision_on=DAY,
    )
    dossier.refresh_from_db()
    names = [
        row.cells[1]
        for row in made("phu-luc-1", provincial_officer, dossier).tables[0].rows
        if row.cells
    ]
    assert names == ["Nông Thị Ánh", "Triệu Thị Hương", "Hoàng Văn Bé"]


def test_queries_do_not_grow(dossier: Dossier, provincial_officer: User) -> None:
    def count() -> list[int]:
        counts = []
        for form in PLAN_FORMS:
            with CaptureQueriesContext(connection) as captured:
                made(form.key, provincial_officer, dossier)
            counts.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            term_structure(provincial_officer, dossier.plan.term_id, DAY)
        return [*counts, len(captured)]

    count()
    before = count()
    old = dossier.items.get(carried_from__isnull=False).carried_from
    for _ in range(4):
        factories.draft(dossier, dossier.plan.pools.first(), factories.CadreFactory())
        factories.draft(
            dossier, dossier.plan.pools.last(), factories.CadreFactory(), carried_from=old
        )
        factories.NominationFactory(pool=dossier.plan.pools.first())
    assert count() == before
    assert max(before) <= 8


# ---- Words and templates -----------------------------------------------------------------------


def test_days_on_paper() -> None:
    """hd-05-2026: a zero before days under 10 and months 1 and 2."""
    assert long_day(dt.date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert long_day(dt.date(2026, 9, 15)) == "ngày 15 tháng 9 năm 2026"
    assert short_day(dt.date(2026, 9, 5)) == "05/9/2026"
    assert short_day(None) == "…"


def test_templates_are_written_from_the_columns(tmp_path: Path) -> None:
    """After columns changed: `manage.py write_word_templates`."""
    for name, tables in TEMPLATES.items():
        write_template(tmp_path / name, tables)
        parts = []
        for path in (tmp_path / name, template_path(f"{name}.docx")):
            with zipfile.ZipFile(path) as package:
                parts.append(package.read("word/document.xml"))
        assert parts[0] == parts[1], name


def test_an_office_may_use_its_own_template(
    dossier: Dossier, provincial_officer: User, tmp_path: Path, settings: Any
) -> None:
    own = Document()
    own.add_paragraph("{% for row in rows %}{{ row.name }}|{{ row.proposal }}; {% endfor %}")
    own.save(str(tmp_path / "appendix_2.docx"))
    settings.DOCUMENT_TEMPLATES = str(tmp_path)
    body = make_paper(made("phu-luc-2", provincial_officer, dossier), "docx")
    (line,) = text_of(body)["paragraphs"]
    assert "=Lục & <Oanh>|Bổ sung quy hoạch; nguồn trẻ; " in line

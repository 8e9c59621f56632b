"""An office's list from its rows to the files of people, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Degree, Grade, Theory
from cadres.models import (
    Cadre,
    ExportRecord,
    ListImport,
    ListImportRow,
    ListMapping,
    PersonQuestion,
    User,
)
from cadres.services import list_imports as services
from cadres.services.duplicates import question_decide
from planning.choices import PlanStatus
from planning.models import Nomination, Plan
from tests import factories
from tests.cast import Organisation

SAMPLE = Path(__file__).parents[1] / "data" / "lists" / "phu-luc-2.xlsx"
HEADS = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Trình độ chuyên môn"]
PLAN_HEADS = [*HEADS, "Chức danh đề xuất quy hoạch", "Đề xuất"]
DAY = dt.date(2026, 11, 1)
Status, Match = ListImport.Status, ListImportRow.Match
Make = Callable[..., ListImport]


def sheet(rows: list[list[Any]], heads: list[str] | None = None, title: str = "Danh sách") -> bytes:
    """A list with a title row above its header; numbers people by itself."""
    import io

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [title])
        page.write_row(2, 0, heads or HEADS)
        for number, row in enumerate(rows, start=1):
            page.write_row(2 + number, 0, [number, *row])
    return stream.getvalue()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    """Jobs are not sent: nothing here waits for a worker."""
    monkeypatch.setattr("cadre_portal.common.jobs._send", lambda *_args: None)


@pytest.fixture
def make(
    organisation: Organisation, unit_officer: User, settings: Any, tmp_path: Path, sent: None
) -> Make:
    """`make(rows)`: a list of Sở Nội vụ, uploaded and read."""
    settings.MEDIA_ROOT = tmp_path

    def upload(
        rows: list[list[Any]] | None = None,
        *,
        content: bytes | None = None,
        actor: User | None = None,
        term: str = "",
        heads: list[str] | None = None,
        posts: bool = True,
    ) -> ListImport:
        data = content if content is not None else sheet(rows or [], heads)
        return services.list_upload(
            actor=actor or unit_officer,
            upload=SimpleUploadedFile("danh-sach.xlsx", data),
            unit=organisation.department,
            as_of=DAY,
            term_code=term,
            writes_posts=posts,
        )

    return upload


def row_of(found: ListImport, name: str) -> ListImportRow:
    return found.rows.get(full_name=name)


def codes(row: ListImportRow) -> list[str]:
    return [problem["code"] for problem in row.problems]


def decide(found: ListImport, actor: User, row: int, key: str, value: str, text: str = "") -> None:
    services.list_decide(
        actor=actor, list_import=found, version=found.version,
        row=row, key=key, value=value, text=text,
    )  # fmt: skip


def write(found: ListImport, actor: User) -> ListImport:
    """Preview and write."""
    services.list_preview(actor=actor, list_import=found, version=found.version)
    services.list_apply_ask(actor=actor, list_import=found, version=found.version)
    return ListImport.objects.get(pk=found.pk)


TABLES = (
    "cadres_cadre", "cadres_appointment", "cadres_evaluation", "planning_nomination",
    "planning_plan", "planning_pool",
)  # fmt: skip


def contents() -> dict[str, list[Any]]:
    """Every row of the tables that a list may touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


# ---- Whom rows are about ---------------------------------------------------------------------


def test_a_person_is_found_by_name_and_whole_birth_date(
    make: Make, organisation: Organisation
) -> None:
    insider = organisation.insider
    found = make([["NÔNG THỊ ÁNH", "20/05/1985", "Nữ", "Giám đốc", "Thạc sĩ"]])
    row = found.rows.get(kind="person")
    assert (row.match, row.cadre_id, row.problems) == (Match.FOUND, insider.pk, [])


@pytest.mark.parametrize(
    ("born", "match"),
    [
        ("1985", Match.FOUND),  # year only, but serving in the office and the only one: to look at
        ("05/1985", Match.FOUND),
        ("20/05/1985", Match.FOUND),
        ("21/05/1985", Match.ASK),  # a slip of the pen away
        ("20/05/1958", Match.ASK),
        ("", Match.ASK),
        ("01/01/1960", Match.NEW),
    ],
)
def test_how_sure_a_match_is(make: Make, born: str, match: str) -> None:
    found = make([["Nông Thị Ánh", born, "Nữ", "Giám đốc", "Thạc sĩ"]])
    row = found.rows.get(kind="person")
    assert row.match == match
    if match == Match.FOUND and born != "20/05/1985":
        assert codes(row) == ["likely_person"]
        assert row.reviews == 1
    if match == Match.ASK:
        assert "which_person" in codes(row)
        assert found.counts["errors"] >= 1


def test_namesakes_are_asked_about(make: Make, organisation: Organisation) -> None:
    twin = factories.CadreFactory(code="CB-NV2", full_name="Nông Thị Ánh")
    factories.AppointmentFactory(
        cadre=twin, unit=organisation.department, title=organisation.deputy
    )
    found = make([["Nông Thị Ánh", "20/05/1985", "Nữ", "Giám đốc", "Thạc sĩ"]])
    row = found.rows.get(kind="person")
    assert row.match == Match.ASK
    labels = [choice["label"] for choice in row.problems[0]["choices"]]
    assert labels[0] == "Nông Thị Ánh, 20/05/1985 (CB-NV)"
    assert labels[-2:] == ["Người mới", "Bỏ qua dòng này"]


def test_twins_with_names_that_differ_by_a_tone_are_not_one_person(
    make: Make, organisation: Organisation
) -> None:
    found = make([["Nông Thị Anh", "20/05/1985", "Nữ", "Giám đốc", "Thạc sĩ"]])
    assert found.rows.get(kind="person").match == Match.ASK


def test_the_place_of_the_tone_does_not_matter(make: Make, organisation: Organisation) -> None:
    person = factories.CadreFactory(code="CB-H", full_name="Lê Thị Hoà")
    factories.AppointmentFactory(
        cadre=person, unit=organisation.department, title=organisation.deputy
    )
    found = make([["Lê Thị Hòa", "20/05/1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"]])
    assert found.rows.get(kind="person").cadre_id == person.pk


def test_what_one_decides_is_kept_through_the_next_reading(
    make: Make, organisation: Organisation, unit_officer: User
) -> None:
    found = make([["Nông Thị Ánh", "21/05/1985", "Nữ", "Giám đốc", "Thạc sĩ"]])
    decide(found, unit_officer, 4, "@person", f"cadre:{organisation.insider.pk}")
    row = found.rows.get(kind="person")
    assert (row.match, row.cadre_id, row.errors) == (Match.FOUND, organisation.insider.pk, 0)
    decide(found, unit_officer, 4, "@person", "new")
    assert found.rows.get(kind="person").match == Match.NEW
    decide(found, unit_officer, 4, "@person", "skip")
    row = found.rows.get(kind="person")
    assert (row.match, row.problems) == (Match.SKIP, [])


def test_rows_about_one_person(make: Make, unit_officer: User) -> None:
    found = make(
        [
            ["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "Thạc sĩ"],
            ["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "Thạc sĩ"],
            ["Vi Văn Khải", "02/03/1980", "Nữ", "Phó Giám đốc", "Thạc sĩ"],
            ["Vi Văn Khải", "1980", "Nam", "Phó Giám đốc", "Thạc sĩ"],
        ]
    )
    first, same, other, year = found.rows.filter(kind="person")
    assert (first.match, year.match) == (Match.NEW, Match.NEW)
    assert (same.match, same.same_as, codes(same)) == (Match.SAME, first.row, ["same_person"])
    assert codes(other) == ["repeated_person"]
    decide(found, unit_officer, other.row, "@person", "new")
    assert found.rows.get(row=other.row).match == Match.NEW


# ---- Nobody is found who may not be seen -----------------------------------------------------


def test_a_person_known_elsewhere_is_held_for_the_province(
    make: Make, organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    """Somebody of Sở Y tế gets no second file; the unit learns only that others have to say."""
    outsider = organisation.outsider
    found = make(
        [
            ["LÝ THỊ ĐÀO", "20/05/1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"],
            ["Lý Thị Đào", "1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"],
            ["Không Có Ai", "20/05/1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"],
        ]
    )
    one, vague, nobody = found.rows.filter(kind="person").order_by("row")
    assert (vague.match, nobody.match, nobody.problems) == (Match.NEW, Match.NEW, [])
    assert (one.match, codes(one), one.cadre_id) == (Match.ASK, ["elsewhere"], None)
    told = str(one.problems)
    for secret in (outsider.code, "Y tế", str(outsider.pk)):
        assert secret not in told
    decide(found, unit_officer, one.row, "@person", "new")  # is no way round
    assert codes(found.rows.get(row=one.row)) == ["elsewhere"]
    with pytest.raises(services.ListChanged):  # nobody is asked about who is not held
        decide(found, unit_officer, nobody.row, "@person", "held")
    decide(found, unit_officer, one.row, "@person", "held")
    assert found.rows.get(row=one.row).match == Match.HELD
    assert (found.counts["errors"], found.counts["skipped"]) == (0, 1)
    decide(found, unit_officer, vague.row, "@person", "skip")
    asked = PersonQuestion.objects.get()
    assert (asked.unit, asked.asked_by) == (organisation.department, unit_officer)
    assert written_names(write(found, unit_officer)) == {"Không Có Ai"}

    with pytest.raises(PermissionDenied):
        question_decide(actor=unit_officer, question=asked, cadre=None)
    assert question_decide(actor=provincial_officer, question=asked, cadre=outsider)
    assert not question_decide(actor=provincial_officer, question=asked, cadre=None)
    again = make([["Lý Thị Đào", "20/05/1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"]])
    assert again.rows.get(kind="person").cadre_id == outsider.pk


def test_who_is_another_person_after_all_gets_a_file(
    make: Make, organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    found = make([["Lý Thị Đào", "20/05/1985", "Nữ", "Phó Giám đốc", "Thạc sĩ"]])
    decide(found, unit_officer, 4, "@person", "held")
    question_decide(actor=provincial_officer, question=PersonQuestion.objects.get(), cadre=None)
    decide(found, unit_officer, 4, "@person", "")
    assert found.rows.get(kind="person").match == Match.NEW
    assert Cadre.objects.filter(full_name="Lý Thị Đào").count() == 1
    write(found, unit_officer)
    assert Cadre.objects.filter(full_name="Lý Thị Đào").count() == 2


def written_names(found: ListImport) -> set[str]:
    assert found.status == Status.APPLIED
    return set(Cadre.objects.filter(code__startswith="DS").values_list("full_name", flat=True))


def test_a_code_elsewhere_and_a_code_of_nobody_get_the_same_answer(
    make: Make, organisation: Organisation
) -> None:
    heads = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Số hiệu"]
    found = make(
        [
            ["Lý Thị Đào", "20/05/1985", "Nữ", "Phó Giám đốc", organisation.outsider.code],
            ["Lý Thị Đào", "20/05/1986", "Nữ", "Phó Giám đốc", "CB-KHONG"],
        ],
        heads=heads,
    )
    one, two = found.rows.filter(kind="person")
    message = one.problems[0]["message"]
    assert message == "Số hiệu CB-YT không thuộc phạm vi của đồng chí"
    assert message.replace("CB-YT", "CB-KHONG") == two.problems[0]["message"]
    assert one.cadre_id is None


def test_an_officer_of_all_units_finds_everybody(
    make: Make, organisation: Organisation, provincial_officer: User, unit_officer: User
) -> None:
    found = make(
        [["Lý Thị Đào", "20/05/1985", "Nữ", "Giám đốc", "Thạc sĩ"]], actor=provincial_officer
    )
    assert found.rows.get(kind="person").cadre_id == organisation.outsider.pk
    # What it was matched with is no business of the unit.
    assert Client().get(reverse("cadres:list-import-detail", args=[found.pk])).status_code == 302
    from cadres.selectors.list_imports import list_imports

    assert found not in list_imports(unit_officer)
    assert found in list_imports(provincial_officer)


def test_nobody_changes_their_own_file(
    make: Make, organisation: Organisation, unit_officer: User
) -> None:
    unit_officer.cadre = organisation.insider
    unit_officer.save()
    found = make([["Nông Thị Ánh", "20/05/1985", "Nữ", "Giám đốc", "Tiến sĩ"]])
    row = found.rows.get(kind="person")
    assert (row.match, codes(row)) == (Match.ASK, ["not_editable"])


def test_a_new_person_of_a_unit_officer_needs_a_post(make: Make, unit_officer: User) -> None:
    found = make([["Vi Văn Khải", "02/03/1980", "Nam", "Thợ cả", "Thạc sĩ"]])
    row = found.rows.get(kind="person")
    assert (codes(row), row.errors) == (["unknown_title_text"], 1)
    with pytest.raises(services.ListNotReady):
        services.list_preview(actor=unit_officer, list_import=found, version=found.version)
    decide(found, unit_officer, row.row, "synonym:title_text", "PGD", "Thợ cả")
    assert found.rows.get(kind="person").problems == []
    # The office means the same the next time.
    assert make([["Hà Văn Ba", "02/03/1981", "Nam", "thợ cả", ""]]).counts["errors"] == 0


def test_only_officers_of_the_unit_upload(
    make: Make, other_unit_officer: User, inspector: User
) -> None:
    for actor in (other_unit_officer, inspector):
        with pytest.raises(PermissionDenied):
            make([], actor=actor)
    assert not ListImport.objects.exists()


# ---- Writing and taking back -----------------------------------------------------------------


@pytest.fixture
def full(make: Make, organisation: Organisation) -> ListImport:
    """A list that creates, changes, nominates, and takes out of a plan being drawn up."""
    plan = organisation.plan
    plan.status, plan.approved_on = PlanStatus.DRAFT, None
    plan.save()
    factories.EvaluationFactory(
        cadre=organisation.insider, unit=organisation.department, year=2025, grade=Grade.HTNV
    )
    removed, added = ("Đưa ra", "HTXSNV"), ("Bổ sung", "HTTNV")
    return make(
        [
            ["Nông Thị Ánh", "20/05/1985", "Nữ", "Giám đốc", "Tiến sĩ", "Giám đốc", *removed],
            ["Vi Văn Khải", "03/1980", "Nam", "Phó Giám đốc", "Đại học", "Giám đốc", *added],
            ["Hà Thị Mỷ", "1979", "Nữ", "Phó Giám đốc", "", "Giám đốc", "", ""],
        ],
        heads=[*PLAN_HEADS, "Xếp loại năm 2025"],
        term=plan.term.code,
    )  # fmt: skip


def test_what_is_written(full: ListImport, organisation: Organisation, unit_officer: User) -> None:
    assert full.counts["errors"] == 0, [row.problems for row in full.rows.all()]
    done = write(full, unit_officer)
    assert (done.status, done.applied_by) == (Status.APPLIED, unit_officer)
    insider = Cadre.objects.get(code="CB-NV")
    assert insider.degree == Degree.DOCTOR
    assert insider.theory == Theory.ADVANCED  # what the list does not say stays
    assert insider.ethnicity_code == "02"
    assert insider.evaluations.get().grade == Grade.HTXSNV
    assert insider.nominations.get().removed_on == DAY
    made = Cadre.objects.get(full_name="Vi Văn Khải")
    assert (made.birth_date, made.birth_precision) == (dt.date(1980, 3, 1), "month")
    assert made.code == f"DS{full.pk}-0005"
    post = made.appointments.get()
    assert (post.unit, post.title, post.start_on) == (
        organisation.department, organisation.deputy, DAY,
    )  # fmt: skip
    assert made.evaluations.get().grade == Grade.HTTNV
    nomination = made.nominations.get()
    assert (nomination.plan, nomination.nominated_on) == (organisation.plan, DAY)
    # The unit officer sees whom they created.
    from cadres.selectors.cadres import cadres_visible

    assert made in cadres_visible(unit_officer)


def test_the_preview_says_what_is_written(
    full: ListImport, unit_officer: User, signed_in: Callable[[User], Client]
) -> None:
    services.list_preview(actor=unit_officer, list_import=full, version=full.version)
    assert full.counts["effects"] == {"created": 2, "changed": 1}
    assert full.counts["changes"] == {
        "created": 2, "files": 1, "grades": 2, "posts": 2, "people": 3, "nominated": 1,
        "removed": 1,
    }  # fmt: skip
    assert not Cadre.objects.filter(full_name="Vi Văn Khải").exists()
    page = signed_in(unit_officer).get(
        reverse("cadres:list-import-detail", args=[full.pk]) + "?xem=doi"
    )
    for words in ("Đại học", "Tiến sĩ", "Đưa ra khỏi quy hoạch", "Xếp loại 2025"):
        assert words in page.text


def test_undo_restores_exactly(full: ListImport, unit_officer: User) -> None:
    before = contents()
    done = write(full, unit_officer)
    assert contents() != before
    services.list_undo_ask(actor=unit_officer, list_import=done)
    done.refresh_from_db()
    assert done.status == Status.UNDONE
    assert contents() == before
    events = Cadre.events.rel.related_model.objects  # the history keeps both
    assert events.filter(full_name="Vi Văn Khải").count() == 2
    assert events.filter(code="CB-NV", degree=Degree.DOCTOR).exists()


def test_a_plan_that_the_list_began_goes_with_it(
    make: Make, organisation: Organisation, unit_officer: User
) -> None:
    Nomination.objects.filter(plan=organisation.plan).delete()
    organisation.plan.delete()
    before = contents()
    found = make(
        [["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "", "Giám đốc", "Bổ sung"]],
        heads=PLAN_HEADS,
        term="2025-2030",
    )
    done = write(found, unit_officer)
    plan = Plan.objects.get(unit=organisation.department)
    assert (plan.status, plan.nominations.count()) == (PlanStatus.DRAFT, 1)
    services.list_undo_ask(actor=unit_officer, list_import=done)
    assert contents() == before


def test_an_approved_plan_is_not_touched_by_a_unit(
    make: Make, organisation: Organisation, unit_officer: User, provincial_officer: User
) -> None:
    rows = [["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "", "Giám đốc", "Bổ sung"]]
    found = make(rows, heads=PLAN_HEADS, term="2025-2030")
    assert "đã phê duyệt" in found.counts["plan_obstacle"]
    write(found, unit_officer)
    assert not Nomination.objects.filter(cadre__full_name="Vi Văn Khải").exists()
    again = make(rows, heads=PLAN_HEADS, term="2025-2030", actor=provincial_officer)
    write(again, provincial_officer)
    assert Nomination.objects.filter(cadre__full_name="Vi Văn Khải").exists()


def test_undo_says_what_was_built_on_the_list(
    full: ListImport,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Client],
) -> None:
    done = write(full, unit_officer)
    insider = organisation.insider
    Cadre.objects.filter(pk=insider.pk).update(degree=Degree.MASTER)
    made = Cadre.objects.get(full_name="Vi Văn Khải")
    factories.DisciplineFactory(cadre=made)
    factories.BallotFactory(pool=organisation.pool, cadre=made)
    before = contents()
    with pytest.raises(services.ListStuck) as stuck:
        services.list_undo_ask(actor=unit_officer, list_import=done)
    told = {(each.row, each.why) for each in stuck.value.obstacles}
    assert (5, "đã có thêm 1 kỷ luật") in told
    assert (5, "đã có phiếu giới thiệu vào quy hoạch") in told
    assert any(row == 4 and "Cán bộ đã được sửa lúc" in why for row, why in told)
    assert contents() == before
    page = signed_in(unit_officer).get(reverse("cadres:list-import-undo", args=[done.pk]))
    assert "Chưa hoàn tác được cả danh sách" in page.text


def test_the_same_list_again_changes_nothing(
    full: ListImport, make: Make, unit_officer: User
) -> None:
    write(full, unit_officer)
    before = contents()
    again = services.list_upload(
        actor=unit_officer,
        upload=SimpleUploadedFile("lai.xlsx", Path(full.file.path).read_bytes()),
        unit=full.unit,
        as_of=DAY,
        term_code=full.term_code,
    )
    for row in again.rows.filter(errors__gt=0):  # the year alone is not sure enough
        decide(again, unit_officer, row.row, "@person", row.problems[0]["choices"][0]["value"])
    services.list_preview(actor=unit_officer, list_import=again, version=again.version)
    assert again.counts["effects"] == {"unchanged": 3}
    assert contents() == before


def test_data_that_changed_since_the_preview_are_shown_anew(
    full: ListImport, organisation: Organisation, unit_officer: User
) -> None:
    services.list_preview(actor=unit_officer, list_import=full, version=full.version)
    Cadre.objects.filter(pk=organisation.insider.pk).update(degree=Degree.NONE)
    before = contents()
    services.list_apply_ask(actor=unit_officer, list_import=full, version=full.version)
    full.refresh_from_db()
    assert (full.status, full.counts["moved"]) == (Status.PREVIEW, True)
    assert contents() == before
    services.list_apply_ask(actor=unit_officer, list_import=full, version=full.version)
    assert ListImport.objects.get(pk=full.pk).status == Status.APPLIED


def test_a_namesake_who_came_since_the_preview_is_asked_about(
    full: ListImport, organisation: Organisation, unit_officer: User
) -> None:
    services.list_preview(actor=unit_officer, list_import=full, version=full.version)
    person = factories.CadreFactory(full_name="Vi Văn Khải", birth_date=dt.date(1980, 3, 7))
    factories.AppointmentFactory(cadre=person, unit=organisation.centre, title=organisation.deputy)
    services.list_apply_ask(actor=unit_officer, list_import=full, version=full.version)
    full.refresh_from_db()
    assert (full.status, full.counts["moved"]) == (Status.OPEN, True) or full.counts["reviews"]
    assert Cadre.objects.filter(full_name="Vi Văn Khải").count() == 1


def test_an_older_version_is_told_of_the_newer(full: ListImport, unit_officer: User) -> None:
    seen = full.version
    decide(full, unit_officer, 5, "F", "Thạc sĩ")
    with pytest.raises(services.ListChanged):
        services.list_decide(
            actor=unit_officer, list_import=full, version=seen, row=5, key="F", value="Tiến sĩ"
        )
    assert full.rows.get(row=5).degree == Degree.MASTER


def test_a_corrected_cell_leaves_the_file_alone(full: ListImport, unit_officer: User) -> None:
    before = Path(full.file.path).read_bytes()
    decide(full, unit_officer, 6, "C", "31/04/1979")
    row = full.rows.get(row=6)
    assert (row.errors, row.cells[2]) == (1, "31/04/1979")
    decide(full, unit_officer, 6, "C", "30/04/1979")
    row = full.rows.get(row=6)
    assert (row.errors, row.birth_date) == (0, dt.date(1979, 4, 30))
    assert Path(full.file.path).read_bytes() == before


def test_a_correction_leaves_what_a_whole_reading_would(
    make: Make, organisation: Organisation, unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the rows it touches are read; what is kept is as if all had been."""
    heads = [*HEADS, "Số hiệu"]
    people = [
        ["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "Thạc sĩ", ""],
        ["Vi Văn Khải", "03/03/1980", "Nam", "Phó Giám đốc", "Thạc sĩ", ""],
        ["Nông Thị Ánh", "21/05/1985", "Nữ", "Giám đốc", "ĐH", ""],
        ["Hà Thị Bảy", "30/02/1979", "Nữ", "Thợ cả", "Đại học", "CB-X"],
        ["Ma Văn Tư", "1982", "Nam", "Thợ cả", "Học nghề", ""],
    ]
    found = make(people, heads=heads)
    insider = organisation.insider
    whole: list[int] = []
    read_again = services._read_again
    monkeypatch.setattr(services, "_read_again", lambda held: whole.append(read_again(held) or 1))
    for row, key, value, text in (
        (5, "C", "02/03/1980", ""),  # now one person with row 4
        (5, "F", "Tiến sĩ", ""),  # who contradicts it
        (5, "@person", "same:4", ""),
        (4, "B", "Vi Văn Khởi", ""),  # row 5 is on its own again
        (6, "@person", f"cadre:{insider.pk}", ""),
        (7, "C", "28/02/1979", ""),
        (7, "G", "", ""),
        (0, "synonym:title_text", "PGD", "Thợ cả"),
        (8, "@person", "skip", ""),
        (8, "@person", "new", ""),
        (7, "B", insider.full_name, ""),
    ):
        decide(found, unit_officer, row, key, value, text)
        kept = list(found.rows.order_by("row").values())
        counts = {k: v for k, v in found.counts.items() if k != "notes"}
        held = ListImport.objects.get(pk=found.pk)
        services._read_into(held)
        fresh = list(found.rows.order_by("row").values())
        for one in (*kept, *fresh):
            del one["id"]
        assert kept == fresh, (row, key)
        assert not whole, (row, key)
        assert counts == {k: v for k, v in held.counts.items() if k != "notes"}
    decide(found, unit_officer, 7, "E", "Giám đốc")  # may stand for several people: all is read
    decide(found, unit_officer, 7, "B", "Tổng cộng: 5")  # is no person any more
    assert len(whole) == 2


def test_a_long_list_is_read_again_by_a_worker(
    full: ListImport, unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "SMALL_ROWS", 0)
    mapping = {c["letter"]: c["field"] for c in full.columns} | {"F": None}
    services.list_map(actor=unit_officer, list_import=full, version=full.version, mapping=mapping)
    assert (full.status, full.rows.get(row=5).degree) == (Status.QUEUED, Degree.BACHELOR)
    services.list_read(list_import_id=full.pk)
    full.refresh_from_db()
    assert (full.status, full.rows.get(row=5).degree) == (Status.OPEN, None)
    decide(full, unit_officer, 5, "C", "04/03/1980")  # one cell needs no worker
    assert (full.status, full.rows.get(row=5).birth_date) == (Status.OPEN, dt.date(1980, 3, 4))


def test_the_mapping_is_remembered_for_the_office(
    make: Make, unit_officer: User, organisation: Organisation
) -> None:
    rows = [["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", "Đại học"]]
    found = make(rows)
    mapping = {c["letter"]: c["field"] for c in found.columns} | {"F": None}
    services.list_map(actor=unit_officer, list_import=found, version=found.version, mapping=mapping)
    assert found.rows.get(kind="person").degree is None
    again = make(rows)
    assert again.rows.get(kind="person").degree is None
    assert [c["letter"] for c in again.columns if c["remembered"]] == ["A", "B", "C", "D", "E"]
    assert ListMapping.objects.get().unit == organisation.department


def test_nothing_is_half_written(
    full: ListImport, unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.list_preview(actor=unit_officer, list_import=full, version=full.version)
    before = contents()
    with connection.cursor() as cursor:  # the last table refuses
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON planning_nomination"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        services.list_apply_ask(actor=unit_officer, list_import=full, version=full.version)
    full.refresh_from_db()
    assert full.status == Status.FAILED
    assert "chưa ghi gì" in full.error
    assert contents() == before
    assert not full.changes.exists()


def test_undo_of_many_and_queries_do_not_grow(make: Make, unit_officer: User) -> None:
    counts = {}
    for people in (4, 5, 60):  # the first warms what is kept for the day
        names = [f"Vi Văn {chr(65 + n % 26)}{people} {chr(97 + n // 26)}" for n in range(people)]
        found = make([[name, "02/03/1980", "Nam", "Phó Giám đốc", "Đại học"] for name in names])
        with CaptureQueriesContext(connection) as queries:
            services.list_preview(actor=unit_officer, list_import=found, version=found.version)
            services.list_apply_ask(actor=unit_officer, list_import=found, version=found.version)
        written = len(queries)
        done = ListImport.objects.get(pk=found.pk)
        assert done.status == Status.APPLIED
        with CaptureQueriesContext(connection) as queries:
            services.list_undo_ask(actor=unit_officer, list_import=done)
        assert ListImport.objects.get(pk=found.pk).status == Status.UNDONE
        counts[people] = (written, len(queries))
    assert counts[5] == counts[60]


def test_uploaded_files_are_forgotten(full: ListImport, unit_officer: User, settings: Any) -> None:
    from cadres.services.imports import uploads_forget

    path = Path(full.file.path)
    settings.UPLOADS_KEPT_DAYS = 30
    uploads_forget()
    assert path.exists()
    ListImport.objects.update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert uploads_forget() == 1
    assert not path.exists()
    assert not full.rows.exists()


# ---- Pages ---------------------------------------------------------------------------------------


def test_pages_do_not_ask_more_of_longer_lists(
    make: Make, unit_officer: User, signed_in: Callable[[User], Client]
) -> None:
    browser, counts = signed_in(unit_officer), []
    for people in (5, 5, 150):  # the first warms what is kept for the day
        found = make([[f"Vi Văn Số {n}", "31/02/1980", "Nam", "Thợ cả", ""] for n in range(people)])
        url = reverse("cadres:list-import-detail", args=[found.pk])
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url)
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 20
    assert "ô giống nhau" in page.text  # one question, however many cells ask it
    assert page.text.count('aria-label="Sửa ô') == 0
    assert 'aria-label="Sửa ô C9"' in browser.get(f"{url}?o=C9&loc=loi").text


def test_what_is_taken_away_is_recorded(
    make: Make, unit_officer: User, signed_in: Callable[[User], Client]
) -> None:
    import io

    import openpyxl

    found = make([["=1+1", "31/02/1980", "Nam", "Phó Giám đốc", ""]])
    browser = signed_in(unit_officer)
    errors = browser.get(reverse("cadres:list-import-errors", args=[found.pk]))
    content = b"".join(errors.streaming_content)
    cells = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert "C4" in [row[1].value for row in cells.iter_rows(min_row=2)]
    assert {cell.data_type for row in cells.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    original = browser.get(reverse("cadres:list-import-file", args=[found.pk]))
    assert b"".join(original.streaming_content) == Path(found.file.path).read_bytes()
    what = ExportRecord.objects.order_by("pk").values_list("what", "actor")
    assert list(what) == [("import-errors", unit_officer.pk), ("import-file", unit_officer.pk)]


def test_the_door_tells_lists_from_workbooks(
    make: Make, organisation: Organisation, unit_officer: User, signed_in: Callable[[User], Client]
) -> None:
    browser, url = signed_in(unit_officer), reverse("cadres:import-list")
    data = sheet([["Vi Văn Khải", "02/03/1980", "Nam", "Phó Giám đốc", ""]])
    upload = SimpleUploadedFile("ds.xlsx", data)
    response = browser.post(url, {"file": upload})
    assert response.status_code == 422
    assert "Hãy chọn đơn vị" in response.text
    upload.seek(0)
    response = browser.post(url, {"file": upload, "unit": "SYT"})
    assert response.status_code == 422  # a unit elsewhere is no choice
    upload.seek(0)
    response = browser.post(url, {"file": upload, "unit": "SNV"})
    found = ListImport.objects.get()
    assert response.headers["Location"] == reverse("cadres:list-import-detail", args=[found.pk])
    assert (found.unit, found.counts["people"]) == (organisation.department, 1)

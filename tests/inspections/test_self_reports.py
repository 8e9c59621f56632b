"""Self-reports: a unit answers, two write at once, it submits; the team reads and sends back."""

import datetime as dt
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import FileOpening, Notice, User
from cadres.todo import todos_of
from inspections.choices import AnswerKind, ReportState, Stage, TableKind, TeamRole
from inspections.merging import EditClash
from inspections.models import (
    Attachment,
    FindingEvidence,
    InspectedUnit,
    OutlineItem,
    SelfAnswer,
    SelfReport,
    SelfSubmission,
)
from inspections.selectors.prefill import difference, table_now
from inspections.selectors.self_reports import questions_of, report_of, seen_mark
from inspections.services import self_reports as services
from inspections.services.holding import InspectionRefused, Stale
from inspections.services.mandate import member_set
from inspections.services.self_report_telling import remind_reports
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, take, told

Browser = Callable[[User], Client]
PDF = b"%PDF-1.7\n"


def page(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def item_of(scene: Scene, kind: str, table: str = "") -> OutlineItem:
    return scene.inspection.outline.filter(kind=kind, table=table).order_by("number")[0]


def asked(scene: Scene) -> Scene:
    """The scene in the step in which units answer, with fresh rows."""
    advance_to(scene, Stage.SELF_REPORTING)
    return scene


def advance_to(scene: Scene, stage: Stage) -> None:
    advance(scene, stage)
    scene.department.inspection = scene.inspection
    scene.other.inspection = scene.inspection


def answer_all(actor: User, inspected: InspectedUnit) -> None:
    """Answer everything as short as can be."""
    for item in inspected.inspection.outline.all():
        services.answer_save(
            actor=actor,
            inspected=inspected,
            item=item,
            version=0,
            text="Có" if item.kind != AnswerKind.TABLE else "",
            table=table_now(inspected, item.table) if item.table else None,
        )
    services.assessment_save(
        actor=actor,
        inspected=inspected,
        version=0,
        values={"strengths": "Chấp hành tốt", "shortcomings": "Chưa đủ cán bộ trẻ"},
    )


def submitted(actor: User, inspected: InspectedUnit) -> SelfReport:
    answer_all(actor, inspected)
    return services.report_submit(actor=actor, inspected=inspected, number="45-BC/SNV")


# ---- Answering -------------------------------------------------------------------------------


def test_tables_come_from_the_units_own_data(scene: Scene) -> None:
    plans = table_now(scene.department, TableKind.PLANS)
    assert [column["label"] for column in plans["columns"]][:4] == [
        "Kế hoạch, chức danh", "Nhiệm kỳ", "Số lượng quy định", "Số quy hoạch",
    ]  # fmt: skip
    assert {row[0]: row[3] for row in plans["rows"] if row[3]} == {
        "Sở Nội vụ (cả kế hoạch)": 1,
        "Giám đốc": 1,
    }
    people = table_now(scene.department, TableKind.NOMINEES)
    assert [row[0] for row in people["rows"]] == ["Nông Thị Ánh"]
    assert people["who"] == {str(scene.organisation.insider.pk): "CB-NV"}
    assert "Lý Thị Đào" not in str(people)
    factories.RotationFactory(
        cadre=scene.organisation.outsider,
        from_unit=scene.organisation.other,
        from_title=scene.organisation.director,
        to_unit=scene.organisation.department,
        to_title=scene.organisation.director,
        start_on=dt.date(2026, 2, 1),
    )
    moves = table_now(scene.department, TableKind.ROTATIONS)
    assert [row[:3] for row in moves["rows"]] == [["Lý Thị Đào", "Luân chuyển", "Từ nơi khác đến"]]
    assert list(moves["who"].values()) == ["CB-YT"]
    for kind in TableKind.values:
        table = table_now(scene.department, kind)
        assert len(table["keys"]) == len(set(table["keys"])) == len(table["rows"]), kind
        assert table["as_of"] == "2026-09-30"


def test_what_differs_is_told_by_row_and_column(scene: Scene) -> None:
    kept = table_now(scene.department, TableKind.PLANS)
    kept["rows"][0][3] = 7
    found = difference(kept, table_now(scene.department, TableKind.PLANS))
    (change,) = found.cells
    assert (change.column, change.kept, change.now) == ("Số quy hoạch", "7", "1")
    assert "Sở Nội vụ" in change.row
    gone = {**kept, "keys": ["plan:0"], "rows": [kept["rows"][0]]}
    assert difference(gone, kept).number == len(kept["rows"]) + 1


def test_a_table_is_kept_as_it_was_given(scene: Scene, unit_officer: User) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TABLE, TableKind.NOMINEES)
    table = table_now(scene.department, TableKind.NOMINEES)
    services.answer_save(
        actor=unit_officer, inspected=scene.department, item=item, version=0, text="", table=table
    )
    factories.NominationFactory(pool=scene.organisation.pool, nominated_on=dt.date(2026, 1, 5))
    kept = SelfAnswer.objects.get(item=item).table
    assert kept == table
    assert difference(kept, table_now(scene.department, TableKind.NOMINEES)).added


def test_two_who_write_different_things_both_keep_them(
    scene: Scene, unit_officer: User, provincial_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TABLE, TableKind.PLANS)
    table = table_now(scene.department, TableKind.PLANS)

    def save(actor: User, version: int, text: str, table: Any) -> SelfAnswer:
        return services.answer_save(
            actor=actor,
            inspected=scene.department,
            item=item,
            version=version,
            text=text,
            table=table,
        )

    save(unit_officer, 0, "Giải trình", table)
    other = {**table, "rows": [[*row] for row in table["rows"]]}
    other["rows"][0][3] = 9
    save(provincial_officer, 1, "Giải trình", other)
    merged = save(unit_officer, 1, "Giải trình thêm", table)
    assert (merged.text, merged.table["rows"][0][3]) == ("Giải trình thêm", 9)  # type: ignore[index]
    with pytest.raises(EditClash) as caught:
        save(provincial_officer, 2, "Khác hẳn", other)
    (clash,) = caught.value.clashes
    assert (clash.before, clash.mine, clash.theirs) == (
        "Giải trình",
        "Khác hẳn",
        "Giải trình thêm",
    )
    assert SelfAnswer.objects.get().text == "Giải trình thêm"


def test_a_clash_is_shown_and_nothing_typed_is_lost(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TEXT)
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    client.post(url, {"version": "0", "text": "Bản thứ nhất"})
    answer = client.post(url, {"version": "0", "text": "Bản thứ hai"})
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Bản thứ hai" in shown
    assert "Bản thứ nhất" in shown
    assert 'name="chon-text"' in shown
    picked = client.post(url, {"version": "1", "text": "Bản thứ hai", "chon-text": "theirs"})
    assert picked.status_code == 302
    assert SelfAnswer.objects.get().text == "Bản thứ nhất"


def test_cells_are_typed_over_and_numbers_are_numbers(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TABLE, TableKind.PLANS)
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    shown = client.get(url).context["table"]
    sent: dict[str, Any] = {"version": "0", "text": "", "so-lieu": shown["source"], "khoa": []}
    for row in shown["rows"]:
        sent["khoa"].append(row["key"])
        sent |= {cell["name"]: cell["value"] for cell in row["cells"] if cell["is_typed"]}
    wrong = client.post(url, sent | {"o-0-3": "nhiều"})
    assert wrong.status_code == 422
    assert "Ghi số nguyên." in text_of(wrong)
    assert not SelfAnswer.objects.exists()
    assert client.post(url, sent | {"o-0-3": "10", "o-0-0": "Đơn vị khác"}).status_code == 302
    kept = SelfAnswer.objects.get().table
    assert kept is not None
    assert kept["rows"][0][0] == "Sở Nội vụ (cả kế hoạch)"
    assert (kept["rows"][0][3], kept["rows"][0][6]) == (10, "10,0")
    again = text_of(client.get(url))
    assert "1 chỗ khác dữ liệu hiện có" in again
    assert "dữ liệu: 1" in again


def own_row(number: int, key: str, *cells: str) -> dict[str, Any]:
    """A row of the unit's own as the form sends it."""
    return {"rieng": [key], **{f"r-{number}-{place}": cell for place, cell in enumerate(cells)}}


def test_a_unit_adds_rows_of_its_own_and_takes_them_away(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TABLE, TableKind.NOMINEES)
    filled = table_now(scene.department, TableKind.NOMINEES)
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    assert "Bổ sung dòng chưa có trong dữ liệu" in text_of(client.get(url))
    sent: dict[str, Any] = {"version": "0", "text": "", "so-lieu": "moi"}
    row = ("Lò Thị Mới", "1988", "Trưởng phòng", "Phó Giám đốc", "2025-2030")
    for wrong, words in (
        (("", *row[1:]), "Chưa ghi."),
        ((row[0], "31/02/1988", *row[2:]), "Ghi ngày/tháng/năm"),
        ((row[0], row[1], "x" * 301, *row[3:]), "Ghi không quá 300 ký tự."),
    ):
        refused = client.post(url, sent | own_row(0, "", *wrong))
        assert refused.status_code == 422
        assert words in text_of(refused)
        assert not SelfAnswer.objects.exists()
    many = {"rieng": [""] * 31} | {f"r-{n}-0": f"Người {n}" for n in range(31)}
    assert client.post(url, sent | many).status_code == 422
    assert signed_in(other_unit_officer).post(url, sent | own_row(0, "", *row)).status_code == 404
    assert client.post(url, sent | own_row(0, "", *row)).status_code == 302
    kept = SelfAnswer.objects.get().table
    assert kept is not None
    assert kept["keys"] == [*filled["keys"], "own:1"]
    assert kept["rows"][:-1] == filled["rows"]
    assert kept["rows"][-1][:5] == list(row)
    # What the unit adds is in no data, and stays when the data are asked for anew.
    assert difference(kept, filled).number == 0
    assert "Lò Thị Mới" in text_of(client.get(f"{url}?so-lieu=moi"))
    sent |= {"version": "1", "so-lieu": "da-luu"}
    changed = own_row(0, "own:1", "Lò Thị Cũ", *row[1:]) | {"khoa": ["own:1", filled["keys"][0]]}
    assert client.post(url, sent | changed).status_code == 302
    kept = SelfAnswer.objects.get().table
    assert kept is not None
    assert [each[0] for each in kept["rows"]] == [filled["rows"][0][0], "Lò Thị Cũ"]
    drop = own_row(0, "own:1", "Lò Thị Cũ") | {"bo-rieng-0": "on"}
    assert client.post(url, sent | {"version": "2"} | drop).status_code == 302
    assert SelfAnswer.objects.get().table == filled


def test_own_rows_are_told_as_such_to_the_team_and_in_the_paper(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    answer_all(unit_officer, scene.department)
    item = item_of(scene, AnswerKind.TABLE, TableKind.PLANS)
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    row = ("Trưởng ban quản lý dự án", "2025-2030", "2", "3", "", "1")
    assert "Ghi số nguyên." in text_of(
        client.post(
            url,
            {"version": "1", "so-lieu": "da-luu", **own_row(0, "", *row[:3], "ba", *row[4:])},
        )
    )
    sent = {"version": "1", "so-lieu": "da-luu", **own_row(0, "", *row)}
    assert client.post(url, sent).status_code == 302
    kept = SelfAnswer.objects.get(item=item).table
    assert kept is not None
    # Shares are worked out, not typed.
    assert kept["rows"][-1][:7] == ["Trưởng ban quản lý dự án", "2025-2030", 2, 3, "1,5", 1, "33,3"]
    services.report_submit(actor=unit_officer, inspected=scene.department, number="45-BC/SNV")
    look = f"{page('document-look', scene.inspection.pk, 'kt5')}?don-vi={scene.department.pk}"
    lead = signed_in(scene.lead)
    assert "Trưởng ban quản lý dự án (đơn vị bổ sung)" in text_of(lead.get(look))
    shown = text_of(lead.get(page("inspection-report", scene.department.pk)))
    assert shown.count('<span class="under">đơn vị bổ sung</span>') == 1
    late = client.post(url, {"version": "2", "so-lieu": "da-luu", **own_row(0, "", "Dòng muộn")})
    assert late.status_code == 422
    assert SelfAnswer.objects.get(item=item).table == kept


def test_nobody_adds_to_what_the_portal_judges(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    item = scene.inspection.outline.create(
        number=90, title="Tiêu chí", kind=AnswerKind.TABLE, table=TableKind.FINDINGS
    )
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    assert "Bổ sung dòng" not in text_of(client.get(url))
    sent = {"version": "0", "so-lieu": "moi", **own_row(0, "", "Kế hoạch", "", "Nữ", "Đạt")}
    assert client.post(url, sent).status_code == 302
    kept = SelfAnswer.objects.get(item=item).table
    assert kept == table_now(scene.department, TableKind.FINDINGS)


def test_files_come_and_go_with_an_open_answer(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.FILES)
    url = page("self-answer", scene.department.pk, item.pk)
    client = signed_in(unit_officer)
    upload = SimpleUploadedFile("nghi-quyet.pdf", PDF)
    client.post(url, {"version": "0", "text": "", "uploads": [upload]})
    (question,) = [
        each
        for each in questions_of(scene.department, report_of(scene.department))
        if each.item == item
    ]
    assert question.is_answered
    refused = client.post(
        url, {"version": "1", "text": "", "uploads": [SimpleUploadedFile("a.exe", b"MZ")]}
    )
    assert refused.status_code == 422
    (file,) = question.files
    client.post(page("self-answer-file-drop", scene.department.pk, file.pk))
    assert not scene.inspection.attachments.exists()


def test_nobody_answers_before_the_unit_is_asked(scene: Scene, unit_officer: User) -> None:
    advance_to(scene, Stage.DEPLOYING)
    with pytest.raises(InspectionRefused, match="Triển khai"):
        services.answer_save(
            actor=unit_officer,
            inspected=scene.department,
            item=item_of(scene, AnswerKind.TEXT),
            version=0,
            text="Sớm",
        )


# ---- Submitting, sending back ----------------------------------------------------------------


def test_a_report_is_submitted_whole_and_closes(scene: Scene, unit_officer: User) -> None:
    asked(scene)
    with pytest.raises(InspectionRefused) as caught:
        services.report_submit(actor=unit_officer, inspected=scene.department, number="")
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9" in caught.value.reasons[0]
    assert len(caught.value.reasons) == 3
    report = submitted(unit_officer, scene.department)
    assert (report.state, report.number, report.submitted_on) == (
        ReportState.SUBMITTED,
        "45-BC/SNV",
        TODAY,
    )
    item = item_of(scene, AnswerKind.TEXT)
    with pytest.raises(InspectionRefused, match="chỉ sửa được khi"):
        services.answer_save(
            actor=unit_officer, inspected=scene.department, item=item, version=1, text="Sửa"
        )
    for act in (
        lambda: SelfAnswer.objects.filter(item=item).update(text="khác"),
        lambda: SelfReport.objects.filter(pk=report.pk).update(strengths="khác"),
        lambda: SelfAnswer.objects.filter(item=item).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Notice.objects.filter(user=scene.lead, text__contains="đã nộp báo cáo").exists()


def test_what_changed_since_the_confirmation_was_read_is_told(
    scene: Scene, unit_officer: User
) -> None:
    asked(scene)
    answer_all(unit_officer, scene.department)
    report = report_of(scene.department)
    seen = seen_mark(report, questions_of(scene.department, report))
    item = item_of(scene, AnswerKind.TEXT)
    services.answer_save(
        actor=unit_officer, inspected=scene.department, item=item, version=1, text="Khác"
    )
    with pytest.raises(Stale):
        services.report_submit(
            actor=unit_officer, inspected=scene.department, number="1-BC", seen=seen
        )
    assert SelfReport.objects.get().state == ReportState.DRAFT


def test_only_what_is_sent_back_opens(scene: Scene, unit_officer: User) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)
    text, files = item_of(scene, AnswerKind.TEXT), item_of(scene, AnswerKind.FILES)
    with pytest.raises(InspectionRefused, match="cần bổ sung gì"):
        services.report_return(actor=scene.lead, inspected=scene.department, items={text.pk: " "})
    services.report_return(
        actor=scene.lead, inspected=scene.department, items={text.pk: "Nêu rõ ai chịu trách nhiệm"}
    )
    told = Notice.objects.filter(user=unit_officer, text__contains="Cần bổ sung 1 mục")
    assert told.get().url == page("self-report", scene.department.pk)
    with pytest.raises(InspectionRefused):
        services.answer_save(
            actor=unit_officer, inspected=scene.department, item=files, version=1, text="Sửa"
        )
    with pytest.raises(InspectionRefused):
        services.assessment_save(
            actor=unit_officer, inspected=scene.department, version=1, values={"causes": "Khác"}
        )
    services.answer_save(
        actor=unit_officer, inspected=scene.department, item=text, version=1, text="Đồng chí A"
    )
    services.report_submit(actor=unit_officer, inspected=scene.department, number="46-BC/SNV")
    answer = SelfAnswer.objects.get(item=text)
    assert (answer.returned_on, answer.amended_on) == (TODAY, TODAY)
    services.report_return(actor=scene.lead, inspected=scene.department, reason="Viết lại cả")
    services.assessment_save(
        actor=unit_officer, inspected=scene.department, version=1, values={"causes": "Khác"}
    )


def test_the_team_reads_what_was_submitted_and_sends_back(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    answer_all(unit_officer, scene.department)
    client, url = signed_in(scene.lead), page("inspection-report", scene.department.pk)
    draft = text_of(client.get(url))
    assert "Đơn vị chưa nộp báo cáo" in draft
    assert "Chấp hành tốt" not in draft
    listed = text_of(client.get(page("inspection-reports", scene.inspection.pk)))
    assert "9/9" in listed
    assert "0/9" in listed
    services.report_submit(actor=unit_officer, inspected=scene.department, number="45-BC/SNV")
    shown = text_of(client.get(url))
    for words in ("Chấp hành tốt", "Nông Thị Ánh", "45-BC/SNV"):
        assert words in shown
    assert "khớp dữ liệu hiện có" in text_of(client.get(f"{url}?so-sanh=1"))
    table = item_of(scene, AnswerKind.TABLE, TableKind.PLANS)
    compared = page("report-difference", scene.department.pk, table.pk)
    assert compared in shown
    part = text_of(client.get(compared, headers={"HX-Request": "true"}))
    assert "khớp dữ liệu hiện có" in part
    assert "<html" not in part
    assert client.get(compared).url == f"{url}?so-sanh=1"  # type: ignore[attr-defined]
    opened = FileOpening.objects.filter(actor=scene.lead)
    assert list(opened.values_list("cadre_code", flat=True)) == ["CB-NV"]
    item = item_of(scene, AnswerKind.TEXT)
    back = page("report-return", scene.department.pk)
    assert client.post(back, {}).status_code == 422
    client.post(back, {f"muc-{item.pk}": "Nói rõ hơn", "muc-x": "?"})
    assert SelfReport.objects.get().state == ReportState.RETURNED
    assert "Nói rõ hơn" in text_of(
        signed_in(unit_officer).get(page("self-report", scene.department.pk))
    )


def test_the_team_reads_what_was_submitted_while_the_unit_amends_it(
    scene: Scene, signed_in: Browser, unit_officer: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    asked(scene)
    unit, item = scene.department, item_of(scene, AnswerKind.TEXT)
    papers = item_of(scene, AnswerKind.FILES)
    answer_all(unit_officer, unit)

    def answer(item: OutlineItem, text: str, *names: str) -> None:
        services.answer_save(
            actor=unit_officer,
            inspected=unit,
            item=item,
            version=SelfAnswer.objects.get(item=item).version,
            text=text,
            uploads=[SimpleUploadedFile(name, PDF + name.encode()) for name in names],
        )

    answer(item, "Đồng chí A phụ trách")
    answer(papers, "Có", "ban-dau.pdf")
    services.report_submit(actor=unit_officer, inspected=unit, number="45-BC/SNV")
    services.report_return(actor=scene.lead, inspected=unit, reason="Nói rõ hơn")
    answer(item, "Đồng chí B phụ trách")
    answer(papers, "Có", "bo-sung.pdf")
    first, more = Attachment.objects.order_by("pk")
    services.answer_file_drop(actor=unit_officer, inspected=unit, file=first)
    services.assessment_save(
        actor=unit_officer, inspected=unit, version=1, values={"strengths": "Mới viết lại"}
    )
    own = page("self-report", unit.pk)
    theirs = [
        page("inspection-report", unit.pk),
        f"{page('document-look', scene.inspection.pk, 'kt5')}?don-vi={unit.pk}",
    ]

    def told(user: User) -> str:
        return "".join(text_of(signed_in(user).get(url)) for url in theirs)

    old, new = (
        ("Đồng chí A", "Chấp hành tốt", "ban-dau.pdf"),
        (
            "Đồng chí B",
            "Mới viết lại",
            "bo-sung.pdf",
        ),
    )
    shown = told(scene.lead)
    assert all(words in shown for words in old)
    assert not any(words in shown for words in new)
    assert "bản đơn vị đã nộp ngày 01/12/2026" in shown
    written = "".join(
        text_of(signed_in(unit_officer).get(url))
        for url in (
            page("self-answer", unit.pk, item.pk),
            page("self-assessment", unit.pk),
            page("self-answer", unit.pk, papers.pk),
        )
    )
    assert all(words in written for words in new)
    assert not any(words in written for words in old)
    reads = {
        user: [
            signed_in(user).get(page("attachment-file", file.pk)).status_code
            for file in (first, more)
        ]
        for user in (scene.lead, unit_officer)
    }
    assert reads == {scene.lead: [200, 404], unit_officer: [200, 200]}
    assert signed_in(unit_officer).get(own).status_code == 200
    services.report_submit(actor=unit_officer, inspected=unit, number="46-BC/SNV")
    shown = told(scene.lead)
    assert all(words in shown for words in new)
    assert not any(words in shown for words in old)
    assert signed_in(scene.lead).get(page("attachment-file", more.pk)).status_code == 200
    kept = SelfSubmission.objects.order_by("pk")[0]
    assert kept.answers[str(item.pk)]["text"] == "Đồng chí A phụ trách"
    assert list(kept.files.all()) == [first]


def test_what_was_submitted_stands_in_the_database(scene: Scene, unit_officer: User) -> None:
    asked(scene)
    report = submitted(unit_officer, scene.department)
    given, item = SelfSubmission.objects.get(), item_of(scene, AnswerKind.TEXT)
    services.report_return(actor=scene.lead, inspected=scene.department, reason="Viết lại")
    SelfAnswer.objects.filter(item=item).update(text="Khác")
    for act in (
        lambda: SelfSubmission.objects.update(answers={}),
        lambda: SelfSubmission.objects.filter(pk=given.pk)._raw_delete("default"),
        # What it says now was never given.
        lambda: SelfReport.objects.update(state=ReportState.SUBMITTED),
        lambda: SelfReport.objects.create(
            inspected_unit=scene.other,
            state=ReportState.SUBMITTED,
            number="1-BC",
            submitted_on=TODAY,
            submitted_by=unit_officer,
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert given.report == report
    assert given.answers[str(item.pk)] == {"text": "Có", "table": None}


def test_reports_sent_back_before_have_what_they_said(
    scene: Scene, unit_officer: User, other_unit_officer: User
) -> None:
    """The migration takes it from the history."""
    asked(scene)
    submitted(unit_officer, scene.department)
    submitted(other_unit_officer, scene.other)
    item = item_of(scene, AnswerKind.TEXT)
    services.report_return(actor=scene.lead, inspected=scene.department, reason="Viết lại")
    before = list(SelfSubmission.objects.order_by("report").values("report", "answers", "number"))
    # Another transaction in life: the history has it later.
    later = {"pgh_created_at": clock.now() + dt.timedelta(days=900)}
    SelfAnswer.objects.filter(item=item, report__inspected_unit=scene.department).update(
        text="Đang viết lại"
    )
    fill = import_module("inspections.migrations.0012_submitted_stays_as_given").FILL
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as before the triggers
        cursor.execute("DELETE FROM inspections_selfsubmission_files")
        cursor.execute("DELETE FROM inspections_selfsubmission")
        cursor.execute(
            "UPDATE inspections_selfanswerevent SET pgh_created_at = %s WHERE text = %s",
            [later["pgh_created_at"], "Đang viết lại"],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(fill)
    after = SelfSubmission.objects.order_by("report").values("report", "answers", "number")
    assert list(after) == before


def test_the_page_of_submitting_asks_and_submits(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    client, url = signed_in(unit_officer), page("self-report-submit", scene.department.pk)
    assert "Chưa nộp được khi còn mục trống" in text_of(client.get(url))
    answer_all(unit_officer, scene.department)
    form = client.get(url).context["form"]
    assert client.post(url, {"number": "", "doc": form["doc"].value()}).status_code == 422
    stale = client.post(url, {"number": "1-BC", "doc": "khác"})
    assert stale.status_code == 422
    assert client.post(url, {"number": "1-BC", "doc": form["doc"].value()}).status_code == 302
    assert SelfReport.objects.get().state == ReportState.SUBMITTED


def test_evidence_leads_to_what_the_unit_said_of_it(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    answer_all(unit_officer, scene.department)
    frozen = take(scene).evidence.get(inspected_unit=scene.department, plan=None)
    finding = told(scene, topic="ages")
    proof = FindingEvidence.objects.create(finding=finding, evidence=frozen, key="")
    url = page("finding-proof", scene.inspection.pk, finding.pk, proof.pk)
    client = signed_in(scene.lead)
    drawer = text_of(client.get(url, headers={"HX-Request": "true"}))
    assert "Đơn vị báo cáo" not in drawer
    services.report_submit(actor=unit_officer, inspected=scene.department, number="45-BC/SNV")
    drawer = text_of(client.get(url, headers={"HX-Request": "true"}))
    assert "Báo cáo tự kiểm tra 45-BC/SNV ngày 01/12/2026, mục 2" in drawer
    assert f"{page('inspection-report', scene.department.pk)}#muc-2" in drawer


def test_what_was_typed_while_it_closed_is_given_back(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)
    item = item_of(scene, AnswerKind.TEXT)
    client = signed_in(unit_officer)
    for url, said in (
        (page("self-answer", scene.department.pk, item.pk), {"text": "Gõ dở dang"}),
        (page("self-assessment", scene.department.pk), {"causes": "Gõ dở dang"}),
    ):
        answer = client.post(url, {"version": "1", **said})
        assert answer.status_code == 422
        assert "Gõ dở dang" in text_of(answer)
        assert "chỉ sửa được khi đoàn kiểm tra yêu cầu bổ sung" in text_of(answer)
    assert SelfAnswer.objects.get(item=item).text == "Có"


# ---- Whose it is -----------------------------------------------------------------------------


def test_units_see_their_own_report_only(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)
    item = item_of(scene, AnswerKind.TEXT)
    addresses = [
        page("self-report", scene.department.pk),
        page("self-answer", scene.department.pk, item.pk),
        page("self-assessment", scene.department.pk),
        page("self-report-submit", scene.department.pk),
        page("inspected-detail", scene.department.pk),
    ]
    for url in addresses:
        assert signed_in(unit_officer).get(url).status_code == 200, url
        for user in (other_unit_officer, scene.lead, scene.outsider):
            assert signed_in(user).get(url).status_code == 404, (url, user)
    team_url = page("inspection-report", scene.department.pk)
    for user in (unit_officer, other_unit_officer, scene.outsider):
        assert signed_in(user).get(team_url).status_code == 404, user
    with pytest.raises(PermissionDenied):
        services.report_return(actor=unit_officer, inspected=scene.department, reason="Tự mở")


def test_members_read_their_units_within_the_mandate(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)
    elsewhere = factories.UserFactory(username="thanhvien")
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=elsewhere,
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    url = page("inspection-report", scene.department.pk)
    assert signed_in(elsewhere).get(url).status_code == 404
    assert signed_in(elsewhere).post(page("report-return", scene.department.pk)).status_code == 404
    assert signed_in(scene.secretary).get(url).status_code == 200
    with clock.frozen(dt.date(2026, 12, 26)):
        assert signed_in(scene.secretary).get(url).status_code == 404


# ---- Deadlines -------------------------------------------------------------------------------


def test_what_is_due_and_late_is_told_and_waits(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    asked(scene)
    submitted(other_unit_officer, scene.other)
    with clock.frozen(dt.date(2026, 12, 8)):
        remind_reports(today=clock.today())
        remind_reports(today=clock.today())
    due = Notice.objects.filter(user=unit_officer, text__contains="hạn 10/12/2026")
    assert due.count() == 1
    with clock.frozen(dt.date(2026, 12, 12)):
        remind_reports(today=clock.today())
        assert due.filter(text__startswith="Quá hạn").count() == 1
        (todo,) = [
            each for each in todos_of(unit_officer, clock.today()) if "tự kiểm tra" in each.group
        ]
        assert (todo.url, todo.due_on) == (
            page("self-report", scene.department.pk),
            dt.date(2026, 12, 10),
        )
        shown = text_of(signed_in(scene.lead).get(page("inspection-reports", scene.inspection.pk)))
        assert "quá hạn 2 ngày" in shown
        assert "1 trong 2 đơn vị đã nộp; 1 đơn vị quá hạn." in shown
        late = [each for each in todos_of(scene.lead, clock.today()) if "quá hạn" in each.text]
        assert [each.url for each in late] == [page("inspection-reports", scene.inspection.pk)]
    assert not [each for each in todos_of(other_unit_officer, TODAY) if "tự kiểm tra" in each.group]


def test_a_late_report_is_told_as_late_and_a_returned_one_is_not_owed_since_its_deadline(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)  # in time
    services.report_return(actor=scene.lead, inspected=scene.department, reason="Thiếu số liệu.")
    with clock.frozen(dt.date(2026, 12, 13)):
        submitted(other_unit_officer, scene.other)  # due on 10 December
        shown = text_of(signed_in(scene.lead).get(page("inspection-reports", scene.inspection.pk)))
        assert "đã nộp 13/12/2026" in shown
        assert "nộp muộn 3 ngày" in shown
        assert "yêu cầu bổ sung" in shown
        assert "quá hạn" not in shown
        assert not [each for each in todos_of(scene.lead, clock.today()) if "quá hạn" in each.text]
        submitted(unit_officer, scene.department)  # again, after the deadline
        shown = text_of(signed_in(scene.lead).get(page("inspection-reports", scene.inspection.pk)))
        assert shown.count("muộn") == 1


def test_the_team_reminds_who_owes(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    asked(scene)
    submitted(other_unit_officer, scene.other)
    client, url = signed_in(scene.lead), page("reports-remind", scene.inspection.pk)
    for _time in range(2):
        client.post(url)
    told = Notice.objects.filter(text__startswith="Cần nộp báo cáo tự kiểm tra, hạn")
    assert list(told.values_list("user", flat=True)) == [unit_officer.pk]
    assert signed_in(scene.outsider).post(url).status_code == 404


# ---- Queries ---------------------------------------------------------------------------------


def test_pages_ask_the_same_of_much_and_of_little(
    scene: Scene, signed_in: Browser, unit_officer: User, provincial_officer: User
) -> None:
    asked(scene)
    submitted(unit_officer, scene.department)
    addresses = [
        (scene.lead, page("inspection-reports", scene.inspection.pk)),
        (scene.lead, page("inspection-report", scene.department.pk)),
        (scene.lead, f"{page('inspection-report', scene.department.pk)}?so-sanh=1"),
        (unit_officer, page("self-report", scene.department.pk)),
    ]

    def counts() -> list[int]:
        found = []
        for user, url in addresses:
            client = signed_in(user)
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    before = counts()
    for number in range(8):
        InspectedUnit.objects.create(
            inspection=scene.inspection,
            unit=factories.UnitFactory(parent=scene.organisation.province, code=f"X{number}"),
            place=number + 3,
        )
        factories.NominationFactory(pool=scene.organisation.pool)
    SelfReport.objects.update(state=ReportState.RETURNED)
    item = item_of(scene, AnswerKind.TABLE, TableKind.NOMINEES)
    SelfAnswer.objects.filter(item=item).update(
        table=table_now(scene.department, TableKind.NOMINEES)
    )
    SelfReport.objects.update(return_reason="Cập nhật")
    services.report_submit(actor=unit_officer, inspected=scene.department, number="46-BC/SNV")
    assert counts() == before


# ---- At once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_savers_at_once_lose_nothing(
    scene: Scene, unit_officer: User, provincial_officer: User
) -> None:
    asked(scene)
    item = item_of(scene, AnswerKind.TEXT)
    start, outcomes = threading.Barrier(2), []

    def save(actor: User, text: str) -> None:
        try:
            with clock.frozen(TODAY):
                start.wait(10)
                services.answer_save(
                    actor=actor, inspected=scene.department, item=item, version=0, text=text
                )
            outcomes.append(("saved", text))
        except EditClash as clash:
            outcomes.append(("told", str(clash.clashes[0].theirs)))
        finally:
            connection.close()

    savers = [
        threading.Thread(target=save, args=(unit_officer, "Một")),
        threading.Thread(target=save, args=(provincial_officer, "Hai")),
    ]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join(30)
    kept = SelfAnswer.objects.get().text
    assert sorted(outcomes) == [("saved", kept), ("told", kept)]

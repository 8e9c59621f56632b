"""A person's file: head, time line, gaps, tasks, years, plans, tours, the panel beside a list."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import FileDoor, Grade, SkillKind
from cadres.models import Cadre, FileOpening, User
from cadres.words import post_name
from planning.choices import PlanStatus
from rotation.choices import RotationStatus
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
#: DESIGN section 5: a profile asks at most so many queries.
DETAIL = 15
DAY = "2026-11-22"
PARTS = ("", "qua-trinh", "dao-tao", "danh-gia", "quy-hoach", "luan-chuyen")


def url_of(code: str = "CB-NV", **query: str) -> str:
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse("cadres:cadre-detail", args=[code]) + (f"?{tail}" if tail else "")


def text_of(page: object) -> str:
    """The page as it reads: tags gone, blanks closed up."""
    bare = re.sub(r"<[^>]+>", " ", page.text)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", bare).replace(" ,", ",")


def changed(cadre: Cadre, **values: object) -> None:
    for name, value in values.items():
        setattr(cadre, name, value)
    cadre.save()


@pytest.fixture
def insider(organisation: Organisation) -> Cadre:
    """The director of Sở Nội vụ, whose whole file is known."""
    changed(organisation.insider, native_unit=organisation.commune, birth_date=dt.date(1990, 3, 8))
    return organisation.insider


# ---- Head ------------------------------------------------------------------------------------


def test_the_head_says_who_it_is(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    text = text_of(signed_in(unit_officer).get(url_of(ngay=DAY)))
    assert "Giám đốc, Sở Nội vụ · nữ, dân tộc Tày · sinh 08/03/1990, 36 tuổi" in text
    assert "nghỉ hưu 03/2050, còn 280 tháng" in text


@pytest.mark.parametrize(
    ("day", "age", "months"),
    [("2026-03-07", 35, 288), ("2026-03-08", 36, 288), ("2026-04-01", 36, 287)],
)
def test_age_and_months_follow_the_date_of_view(
    day: str, age: int, months: int, insider: Cadre, unit_officer: User, signed_in: Browser
) -> None:
    text = text_of(signed_in(unit_officer).get(url_of(ngay=day)))
    assert f"{age} tuổi" in text
    assert f"còn {months} tháng" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"birth_date": None, "birth_precision": ""}, "chưa rõ ngày sinh"),
        ({"birth_date": None, "birth_precision": ""}, "chưa tính được ngày nghỉ hưu"),
        ({"birth_precision": "year"}, "sinh 1990, khoảng 36 tuổi (chưa rõ ngày)"),
        ({"birth_precision": "month"}, "sinh 03/1990, khoảng 36 tuổi"),
        ({"sex": ""}, "nếu là nữ"),
        ({"sex": ""}, "chưa rõ giới tính"),
        ({"retires_on": dt.date(2027, 1, 1)}, "theo quyết định của cấp có thẩm quyền"),
        ({"ethnicity_code": ""}, "Chưa ghi dân tộc"),
        ({"native_unit": None}, "Chưa ghi quê quán"),
        ({"party_joined_on": None}, "Chưa ghi ngày vào Đảng"),
        ({"degree": None}, "Chưa ghi trình độ chuyên môn"),
        ({"birth_precision": "month"}, "Ngày sinh mới rõ tháng và năm"),
        ({}, "Bộ luật Lao động 2019, Điều 169"),
    ],
)
def test_what_is_not_known_is_said(
    values: dict[str, object], words: str, insider: Cadre, unit_officer: User, signed_in: Browser
) -> None:
    changed(insider, **values)
    assert words in text_of(signed_in(unit_officer).get(url_of(ngay=DAY)))


def test_a_whole_file_needs_nothing(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    factories.EvaluationFactory(cadre=insider, year=2025)
    text = text_of(signed_in(unit_officer).get(url_of(ngay=DAY)))
    assert "Hồ sơ đã đủ các mục" in text


def test_tasks_lead_to_where_they_are_mended(
    insider: Cadre, unit_officer: User, auditor: User, signed_in: Browser
) -> None:
    changed(insider, degree=None)
    edit = reverse("cadres:cadre-edit", args=["CB-NV"])
    page = signed_in(unit_officer).get(url_of())
    assert f'href="{edit}#id_degree"' in page.text
    grade = reverse("cadres:cadre-row-add", args=["CB-NV", "xep-loai"])
    assert f'href="{grade}"' in page.text
    # Who may not edit is told what is missing, and not sent to a form.
    page = signed_in(auditor).get(url_of())
    assert "Chưa ghi trình độ chuyên môn" in page.text
    assert edit not in page.text


def test_nobody_edits_their_own_file(
    insider: Cadre, unit_officer: User, signed_in: Browser
) -> None:
    edit = reverse("cadres:cadre-edit", args=["CB-NV"])
    assert edit in signed_in(unit_officer).get(url_of()).text
    unit_officer.cadre = insider
    unit_officer.save()
    assert edit not in signed_in(unit_officer).get(url_of()).text


@pytest.mark.parametrize(
    ("title", "unit", "name"),
    [
        ("Giám đốc", "Sở Nội vụ", "Giám đốc, Sở Nội vụ"),
        ("Phó Giám đốc Sở", "Sở Nội vụ", "Phó Giám đốc Sở Nội vụ"),
        ("Bí thư Đảng ủy xã, phường", "Xã Bảo Lạc", "Bí thư Đảng ủy xã Bảo Lạc"),
        ("Sở", "Sở Nội vụ", "Sở, Sở Nội vụ"),
        ("Phó Trưởng ban cấp huyện", "Huyện Hòa An", "Phó Trưởng ban cấp huyện, Huyện Hòa An"),
    ],
)
def test_posts_are_named_without_saying_things_twice(title: str, unit: str, name: str) -> None:
    assert post_name(title, unit) == name


# ---- Parts -----------------------------------------------------------------------------------


def test_the_parts_have_addresses(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    client = signed_in(unit_officer)
    page = client.get(url_of(ngay="2025-01-01"))
    tabs = page.context["tabs"]
    assert [tab["label"] for tab in tabs] == [
        "Tóm tắt",
        "Quá trình công tác",
        "Đào tạo",
        "Đánh giá, kỷ luật",
        "Quy hoạch",
        "Luân chuyển",
        "Lịch sử sửa đổi",
    ]
    for tab in tabs:
        assert "ngay=2025-01-01" in tab["url"]
        found = client.get(tab["url"])
        assert [other["label"] for other in found.context["tabs"] if other["here"]] == [
            tab["label"]
        ]
    assert client.get(url_of(phan="khong-co")).context["tab"] == ""


def test_former_posts_stay(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.AppointmentFactory(
        cadre=insider,
        unit=organisation.other,
        title=organisation.deputy,
        start_on=dt.date(2016, 5, 1),
        end_on=dt.date(2019, 7, 15),
    )
    client = signed_in(unit_officer)
    text = text_of(client.get(url_of(phan="qua-trinh", ngay=DAY)))
    assert "Phó Giám đốc Sở Y tế 01/05/2016 15/07/2019 3 năm 2 tháng" in text
    assert "đang giữ" in text
    # On an earlier day it is the present post; a unit outside the scope is named, never linked.
    page = client.get(url_of(ngay="2018-06-01"))
    assert "Phó Giám đốc, Sở Y tế" in text_of(page)
    assert reverse("cadres:unit-detail", args=["SYT"]) not in page.text
    assert "không giữ chức vụ vào ngày này" in text_of(client.get(url_of(ngay="2019-09-01")))


def test_courses_by_what_they_teach(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    factories.TrainingFactory(cadre=insider)
    factories.TrainingFactory(cadre=insider, course="Tiếng Mông", kind="language", end_on=None)
    text = text_of(signed_in(unit_officer).get(url_of(phan="dao-tao")))
    assert "Lý luận chính trị Cao cấp, 2019" in text
    assert text.index("Cao cấp lý luận chính trị") < text.index("Tiếng Mông")


def test_years_stand_beside_the_unit(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    unit = organisation.department
    factories.EvaluationFactory(cadre=insider, unit=unit, year=2025, grade=Grade.HTXSNV)
    for grade in (Grade.HTTNV, Grade.HTTNV, Grade.KHTNV):
        factories.EvaluationFactory(unit=unit, year=2025, grade=grade)
    factories.EvaluationFactory(unit=unit, year=2024)  # another year does not count
    text = text_of(signed_in(unit_officer).get(url_of(phan="danh-gia", ngay=DAY)))
    words = "4 người: HTXSNV 1 (25\xa0%) · HTTNV 2 (50\xa0%) · KHTNV 1 (25\xa0%)"
    assert words in text.replace("(25 %)", "(25\xa0%)").replace("(50 %)", "(50\xa0%)")


def test_a_unit_where_everybody_is_alike(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.EvaluationFactory(cadre=insider, unit=organisation.department, year=2025)
    factories.EvaluationFactory.create_batch(3, unit=organisation.department, year=2025)
    page = signed_in(unit_officer).get(url_of(phan="danh-gia"))
    assert "cả đơn vị cùng một mức" in page.text


def test_how_another_unit_graded_is_theirs_to_know(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.EvaluationFactory(cadre=insider, unit=organisation.other, year=2020)
    factories.EvaluationFactory.create_batch(6, unit=organisation.other, year=2020)
    text = text_of(signed_in(unit_officer).get(url_of(phan="danh-gia")))
    assert "ngoài phạm vi của tài khoản" in text
    assert "7 người" not in text


def test_years_without_a_grade(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    for year in (2022, 2024):
        factories.EvaluationFactory(cadre=insider, year=year)
    text = text_of(signed_in(unit_officer).get(url_of(ngay=DAY)))
    for year in (2023, 2025):
        assert f"Xếp loại năm {year} chưa có" in text
    for year in (2021, 2026):  # before the first one on file; not over yet
        assert f"Xếp loại năm {year} chưa có" not in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-02-28", "chưa có vào ngày xét"),
        ("2025-03-01", "đang có hiệu lực"),
        ("2026-03-01", "đang có hiệu lực"),
        ("2026-03-02", "đã hết hiệu lực"),
    ],
)
def test_disciplines_hold_on_both_of_their_days(
    day: str, words: str, insider: Cadre, unit_officer: User, signed_in: Browser
) -> None:
    factories.DisciplineFactory(
        cadre=insider, decided_on=dt.date(2025, 3, 1), effective_to=dt.date(2026, 3, 1)
    )
    assert words in signed_in(unit_officer).get(url_of(phan="danh-gia", ngay=day)).text


@pytest.mark.parametrize("part", PARTS)
def test_sensitive_data_are_hidden_from_who_may_not(
    part: str, insider: Cadre, auditor: User, signed_in: Browser
) -> None:
    factories.DisciplineFactory(cadre=insider)
    client = signed_in(auditor)
    for page in (
        client.get(url_of(phan=part)),
        client.get(reverse("cadres:cadre-panel", args=["CB-NV"])),
    ):
        text = page.text.lower()
        assert "nông thị ánh" in text
        for word in ("khiển trách", "kỷ luật", "tày", "dân tộc"):
            assert word not in text


# ---- Time line -------------------------------------------------------------------------------


def drawn(client: Client, **query: str) -> dict[str, list[dict[str, object]]]:
    line = client.get(url_of(**query)).context["line"]
    return {str(lane["label"]): lane["items"] for lane in line["lanes"]}


def test_everything_stands_on_one_axis(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.TrainingFactory(cadre=insider)
    factories.EvaluationFactory(cadre=insider, year=2023, grade=Grade.HTXSNV)
    factories.RotationFactory(
        cadre=insider,
        to_unit=organisation.department,
        start_on=dt.date(2020, 1, 1),
        ended_on=dt.date(2023, 3, 1),
        status=RotationStatus.COMPLETED,
    )
    organisation.plan.status = PlanStatus.SUBMITTED
    organisation.plan.save()
    client = signed_in(unit_officer)
    lanes = drawn(client, ngay=DAY)
    assert list(lanes) == ["Chức vụ", "Luân chuyển", "Quy hoạch", "Đào tạo", "Xếp loại"]
    assert [item["kind"] for item in lanes["Quy hoạch"]] == ["hope"]
    assert [item["text"] for item in lanes["Xếp loại"]] == ["Xuất sắc", "chưa rõ", "chưa rõ"]
    (tour,) = lanes["Luân chuyển"]
    assert tour["mark"] == dt.date(2023, 1, 1)
    assert tour["beside"] == "đủ 36 tháng từ 01/2023"
    assert "38 tháng" in str(tour["text"])
    # The same as a table, for who does not see the drawing.
    text = text_of(client.get(url_of(ngay=DAY)))
    assert "Xếp loại Hoàn thành xuất sắc nhiệm vụ 2023" in text
    assert "Chức vụ Giám đốc, Sở Nội vụ từ 01/01/2020" in text
    assert "ngày xét 22/11/2026" in text


def test_approved_plans_reach_to_the_end_of_their_term(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    (item,) = drawn(signed_in(unit_officer), ngay=DAY)["Quy hoạch"]
    assert (item["kind"], item["end"]) == ("plan", organisation.plan.term.ends_on)


def test_an_empty_file_has_no_time_line(provincial_officer: User, signed_in: Browser) -> None:
    cadre = factories.CadreFactory(
        sex="", birth_date=None, ethnicity_code="", degree=None, theory=None, party_joined_on=None
    )
    page = signed_in(provincial_officer).get(url_of(cadre.code))
    assert page.context["line"] is None
    assert "Chưa được quy hoạch chức danh nào" in page.text
    assert len(page.context["todos"]) >= 7


# ---- Gaps ------------------------------------------------------------------------------------


def cells(page: object) -> dict[str, tuple[str, str, str]]:
    """Outcome, words and the way out of the first title, by standard."""
    blocks = [*page.context["main_blocks"], *page.context["wide_blocks"]]  # type: ignore[attr-defined]
    (table, *_rest) = blocks[0].context["tables"]["groups"]
    return {
        row["label"]: tuple(row["cells"][0][key] for key in ("outcome", "text", "how"))
        for row in table["rows"]
    }


def test_gaps_are_the_verdicts_of_the_day(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    title = organisation.deputy
    title.min_degree, title.min_theory, title.rank = 4, 2, 80
    title.save()
    factories.NominationFactory(
        pool=factories.pool_of(organisation.plan, title), cadre=insider
    ).delete()
    organisation.insider.nominations.update(pool=factories.pool_of(organisation.plan, title))
    page = signed_in(unit_officer).get(url_of(ngay=DAY))
    found = cells(page)
    assert found["Chuyên môn"] == ("not_met", "cần thạc sĩ", "Cử đi học.")
    assert found["Lý luận chính trị"] == ("met", "cần trung cấp", "")
    assert found["Chức danh cao hơn"][0] == "met"
    assert found["Thời gian còn công tác"] == ("met", "280 tháng, cần ≥\u00a0120", "")
    assert found["Xếp loại năm 2025"][0] == "cannot_tell"
    assert found["Xếp loại năm 2025"][2] == "Bổ sung xếp loại năm trước."
    assert found["Kỷ luật"][0] == "met"
    assert "Người địa phương" not in found  # no title asks for it
    text = text_of(page)
    assert "377-QĐ/TW (2025) chưa đối chiếu văn bản gốc" in text
    assert "Chuyên môn: thạc sĩ" in text  # what to learn next
    # A year ago the term asked for 60 months by another document.
    page = signed_in(unit_officer).get(url_of(ngay="2025-06-01"))
    assert cells(page)["Thời gian còn công tác"][1].endswith("cần ≥\u00a060")
    assert "50-QĐ/TW (2021)" in text_of(page)


def test_skills_that_a_title_asks_for_stand_in_the_table(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """One is high enough, one is of an unknown level; another title's demand is not shown."""
    asked = {"title": organisation.director, "document": "21-QĐ/TU", "at": "Điều 4"}
    factories.TitleSkillFactory(kind=SkillKind.STATE_MANAGEMENT, level=2, **asked)
    factories.TitleSkillFactory(kind=SkillKind.ETHNIC_LANGUAGE, level=2, **asked)
    factories.TitleSkillFactory(kind=SkillKind.IT, level=1, title=organisation.deputy)
    insider.skills.create(kind=SkillKind.STATE_MANAGEMENT, level=3)
    insider.skills.create(kind=SkillKind.ETHNIC_LANGUAGE, detail="tiếng Tày")
    page = signed_in(unit_officer).get(url_of(ngay=DAY))
    found = cells(page)
    assert found["Quản lý nhà nước"] == ("met", "cần ngạch chuyên viên chính", "")
    assert found["Tiếng dân tộc thiểu số"] == (
        "cannot_tell",
        "cần có chứng chỉ",
        "Bổ sung vào hồ sơ.",
    )
    assert "Tin học" not in found
    assert "21-QĐ/TU, Điều 4" in text_of(page)
    insider.skills.all().delete()
    found = cells(signed_in(unit_officer).get(url_of(ngay=DAY)))
    assert found["Quản lý nhà nước"][2] == "Cử đi bồi dưỡng."


def test_criteria_without_a_figure_cite_what_held_on_the_day(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """Only into a higher title: read in the paper of 2025, in none before."""
    client = signed_in(unit_officer)

    def cited(day: str, label: str) -> list[str]:
        page = client.get(url_of(ngay=day))
        blocks = [*page.context["main_blocks"], *page.context["wide_blocks"]]
        (table, *_rest) = blocks[0].context["tables"]["groups"]
        (row,) = [row for row in table["rows"] if row["label"] == label]
        return [each.source for each in row["citations"]]

    assert cited("2025-10-08", "Chức danh cao hơn") == ["377-QĐ/TW (2025)"]
    assert cited("2025-10-07", "Chức danh cao hơn") == []
    assert cited("2025-10-07", "Kỷ luật") == ["50-QĐ/TW (2021)"]


def test_a_local_is_told_the_way_out(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    organisation.director.non_local_required = True
    organisation.director.save()
    client = signed_in(unit_officer)
    assert cells(client.get(url_of(ngay=DAY)))["Người địa phương"][0] == "met"
    changed(insider, native_unit=organisation.centre)  # below the unit itself
    page = client.get(url_of(ngay=DAY))
    outcome, text, how = cells(page)["Người địa phương"]
    assert (outcome, text) == ("not_met", "cần người nơi khác")
    assert "luân chuyển trước khi bổ nhiệm" in how
    assert page.context["notices"][0].title.startswith("Quy hoạch Giám đốc, Sở Nội vụ")
    changed(insider, native_unit=None)
    assert cells(client.get(url_of(ngay=DAY)))["Người địa phương"][0] == "cannot_tell"


def test_gaps_agree_with_the_check(
    insider: Cadre, organisation: Organisation, administrator: User, provincial_officer: User
) -> None:
    """What the page works out for one person is what a run stores, rule by rule."""
    from compliance.choices import RunKind, SubjectKind
    from compliance.engine.registry import rules_of
    from compliance.models import ComplianceSnapshot
    from compliance.services import run_inline, run_start
    from planning.selectors import cadre_nominations
    from planning.selectors.gaps import nomination_gaps

    factories.EvaluationFactory(cadre=insider, year=2025, grade=Grade.KHTNV)
    factories.DisciplineFactory(cadre=insider)
    factories.TargetFactory(
        unit=organisation.province,
        parameter="planning.remaining_service.minimum_months",
        value=290,
    )
    day = dt.date(2026, 11, 22)
    run = run_start(actor=administrator, kind=RunKind.SNAPSHOT, as_of=day)
    run_inline(run)
    nominations = cadre_nominations(provincial_officer, insider.pk)
    (gap,) = nomination_gaps(insider, nominations, day).values()
    stored = ComplianceSnapshot.objects.get(
        run=run, kind=SubjectKind.NOMINATION, subject_id=gap.nomination.pk
    )
    codes = [rule.code for rule in rules_of(SubjectKind.NOMINATION)]
    told = [gap.findings[code].outcome if code in gap.findings else None for code in codes]
    assert told == list(stored.outcomes)
    service = gap.findings["planning.remaining_service"]
    assert service.required["minimum_months"] == 290
    assert [cited["source"] for cited in service.citations] == ["12-NQ/TU"]


def test_titles_of_past_terms_ask_nothing(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    page = signed_in(unit_officer).get(url_of(ngay="2031-01-01"))
    assert "Chưa được quy hoạch chức danh nào của nhiệm kỳ này" in page.text


def test_many_titles_stand_across_the_page(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    for number in range(6):
        title = factories.TitleFactory(rank=80 + number)
        factories.NominationFactory(pool=factories.pool_of(organisation.plan, title), cadre=insider)
    page = signed_in(unit_officer).get(url_of(ngay=DAY))
    (block,) = page.context["wide_blocks"]
    assert [len(group["titles"]) for group in block.context["tables"]["groups"]] == [5, 2]
    assert cells(page)["Số chức danh quy hoạch"][:2] == ("not_met", "7, nhiều nhất 3")
    assert "và 2 chức danh nữa" in page.text


# ---- Rotations -------------------------------------------------------------------------------


def test_tours_with_their_length(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.RotationFactory(
        cadre=insider,
        to_unit=organisation.department,
        start_on=dt.date(2022, 1, 31),
        ended_on=dt.date(2024, 1, 30),
        status=RotationStatus.COMPLETED,
    )
    factories.RotationFactory(
        cadre=insider,
        start_on=None,
        planned_end_on=None,
        status=RotationStatus.DECLINED,
        decline_reason="Hoàn cảnh gia đình",
    )
    client = signed_in(unit_officer)
    text = text_of(client.get(url_of(phan="luan-chuyen", ngay=DAY)))
    assert "23 tháng, cần ít nhất 36 tháng" in text
    assert "Hoàn cảnh gia đình" in text
    (tour,) = drawn(client, ngay=DAY)["Luân chuyển"]
    assert (tour["mark"], tour["beside"]) == (None, "chưa đủ 36 tháng")
    nothing = client.get(url_of("CB-LT", phan="luan-chuyen"))
    assert "Chưa luân chuyển" in nothing.text


# ---- The panel beside a list -----------------------------------------------------------------


def test_the_panel_is_compact(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    for year in range(2012, 2018):
        factories.AppointmentFactory(
            cadre=insider,
            title=organisation.deputy,
            start_on=dt.date(year, 1, 1),
            end_on=dt.date(year + 1, 1, 1),
        )
    factories.EvaluationFactory(cadre=insider, year=2025, grade=Grade.HTXSNV)
    client, url = signed_in(unit_officer), reverse("cadres:cadre-panel", args=["CB-NV"])
    part = client.get(url + f"?ngay={DAY}", headers=HTMX)
    assert "<html" not in part.text
    assert "<html" in client.get(url).text
    text = text_of(part)
    assert "từ 01/2020 Giám đốc, Sở Nội vụ" in text
    assert "01/2017 – 12/2017" in text
    assert "4 chức vụ trước đó" in text
    assert "2025 HTXSNV" in text
    assert "Giám đốc, Sở Nội vụ" in text
    assert url_of(ngay=DAY) in part.text


# ---- Access, records, speed ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cadre-detail", "cadre-panel", "cadre-history"])
def test_outside_the_scope_it_does_not_exist(
    name: str, insider: Cadre, other_unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    url = reverse(f"cadres:{name}", args=["CB-NV"])
    for actor in (other_unit_officer, stranger):
        assert signed_in(actor).get(url).status_code == 404
    assert not FileOpening.objects.exists()


def test_every_opening_is_on_record(insider: Cadre, unit_officer: User, signed_in: Browser) -> None:
    client = signed_in(unit_officer)
    for part in PARTS:
        client.get(url_of(phan=part))
    client.get(reverse("cadres:cadre-history", args=["CB-NV"]))
    found = FileOpening.objects.values_list("actor", "cadre", "door")
    assert sorted(found) == sorted(
        (unit_officer.pk, insider.pk, door) for door in (FileDoor.PAGE, FileDoor.HISTORY)
    )


def fill(cadre: Cadre, organisation: Organisation, years: range) -> None:
    """One more of everything for each year."""
    for year in years:
        factories.AppointmentFactory(
            cadre=cadre,
            title=organisation.deputy,
            start_on=dt.date(year, 1, 1),
            end_on=dt.date(year, 12, 31),
        )
        factories.EvaluationFactory(cadre=cadre, year=year, unit=organisation.department)
        factories.TrainingFactory(cadre=cadre, course=f"Khóa {year}")
        factories.DisciplineFactory(
            cadre=cadre, decided_on=dt.date(year, 2, 1), effective_to=dt.date(year, 12, 1)
        )
        factories.RotationFactory(cadre=cadre, start_on=dt.date(year, 1, 1))
        factories.NominationFactory(
            pool=factories.pool_of(organisation.plan, factories.TitleFactory()), cadre=cadre
        )


def test_queries_do_not_grow(
    insider: Cadre, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    urls = [url_of(phan=part, ngay=DAY) for part in PARTS]
    urls.append(reverse("cadres:cadre-panel", args=["CB-NV"]))

    def counts() -> dict[str, int]:
        found = {}
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found[url] = len(captured)
        return found

    fill(insider, organisation, range(2000, 2002))
    few = counts()
    assert max(few.values()) <= DETAIL, few
    fill(insider, organisation, range(2002, 2018))
    assert counts() == few

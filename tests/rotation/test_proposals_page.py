"""The page of proposals: asked by the address alone, what-if by links, chosen rows proposed."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Unit, User
from rotation.models import Rotation
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import START
from tests.rotation.test_proposals import Case

Browser = Callable[[User], Client]
ASKED = {
    "tim": "1",
    "tu-ngay": "01/01/2027",
    "nhom": ["experience", "non_local", "head_terms", "tour_end"],
    "toi-da": "20",
}


@pytest.fixture
def case(today: object, organisation: Organisation, provincial_officer: User) -> Case:
    """A planned deputy of a department, and a commune with a free seat."""
    made = Case(organisation, provincial_officer)
    made.post(made.commune("X1"), organisation.deputy)
    made.person("A", organisation.department, organisation.deputy)
    return made


@pytest.fixture
def planner(case: Case, signed_in: Browser) -> Client:
    """Who plans."""
    return signed_in(case.actor)


def ask(browser: Client, **more: object) -> object:
    return browser.get(reverse("rotation:proposals"), {**ASKED, **more})


def keys(page: object) -> list[str]:
    return [row["key"] for row in page.context["rows"]]  # type: ignore[attr-defined]


def test_nothing_is_searched_before_it_is_asked(planner: Client) -> None:
    page = planner.get(reverse("rotation:proposals"))
    assert page.status_code == 200
    assert page.context["found"] is None
    assert "01/02/2027" in page.content.decode()
    given = planner.get(reverse("rotation:proposals"), {"tu-ngay": "01/05/2027", "di": "SNV"})
    assert (given.status_code, given.context["found"]) == (200, None)
    assert 'value="01/05/2027"' in given.content.decode()


def test_a_move_is_shown_with_its_reasons_and_conditions(planner: Client) -> None:
    page = ask(planner)
    assert keys(page) == ["A:X1:PGD"]
    text = page.content.decode()  # type: ignore[attr-defined]
    for words in (
        *("Nông Văn A", "Xã X1", "Quy hoạch cần qua cơ sở", "Nơi đến đang thiếu 1 người"),
        *("Khi luân chuyển đang ở trong 1 quy hoạch", "Phương án tốt nhất"),
        *("1 lượt luân chuyển, giải quyết nhu cầu của 1 người", "không có bản đồ"),
    ):
        assert words in text


def test_links_keep_and_rule_out_pairs_people_and_units(planner: Client, case: Case) -> None:
    case.post(case.commune("X2"), case.organisation.deputy)
    (row,) = ask(planner).context["rows"]  # type: ignore[attr-defined]
    kept = planner.get(row["keep_url"])
    assert kept.context["rows"][0]["is_pinned"]
    assert [chip["label"] for chip in kept.context["chips"]] == ["Giữ"]
    # Taking the wish back leads to where one was.
    assert kept.context["rows"][0]["keep_url"] == kept.context["chips"][0]["remove_url"]
    other = planner.get(row["ban_url"])
    assert keys(other) != keys(kept)
    assert planner.get(row["ban_person_url"]).context["rows"] == []
    (unit,) = [each for each in other.context["balances"] if each["name"].startswith("Xã")]
    assert keys(planner.get(unit["drop"])) == []


def test_a_pin_that_cannot_be_kept_is_told_and_can_be_dropped(planner: Client) -> None:
    page = ask(planner, giu="CB-NV:X1:PGD")
    (refused,) = page.context["refused"]  # type: ignore[attr-defined]
    assert refused["pair"] == "Nông Thị Ánh → Phó Giám đốc, Xã X1"
    assert "thấp hơn Giám đốc" in refused["why"]
    assert keys(planner.get(refused["drop"])) == ["A:X1:PGD"]


@pytest.mark.parametrize(
    "text", ["A", "A:X1", "A:X1:KHONG", "KHONG:X1:PGD", "::", "%00:X1:PGD", "a:b:c:d"]
)
def test_nonsense_in_the_address_is_said_not_to_be_found(planner: Client, text: str) -> None:
    page = ask(planner, giu=text, bo=text)
    assert page.status_code == 200  # type: ignore[attr-defined]
    assert keys(page) == ["A:X1:PGD"]


def test_a_code_with_a_colon_is_no_other_pair(case: Case, planner: Client) -> None:
    person = case.person("A:B", case.organisation.other, case.organisation.deputy)
    case.post(case.commune("X:2"), case.organisation.deputy)
    found = {row["name"]: row for row in ask(planner).context["rows"]}  # type: ignore[attr-defined]
    kept = planner.get(found[person.full_name]["keep_url"])
    assert [row["name"] for row in kept.context["rows"] if row["is_pinned"]] == [person.full_name]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tu-ngay", "hôm nào"),
        ("tu-ngay", "01/01/2020"),
        ("tu-ngay", "01/01/2040"),
        ("toi-da", "nhiều"),
        ("toi-da", "0"),
        ("di", "KHONG-CO"),
        ("den", "KHONG-CO"),
        ("nhom", "la"),
        ("nhom", ""),
        ("muc-distance", "cuc-nhieu"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(planner: Client, field: str, value: str) -> None:
    page = ask(planner, **{field: value})
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert field in page.context["form"].errors  # type: ignore[attr-defined]
    assert page.context["found"] is None  # type: ignore[attr-defined]


def test_the_unit_may_be_chosen_from_suggestions(planner: Client) -> None:
    assert keys(ask(planner, di="SNV · Sở Nội vụ")) == ["A:X1:PGD"]
    assert keys(ask(planner, di="SYT · Sở Y tế")) == []


def test_who_is_left_is_listed_by_reason(planner: Client, case: Case) -> None:
    case.person("B", case.organisation.other, case.organisation.deputy)
    page = ask(planner)
    names = {
        person["name"]: group["why"]
        for group in page.context["left"]  # type: ignore[attr-defined]
        for person in group["people"]
    }
    left = next(name for name in ("Nông Văn A", "Nông Văn B") if name in names)
    assert names[left] == "Có nơi phù hợp, nhưng đã hết chỗ hoặc chưa có ai rời đi."


# ---- Proposing -------------------------------------------------------------------------------


def send(browser: Client, *chosen: str) -> object:
    url = f"{reverse('rotation:proposals')}?tim=1&tu-ngay=01/01/2027&nhom=experience"
    return browser.post(url, {"chon": list(chosen)})


def test_chosen_rows_are_proposed(planner: Client) -> None:
    factories.RotationPlanFactory(year=2027)
    answer = send(planner, "A:X1:PGD")
    assert (answer.status_code, answer["Location"]) == (302, "/luan-chuyen/ke-hoach/2027/")  # type: ignore[attr-defined, index]
    assert Rotation.objects.get().start_on == START
    assert "Đã lập 1 đề xuất" in planner.get("/luan-chuyen/ke-hoach/2027/").content.decode()


def test_without_a_plan_they_are_found_in_the_list(planner: Client) -> None:
    answer = send(planner, "A:X1:PGD")
    assert re.match(r"/luan-chuyen/danh-sach/\?trang-thai=proposed", answer["Location"])  # type: ignore[index]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ((), "Chưa chọn ai"),
        (("A:X9:PGD",), "Không tìm thấy"),
        (("A:X1:PGD", "CB-NV:X1:PGD"), "thấp hơn Giám đốc"),
    ],
)
def test_what_cannot_be_proposed_is_told_and_nothing_is_written(
    planner: Client, chosen: tuple[str, ...], words: str
) -> None:
    answer = send(planner, *chosen)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in " ".join(answer.context["errors"])  # type: ignore[attr-defined]
    assert not Rotation.objects.exists()
    # What was chosen stays chosen.
    ticked = [row["key"] for row in answer.context["rows"] if row["is_chosen"]]  # type: ignore[attr-defined]
    assert ticked == [key for key in chosen if key == "A:X1:PGD"]


def test_more_rows_take_no_more_queries(planner: Client, case: Case) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(planner).status_code == 200  # type: ignore[attr-defined]
        return len(captured)

    queries()
    few = queries()
    for n in range(8):
        case.post(case.commune(f"Y{n}"), case.organisation.deputy)
        case.person(f"N{n}", case.organisation.department, case.organisation.deputy)
    assert len(keys(ask(planner))) == 9
    assert queries() == few
    assert few <= 48
    assert Unit.objects.count() > 8

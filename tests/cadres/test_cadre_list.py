"""The list of people: order, search, every filter with its edges, scope, queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Grade
from cadres.models import Cadre, User
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]

MOST_QUERIES = 10
DAY = "2026-11-22"
EVERYBODY = ["Nông Thị Ánh", "Hoàng Văn Bé", "Đàm Đức Cường", "Lý Thị Đào"]


@pytest.fixture
def officer(organisation: Organisation, provincial_officer: User, signed_in: Browser) -> Client:
    """The browser of the provincial officer."""
    return signed_in(provincial_officer)


def names(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("cadres:cadre-list"), query)
    assert page.status_code == 200
    return [cadre.full_name for cadre in page.context["page"]]


def changed(cadre: Cadre, **facts: object) -> Cadre:
    for name, value in facts.items():
        setattr(cadre, name, value)
    cadre.save()
    return cadre


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# ---- Order and search ------------------------------------------------------------------------


def test_sorted_by_given_name(officer: Client) -> None:
    assert names(officer) == EVERYBODY
    assert names(officer, sap="-ten") == EVERYBODY[::-1]
    assert names(officer, sap="khong-co") == EVERYBODY


@pytest.mark.parametrize(
    ("key", "fact", "first", "last"),
    [
        ("sinh", "birth_date", dt.date(1970, 1, 1), dt.date(2000, 1, 1)),
        ("llct", "theory", 0, 4),
        ("chuyen_mon", "degree", 0, 5),
        ("dang", "party_joined_on", dt.date(1990, 1, 1), dt.date(2020, 1, 1)),
        ("nghi_huu", "retires_on", dt.date(2027, 1, 31), dt.date(2060, 1, 31)),
    ],
)
def test_sorted_by_a_head(
    key: str, fact: str, first: object, last: object, officer: Client, organisation: Organisation
) -> None:
    changed(organisation.villager, **{fact: last})
    changed(organisation.outsider, **{fact: first})
    up, down = names(officer, sap=key), names(officer, sap=f"-{key}")
    assert (up[0], up[-1]) == ("Lý Thị Đào", "Hoàng Văn Bé")
    assert (down[0], down[-1]) == ("Hoàng Văn Bé", "Lý Thị Đào")


def test_what_is_unknown_stands_last_either_way(
    officer: Client, organisation: Organisation
) -> None:
    changed(organisation.insider, birth_date=None, birth_precision="")
    assert names(officer, sap="sinh")[-1] == names(officer, sap="-sinh")[-1] == "Nông Thị Ánh"


@pytest.mark.parametrize(
    "text", ["ánh", "anh", "ANH", "nong thi", "thị nông", "CB-NV", "cb-nv", "ánh nông"]
)
def test_search_by_name_in_any_order_or_by_code(text: str, officer: Client) -> None:
    assert names(officer, q=text) == ["Nông Thị Ánh"]


def test_search_takes_words_at_their_beginning(officer: Client) -> None:
    assert names(officer, q="th") == ["Nông Thị Ánh", "Lý Thị Đào"]
    assert names(officer, q="nh") == []


def test_search_by_unit(officer: Client) -> None:
    assert names(officer, q="so noi vu") == ["Nông Thị Ánh"]
    assert names(officer, q="bao lac") == ["Hoàng Văn Bé"]
    assert names(officer, q="X01321") == ["Hoàng Văn Bé"]
    assert names(officer, q="bảo lạc", ngay="2019-06-01") == []


@pytest.mark.parametrize("text", ["%", "_", "'; --", "\\", "không ai cả"])
def test_signs_are_letters(text: str, officer: Client) -> None:
    assert names(officer, q=text) == []


# ---- Filters ---------------------------------------------------------------------------------


@pytest.fixture
def young(organisation: Organisation) -> Cadre:
    """A young man in the commune about whom everything is other than about the rest."""
    cadre = factories.CadreFactory(
        full_name="Vi Văn Khải",
        sex="male",
        birth_date=dt.date(1999, 11, 1),
        ethnicity_code="07",
        party_joined_on=None,
        degree=2,
        theory=1,
    )
    factories.AppointmentFactory(unit=organisation.commune, title=organisation.deputy, cadre=cadre)
    return cadre


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"don_vi": "SNV"}, ["Nông Thị Ánh", "Đàm Đức Cường"]),
        ({"don_vi": "CB", "chuc_danh": "PGD"}, ["Vi Văn Khải"]),
        ({"don_vi": "SYT", "chuc_danh": "PGD"}, []),
        ({"cap": "commune"}, ["Hoàng Văn Bé", "Vi Văn Khải"]),
        ({"cap": "commune", "chuc_danh": "GD"}, []),
        ({"gioi": "male"}, ["Vi Văn Khải"]),
        ({"dang": "chua"}, ["Vi Văn Khải"]),
        ({"dang": "co"}, EVERYBODY),
        ({"chuyen_mon": "3"}, EVERYBODY),
        ({"llct": "2"}, EVERYBODY),
        ({"dan_toc": "07"}, ["Vi Văn Khải"]),
        ({"nhom_tuoi": "tre"}, ["Vi Văn Khải"]),
        ({"nhom_tuoi": "giua"}, EVERYBODY),
        ({"nhom_tuoi": "cao"}, []),
        ({"gioi": "male", "don_vi": "SNV"}, []),
    ],
)
def test_filters(query: dict[str, str], found: list[str], young: Cadre, officer: Client) -> None:
    assert names(officer, ngay=DAY, **query) == found


@pytest.mark.parametrize(
    ("day", "age"), [("2026-05-19", 35), ("2026-05-20", 36), ("2027-05-19", 36)]
)
def test_ages_are_completed_years(
    day: str, age: int, officer: Client, organisation: Organisation
) -> None:
    changed(organisation.insider, birth_date=dt.date(1990, 5, 20))
    assert names(officer, tuoi_tu=str(age), tuoi_den=str(age), ngay=day) == ["Nông Thị Ánh"]
    assert names(officer, tuoi_tu=str(age + 1), tuoi_den=str(age + 1), ngay=day) == []


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (dt.date(1986, 11, 23), "tre"),  # 40 tomorrow
        (dt.date(1986, 11, 22), "giua"),  # 40 today
        (dt.date(1975, 11, 23), "giua"),  # 51 tomorrow
        (dt.date(1975, 11, 22), "cao"),  # 51 today
    ],
)
def test_age_bands_change_on_the_birthday(
    born: dt.date, band: str, officer: Client, organisation: Organisation
) -> None:
    changed(organisation.insider, birth_date=born)
    for asked in ("tre", "giua", "cao"):
        found = names(officer, don_vi="SNV", nhom_tuoi=asked, ngay=DAY, q="anh")
        assert bool(found) is (asked == band)


@pytest.mark.parametrize(
    ("retires", "months", "is_found"),
    [
        (dt.date(2027, 11, 22), "12", True),
        (dt.date(2027, 11, 23), "12", False),
        (dt.date(2026, 11, 22), "0", True),
        (dt.date(2026, 11, 21), "12", False),  # past already
        (dt.date(2026, 11, 23), "0", False),
    ],
)
def test_retiring_within_months(
    retires: dt.date, months: str, is_found: bool, officer: Client, organisation: Organisation
) -> None:
    changed(organisation.insider, retires_on=retires)
    assert ("Nông Thị Ánh" in names(officer, nghi_huu=months, ngay=DAY)) is is_found


def test_retirement_follows_the_law_by_sex_and_month(
    officer: Client, organisation: Organisation
) -> None:
    """A man born in July 1965 retires on 30/04/2027 (Điều 169); a woman did so long ago."""
    man = {"birth_date": dt.date(1965, 7, 10), "sex": "male"}
    changed(organisation.insider, **man)
    changed(organisation.below, **man | {"sex": "female"})
    changed(organisation.villager, **man | {"sex": ""})
    assert names(officer, nghi_huu="6", ngay=DAY) == ["Nông Thị Ánh"]
    assert names(officer, nghi_huu="5", ngay=DAY) == []
    assert names(officer, con_thang="5", ngay="2026-11-30", q="nong") == ["Nông Thị Ánh"]
    assert names(officer, con_thang="5", ngay="2026-12-01", q="nong") == []


def test_the_grade_is_the_worst_of_last_year(officer: Client, organisation: Organisation) -> None:
    for unit, grade in ((organisation.department, 4), (organisation.centre, 2)):
        factories.EvaluationFactory(
            cadre=organisation.insider, unit=unit, year=2025, grade=Grade(grade)
        )
    factories.EvaluationFactory(
        cadre=organisation.outsider, unit=organisation.other, year=2024, grade=Grade.HTXSNV
    )
    assert names(officer, xep_loai="2", ngay=DAY) == ["Nông Thị Ánh"]
    assert names(officer, xep_loai="4", ngay=DAY) == []
    assert names(officer, xep_loai="4", ngay="2025-03-01") == ["Lý Thị Đào"]
    assert names(officer, xep_loai="chua", ngay=DAY) == EVERYBODY[1:]


def test_in_a_plan_or_not(officer: Client, organisation: Organisation) -> None:
    term = organisation.plan.term.code
    assert names(officer, quy_hoach=f"co.{term}") == ["Nông Thị Ánh", "Lý Thị Đào"]
    assert names(officer, quy_hoach=f"khong.{term}") == ["Hoàng Văn Bé", "Đàm Đức Cường"]
    organisation.pool.nominations.update(removed_on=dt.date(2026, 6, 1))
    assert names(officer, quy_hoach=f"co.{term}", ngay="2026-05-31") == [
        "Nông Thị Ánh",
        "Lý Thị Đào",
    ]
    assert names(officer, quy_hoach=f"co.{term}", ngay="2026-06-01") == ["Lý Thị Đào"]


def test_a_plan_of_another_unit_is_not_told_of(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """Somebody of the own unit who is planned for elsewhere, out of sight."""
    pool = factories.pool_of(organisation.other_plan, organisation.director)
    factories.NominationFactory(pool=pool, cadre=organisation.below)
    client, term = signed_in(unit_officer), organisation.plan.term.code
    assert names(client, quy_hoach=f"co.{term}") == ["Nông Thị Ánh"]
    page = client.get(reverse("cadres:cadre-list"))
    planned = {row["code"]: row["cells"][-1].cell for row in page.context["rows"]}
    assert planned["CB-NV"].text == "Giám đốc"
    assert planned["CB-LT"].text == ""


def test_short_of_the_standard_of_a_planned_title(
    officer: Client, organisation: Organisation
) -> None:
    organisation.director.min_theory = 4
    organisation.director.save()
    changed(organisation.outsider, theory=None)
    page = officer.get(reverse("cadres:cadre-list"))
    signs = {
        row["code"]: {shown.key: shown.sign for shown in row["cells"]}["llct"]
        for row in page.context["rows"]
    }
    assert signs == {"CB-NV": "not_met", "CB-YT": "cannot_tell", "CB-LT": "", "CB-BL": ""}
    assert "chưa đủ tiêu chuẩn của chức danh quy hoạch" in page.content.decode()


def test_nonsense_in_a_filter_is_explained(officer: Client) -> None:
    asked = {"tuoi_tu": "50", "tuoi_den": "40", "don_vi": "KHONG-CO", "quy_hoach": "co.1900-1905"}
    page = officer.get(reverse("cadres:cadre-list"), asked)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"tuoi_den", "don_vi", "quy_hoach"}


def test_chips_take_off_one_condition(officer: Client) -> None:
    asked = {"don_vi": "SNV", "tuoi_tu": "30", "tuoi_den": "60", "q": "th", "trang": "1"}
    page = officer.get(reverse("cadres:cadre-list"), asked)
    chips = {chip["label"]: (chip["value"], chip["remove_url"]) for chip in page.context["chips"]}
    assert chips == {
        "Đơn vị": ("Sở Nội vụ", "/ho-so/?q=th&tuoi_tu=30&tuoi_den=60"),
        "Tuổi": ("30–60", "/ho-so/?q=th&don_vi=SNV"),
    }
    assert page.context["address"].clear_url == "/ho-so/"


def test_an_empty_result_says_what_to_do(officer: Client) -> None:
    page = officer.get(reverse("cadres:cadre-list"), {"q": "không ai cả"})
    assert "Không có ai khớp bộ lọc" in page.content.decode()


def test_typing_answers_with_the_parts_that_change(officer: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "danh-sach"}
    page = officer.get(reverse("cadres:cadre-list"), {"q": "anh"}, headers=headers)
    text = page.content.decode()
    assert "<html" not in text
    for part in ('id="danh-sach"', "1 trong 4 người", "Xuất 1 người", 'id="loc"'):
        assert part in text


# ---- Who sees what ---------------------------------------------------------------------------


def test_nobody_outside_the_scope(
    organisation: Organisation, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)
    assert names(client) == ["Nông Thị Ánh", "Đàm Đức Cường"]
    for query in ({"q": "đào"}, {"q": "so y te"}, {"q": "CB-YT"}, {"q": "SYT"}, {"gioi": "male"}):
        assert names(client, **query) == []
    page = client.get(reverse("cadres:cadre-list"), {"don_vi": "SYT"})
    assert "don_vi" in page.context["form"].errors
    assert "Sở Y tế" not in page.content.decode()
    assert page.context["measure"].total == 2
    choices = client.get(reverse("cadres:cadre-filter")).content.decode()
    assert "Sở Nội vụ" in choices
    assert "Sở Y tế" not in choices
    assert names(signed_in(stranger)) == []


def test_sensitive_filters_and_columns_only_for_who_needs_them(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    client = signed_in(auditor)
    page = client.get(reverse("cadres:cadre-list"))
    assert "Dân tộc" not in page.content.decode()
    assert "Dân tộc" not in client.get(reverse("cadres:cadre-filter")).content.decode()
    # By address it is not offered, so it is not read: the answer says nothing of anybody.
    assert names(client, dan_toc="07") == names(client)


def test_a_sensitive_filter_stays_inside_the_role(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    factories.RoleGrantFactory(user=auditor, role="unit_officer", unit=organisation.other)
    client = signed_in(auditor)
    assert names(client, dan_toc="02") == ["Lý Thị Đào"]
    page = client.get(reverse("cadres:cadre-list"))
    told = {
        row["code"]: {shown.key: shown.cell.text for shown in row["cells"]}["dan_toc"]
        for row in page.context["rows"]
    }
    assert told == {"CB-YT": "Tày", "CB-NV": "", "CB-LT": "", "CB-BL": ""}


# ---- How much it asks ------------------------------------------------------------------------


def test_queries_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client, url = signed_in(unit_officer), reverse("cadres:cadre-list")
    every = "?q=th&don_vi=SNV&chuc_danh=PGD&gioi=female&tuoi_tu=20&dan_toc=02&llct=1&xep_loai=chua"
    every += f"&quy_hoach=khong.{organisation.plan.term.code}&con_thang=1&sap=nghi_huu"
    client.post(
        reverse("cadres:cadre-columns"),
        {"cot": ["tuoi", "dan_toc", "chuc_vu", "xep_loai", "quy_hoach", "nghi_huu", "que"]},
    )
    factories.AppointmentFactory.create_batch(
        5, unit=organisation.department, title=organisation.deputy
    )
    few = queries(client, url), queries(client, url + every)
    factories.AppointmentFactory.create_batch(
        120, unit=organisation.department, title=organisation.deputy
    )
    assert (queries(client, url), queries(client, url + every)) == few
    assert max(few) <= MOST_QUERIES
    assert queries(client, url + "?trang=3") <= MOST_QUERIES

"""One plan: the grid of people, the findings beside it, ballots, history."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import Cadre, User
from tests import factories
from tests.cast import Organisation
from tests.planning.conftest import Queries, check_all

Browser = Callable[[User], Client]


def url_of(organisation: Organisation, query: str = "") -> str:
    return reverse("planning:plan-detail", args=[organisation.plan.pk]) + query


def text_of(page: object) -> str:
    text = re.sub(r"<[^>]+>", " ", page.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text)


def test_it_works(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    text = text_of(signed_in(unit_officer).get(url_of(organisation, "?ngay=2026-11-22")))
    assert "Quy hoạch Sở Nội vụ" in text
    assert "Phê duyệt tại Quyết định 34-QĐ/TU ngày 01/05/2025" in text
    assert "người đứng đầu: Nông Thị Ánh, Giám đốc" in text
    assert "41 tuổi" in text
    assert "Nữ · Tày · ĐH · CC LLCT" in text
    assert "1/3" in text
    assert "tối đa 3 người" in text


@pytest.mark.parametrize("part", ["", "?phan=phieu", "?phan=lich-su"])
def test_it_requires_login(organisation: Organisation, client: Client, part: str) -> None:
    assert client.get(url_of(organisation, part)).status_code == 302


@pytest.mark.parametrize("part", ["", "?phan=phieu", "?phan=lich-su"])
def test_it_hides_other_units(
    organisation: Organisation, other_unit_officer: User, signed_in: Browser, part: str
) -> None:
    browser = signed_in(other_unit_officer)
    assert browser.get(url_of(organisation, part)).status_code == 404
    assert browser.get(reverse("planning:plan-detail", args=[10**9])).status_code == 404


def test_it_rejects_post(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    assert signed_in(unit_officer).post(url_of(organisation)).status_code == 405


def test_the_grid_has_a_row_a_band(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    """Bands of the target: a person stands in the band of the day."""
    target(organisation, "planning.age_bands.young_below", 40)
    target(organisation, "planning.age_bands.middle_to", 50)
    young = factories.CadreFactory(full_name="Vàng Thị Mỷ", birth_date=dt.date(1995, 1, 1))
    unknown = factories.CadreFactory(full_name="Hứa Minh Tuyên", birth_date=None)
    for cadre in (young, unknown):
        factories.NominationFactory(pool=organisation.pool, cadre=cadre)
    browser = signed_in(provincial_officer)
    grids = browser.get(url_of(organisation, "?ngay=2026-11-22")).context["grids"]
    assert placed(grids) == {
        "Dưới 40": ["Vàng Thị Mỷ"],
        "40 đến 50": ["Nông Thị Ánh"],
        "Trên 50": [],
        "Chưa rõ tuổi": ["Hứa Minh Tuyên"],
    }
    grids = browser.get(url_of(organisation, "?ngay=2036-11-22")).context["grids"]
    assert placed(grids)["Trên 50"] == ["Nông Thị Ánh"]


def placed(grids: list[dict]) -> dict[str, list[str]]:
    return {
        band["label"]: [person["name"] for cell in band["cells"] for person in cell["people"]]
        for grid in grids
        for band in grid["bands"]
    }


def target(organisation: Organisation, parameter: str, value: int) -> None:
    factories.TargetFactory(unit=organisation.province, parameter=parameter, value=value)


def test_an_empty_plan(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    plan = factories.PlanFactory(unit=organisation.province, approved_on=None, decision_no="")
    page = signed_in(provincial_officer).get(reverse("planning:plan-detail", args=[plan.pk]))
    assert "Kế hoạch chưa có chức danh nào" in text_of(page)


def test_findings_say_who_where_and_what(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    target(organisation, "planning.women_share.minimum", 60)
    man = factories.CadreFactory(full_name="Lục Văn Kiên", sex="male")
    factories.NominationFactory(pool=organisation.pool, cadre=man)
    factories.WaiverFactory(
        unit=organisation.department,
        rule="planning.women_share",
        reason="Chờ kiện toàn",
        approved_by=factories.UserFactory(),
        in_force_from=dt.date(2026, 1, 1),
        in_force_to=dt.date(2099, 12, 31),
    )
    check_all()
    page = signed_in(provincial_officer).get(url_of(organisation))
    (card,) = [card for card in page.context["cards"]["not_met"] if card["title"] == "Tỷ lệ nữ"]
    assert card["message"].startswith("Nữ 1/2 (50,0\u00a0%), cần ít nhất 60\u00a0%.")
    assert card["behind"][0]["people"][0]["name"] == "Nông Thị Ánh"
    assert card["citations"][0].source == "12-NQ/TU"
    assert card["since"] == clock.today()
    text = text_of(page)
    assert "Được miễn áp dụng" in text
    assert "Chờ kiện toàn" in text
    assert f"Ghi nhận từ {clock.today():%d/%m/%Y}" in text


def test_a_waiver_that_nobody_approved_is_not_shown(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    target(organisation, "planning.women_share.minimum", 100)
    Cadre.objects.filter(pk=organisation.insider.pk).update(sex="male")
    factories.WaiverFactory(unit=organisation.department, in_force_to=dt.date(2099, 1, 1))
    text = text_of(signed_in(provincial_officer).get(url_of(organisation)))
    assert "Tỷ lệ nữ" in text
    assert "Được miễn áp dụng" not in text


def test_one_person_in_two_titles_is_told_once(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    factories.DisciplineFactory(cadre=organisation.insider)
    second = factories.pool_of(organisation.plan, organisation.deputy)
    factories.NominationFactory(pool=second, cadre=organisation.insider)
    page = signed_in(provincial_officer).get(url_of(organisation))
    (card,) = [c for c in page.context["cards"]["not_met"] if "Kỷ luật" in c["title"]]
    assert card["aside"] == "1 người"
    (line,) = card["lines"]
    assert sorted(line["titles"]) == ["Giám đốc", "Phó Giám đốc"]


def test_sensitive_facts_are_hidden(
    organisation: Organisation, auditor: User, provincial_officer: User, signed_in: Browser
) -> None:
    """Ethnic group and discipline: not for auditors."""
    factories.DisciplineFactory(cadre=organisation.insider)
    hidden = text_of(signed_in(auditor).get(url_of(organisation)))
    shown = text_of(signed_in(provincial_officer).get(url_of(organisation)))
    for word in ("Tày", "kỷ luật", "Kỷ luật"):
        assert word not in hidden
        assert word in shown or word == "Kỷ luật"
    assert "Nông Thị Ánh" in hidden


def test_the_file_of_an_outsider_is_not_linked(
    organisation: Organisation, unit_officer: User, provincial_officer: User, signed_in: Browser
) -> None:
    factories.NominationFactory(pool=organisation.pool, cadre=organisation.outsider)
    link = reverse("cadres:cadre-detail", args=[organisation.outsider.code])
    page = signed_in(unit_officer).get(url_of(organisation)).content.decode()
    assert "Lý Thị Đào" in page
    assert link not in page
    assert link in signed_in(provincial_officer).get(url_of(organisation)).content.decode()


def test_ballots(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    factories.BallotFactory(pool=organisation.pool, cadre=organisation.insider)
    factories.BallotFactory(
        pool=organisation.pool, cadre=organisation.insider, step=2, agree=9, valid=18
    )
    check_all()
    page = signed_in(unit_officer).get(url_of(organisation, "?phan=phieu"))
    (group,) = page.context["groups"]
    (person,) = group["people"]
    assert [step["outcome"] for step in person["steps"]] == ["met", "not_met"]
    assert "45,0" in page.content.decode()
    early = signed_in(unit_officer).get(url_of(organisation, "?phan=phieu&ngay=2025-01-01"))
    assert "Chưa có phiếu nào tính đến ngày này" in text_of(early)


def test_history(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    organisation.plan.decision_no = "99-QĐ/TU"
    organisation.plan.save()
    text = text_of(signed_in(unit_officer).get(url_of(organisation, "?phan=lich-su")))
    assert "34-QĐ/TU → 99-QĐ/TU" in text
    assert "người được quy hoạch: Nông Thị Ánh, Giám đốc" in text


def test_nonsense_dates_are_refused(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    assert signed_in(unit_officer).get(url_of(organisation, "?ngay=hom-qua")).status_code == 400


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser, queries: Queries
) -> None:
    target(organisation, "planning.women_share.minimum", 60)
    check_all()
    browser = signed_in(provincial_officer)
    parts = ("", "?phan=phieu", "?phan=lich-su")
    few = [queries(browser, url_of(organisation, part)) for part in parts]
    for number in range(40):
        cadre = factories.CadreFactory(birth_date=dt.date(1960 + number, 5, 5))
        factories.AppointmentFactory(
            cadre=cadre, unit=organisation.department, title=organisation.deputy
        )
        factories.NominationFactory(pool=organisation.pool, cadre=cadre)
        factories.BallotFactory(pool=organisation.pool, cadre=cadre)
    many = [queries(browser, url_of(organisation, part)) for part in parts]
    assert many[:2] == few[:2]
    assert max(few[2], many[2]) <= 16  # one more where accounts have to be named

"""Sensitive data leave no trace for who may not see them: every address, before and after.

A role without the right asks every page, file and API address twice: before somebody is given a
rare ethnic group and a discipline, and after, with everything judged anew. No word may turn up that
was not there, no number may change.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from cadre_portal.common import clock
from cadres.choices import DisciplineKind
from cadres.models import Cadre, Discipline, Unit, User
from cadres.policies import SENSITIVE, WHOLE, sensitive_fields
from compliance.choices import RunKind
from compliance.services import run_inline, run_start
from tests import factories
from tests.access.test_matrix import (  # noqa: F401
    MATRIX,
    address,
    bare_refusals,
    objects,
    words_of,
)
from tests.cast import Organisation

# Every address for everybody: on a busy machine that takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Browser = Callable[[User], Client]
#: What tells of the marked person: the group by name and code, the discipline by name and code.
MARKS = ("Lô Lô", "Cách chức", "ỷ luật", "removal", "ethnicity_code", "disciplines")
#: What one may try in an address: filters, orders, columns.
TRIED = (
    "",
    "dan_toc=43&dan-toc=43&sap=dan_toc&cot=dan_toc&cot=ky_luat&ket-qua=all"
    "&tieu-chi=planning.discipline&vuong=minority&muc=mien-ap-dung&phan=lich-su",
)


@pytest.fixture
def judged(organisation: Organisation, provincial_officer: User) -> Callable[[], None]:
    """Judge everything on file for today."""
    factories.TargetFactory(
        unit=organisation.province, parameter="planning.minority_share.minimum", value=50
    )
    insider = organisation.insider
    insider.ethnicity_code = "01"
    insider.save()

    def judge() -> None:
        run_inline(run_start(actor=provincial_officer, as_of=clock.today(), kind=RunKind.LIVE))

    judge()
    return judge


def mark(cadre: Cadre) -> None:
    cadre.ethnicity_code = "43"
    cadre.save()
    factories.DisciplineFactory(cadre=cadre, kind=DisciplineKind.REMOVAL)


ALL = sorted({line.split()[1] for line in MATRIX if line.startswith("GET")})


def walk(
    browser: Client,
    objects: dict[str, list[Any]],  # noqa: F811
    names: Iterable[str] = ALL,
) -> dict[str, Counter[str]]:
    """How often each mark, and the person, stand in the answer of each address."""
    seen: dict[str, Counter[str]] = {}
    for name in names:
        for tried in TRIED:
            url = address(name, objects)
            response = browser.get(f"{url}{'&' if '?' in url else '?'}{tried}".rstrip("?"))
            words = words_of(response) if response.status_code == 200 else ""
            counted = Counter({mark: words.count(mark) for mark in (*MARKS, "CB-NV")})
            seen[f"{name}?{tried}"] = +counted
    return seen


def test_no_address_tells_an_auditor(
    organisation: Organisation,
    judged: Callable[[], None],
    objects: dict[str, list[Any]],  # noqa: F811
    auditor: User,
    provincial_officer: User,
    bare_refusals: None,  # noqa: F811
    signed_in: Browser,
) -> None:
    browser, officer = signed_in(auditor), signed_in(provincial_officer)
    before, known_before = walk(browser, objects), walk(officer, objects, TELLING)
    mark(organisation.insider)
    judged()
    after, known_after = walk(browser, objects), walk(officer, objects, TELLING)
    # The record itself grows by the walk, and names people whose files were opened.
    own = ("cadres:record-",)
    told = {
        where: (before[where], after[where])
        for where in after
        if after[where] != before[where] and not where.startswith(own)
    }
    assert told == {}
    # Without this, the test would pass on pages that show nothing to anybody.
    silent = [name for name in TELLING if known_after[f"{name}?"] == known_before[f"{name}?"]]
    assert silent == []


#: Addresses that do tell those who may know.
TELLING = (
    "api:cadre-detail",
    "cadres:cadre-detail",
    "cadres:cadre-history",
    "cadres:workbook-export",
    "compliance:finding-list",
    "planning:plan-detail",
)
#: Addresses whose figures are counted over plans and findings.
FIGURES = (
    "planning:overview",
    "planning:plan-list",
    "planning:plan-detail",
    "planning:comparison",
    "planning:unit-plans",
    "compliance:finding-list",
    "compliance:law-list",
    "api:finding-list",
    "cadres:unit-list",
    "cadres:unit-detail",
)


def test_no_number_changes_for_an_auditor(
    organisation: Organisation,
    judged: Callable[[], None],
    objects: dict[str, list[Any]],  # noqa: F811
    auditor: User,
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    def texts(user: User) -> dict[str, str]:
        browser = signed_in(user)
        pages = {name: words_of(browser.get(address(name, objects))) for name in FIGURES}
        return {name: settled(text) for name, text in pages.items()}

    before, known_before = texts(auditor), texts(provincial_officer)
    mark(organisation.insider)
    judged()
    after, known_after = texts(auditor), texts(provincial_officer)
    assert [name for name in FIGURES if after[name] != before[name]] == []
    assert [name for name in FIGURES if known_after[name] != known_before[name]] != []


def settled(text: str) -> str:
    """A page without what differs at every call: tokens, moments, what is not text."""
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>|<[^>]+>", " ", text)
    text = re.sub(r"\d{1,2}:\d{2}(:\d{2})?", "", text)
    return re.sub(r"\s+", " ", text)


def test_an_exchange_workbook_tells_only_of_who_serves_here(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """Somebody from elsewhere in a plan of the unit comes along, without what is sensitive."""
    mark(organisation.outsider)
    factories.NominationFactory(pool=organisation.pool, cadre=organisation.outsider)
    told = words_of(signed_in(unit_officer).get("/nhap-du-lieu/xuat/", {"don_vi": "SNV"}))
    assert "CB-YT" in told
    assert ">removal<" not in told
    assert ">43<" not in told
    mark(organisation.insider)
    told = words_of(signed_in(unit_officer).get("/nhap-du-lieu/xuat/", {"don_vi": "SNV"}))
    assert ">removal<" in told
    assert ">43<" in told


def test_what_is_declared_sensitive_exists() -> None:
    assert sensitive_fields(Discipline) == WHOLE
    assert sensitive_fields(Cadre) == {"ethnicity_code"}
    assert sensitive_fields(Unit) == frozenset()
    for label, names in SENSITIVE.items():
        model = apps.get_model(label)
        assert names - WHOLE <= {field.name for field in model._meta.fields}


#: A mandate that ended leaves nothing: no unit, no person, in no page, file, API.
ENDED = ("Sở Nội vụ", "CB-NV", "Đàm Đức Cường")


def test_an_ended_mandate_leaves_nothing(
    organisation: Organisation,
    judged: Callable[[], None],
    objects: dict[str, list[Any]],  # noqa: F811
    inspector: User,
    bare_refusals: None,  # noqa: F811
    signed_in: Browser,
) -> None:
    grant = inspector.grants.get()
    browser = signed_in(inspector)
    assert "Nông Thị Ánh" in words_of(browser.get("/tim/", {"q": "anh"}))
    grant.valid_to = clock.today().replace(year=clock.today().year - 1)
    grant.valid_from = grant.valid_to
    grant.save()
    told = []
    for name in sorted({line.split()[1] for line in MATRIX if line.startswith("GET")}):
        for query in ("", "q=anh&search=anh&tim=anh"):
            url = address(name, objects)
            response = browser.get(f"{url}{'&' if '?' in url else '?'}{query}")
            words = words_of(response) if response.status_code == 200 else ""
            told += [f"{name}?{query}: {word}" for word in ENDED if word in words]
    assert told == []

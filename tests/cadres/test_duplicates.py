"""One person, one file: pairs that may be one, merging them, and keeping them apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from cadres.choices import Degree, Grade
from cadres.models import Appointment, Cadre, Evaluation, FileMerge, User
from cadres.selectors.duplicates import duplicate_pairs
from cadres.services.duplicates import (
    MergeRefused,
    merge_files,
    merge_look,
    pair_keep_apart,
)
from planning.models import Nomination
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]


def codes(actor: User) -> list[tuple[set[str], tuple[str, ...]]]:
    pairs, total = duplicate_pairs(actor, first=0, limit=50)
    assert total == len(pairs)
    return [({p.one.code, p.other.code}, p.why) for p in pairs]


def person(code: str, name: str, born: str, precision: str = "day", **more: Any) -> Cadre:
    return factories.CadreFactory(
        code=code, full_name=name, birth_date=dt.date.fromisoformat(born),
        birth_precision=precision, **more,
    )  # fmt: skip


def test_pairs(organisation: Organisation, provincial_officer: User, unit_officer: User) -> None:
    person("A-1", "Vi Văn Khải", "1980-03-02")
    same = person("B-9", "VI VĂN KHẢI", "1980-03-02")
    other = person("C-7", "Vi Văn Khải", "1981-03-02")  # another day: another person
    vague = person("D-4", "Ma Thị Tư", "1982-01-01", "year")
    person("D-5", "Ma Thị Tư", "1982-09-30")
    person("D-6", "Ma Thị Tư", "1982-09-29")  # may be D-4, is not D-5
    person("a 1", "Hà Văn Ba", "1970-01-01")
    found = codes(provincial_officer)
    assert sorted(found, key=str) == sorted(
        [
            ({"A-1", "B-9"}, ("birth",)),
            ({"D-4", "D-5"}, ("birth",)),
            ({"D-4", "D-6"}, ("birth",)),
            ({"A-1", "a 1"}, ("code",)),
        ],
        key=str,
    )
    first = Cadre.objects.get(code="A-1")
    pair_keep_apart(actor=provincial_officer, one=same, other=first)
    pair_keep_apart(actor=provincial_officer, one=first, other=same)  # twice does no harm
    assert ({"A-1", "B-9"}, ("birth",)) not in codes(provincial_officer)
    assert duplicate_pairs(unit_officer, first=0, limit=50) == ([], 0)
    for act in (
        lambda: pair_keep_apart(actor=unit_officer, one=vague, other=other),
        lambda: merge_files(actor=unit_officer, kept=vague, other=other, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.fixture
def twice(organisation: Organisation) -> tuple[Cadre, Cadre]:
    """A person of Sở Y tế who got a second file when Sở Nội vụ brought its list in."""
    kept = organisation.outsider
    kept.birth_precision, kept.degree = "year", None
    kept.save()
    other = person("DS7-0004", kept.full_name, "1985-05-20", degree=Degree.MASTER)
    factories.AppointmentFactory(
        cadre=other, unit=organisation.department, title=organisation.deputy
    )
    factories.NominationFactory(pool=organisation.pool, cadre=other)
    for year, grade in ((2024, Grade.HTTNV), (2025, Grade.HTNV)):
        for cadre in (kept, other):
            factories.EvaluationFactory(
                cadre=cadre, year=year, unit=organisation.other, grade=grade
            )
    factories.UserFactory(cadre=other)
    return kept, other


def test_everything_goes_over(twice: tuple[Cadre, Cadre], provincial_officer: User) -> None:
    kept, other = twice
    before = {"posts": kept.appointments.count(), "pk": other.pk}
    look = merge_look(actor=provincial_officer, kept=kept, other=other)
    assert (look.conflicts, len(look.dropped)) == ([], 2)
    assert Cadre.objects.filter(pk=other.pk).exists()  # looking changed nothing
    merge_files(actor=provincial_officer, kept=kept, other=other, reason="Cùng một người, CCCD")
    kept.refresh_from_db()
    assert (kept.birth_precision, kept.birth_date) == ("day", dt.date(1985, 5, 20))
    assert kept.degree == Degree.MASTER
    assert kept.appointments.count() == before["posts"] + 1
    assert Nomination.objects.filter(cadre=kept).count() == 2
    assert Evaluation.objects.filter(cadre=kept).count() == 2
    assert User.objects.get(cadre=kept)
    assert not Cadre.objects.filter(pk=before["pk"]).exists()
    made = FileMerge.objects.get()
    assert (made.kept, made.code, made.merged_by) == (kept, "DS7-0004", provincial_officer)
    assert made.told["facts"]["degree"] == str(int(Degree.MASTER))
    assert len(made.told["dropped"]) == 2


def test_files_that_contradict_each_other_stay_two(
    twice: tuple[Cadre, Cadre], provincial_officer: User, signed_in: Browser
) -> None:
    kept, other = twice
    Evaluation.objects.filter(cadre=other, year=2025).update(grade=Grade.KHTNV)
    factories.UserFactory(cadre=kept)
    rows = {model: model._base_manager.count() for model in (Cadre, Appointment, Evaluation)}
    with pytest.raises(MergeRefused) as refused:
        merge_files(actor=provincial_officer, kept=kept, other=other, reason="Một người")
    assert len(refused.value.outcome.conflicts) == 2  # the grade of 2025, and two accounts
    url = reverse("cadres:duplicate-pair", args=[kept.pk, other.pk])
    page = signed_in(provincial_officer).post(url, {"reason": "Một người"})
    assert page.status_code == 422
    assert "Chưa gộp được" in page.content.decode()
    assert {model: model._base_manager.count() for model in rows} == rows


def test_the_pages(
    twice: tuple[Cadre, Cadre], provincial_officer: User, signed_in: Browser
) -> None:
    kept, other = twice
    browser = signed_in(provincial_officer)
    pair = reverse("cadres:duplicate-pair", args=[kept.pk, other.pk])
    assert pair in browser.get(reverse("cadres:duplicate-list")).content.decode()
    lacking = browser.post(pair, {"reason": " "})
    assert (lacking.status_code, "aria-invalid" in lacking.content.decode()) == (422, True)
    done = browser.post(pair, {"reason": "Cùng một người"})
    assert done.headers["Location"] == reverse("cadres:cadre-detail", args=[kept.code])
    page = browser.get(reverse("cadres:duplicate-list")).content.decode()
    assert pair not in page
    assert "DS7-0004" in page  # told among what was merged
    assert browser.get(pair).status_code == 404


def test_nobody_merges_their_own_file(twice: tuple[Cadre, Cadre], provincial_officer: User) -> None:
    kept, other = twice
    provincial_officer.cadre = kept
    provincial_officer.save()
    with pytest.raises(PermissionDenied):
        merge_files(actor=provincial_officer, kept=kept, other=other, reason="Tôi")

"""Import of what is there already: updates, what stays, the tree, atomicity, turns."""

from __future__ import annotations

import copy
import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from cadres.models import Appointment, Cadre, Title, Unit, UnitSuccession
from cadres.workbook.loading import Report, import_workbook
from compliance.models import Target
from planning.models import Ballot, Nomination, Plan
from tests.workbook.conftest import BASE, Book, everything, places, write_book

Load = Callable[..., Report]


def counts(report: Report, sheet: str) -> tuple[int, int, int]:
    written = report.rows[sheet]
    return written.created, written.updated, written.unchanged


def test_only_what_differs_is_updated(book: Book, load: Load) -> None:
    assert load(book).ok
    events = everything()["cadres_cadreevent"]
    book["cadres"][0]["degree"] = "doctor"
    book["cadres"].append({"code": "C3", "full_name": "Lý Thị Mỷ"})
    report = load(book)
    assert counts(report, "cadres") == (1, 1, 1)
    assert everything()["cadres_cadreevent"] == events + 2
    assert Cadre.objects.get(code="C1").degree == 5


def test_blank_cells_clear_and_missing_columns_keep(book: Book, load: Load) -> None:
    assert load(book).ok
    first = {key: book["cadres"][0][key] for key in ("code", "full_name")}
    assert counts(load({"cadres": [first]}), "cadres") == (0, 0, 1)
    assert Cadre.objects.get(code="C1").sex == "female"
    cleared = {**first, "sex": None, "birth_date": None, "native_unit_code": None}
    report = load({"cadres": [cleared]}, columns={"cadres": list(cleared)})
    assert counts(report, "cadres") == (0, 1, 0)
    cadre = Cadre.objects.get(code="C1")
    assert (cadre.sex, cadre.birth_date, cadre.birth_precision) == ("", None, "")
    assert cadre.native_unit is None
    assert cadre.ethnicity_code == "02"


def test_every_sheet_can_be_updated(book: Book, load: Load) -> None:
    assert load(book).ok
    book["terms"][0]["ends_on"] = "2030-12-31"
    book["titles"][0]["rank"] = 81
    book["positions"][1]["prescribed"] = 11
    book["appointments"][0]["end_on"] = "2026-01-01"
    book["evaluations"][0]["grade"] = "HTXSNV"
    book["disciplines"][0]["effective_to"] = "2025-03-01"
    book["trainings"][0]["result"] = "Giỏi"
    book["plans"][0]["approved_on"] = "2025-06-01"
    book["nominations"][0].update(removed_on="2026-02-01", removal_reason="Chuyển công tác")
    book["ballots"][0]["agree"] = 12
    book["rotations"][0]["status"] = "completed"
    book["targets"][0]["value"] = 30
    report = load(book)
    assert report.ok, report.faults
    changed = {name: written.updated for name, written in report.rows.items() if written.updated}
    assert changed == dict.fromkeys(set(book) - {"units", "cadres"}, 1)
    assert Nomination.objects.get().removal_reason == "Chuyển công tác"
    assert Ballot.objects.get().agree == 12
    assert Target.objects.get().value == 30
    assert Plan.objects.get().approved_on == dt.date(2025, 6, 1)


def test_a_stored_end_is_seen_when_the_file_has_no_such_column(book: Book, load: Load) -> None:
    book["units"][0]["valid_to"] = "2025-06-30"
    assert load(book).ok
    later = {key: value for key, value in book["units"][0].items() if key not in {"valid_to"}} | {
        "valid_from": "2025-07-01"
    }
    report = load({"units": [later]})
    assert places(report) == {("units", 2, "valid_to", "end_before_start")}


# ---- The tree --------------------------------------------------------------------------------


def unit(code: str, parent: str | None = None, **more: object) -> dict[str, object]:
    return {
        "code": code,
        "name": f"Đơn vị {code}",
        "kind": "other",
        "level": "province",
        "parent_code": parent,
        **more,
    }


def parents() -> dict[str, str | None]:
    above = ((unit.code, Unit.objects.get_parent(unit)) for unit in Unit.objects.all())
    return {code: parent.code if parent else None for code, parent in above}


def sound() -> bool:
    return not any(Unit.objects.find_problems())


def test_parents_may_come_later_in_the_file(load: Load) -> None:
    assert load({"units": [unit("C", "B"), unit("B", "A"), unit("A"), unit("D", "A")]}).ok
    assert parents() == {"A": None, "B": "A", "C": "B", "D": "A"}
    assert [u.code for u in Unit.objects.order_by("path")] == ["A", "B", "C", "D"]
    assert sound()


def test_new_children_follow_the_old_ones(load: Load) -> None:
    assert load({"units": [unit("A"), unit("B", "A"), unit("C", "A")]}).ok
    assert load({"units": [unit("AA", "A"), unit("C", "A"), unit("AB", "A")]}).ok
    assert [u.code for u in Unit.objects.order_by("path")] == ["A", "B", "C", "AA", "AB"]
    assert sound()


def test_a_unit_moves_with_its_subtree(load: Load) -> None:
    start = [unit("A"), unit("B", "A"), unit("C", "B"), unit("D", "C"), unit("E", "A"), unit("F")]
    assert load({"units": start}).ok
    report = load({"units": [unit("B", "E")]})
    assert counts(report, "units") == (0, 1, 0)  # what moves along is no row of the file
    assert parents() == {"A": None, "B": "E", "C": "B", "D": "C", "E": "A", "F": None}
    assert sound()
    # Upside down in one file: the child becomes the parent of its parent.
    report = load({"units": [unit("E", "C"), unit("C", "A"), unit("A", "F")]})
    assert report.ok, report.faults
    assert parents() == {"A": "F", "B": "E", "C": "A", "D": "C", "E": "C", "F": None}
    assert sound()
    assert counts(load({"units": [unit("E", "C"), unit("C", "A")]}), "units") == (0, 0, 2)


def test_a_file_without_parents_leaves_the_tree_alone(load: Load) -> None:
    assert load({"units": [unit("A"), unit("B", "A")]}).ok
    named = {k: v for k, v in unit("B").items() if k != "parent_code"} | {"name": "Tên mới"}
    assert counts(load({"units": [named]}), "units") == (0, 1, 0)
    assert parents() == {"A": None, "B": "A"}
    assert Unit.objects.get(code="B").name == "Tên mới"


def test_an_empty_parent_makes_a_root(load: Load) -> None:
    assert load({"units": [unit("A"), unit("B", "A")]}).ok
    assert load({"units": [unit("B")]}).ok
    assert parents() == {"A": None, "B": None}
    assert sound()


def test_a_cycle_with_stored_units_is_found(load: Load) -> None:
    assert load({"units": [unit("A"), unit("B", "A"), unit("C", "B")]}).ok
    report = load({"units": [unit("X", "C"), unit("A", "C")]})
    assert places(report) == {("units", 3, "parent_code", "unit_cycle")}
    assert parents() == {"A": None, "B": "A", "C": "B"}


def test_successors_are_those_of_the_row(load: Load) -> None:
    units = [unit("A", successor_codes="C;B ; C"), unit("B"), unit("C")]
    assert load({"units": units}).ok

    def pairs() -> list[tuple[str, str]]:
        rows = UnitSuccession.objects.order_by("pk")
        return list(rows.values_list("unit__code", "successor__code"))

    assert pairs() == [("A", "C"), ("A", "B")]
    units[0]["successor_codes"] = "B"
    assert counts(load({"units": units}), "units") == (0, 1, 2)
    assert pairs() == [("A", "B")]
    units[0]["successor_codes"] = None
    units[1]["successor_codes"] = "C"
    assert counts(load({"units": units}), "units") == (0, 2, 1)
    assert pairs() == [("B", "C")]
    del units[1]["successor_codes"], units[0]["successor_codes"]
    assert counts(load({"units": units}), "units") == (0, 0, 3)
    assert pairs() == [("B", "C")]


def test_a_tree_too_deep_is_refused(load: Load) -> None:
    chain = [unit("U0")] + [unit(f"U{n}", f"U{n - 1}") for n in range(1, 70)]
    report = load({"units": chain})
    assert {code for *_place, code in places(report)} == {"tree_too_deep"}


# ---- All or nothing --------------------------------------------------------------------------


def test_what_the_database_refuses_leaves_nothing(book: Book, load: Load) -> None:
    """A trigger stands for a change that another person commits between check and write."""
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'invented',"
            " TABLE = TG_TABLE_NAME; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON compliance_target"
            " FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()"
        )
    report = load(book)
    assert places(report) == {("targets", None, None, "refused_by_database")}
    assert "invented" in report.faults[0].message
    assert everything() == before


def test_deferred_constraints_speak_in_a_dry_run_too(book: Book, load: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END $$;"
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON cadres_cadre"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()"
        )
    assert not load(book, dry_run=True).ok


@pytest.mark.django_db(transaction=True)
def test_two_imports_take_turns(tmp_path: Path) -> None:
    """Two workbooks with the same new people at the same time: one creates, one finds them."""
    paths = []
    for name in ("one", "two"):
        book = copy.deepcopy(BASE)
        book["cadres"][0]["full_name"] = f"Nông Thị {name}"
        paths.append(write_book(tmp_path / f"{name}.xlsx", book))
    reports: list[Report] = []

    def work(path: Path) -> None:
        try:
            reports.append(import_workbook(path))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [report.ok for report in reports] == [True, True]
    created = sorted(report.rows["cadres"].created for report in reports)
    assert created == [0, 2]
    assert Cadre.objects.count() == 2


def test_an_import_inside_a_transaction_rolls_back_alone(book: Book, load: Load) -> None:
    with transaction.atomic():
        Title.objects.create(code="X", name="Có trước", kind="leadership", rank=1)
        book["cadres"][0]["sex"] = "x"
        assert not load(book).ok
        book["cadres"][0]["sex"] = "male"
        assert load(book).ok
    assert Title.objects.filter(code="X").exists()
    assert Appointment.objects.count() == 1

"""Drafts: what a save writes, refuses, merges, tells of, and takes back."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from cadre_portal.common import clock
from cadres.models import Cadre, User
from planning.choices import DraftAct, PlanStatus, RemovalReason
from planning.drafting import Add, Change, Keep, Remove, Reorder, Withdraw
from planning.models import Dossier, DraftItem, DraftSave, Nomination, Pool
from planning.selectors.drafts import Proposed, draft_change, item_json, proposed, saves_since
from planning.services.drafts import DraftConflict, draft_save, draft_undo, name_of
from planning.services.process import DossierRefused, dossier_open
from tests import factories
from tests.cast import Organisation

TODAY = dt.date(2026, 11, 20)
REASON = RemovalReason.RETIREMENT


@pytest.fixture(autouse=True)
def on_a_day() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def colleague(organisation: Organisation) -> User:
    """A second officer of the same unit."""
    user = factories.UserFactory(username="colleague")
    factories.RoleGrantFactory(user=user, role="unit_officer", unit=organisation.department)
    return user


@pytest.fixture
def newcomer(organisation: Organisation) -> Cadre:
    cadre = factories.CadreFactory(code="CB-MOI", full_name="Vàng Thị Mỷ")
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    return cadre


@pytest.fixture
def dossier(organisation: Organisation, unit_officer: User) -> Dossier:
    factories.pool_of(organisation.plan, organisation.deputy)
    cycle = factories.CycleFactory(term=organisation.plan.term)
    return dossier_open(actor=unit_officer, plan=organisation.plan, cycle=cycle)


def deputies(organisation: Organisation) -> Pool:
    return factories.pool_of(organisation.plan, organisation.deputy)


def leaving(organisation: Organisation, reason: str = REASON, note: str = "") -> Remove:
    row = Nomination.objects.get(pool=organisation.pool)
    return Remove(row.pool_id, row.cadre_id, row.pk, reason, note)


def save(actor: User, dossier: Dossier, *changes: Change, version: int | None = None) -> Any:
    seen = Dossier.objects.get(pk=dossier.pk).version if version is None else version
    return draft_save(actor=actor, dossier=dossier, version=seen, changes=changes)


def state(dossier: Dossier) -> list[dict[str, Any]]:
    items = DraftItem.objects.filter(dossier=dossier).order_by("pool", "cadre")
    return [item_json(item) for item in items]


def test_a_save_writes_the_draft_and_leaves_the_plan(
    organisation: Organisation, dossier: Dossier, unit_officer: User, newcomer: Cadre
) -> None:
    pool, gone = deputies(organisation), leaving(organisation)
    saved = save(unit_officer, dossier, Add(pool.pk, newcomer.pk), gone)
    assert (saved.version, saved.saved_by, saved.before) == (1, unit_officer, [])
    acts = dict(DraftItem.objects.values_list("cadre_id", "act"))
    assert acts == {newcomer.pk: "add", organisation.insider.pk: "remove"}
    assert draft_change(dossier, TODAY) == Proposed(
        ((pool.pk, newcomer.pk),), (gone.nomination_id,)
    )
    assert Nomination.objects.get(pool=organisation.pool).removed_on is None
    # Who joined only after a day is not taken out on that day, who was there is not added.
    assert draft_change(dossier, dt.date(2024, 1, 1)).removed == ()
    # The same again changes nothing, and is no save.
    assert save(unit_officer, dossier, Add(pool.pk, newcomer.pk), gone) is None
    assert Dossier.objects.get(pk=dossier.pk).version == 1
    event = DraftItem.objects.first().events.first()
    assert event.pgh_context.metadata["user"] == unit_officer.pk


def test_what_a_save_refuses(
    organisation: Organisation, dossier: Dossier, unit_officer: User, newcomer: Cadre
) -> None:
    """All that is wrong at once, each by its change, and nothing written."""
    elsewhere = factories.pool_of(organisation.other_plan, organisation.director)
    pool = deputies(organisation)
    unit_officer.cadre = factories.CadreFactory()
    factories.AppointmentFactory(
        cadre=unit_officer.cadre, unit=organisation.department, title=organisation.deputy
    )
    cases: list[tuple[Change, str]] = [
        (Add(pool.pk, organisation.outsider.pk), "Không tìm thấy người này"),
        (Add(organisation.pool.pk, organisation.insider.pk), "đang ở trong quy hoạch"),
        (Add(elsewhere.pk, newcomer.pk), "không thuộc kế hoạch"),
        (Add(pool.pk, unit_officer.cadre.pk), "Không ai tự đưa mình"),
        (leaving(organisation, "", ""), "Chọn lý do đưa Nông Thị Ánh"),
        (leaving(organisation, "because", ""), "Chọn lý do"),
        (leaving(organisation, RemovalReason.OTHER, " "), "Ghi rõ lý do"),
        (leaving(organisation, REASON, "x" * 501), "dài quá 500"),
        (Remove(pool.pk, newcomer.pk, 10**9, REASON), "không còn trong quy hoạch"),
        (Keep(pool.pk, newcomer.pk, 10**9), "không còn trong quy hoạch"),
    ]
    for change, words in cases:
        with pytest.raises(ValidationError) as refused:
            save(unit_officer, dossier, Add(pool.pk, newcomer.pk), change)
        assert words in refused.value.message_dict[name_of(change)][0]
    assert state(dossier) == []
    assert not DraftSave.objects.exists()


def test_who_may_save(
    organisation: Organisation,
    dossier: Dossier,
    cast: dict[str, User],
    newcomer: Cadre,
) -> None:
    change = Add(deputies(organisation).pk, newcomer.pk)
    for role in ("other_unit_officer", "approver", "inspector", "auditor", "stranger"):
        with pytest.raises(PermissionDenied):
            save(cast[role], dossier, change)
        with pytest.raises(PermissionDenied):
            draft_undo(actor=cast[role], dossier=dossier)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=PlanStatus.SUBMITTED, submitted_on=TODAY, submitted_by=cast["unit_officer"]
    )
    with pytest.raises(DossierRefused, match="đã trình nên không sửa được"):
        save(cast["unit_officer"], dossier, change)


def test_nobody_edits_a_pool_they_are_in(
    organisation: Organisation,
    dossier: Dossier,
    unit_officer: User,
    colleague: User,
    newcomer: Cadre,
) -> None:
    """Nominated, or drafted by somebody else: closed; other pools of the plan stay open."""
    colleague.cadre = organisation.insider
    colleague.save()
    with pytest.raises(PermissionDenied, match="có tên trong quy hoạch này"):
        save(colleague, dossier, leaving(organisation))
    assert save(colleague, dossier, Add(deputies(organisation).pk, newcomer.pk))
    unit_officer.cadre = newcomer
    unit_officer.save()
    with pytest.raises(PermissionDenied):
        save(unit_officer, dossier, Withdraw(deputies(organisation).pk, newcomer.pk))
    with pytest.raises(PermissionDenied):
        draft_undo(actor=unit_officer, dossier=dossier)


def test_withdrawing_and_keeping(
    organisation: Organisation, dossier: Dossier, unit_officer: User, newcomer: Cadre
) -> None:
    pool, gone = deputies(organisation), leaving(organisation)
    save(unit_officer, dossier, Add(pool.pk, newcomer.pk), gone)
    save(unit_officer, dossier, Withdraw(pool.pk, newcomer.pk))
    (left,) = state(dossier)
    assert left["act"] == "remove"
    save(unit_officer, dossier, Keep(*gone.key, gone.nomination_id))
    (kept,) = state(dossier)
    assert (kept["act"], kept["reason"]) == ("keep", "")
    save(unit_officer, dossier, leaving(organisation, RemovalReason.OTHER, "Chuyển ngành"))
    (again,) = state(dossier)
    assert (again["reason"], again["note"]) == ("other", "Chuyển ngành")


def test_an_order(
    organisation: Organisation, dossier: Dossier, unit_officer: User, newcomer: Cadre
) -> None:
    """Everybody in the pool gets a place; who comes later stands last, who leaves and stays too."""
    pool, insider = organisation.pool, organisation.insider
    save(
        unit_officer,
        dossier,
        Reorder(pool.pk, (newcomer.pk, insider.pk)),
        Add(pool.pk, newcomer.pk),
    )

    def places() -> dict[int, tuple[str, int]]:
        rows = DraftItem.objects.filter(pool=pool)
        return {row.cadre_id: (row.act, row.place) for row in rows}

    assert places() == {newcomer.pk: ("add", 1), insider.pk: ("keep", 2)}
    third = factories.CadreFactory(full_name="Bế Thị Lan")
    factories.AppointmentFactory(
        cadre=third, unit=organisation.department, title=organisation.deputy
    )
    save(unit_officer, dossier, Add(pool.pk, third.pk))
    assert places()[third.pk] == ("add", 3)
    save(unit_officer, dossier, leaving(organisation))
    save(unit_officer, dossier, Withdraw(pool.pk, insider.pk))
    assert places()[insider.pk] == (DraftAct.KEEP, 2)
    save(unit_officer, dossier, Reorder(pool.pk, (third.pk,)))
    assert [places()[who.pk][1] for who in (third, newcomer, insider)] == [1, 2, 3]


def test_two_officers_whose_work_does_not_meet(
    organisation: Organisation,
    dossier: Dossier,
    unit_officer: User,
    colleague: User,
    newcomer: Cadre,
) -> None:
    """Merged: other people, the same thing twice, an order beside a removal elsewhere."""
    pool, gone = deputies(organisation), leaving(organisation)
    save(unit_officer, dossier, gone)
    save(colleague, dossier, Add(pool.pk, newcomer.pk), gone, version=0)
    assert {row["act"] for row in state(dossier)} == {"add", "remove"}
    saved = save(unit_officer, dossier, Reorder(pool.pk, (newcomer.pk,)), version=2)
    assert saved.version == 3
    # Only places changed since: what is said of a person is still what was seen.
    assert save(colleague, dossier, Withdraw(pool.pk, newcomer.pk), version=2)


def test_two_officers_whose_work_meets(
    organisation: Organisation,
    dossier: Dossier,
    unit_officer: User,
    colleague: User,
    newcomer: Cadre,
) -> None:
    """The second is told who said what, and nothing of theirs is written, not even the rest."""
    pool = deputies(organisation)
    save(unit_officer, dossier, leaving(organisation), Add(pool.pk, newcomer.pk))
    mine = leaving(organisation, RemovalReason.OVER_AGE)
    other = Add(organisation.pool.pk, newcomer.pk)
    before = state(dossier)
    with pytest.raises(DraftConflict) as met:
        save(colleague, dossier, mine, other, Reorder(pool.pk, (newcomer.pk,)), version=0)
    first, second = met.value.clashes
    assert first.mine == mine
    assert first.theirs.now is not None
    assert (first.theirs.who, first.theirs.now["reason"]) == (str(unit_officer), REASON)
    assert isinstance(second.mine, Reorder)
    assert state(dossier) == before
    # Having been told, they may insist.
    assert save(colleague, dossier, mine, version=1)
    assert {row["reason"] for row in state(dossier)} == {"", RemovalReason.OVER_AGE}


def test_undo(
    organisation: Organisation,
    dossier: Dossier,
    unit_officer: User,
    colleague: User,
    newcomer: Cadre,
) -> None:
    """Step by step back to nothing; others see an undo as a change like any other."""
    pool = deputies(organisation)
    save(unit_officer, dossier, Add(pool.pk, newcomer.pk))
    one = state(dossier)
    save(unit_officer, dossier, leaving(organisation), Withdraw(pool.pk, newcomer.pk))
    with pytest.raises(DossierRefused, match="đã lưu dự thảo sau đó"):
        draft_undo(actor=unit_officer, dossier=dossier, version=1)
    draft_undo(actor=unit_officer, dossier=dossier, version=2)
    assert state(dossier) == one
    assert {each.key for each in saves_since(dossier, 2)} == {
        leaving(organisation).key,
        (pool.pk, newcomer.pk),
    }
    # Who saw only the beginning has missed nothing; who saw what was taken back is told.
    assert saves_since(dossier, 1) == []
    with pytest.raises(DraftConflict):
        save(colleague, dossier, leaving(organisation, RemovalReason.TASKS), version=2)
    draft_undo(actor=unit_officer, dossier=dossier)
    assert state(dossier) == []
    with pytest.raises(DossierRefused, match="Không có lần lưu nào"):
        draft_undo(actor=unit_officer, dossier=dossier)
    save(unit_officer, dossier, Add(pool.pk, newcomer.pk))
    DraftItem.objects.update(note="ghi thêm")
    with pytest.raises(DossierRefused, match="đã đổi sau lần lưu"):
        draft_undo(actor=unit_officer, dossier=dossier)


def test_what_would_be_is_what_is_after_saving(
    organisation: Organisation, dossier: Dossier, unit_officer: User, newcomer: Cadre
) -> None:
    pool, gone = deputies(organisation), leaving(organisation)
    present = {gone.nomination_id: gone.key}
    save(unit_officer, dossier, Add(pool.pk, newcomer.pk))
    items = list(DraftItem.objects.filter(dossier=dossier))
    changes = [gone, Withdraw(pool.pk, newcomer.pk), Add(organisation.pool.pk, newcomer.pk)]
    expected = proposed(items, changes, present)
    save(unit_officer, dossier, *changes)
    assert draft_change(dossier, TODAY) == expected
    assert expected == Proposed(((organisation.pool.pk, newcomer.pk),), (gone.nomination_id,))


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment(
    organisation: Organisation,
    dossier: Dossier,
    unit_officer: User,
    colleague: User,
    newcomer: Cadre,
) -> None:
    """Two connections, one row: the one who comes second is told; nothing is lost or doubled."""
    told: list[str] = []
    start = threading.Barrier(2)

    def work(actor: User, reason: str) -> None:
        try:
            with clock.frozen(TODAY):
                start.wait()
                save(actor, dossier, leaving(organisation, reason), version=0)
        except DraftConflict as met:
            told.append(met.clashes[0].theirs.who)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(actor, reason))
        for actor, reason in (
            (unit_officer, RemovalReason.RETIREMENT),
            (colleague, RemovalReason.OVER_AGE),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (item,) = DraftItem.objects.filter(dossier=dossier)
    (kept,) = DraftSave.objects.filter(dossier=dossier)
    assert told == [str(kept.saved_by)]
    assert Dossier.objects.get(pk=dossier.pk).version == 1
    assert item.reason == kept.after[0]["reason"]

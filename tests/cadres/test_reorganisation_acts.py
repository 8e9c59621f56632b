"""Reorganisations as acts: what each kind of step does, refuses, and takes back."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from cadre_portal.common import clock
from cadres.choices import ReorganisationStatus, Role, StepKind
from cadres.models import (
    Appointment,
    ListImport,
    Position,
    PositionPeriod,
    Reorganisation,
    ReorganisationChoice,
    ReorganisationPost,
    ReorganisationStep,
    RoleGrant,
    RoundRequest,
    SupplementRound,
    Title,
    Unit,
    UnitPeriod,
    UnitSuccession,
)
from cadres.selectors.act_effects import Effects, effects_of
from cadres.selectors.positions import positions_on
from cadres.services import reorganisations as services
from planning.choices import PlanStatus
from planning.models import Nomination, Plan, Pool
from rotation.models import Rotation
from tests import factories as makers

#: What factories make is rows, which their classes do not say.
factories: Any = makers
pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 7, 1)
EVE = dt.date(2026, 6, 30)
TABLES: tuple[type[Model], ...] = (
    Unit,
    UnitSuccession,
    UnitPeriod,
    Position,
    PositionPeriod,
    Appointment,
    RoleGrant,
    Plan,
    Pool,
    Nomination,
    Rotation,
)


@pytest.fixture(autouse=True)
def today() -> Any:
    """The acts are looked at in November."""
    with clock.frozen(dt.date(2026, 11, 22)):
        yield


@pytest.fixture
def tree(db: None) -> dict[str, Unit]:
    """Three communes and a department with a centre under a province."""
    province = factories.UnitFactory(code="CB", name="Tỉnh ủy")
    made = {"CB": province}
    for code in ("A", "B", "C"):
        made[code] = factories.UnitFactory(
            parent=province, code=code, name=f"Xã {code}", level="commune", kind="commune"
        )
        province.refresh_from_db()
    made["S"] = factories.UnitFactory(parent=province, code="S", name="Sở S")
    made["S-T"] = factories.UnitFactory(parent=made["S"], code="S-T", name="Trung tâm T")
    return {unit.code: unit for unit in Unit.objects.all()}


@pytest.fixture
def head(db: None) -> Any:
    """Secretary of a commune."""
    return factories.TitleFactory(code="BT", name="Bí thư", is_head=True, rank=60)


@pytest.fixture
def deputy(db: None) -> Any:
    """Deputy secretary."""
    return factories.TitleFactory(code="PBT", name="Phó Bí thư", rank=55)


def act(*steps: dict[str, Any], day: dt.date = DAY, **values: Any) -> Reorganisation:
    """A draft with these steps."""
    made = Reorganisation.objects.create(
        name="Sắp xếp", effective_on=day, decision_no="1-NQ/TU", **values
    )
    for number, step in enumerate(steps, start=1):
        ReorganisationStep.objects.create(reorganisation=made, number=number, **step)
    return made


def create(code: str, parent: str = "CB", name: str = "", **more: Any) -> dict[str, Any]:
    """A step that makes a commune."""
    return {
        "kind": StepKind.CREATE, "unit_code": code, "name": name or f"Xã mới {code}",
        "unit_kind": "commune", "level": "commune", "parent_code": parent, **more,
    }  # fmt: skip


def merge(into: str, *sources: str) -> dict[str, Any]:
    """A step that merges."""
    return {"kind": StepKind.MERGE, "unit_code": into, "other_codes": list(sources)}


def split(source: str, *targets: str, keeps: bool = False) -> dict[str, Any]:
    """A step that splits."""
    return {
        "kind": StepKind.SPLIT, "unit_code": source, "other_codes": list(targets),
        "keeps_source": keeps,
    }  # fmt: skip


def rename(code: str, name: str) -> dict[str, Any]:
    """A step that renames."""
    return {"kind": StepKind.RENAME, "unit_code": code, "name": name}


def move(code: str, parent: str) -> dict[str, Any]:
    """A step that moves."""
    return {"kind": StepKind.MOVE, "unit_code": code, "parent_code": parent}


def close(code: str, *heirs: str) -> dict[str, Any]:
    """A step that closes."""
    return {"kind": StepKind.CLOSE, "unit_code": code, "other_codes": list(heirs)}


def apply(made: Reorganisation) -> Effects:
    """Apply what the preview shows; returns the preview."""
    effects = effects_of(made)
    assert effects.is_ready, [problem.text for problem in effects.problems]
    services.act_apply(act=made, digest=effects.digest)
    return effects


def problems(*steps: dict[str, Any], **values: Any) -> str:
    """What stands in the way of these steps, in one string."""
    return " ".join(problem.text for problem in effects_of(act(*steps, **values)).problems)


def unit(code: str) -> Unit:
    """The unit as it is now."""
    return Unit.objects.get(code=code)


def parent_code(code: str) -> str:
    """Code of the unit above."""
    above = Unit.objects.get_parent(unit(code))
    return above.code if above else ""


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that an act may touch."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in TABLES
    }


def tree_is_sound() -> bool:
    """Whether paths, depths and numbers of children agree."""
    return not any(Unit.objects.find_problems())


# ---- Merge -----------------------------------------------------------------------------------


def test_a_merge_of_three_moves_posts_people_and_successors(
    tree: dict[str, Unit], head: Any, deputy: Any
) -> None:
    """Two deputies and one secretary go along; posts are those of the largest commune."""
    for code, number in (("A", 2), ("B", 1), ("C", 3)):
        factories.PositionFactory(unit=tree[code], title=deputy, prescribed=number)
        factories.PositionFactory(unit=tree[code], title=head)
    first = factories.AppointmentFactory(unit=tree["A"], title=head)
    second = factories.AppointmentFactory(unit=tree["B"], title=deputy)
    later_end = factories.AppointmentFactory(
        unit=tree["C"], title=deputy, end_on=dt.date(2026, 12, 31)
    )
    over = factories.AppointmentFactory(unit=tree["C"], title=deputy, end_on=dt.date(2026, 1, 1))

    effects = apply(act(create("N"), merge("N", "A", "B", "C")))

    new = unit("N")
    assert (new.valid_from, parent_code("N")) == (DAY, "CB")
    assert {unit(code).valid_to for code in "ABC"} == {EVE}
    assert set(new.predecessors.values_list("code", flat=True)) == {"A", "B", "C"}
    assert dict(new.positions.values_list("title__code", "prescribed")) == {"PBT": 3, "BT": 1}
    for held, ends in ((first, None), (second, None), (later_end, dt.date(2026, 12, 31))):
        held.refresh_from_db()
        begun = Appointment.objects.get(unit=new, cadre=held.cadre)
        assert (held.end_on, begun.start_on, begun.end_on, begun.title_id) == (
            DAY, DAY, ends, held.title_id,
        )  # fmt: skip
        assert begun.decision_no == "1-NQ/TU"
    over.refresh_from_db()
    assert over.end_on == dt.date(2026, 1, 1)
    assert len(effects.people) == 3
    assert tree_is_sound()


def test_two_heads_for_one_post_have_to_be_settled_first(tree: dict[str, Unit], head: Any) -> None:
    """The message names both; a choice mends it."""
    factories.PositionFactory(unit=tree["A"], title=head)
    first = factories.AppointmentFactory(unit=tree["A"], title=head)
    second = factories.AppointmentFactory(unit=tree["B"], title=head)
    made = act(create("N"), merge("N", "A", "B"))

    (problem,) = effects_of(made).problems
    assert first.cadre.full_name in problem.text
    assert second.cadre.full_name in problem.text
    with pytest.raises(services.ReorganisationRefused):
        services.act_apply(act=made)

    ReorganisationChoice.objects.create(reorganisation=made, appointment=second)
    effects = apply(made)
    assert [each.appointment for each in effects.without_post] == [second]
    assert list(Appointment.objects.filter(unit__code="N").values_list("cadre", flat=True)) == [
        first.cadre_id
    ]


def test_a_merge_into_a_unit_that_stays_keeps_its_posts_and_adds_what_it_lacks(
    tree: dict[str, Unit], head: Any, deputy: Any
) -> None:
    """The office of A keeps its number; the title that only B had comes along."""
    factories.PositionFactory(unit=tree["A"], title=deputy, prescribed=1)
    factories.PositionFactory(unit=tree["B"], title=deputy, prescribed=4)
    factories.PositionFactory(unit=tree["B"], title=head)
    apply(act(merge("A", "B")))
    assert dict(unit("A").positions.values_list("title__code", "prescribed")) == {"PBT": 1, "BT": 1}
    assert unit("A").valid_to is None


def test_somebody_who_holds_the_very_post_already_gets_no_second_one(
    tree: dict[str, Unit], deputy: Any
) -> None:
    """One person, deputy in A and in B."""
    person = factories.CadreFactory()
    for code in "AB":
        factories.AppointmentFactory(unit=tree[code], title=deputy, cadre=person)
    effects = apply(act(merge("A", "B")))
    assert [each.is_held for each in effects.people] == [True]
    assert Appointment.objects.filter(cadre=person, end_on=None).count() == 1


def test_units_below_what_is_merged_follow_it(tree: dict[str, Unit]) -> None:
    """The centre goes with its department; what was stays known."""
    apply(act(merge("A", "S")))
    assert parent_code("S-T") == "A"
    kept = UnitPeriod.objects.get(unit__code="S-T")
    assert (kept.parent, kept.valid_from, kept.valid_to) == (tree["S"], None, EVE)
    assert tree_is_sound()


# ---- Split -----------------------------------------------------------------------------------


def test_a_split_asks_where_people_go(tree: dict[str, Unit], head: Any, deputy: Any) -> None:
    """Nobody is sent anywhere unasked; a choice may change the title and the unit."""
    factories.PositionFactory(unit=tree["A"], title=head)
    chosen = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    unasked = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    made = act(create("N1"), create("N2"), split("A", "N1", "N2"))
    ReorganisationChoice.objects.create(
        reorganisation=made, appointment=chosen, unit_code="N2", title=head
    )
    effects = apply(made)
    assert [each.appointment for each in effects.without_post] == [unasked]
    begun = Appointment.objects.get(cadre=chosen.cadre, end_on=None)
    assert (begun.unit.code, begun.title) == ("N2", head)
    assert {unit(code).positions.get().title for code in ("N1", "N2")} == {head}


def test_a_unit_that_gives_a_part_away_stays_with_its_people(
    tree: dict[str, Unit], deputy: Any
) -> None:
    """Only who is chosen goes."""
    going = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    staying = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    made = act(create("N"), split("A", "N", keeps=True))
    ReorganisationChoice.objects.create(
        reorganisation=made, appointment=going, unit_code="N", title=deputy
    )
    effects = apply(made)
    assert effects.staying == [staying]
    assert unit("A").valid_to is None
    assert Appointment.objects.get(unit__code="N").cadre == going.cadre
    staying.refresh_from_db()
    assert staying.end_on is None
    assert list(unit("N").predecessors.all()) == [tree["A"]]


# ---- Rename, move, close, create -------------------------------------------------------------


def test_renaming_twice_keeps_both_former_names(tree: dict[str, Unit]) -> None:
    """Three names, two former ones, without a gap."""
    apply(act(rename("S", "Sở Một"), day=dt.date(2026, 3, 1)))
    apply(act(rename("S", "Sở Hai"), day=DAY))
    assert unit("S").name == "Sở Hai"
    assert list(UnitPeriod.objects.values_list("name", "valid_from", "valid_to")) == [
        ("Sở S", None, dt.date(2026, 2, 28)),
        ("Sở Một", dt.date(2026, 3, 1), EVE),
    ]
    assert "sau ngày" in problems(rename("S", "Sở Ba"), day=dt.date(2026, 4, 1))


def test_a_move_takes_the_subtree_along_and_keeps_where_it_was(tree: dict[str, Unit]) -> None:
    """S with its centre under A; only S has another parent."""
    apply(act(move("S", "A"), rename("S", "Phòng S")))
    assert (parent_code("S"), parent_code("S-T")) == ("A", "S")
    kept = UnitPeriod.objects.get()
    assert (kept.unit.code, kept.parent, kept.name) == ("S", tree["CB"], "Sở S")
    assert unit("CB").numchild == 3
    assert tree_is_sound()


def test_moves_of_one_act_build_on_each_other(tree: dict[str, Unit]) -> None:
    """The centre under B, then B under the department that the centre left."""
    apply(act(move("S-T", "B"), move("B", "S")))
    assert (parent_code("S-T"), parent_code("B")) == ("B", "S")
    assert tree_is_sound()


def test_closing_ends_posts_of_holders(tree: dict[str, Unit], deputy: Any) -> None:
    """Without a successor nobody goes anywhere; with one they do."""
    without = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    with_heir = factories.AppointmentFactory(unit=tree["B"], title=deputy)
    effects = apply(act(close("A"), close("B", "C")))
    assert [each.appointment for each in effects.without_post] == [without]
    assert Appointment.objects.get(cadre=with_heir.cadre, end_on=None).unit.code == "C"
    assert not Appointment.objects.filter(cadre=without.cadre, end_on=None).exists()


def test_a_new_unit_may_hang_under_another_new_one(tree: dict[str, Unit]) -> None:
    """In the order of the steps."""
    apply(act(create("N"), create("N-1", "N"), create("R", "")))
    assert (parent_code("N-1"), parent_code("N"), parent_code("R")) == ("N", "CB", "")
    assert (unit("N").numchild, unit("CB").numchild) == (1, 5)
    assert tree_is_sound()


def test_posts_may_be_set(tree: dict[str, Unit], deputy: Any) -> None:
    """Five instead of the proposal."""
    factories.PositionFactory(unit=tree["A"], title=deputy, prescribed=2)
    made = act(create("N"), merge("N", "A"))
    ReorganisationPost.objects.create(
        reorganisation=made, unit_code="N", title=deputy, prescribed=5
    )
    apply(made)
    assert unit("N").positions.get().prescribed == 5


def numbers(code: str, day: dt.date) -> dict[str, int]:
    """How many posts of each title a unit has on a day."""
    rows = positions_on(day).filter(unit__code=code)
    return dict(rows.values_list("title__code", "number"))


def posts_decided(tree: dict[str, Unit], day: dt.date, **wanted: int) -> Reorganisation:
    """An act that only says how many posts of these titles A has."""
    made = act(split("A", "S", keeps=True), day=day)
    for code, number in wanted.items():
        ReorganisationPost.objects.create(
            reorganisation=made,
            unit_code="A",
            title=Title.objects.get(code=code),
            prescribed=number,
        )
    return made


def test_numbers_of_posts_are_those_of_the_day(
    tree: dict[str, Unit], head: Any, deputy: Any
) -> None:
    """Changed, created, abolished, created again: each from its day on, and undone at last."""
    factories.PositionFactory(unit=tree["A"], title=deputy, prescribed=2)
    july, september = dt.date(2026, 7, 1), dt.date(2026, 9, 1)
    apply(posts_decided(tree, july, PBT=3, BT=1))
    last = posts_decided(tree, september, PBT=0)
    apply(last)
    assert numbers("A", EVE) == {"PBT": 2}
    assert numbers("A", july) == numbers("A", dt.date(2026, 8, 31)) == {"PBT": 3, "BT": 1}
    assert numbers("A", september) == {"BT": 1}
    again = posts_decided(tree, dt.date(2027, 1, 1), PBT=4)
    apply(again)
    assert numbers("A", dt.date(2026, 12, 31)) == {"BT": 1}
    assert numbers("A", dt.date(2027, 1, 1)) == {"PBT": 4, "BT": 1}
    said = " ".join(p.text for p in effects_of(posts_decided(tree, july, PBT=9)).problems)
    assert "một đợt sắp xếp khác quyết định từ ngày sau đó" in said
    assert services.undo_obstacles(last)
    actor = factories.RoleGrantFactory().user
    services.reorganisation_undo(actor=actor, act=again)
    services.reorganisation_undo(actor=actor, act=last)
    assert numbers("A", dt.date(2027, 1, 1)) == {"PBT": 3, "BT": 1}


def test_a_post_that_somebody_holds_is_not_abolished(tree: dict[str, Unit], deputy: Any) -> None:
    """Who is nominated for it is told of."""
    factories.PositionFactory(unit=tree["A"], title=deputy, prescribed=2)
    held = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    _plan(tree["A"], deputy)
    made = posts_decided(tree, DAY, PBT=0)
    assert "còn 1 người giữ" in " ".join(p.text for p in effects_of(made).problems)
    Appointment.objects.filter(pk=held.pk).update(end_on=EVE)
    assert "bị bỏ mà còn 1 người trong quy hoạch" in told(effects_of(made), "planning")


def told(effects: Effects, room: str) -> str:
    """What a room says in a preview."""
    (found,) = [preview for name, preview in effects.previews if name == room]
    return " ".join(line.text for line in found.consequences)


def test_moves_that_have_not_begun_go_on_at_the_successor(
    tree: dict[str, Unit], head: Any, deputy: Any
) -> None:
    """Tours that began stay as they were decided; what nobody can know is left and told."""
    factories.PositionFactory(unit=tree["A"], title=head)
    mover = factories.AppointmentFactory(unit=tree["B"], title=deputy).cadre
    lost = factories.CadreFactory(full_name="Lý Thị Lạc")
    guest = factories.AppointmentFactory(unit=tree["A"], title=head).cadre
    ways: dict[str, Any] = {"from_title": deputy, "to_title": head}
    begin = dt.date(2026, 12, 1)
    plain = factories.RotationFactory(
        cadre=mover,
        from_unit=tree["S"],
        to_unit=tree["A"],
        status="approved",
        start_on=begin,
        **ways,
    )
    within = factories.RotationFactory(
        cadre=mover,
        from_unit=tree["B"],
        to_unit=tree["A"],
        status="proposed",
        start_on=begin,
        **ways,
    )
    homeless = factories.RotationFactory(
        cadre=lost,
        from_unit=tree["B"],
        to_unit=tree["S"],
        status="proposed",
        start_on=begin,
        **ways,
    )
    tour = factories.RotationFactory(
        cadre=guest, from_unit=tree["S"], to_unit=tree["A"], status="in_progress", **ways
    )
    done = factories.RotationFactory(
        cadre=lost, from_unit=tree["S"], to_unit=tree["A"], status="completed", **ways
    )
    said = told(apply(act(create("N"), merge("N", "A", "B"))), "rotation")
    for move, start, end in (
        (plain, "S", "N"), (within, "B", "A"), (homeless, "B", "S"), (tour, "S", "A"),
        (done, "S", "A"),
    ):  # fmt: skip
        move.refresh_from_db()
        assert (move.from_unit.code, move.to_unit.code) == (start, end)
    assert "cần điều chỉnh tên đơn vị trong quyết định" in said
    assert "nơi đi và nơi đến nay là một đơn vị" in said
    assert "Lý Thị Lạc" in said
    assert "chưa được bố trí ở đơn vị kế tục" in said
    assert "tiếp tục ở Xã mới N, thời gian tính liền" in said


def test_open_rounds_tell_who_is_waited_for(tree: dict[str, Unit], deputy: Any) -> None:
    """Two people of the closing commune were asked; one goes on to the heir, one nowhere."""
    stays = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    leaves = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    asked = SupplementRound.objects.create(
        title="Rà soát 2026", fields=["degree"], due_on=DAY,
        opened_by=factories.UserFactory(), opened_at=clock.now(),
    )  # fmt: skip
    for held in (stays, leaves):
        RoundRequest.objects.create(round=asked, cadre=held.cadre, unit=tree["A"])
    made = act(close("A", "B"))
    ReorganisationChoice.objects.create(reorganisation=made, appointment=leaves, unit_code="")
    said = told(apply(made), "cadres.rounds")
    assert "“Rà soát 2026”, hạn 01/07/2026: còn chờ 2 người" in said
    assert "1 người không còn chức vụ nào" in said


def test_an_act_that_was_only_written_down_says_why_it_stays(tree: dict[str, Unit]) -> None:
    """As those of 2025 in the demonstration: with what stands on it."""
    made = act(create("A"))
    made.status, made.record = ReorganisationStatus.APPLIED, {"summary": {}}
    factories.AppointmentFactory(unit=tree["A"])
    said = " ".join(services.undo_obstacles(made))
    assert "ghi lại sau khi đã diễn ra" in said
    assert "giữ chức vụ 1" in said


# ---- Refused ---------------------------------------------------------------------------------


REFUSED: tuple[tuple[list[dict[str, Any]], str], ...] = (
    ([], "Chưa có bước nào"),
    ([create("A")], "đã được dùng cho Xã A"),
    ([create("N", "KHÔNG")], "Không có đơn vị mã “KHÔNG”"),
    ([create("x y")], "chỉ được gồm chữ"),
    ([merge("A")], "Chưa chọn đơn vị nào"),
    ([merge("A", "A")], "không thể nhập vào chính mình"),
    ([merge("S-T", "S")], "đang trực thuộc Sở S"),
    ([merge("A", "B"), merge("C", "B")], "Xã B (đơn vị được nhập) đã kết thúc"),
    ([merge("A", "B"), rename("B", "Tên")], "đã kết thúc ở một bước trước"),
    ([split("A", "B")], "cần ít nhất 2 đơn vị nhận"),
    ([rename("A", "Xã A")], "không đổi so với hiện nay"),
    ([rename("A", "Một"), rename("A", "Hai")], "đã có bước đổi tên"),
    ([move("S", "S-T")], "vào bên dưới chính nó"),
    ([move("S", "CB")], "đang trực thuộc chính đơn vị đó"),
    ([close("S")], "còn 1 đơn vị trực thuộc đang hoạt động: Trung tâm T"),
    ([close("S", "A", "B")], "còn 1 đơn vị trực thuộc"),
    ([create("N"), close("N")], "vừa được lập trong lần này"),
    ([create("N", "A"), close("A")], "không thể là cấp trên"),
)


def test_steps_that_cannot_be_say_why(tree: dict[str, Unit]) -> None:
    """One sentence each, with the name of the unit."""
    for steps, words in REFUSED:
        assert words in problems(*steps), steps


def test_what_has_ended_or_not_begun_cannot_take_part(tree: dict[str, Unit]) -> None:
    """Dates of units count on the day of the act."""
    Unit.objects.filter(code="A").update(valid_to=dt.date(2026, 1, 31))
    Unit.objects.filter(code="B").update(valid_from=DAY)
    assert "không hoạt động vào ngày 01/07/2026" in problems(merge("C", "A"))
    assert "có từ ngày 01/07/2026" in problems(close("B"))


def test_nobody_may_begin_in_a_unit_after_its_end(tree: dict[str, Unit], deputy: Any) -> None:
    """The message names the person and the day."""
    late = factories.AppointmentFactory(unit=tree["A"], title=deputy, start_on=dt.date(2026, 9, 1))
    said = problems(close("A", "B"))
    assert late.cadre.full_name in said
    assert "01/09/2026" in said


def test_a_decision_number_is_asked_for(tree: dict[str, Unit]) -> None:
    """An act without one stays a draft."""
    made = act(rename("A", "Xã Mới"))
    made.decision_no = ""
    made.save()
    with pytest.raises(services.ReorganisationRefused, match="số quyết định"):
        services.act_apply(act=made)


# ---- Mandates and plans ----------------------------------------------------------------------


def test_officers_keep_their_mandate_at_the_successor(tree: dict[str, Unit]) -> None:
    """Inspectors do not; who has it there already gets no second one."""
    officer = factories.RoleGrantFactory(role=Role.UNIT_OFFICER, unit=tree["A"])
    factories.InspectorGrantFactory(unit=tree["A"])
    twice = factories.RoleGrantFactory(role=Role.APPROVER, unit=tree["A"])
    factories.RoleGrantFactory(user=twice.user, role=Role.APPROVER, unit=tree["CB"])
    apply(act(merge("B", "A")))
    (new,) = RoleGrant.objects.filter(unit=tree["B"])
    assert (new.user, new.role, new.valid_from) == (officer.user, Role.UNIT_OFFICER, DAY)
    officer.refresh_from_db()
    assert officer.valid_to is None

    apply(act(merge("C", "B"), day=dt.date(2026, 8, 1), carries_grants=False))
    assert not RoleGrant.objects.filter(unit=tree["C"]).exists()


def _plan(unit: Unit, title: Any, **values: Any) -> tuple[Plan, Nomination]:
    plan = factories.PlanFactory(unit=unit, **values)
    pool = factories.pool_of(plan, title)
    return plan, factories.NominationFactory(pool=pool)


def test_plans_stay_as_they_are_unless_asked(tree: dict[str, Unit], deputy: Any) -> None:
    """Closed units keep their plans with everybody in them."""
    plan, nomination = _plan(tree["A"], deputy)
    effects = apply(act(create("N"), merge("N", "A")))
    nomination.refresh_from_db()
    assert nomination.removed_on is None
    assert not Plan.objects.exclude(pk=plan.pk).exists()
    assert "giữ nguyên để đọc" in told(effects, "planning")


def test_pools_go_on_as_a_draft_where_asked(tree: dict[str, Unit], deputy: Any) -> None:
    """Two communes into a new one: one draft, both nominees; the old plans end on the day."""
    nominated = [_plan(tree[code], deputy)[1] for code in "AB"]
    apply(act(create("N"), merge("N", "A", "B"), carries_plans=True))
    draft = Plan.objects.get(unit__code="N")
    assert draft.status == PlanStatus.DRAFT
    assert set(draft.nominations.values_list("cadre", "nominated_on")) == {
        (each.cadre_id, DAY) for each in nominated
    }
    for each in nominated:
        each.refresh_from_db()
        assert each.removed_on == DAY
        assert "1-NQ/TU" in each.removal_reason


def test_an_approved_plan_of_the_successor_is_not_touched(
    tree: dict[str, Unit], deputy: Any
) -> None:
    """It says so instead."""
    _plan(tree["A"], deputy)
    approved, _other = _plan(tree["B"], deputy)
    effects = apply(act(merge("B", "A"), carries_plans=True))
    assert approved.nominations.count() == 1
    assert "đã duyệt" in told(effects, "planning")


# ---- Undo ------------------------------------------------------------------------------------


def _everything(tree: dict[str, Unit], head: Any, deputy: Any) -> Reorganisation:
    """An act with every kind of step, people, mandates and plans."""
    factories.PositionFactory(unit=tree["A"], title=head)
    for code in "ABC":
        factories.AppointmentFactory(unit=tree[code], title=deputy)
        _plan(tree[code], deputy)
        factories.RoleGrantFactory(role=Role.UNIT_OFFICER, unit=tree[code])
    mover = factories.AppointmentFactory(unit=tree["A"], title=head)
    factories.RotationFactory(
        cadre=mover.cadre, from_unit=tree["A"], from_title=head, to_unit=tree["S"],
        to_title=deputy, status="proposed", start_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    factories.PositionFactory(unit=tree["S"], title=deputy, prescribed=2)
    made = act(
        create("N"),
        merge("N", "A", "B"),
        rename("S", "Sở Khác"),
        move("S-T", "N"),
        split("C", "N", "S"),
        carries_plans=True,
    )
    ReorganisationPost.objects.create(
        reorganisation=made, unit_code="S", title=deputy, prescribed=3
    )
    return made


def test_undo_restores_every_row(tree: dict[str, Unit], head: Any, deputy: Any) -> None:
    """All tables that an act touches, column by column."""
    officer = factories.RoleGrantFactory().user
    made = _everything(tree, head, deputy)
    before = tables()
    apply(made)
    changed = {name for name, rows in tables().items() if rows != before[name]}
    assert changed == set(before)
    services.reorganisation_undo(actor=officer, act=made)
    after = tables()
    for name, rows in before.items():
        assert after[name] == rows, name
    made.refresh_from_db()
    assert (made.status, made.undone_by) == (ReorganisationStatus.UNDONE, officer)
    with pytest.raises(services.ReorganisationChanged):
        services.reorganisation_undo(actor=officer, act=made)


def _new_appointment(tree: dict[str, Unit], deputy: Any) -> None:
    factories.AppointmentFactory(unit=unit("N"), title=deputy, start_on=dt.date(2026, 8, 1))


def _new_unit_below(tree: dict[str, Unit], deputy: Any) -> None:
    factories.UnitFactory(parent=unit("N"), name="Thôn Mới")


def _renamed_again(tree: dict[str, Unit], deputy: Any) -> None:
    apply(act(rename("S", "Sở Nữa"), day=dt.date(2026, 9, 1)))


def _moved_on(tree: dict[str, Unit], deputy: Any) -> None:
    Rotation.objects.update(status="approved")


def _numbered_again(tree: dict[str, Unit], deputy: Any) -> None:
    Position.objects.filter(unit__code="S").update(prescribed=7)


def _ended_again(tree: dict[str, Unit], deputy: Any) -> None:
    Appointment.objects.filter(unit__code="N").update(end_on=dt.date(2026, 9, 1))


def _draft_worked_on(tree: dict[str, Unit], deputy: Any) -> None:
    pool = Pool.objects.get(plan__unit__code="N", position__title=deputy)
    factories.NominationFactory(pool=pool)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (_new_appointment, "Giữ chức vụ: 1 dòng"),
        (_new_unit_below, "Thôn Mới"),
        (_renamed_again, "Sở Nữa"),
        (_ended_again, "Quá trình công tác"),
        (_moved_on, "Đề xuất luân chuyển"),
        (_numbered_again, "Số lượng quy định"),
        (_draft_worked_on, "Bản dự thảo quy hoạch"),
    ],
)
def test_undo_says_what_was_built_on_it(
    tree: dict[str, Unit], head: Any, deputy: Any, build: Any, words: str
) -> None:
    """Nothing is taken back then."""
    made = _everything(tree, head, deputy)
    apply(made)
    build(tree, deputy)
    before = tables()
    with pytest.raises(services.ReorganisationRefused) as refused:
        services.reorganisation_undo(actor=factories.RoleGrantFactory().user, act=made)
    assert words in " ".join(refused.value.reasons)
    after = tables()
    assert {k: v for k, v in after.items() if k != "RoleGrant"} == {
        k: v for k, v in before.items() if k != "RoleGrant"
    }


# ---- Another day -----------------------------------------------------------------------------


def test_an_act_of_the_future_takes_effect_on_its_day(tree: dict[str, Unit], deputy: Any) -> None:
    """Dated rows are there at once; names and places wait for the job of that day."""
    held = factories.AppointmentFactory(unit=tree["A"], title=deputy)
    day = dt.date(2027, 1, 1)
    before = tables()
    made = act(merge("B", "A"), rename("S", "Sở Mới"), move("S-T", "B"), day=day)
    apply(made)
    held.refresh_from_db()
    assert held.end_on == day
    assert (unit("S").name, parent_code("S-T")) == ("Sở S", "S")
    assert services.units_settle() == 0

    with clock.frozen(dt.date(2027, 1, 2)):
        assert services.units_settle() == 1
        assert services.units_settle() == 0
    assert (unit("S").name, parent_code("S-T")) == ("Sở Mới", "B")
    assert set(UnitPeriod.objects.values_list("unit__code", "name", "valid_to")) == {
        ("S", "Sở S", dt.date(2026, 12, 31)),
        ("S-T", "Trung tâm T", dt.date(2026, 12, 31)),
    }
    services.reorganisation_undo(actor=factories.RoleGrantFactory().user, act=made)
    assert {k: v for k, v in tables().items() if k != "RoleGrant"} == {
        k: v for k, v in before.items() if k != "RoleGrant"
    }


def test_an_act_of_the_future_may_be_undone_before_its_day(tree: dict[str, Unit]) -> None:
    """Nothing of it is left."""
    before = tables()
    made = act(rename("S", "Sở Mới"), day=dt.date(2027, 1, 1))
    apply(made)
    assert "đã đổi tên" in problems(rename("S", "Sở Ba"), day=DAY)
    services.reorganisation_undo(actor=factories.RoleGrantFactory().user, act=made)
    assert {k: v for k, v in tables().items() if k != "RoleGrant"} == {
        k: v for k, v in before.items() if k != "RoleGrant"
    }


# ---- Any other door --------------------------------------------------------------------------


def test_whoever_renames_or_moves_leaves_what_was(tree: dict[str, Unit]) -> None:
    """An import or the administration: until yesterday it was so."""
    Unit.objects.filter(code="A").update(name="Xã A mới")
    Unit.objects.move(unit("S"), unit("B"), "last-child")
    kept = UnitPeriod.objects.order_by("unit__code").values_list("unit__code", "name", "parent")
    assert list(kept) == [("A", "Xã A", tree["CB"].pk), ("S", "Sở S", tree["CB"].pk)]
    # A second change on the same day mends the first; nothing else is kept.
    Unit.objects.filter(code="A").update(name="Xã A sửa")
    assert UnitPeriod.objects.count() == 2


# ---- Who sees something else -----------------------------------------------------------------


def test_what_was_shown_is_what_is_applied(tree: dict[str, Unit], deputy: Any) -> None:
    """A holder more since the preview: the person has to look again."""
    made = act(merge("A", "B"))
    digest = effects_of(made).digest
    factories.AppointmentFactory(unit=tree["B"], title=deputy)
    with pytest.raises(services.ReorganisationChanged):
        services.act_apply(act=made, digest=digest)
    assert unit("B").valid_to is None


def test_lists_that_wait_are_told_of(tree: dict[str, Unit]) -> None:
    """Only those of units that end."""
    for code in ("A", "C"):
        ListImport.objects.create(
            unit=tree[code],
            uploaded_by=factories.UserFactory(),
            file_name="ds.xlsx",
            sha256="0" * 64,
            as_of=DAY,
            status=ListImport.Status.OPEN,
        )
    (warning,) = effects_of(act(merge("B", "A"))).warnings
    assert warning.startswith("1 danh sách")


def test_an_act_is_applied_once(tree: dict[str, Unit]) -> None:
    """Twice is told, nothing happens twice."""
    made = act(rename("A", "Xã Mới"))
    apply(made)
    with pytest.raises(services.ReorganisationChanged):
        services.act_apply(act=made)
    assert UnitPeriod.objects.count() == 1


def test_the_number_of_queries_does_not_grow(
    tree: dict[str, Unit], deputy: Any, django_assert_max_num_queries: Any
) -> None:
    """A preview of a merge with one holder, and with sixty."""
    factories.AppointmentFactory(unit=tree["B"], title=deputy)
    made = act(create("N"), merge("N", "B", "C"), carries_plans=True)
    with django_assert_max_num_queries(30) as few:
        effects_of(made)
    for _number in range(60):
        factories.AppointmentFactory(unit=tree["C"], title=deputy)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(effects_of(made).people) == 61
    assert connection.vendor == "postgresql"

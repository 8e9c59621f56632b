"""Proposals of rotations: by the rules, with reasons, honest about what cannot be."""

import datetime as dt
import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import moves
from cadre_portal.common import clock
from cadres.choices import Grade, Level, UnitKind
from cadres.models import Appointment, Cadre, Position, Title, Unit, UnitSuccession, User
from compliance.choices import Outcome
from planning.models import Nomination
from rotation.choices import CheckCode, DeclineReason, NeedKind, RotationKind, RotationStatus
from rotation.models import EquivalentTitle, Rotation, RotationPlan
from rotation.proposals import Bans, Criterion, Emphasis, Proposal, Wanted, Weights, Wish, propose
from rotation.proposals.words import reasons_of
from rotation.selectors.checks import checks_of
from rotation.selectors.movable import GROUPS, MOST_PEOPLE
from rotation.services.process import RotationRefused
from rotation.services.proposals import proposals_make
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import START, TODAY

EVERYBODY = Wanted(groups=frozenset(GROUPS))


@dataclass
class Case:
    """Departments and communes with posts, made by hand; the actor sees everything."""

    organisation: Organisation
    actor: User

    def post(self, unit: Unit, title: Title, seats: int = 1) -> Position:
        position, _made = Position.objects.update_or_create(
            unit=unit, title=title, defaults={"prescribed": seats}
        )
        return position

    def person(self, code: str, unit: Unit, title: Title, **values: Any) -> Cadre:
        """Somebody who holds a post since 2020 and is planned, unless `planned=False`."""
        planned, served = values.pop("planned", True), values.pop("served", None)
        cadre: Cadre = factories.CadreFactory(
            code=code,
            full_name=f"Nông Văn {code}",
            **{"birth_date": dt.date(1985, 5, 5), "sex": "male", **values},
        )
        factories.AppointmentFactory(
            cadre=cadre, unit=unit, title=title, start_on=dt.date(2020, 1, 1)
        )
        if served:
            factories.AppointmentFactory(
                cadre=cadre,
                unit=served,
                title=title,
                start_on=dt.date(2015, 1, 1),
                end_on=dt.date(2019, 1, 1),
            )
        if planned:
            factories.NominationFactory(pool=self.organisation.pool, cadre=cadre)
        return cadre

    def commune(self, code: str, former: Unit | None = None) -> Unit:
        unit: Unit = factories.UnitFactory(
            parent=Unit.objects.get(pk=self.organisation.province.pk),
            code=code,
            name=f"Xã {code}",
            kind=UnitKind.COMMUNE,
            level=Level.COMMUNE,
        )
        if former is not None:
            UnitSuccession.objects.create(unit=former, successor=unit)
        return unit

    def find(self, **values: Any) -> Proposal:
        return propose(self.actor, Wish(**{"start_on": START, **values}))

    def moves(self, **values: Any) -> set[tuple[str, str]]:
        """Who goes where."""
        return {(row.person.code, row.seat.unit.code) for row in self.find(**values).rows}

    def pin(self, cadre: Cadre, unit: Unit, title: Title | None = None) -> tuple[int, int, int]:
        return cadre.pk, unit.pk, (title or self.organisation.deputy).pk

    def why(self, code: str, **values: Any) -> str:
        """Why somebody is left where they are."""
        found = self.find(**values)
        for each in (*found.unfilled, *found.stopped):
            if each.person.code == code:
                return f"{each.why} {getattr(each, 'detail', '')}"
        return ""


@pytest.fixture
def case(today: dt.date, organisation: Organisation, provincial_officer: User) -> Case:
    """Nobody moves yet: the directors of the cast have no posts of their kind elsewhere."""
    return Case(organisation, provincial_officer)


@pytest.fixture
def base(case: Case) -> Unit:
    """A commune with one free seat for a deputy; planned people of departments need the base."""
    unit = case.commune("X1")
    case.post(unit, case.organisation.deputy)
    case.post(case.organisation.department, case.organisation.deputy, 2)
    return unit


# ---- Needs and posts -------------------------------------------------------------------------


def test_who_needs_the_base_goes_to_a_free_seat_there(case: Case, base: Unit) -> None:
    case.person("A", case.organisation.department, case.organisation.deputy)
    found = case.find()
    (row,) = found.rows
    assert (row.person.code, row.seat.unit.code) == ("A", "X1")
    assert found.is_best
    told = " ".join(reasons_of(row))
    assert "Quy hoạch cần qua cơ sở" in told
    assert "Nơi đến đúng cấp mà quy hoạch còn thiếu" in told
    assert "Nơi đến đang thiếu 1 người" in told
    assert "Chỗ ở nơi đi sẽ trống" in told
    assert row.judged.in_plan.outcome == Outcome.MET


def test_a_seat_that_does_not_answer_the_need_is_no_reason_to_move(case: Case, base: Unit) -> None:
    """Another department is free too, but the plan asks for the base."""
    case.post(case.organisation.other, case.organisation.deputy)
    case.person("A", case.organisation.department, case.organisation.deputy)
    assert case.moves() == {("A", "X1")}
    Position.objects.filter(unit=base).delete()
    assert case.moves() == set()
    assert "không nơi nào giải quyết" in case.why("A")


def test_a_local_head_changes_places_with_another(case: Case) -> None:
    """Both hold posts that no local may hold; each may hold the other's."""
    secretary = factories.TitleFactory(
        code="BT", name="Bí thư", rank=62, is_head=True, non_local_required=True
    )
    first, second = case.commune("X1"), case.commune("X2")
    for code, unit in (("A", first), ("B", second)):
        case.post(unit, secretary)
        case.person(code, unit, secretary, native_unit=unit)
    found = case.find()
    assert {(r.person.code, r.seat.unit.code) for r in found.rows} == {("A", "X2"), ("B", "X1")}
    assert [r.waits_for[0].code for r in sorted(found.rows, key=lambda r: r.person.code)] == [
        *("B", "A"),
    ]


@pytest.mark.parametrize("native", ["unknown", "local"])
def test_no_local_and_nobody_unknown_comes_where_none_may_be(case: Case, native: str) -> None:
    secretary = factories.TitleFactory(code="BT", name="Bí thư", rank=60, non_local_required=True)
    unit = case.commune("X1")
    case.post(unit, secretary)
    person = case.person(
        "A",
        case.organisation.department,
        case.organisation.deputy,
        native_unit=unit if native == "local" else None,
    )
    assert case.moves() == set()
    assert "vướng quy định" in case.why("A")
    pin = (person.pk, unit.pk, secretary.pk)
    (refused,) = case.find(pins=(pin,)).refused
    assert ("chưa rõ quê quán" if native == "unknown" else "người địa phương") in refused.why


def test_a_tour_that_has_ended_by_then_goes_on(case: Case, base: Unit) -> None:
    away = case.organisation.department
    person = case.person("A", away, case.organisation.deputy)
    factories.RotationFactory(
        cadre=person,
        from_unit=case.organisation.other,
        from_title=case.organisation.deputy,
        to_unit=away,
        to_title=case.organisation.deputy,
        start_on=dt.date(2024, 1, 1),
        planned_end_on=START,
    )
    (row,) = case.find().rows
    assert row.seat.unit.code == "X1"
    assert Criterion.TOUR_END in {gain.criterion for gain in row.gains}
    assert "Phải kết thúc đợt luân chuyển hiện tại trước" in " ".join(reasons_of(row))


# ---- Who cannot ------------------------------------------------------------------------------


def test_who_is_not_planned_or_too_old_is_told(case: Case, base: Unit) -> None:
    away, deputy = case.organisation.department, case.organisation.deputy
    case.person("OLD", away, deputy, birth_date=dt.date(1971, 1, 1))
    case.person("NEW", away, deputy, birth_date=None)
    assert case.moves() == set()
    assert "Không còn đủ thời gian công tác" in case.why("OLD")
    assert "cần ít nhất 120 tháng" in case.why("OLD")
    assert "Chưa tính được thời gian công tác" in case.why("NEW")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": RotationStatus.PROPOSED, "start_on": None}, "Đang có đề xuất"),
        ({"status": RotationStatus.APPROVED, "start_on": START}, "Đã có quyết định"),
        ({"planned_end_on": START + dt.timedelta(days=1)}, "đến 02/01/2027"),
        ({"planned_end_on": None}, "chưa định ngày kết thúc"),
    ],
)
def test_who_is_bound_is_out_and_told_by_what(
    case: Case, base: Unit, values: dict[str, Any], words: str
) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    factories.RotationFactory(
        cadre=person,
        from_unit=case.organisation.other,
        to_unit=case.organisation.department,
        to_title=case.organisation.deputy,
        **values,
    )
    assert case.moves() == set()
    assert words in case.why("A")


def test_promised_and_proposed_seats_are_taken(case: Case, base: Unit) -> None:
    case.person("A", case.organisation.department, case.organisation.deputy)
    coming = factories.RotationFactory(
        to_unit=base,
        to_title=case.organisation.deputy,
        status=RotationStatus.PROPOSED,
        start_on=None,
        planned_end_on=None,
    )
    assert case.moves() == set()
    Rotation.objects.filter(pk=coming.pk).update(status=RotationStatus.CANCELLED)
    assert case.moves() == {("A", "X1")}


def test_a_higher_title_only_after_a_year_of_the_top_grade(case: Case) -> None:
    higher = factories.TitleFactory(code="CAO", name="Chức danh cao", rank=61)
    highest = factories.TitleFactory(code="HON", name="Chức danh cao hơn", rank=69)
    unit = case.commune("X1")
    for title in (higher, highest):
        case.post(unit, title)
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    assert case.moves() == set()
    factories.EvaluationFactory(
        cadre=person, year=2026, grade=Grade.HTXSNV, unit=case.organisation.department
    )
    (row,) = case.find().rows
    assert row.seat.title == higher
    assert Criterion.HIGHER in {gain.criterion for gain in row.gains}
    (refused,) = case.find(pins=((person.pk, unit.pk, highest.pk),)).refused
    assert "cao hơn nhiều bậc" in refused.why


def test_titles_of_one_group_are_equivalent(case: Case) -> None:
    lower = factories.TitleFactory(code="THAP", name="Chức danh thấp", rank=40)
    unit = case.commune("X1")
    case.post(unit, lower)
    case.person("A", case.organisation.department, case.organisation.deputy)
    assert case.moves() == set()
    for title in (lower, case.organisation.deputy):
        EquivalentTitle.objects.create(title=title, group="nhóm")
    assert case.moves() == {("A", "X1")}


# ---- What is weighed -------------------------------------------------------------------------


def test_near_home_goes_before_far_and_unknown_costs_nothing(case: Case) -> None:
    """Communes of one former district are near; the native unit decides, else the present one."""
    deputy, district = case.organisation.deputy, case.organisation.district
    near, far, home = (
        case.commune(code, former)
        for code, former in (("X1", district), ("X2", None), ("X3", district))
    )
    for unit in (near, far):
        case.post(unit, deputy)
    person = case.person("A", case.organisation.department, deputy, native_unit=home)
    (row,) = case.find().rows
    assert row.seat.unit == near
    assert "Gần nhà" in " ".join(reasons_of(row))
    Position.objects.filter(unit=near).delete()
    (row,) = case.find().rows
    assert "Xa nhà" in " ".join(reasons_of(row))
    Cadre.objects.filter(pk=person.pk).update(native_unit=None)
    (row,) = case.find().rows
    assert "Chưa rõ xa hay gần nhà" in " ".join(reasons_of(row))
    assert sum(g.points for g in row.gains if g.criterion == Criterion.DISTANCE) == 0


def test_an_earlier_refusal_is_respected(case: Case, base: Unit) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    declined = factories.RotationFactory(
        cadre=person,
        to_unit=base,
        status=RotationStatus.DECLINED,
        decline_kind=DeclineReason.WORK,
        declined_on=dt.date(2023, 1, 1),
    )
    assert case.moves() == set()
    assert "điều bất lợi nhiều hơn" in case.why("A")
    # Who insists may keep the pair; then the page says what speaks against it.
    (row,) = case.find(pins=(case.pin(person, base),)).rows
    assert "Đã từ chối đến chính đơn vị này" in " ".join(reasons_of(row))
    Rotation.objects.filter(pk=declined.pk).update(declined_on=dt.date(2021, 12, 31))
    assert case.moves() == {("A", "X1")}
    # Without any day on file it is not known to be old.
    Rotation.objects.filter(pk=declined.pk).update(declined_on=None, start_on=None)
    assert case.moves() == set()


def test_who_declined_for_the_family_is_sent_nearer(case: Case) -> None:
    deputy, district = case.organisation.deputy, case.organisation.district
    far, home = case.commune("X1"), case.commune("X2", district)
    case.post(far, deputy)
    person = case.person("A", case.organisation.department, deputy, native_unit=home)
    (before,) = case.find().rows
    factories.RotationFactory(
        cadre=person,
        to_unit=case.commune("X9"),
        status=RotationStatus.DECLINED,
        decline_kind=DeclineReason.FAMILY,
        declined_on=dt.date(2025, 1, 1),
    )
    (after,) = case.find().rows

    def far_points(row: Any) -> int:
        return sum(g.points for g in row.gains if g.criterion == Criterion.DISTANCE)

    assert far_points(after) == 3 * far_points(before) < 0


def test_the_plan_of_the_year_says_who_sends(case: Case) -> None:
    """Two could go and one seat is free: the unit that the plan asks to send does."""
    deputy = case.organisation.deputy
    case.post(case.commune("X1"), deputy)
    case.person("A", case.organisation.department, deputy)
    case.person("B", case.organisation.other, deputy)
    plan = factories.RotationPlanFactory(year=START.year)
    target = factories.RotationTargetFactory(plan=plan, unit=case.organisation.other)
    found = case.find()
    assert {(row.person.code, row.seat.unit.code) for row in found.rows} == {("B", "X1")}
    assert found.plan == plan
    (sending,) = [each for each in found.balances if each.name == "Sở Y tế"]
    assert (sending.sent, sending.progress.target("di")) == (1, 1)  # type: ignore[union-attr]
    target.delete()
    factories.RotationTargetFactory(plan=plan, unit=case.organisation.department)
    assert case.moves() == {("A", "X1")}


def test_what_the_user_minds_more_decides(case: Case) -> None:
    """A near post whose standard is lacking, or a far one that fits."""
    deputy, district = case.organisation.deputy, case.organisation.district
    strict = factories.TitleFactory(code="TC", name="Phó (tiêu chuẩn)", rank=60, min_degree=5)
    near, far, home = (
        case.commune(code, former)
        for code, former in (("X1", district), ("X2", None), ("X3", district))
    )
    case.post(near, strict)
    case.post(far, deputy)
    case.person("A", case.organisation.department, deputy, native_unit=home, degree=3)
    assert case.moves() == {("A", "X2")}
    minds = {Criterion.DISTANCE: Emphasis.MORE, Criterion.STANDARD: Emphasis.LESS}
    (row,) = case.find(weights=Weights(minds)).rows
    assert row.seat.unit == near
    assert "Chưa đạt tiêu chuẩn chuyên môn" in " ".join(reasons_of(row))


# ---- What if ---------------------------------------------------------------------------------


def test_banned_pairs_people_and_units(case: Case, base: Unit) -> None:
    deputy = case.organisation.deputy
    other = case.commune("X2")
    case.post(other, deputy)
    person = case.person("A", case.organisation.department, deputy)
    pair = case.pin(person, base)
    assert case.moves(bans=Bans(pairs=frozenset({pair}))) == {("A", "X2")}
    assert case.moves(bans=Bans(units=frozenset({base.pk, other.pk}))) == set()
    assert case.moves(bans=Bans(units=frozenset({case.organisation.department.pk}))) == set()
    bans = Bans(people=frozenset({person.pk}))
    assert case.moves(bans=bans) == set()
    assert "Đồng chí đã loại người này" in case.why("A", bans=bans)
    (refused,) = case.find(pins=(pair,), bans=bans).refused
    assert "vừa giữ vừa loại" in refused.why


def test_units_narrow_both_sides(case: Case, base: Unit) -> None:
    deputy, units = case.organisation.deputy, case.organisation
    case.post(case.commune("X2"), deputy, 2)
    case.person("A", units.department, deputy)
    case.person("B", units.other, deputy)
    sending = Wanted(sending=(units.other.path,))
    assert {who for who, _where in case.moves(wanted=sending)} == {"B"}
    receiving = Wanted(receiving=(base.path,))
    assert {where for _who, where in case.moves(wanted=receiving)} == {"X1"}


def test_pins_that_want_one_seat_are_named(case: Case, base: Unit) -> None:
    deputy = case.organisation.deputy
    first = case.person("A", case.organisation.department, deputy)
    second = case.person("B", case.organisation.department, deputy)
    found = case.find(pins=(case.pin(first, base), case.pin(second, base)))
    assert set(found.clash) == {case.pin(first, base), case.pin(second, base)}
    assert not found.clash_with_limit
    assert len(found.rows) == 1


def test_a_pin_on_a_full_post_says_so(case: Case, base: Unit) -> None:
    deputy = case.organisation.deputy
    person = case.person("A", case.organisation.department, deputy)
    case.person("B", base, deputy, planned=False)
    (refused,) = case.find(pins=(case.pin(person, base),)).refused
    assert "đã đủ (1/1" in refused.why
    assert case.find(pins=(case.pin(person, base),)).rows == ()


def test_a_pin_brings_in_whom_no_group_names(case: Case, base: Unit) -> None:
    """Somebody without any need: looked at because they are to stay."""
    deputy = case.organisation.deputy
    person = case.person("A", case.organisation.department, deputy, served=base)
    assert case.moves() == set()
    (row,) = case.find(pins=(case.pin(person, base),)).rows
    assert row.is_pinned


def test_a_limit_and_more_pins_than_it_allows(case: Case, base: Unit) -> None:
    deputy = case.organisation.deputy
    other = case.commune("X2")
    case.post(other, deputy)
    first = case.person("A", case.organisation.department, deputy)
    second = case.person("B", case.organisation.department, deputy)
    assert len(case.moves(most=1)) == 1
    left = {"A", "B"} - {who for who, _where in case.moves(most=1)}
    assert "Đã đủ số lượt" in case.why(left.pop(), most=1)
    found = case.find(most=1, pins=(case.pin(first, base), case.pin(second, other)))
    assert found.clash_with_limit
    assert len(found.clash) == 2


def test_nobody_proposes_themselves(case: Case, base: Unit) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    User.objects.filter(pk=case.actor.pk).update(cadre=person)
    case.actor.refresh_from_db()
    assert case.moves() == set()
    (refused,) = case.find(pins=(case.pin(person, base),)).refused
    assert refused.why == "Không xét được người này."


# ---- The rules on random data ----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_nothing_that_is_proposed_breaks_a_hard_rule(
    seed: int, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """Every move passes the conditions of a single rotation; seats are counted by another road.

    And nothing was thrown away because the rules disputed it.
    """
    chance = random.Random(seed)
    _random_province(case, chance)
    wish = {
        "wanted": EVERYBODY,
        "most": chance.choice((None, 3, 10)),
        "weights": Weights({c: chance.choice(list(Emphasis)) for c in Criterion}),
    }
    found = case.find(**wish)
    assert "proposal_disputed" not in caplog.text
    assert found.rows, "a search that finds nothing proves nothing"
    people = [row.person.cadre_id for row in found.rows]
    assert len(set(people)) == len(people)
    bound = set(
        Rotation.objects.filter(
            status__in=(RotationStatus.PROPOSED, RotationStatus.APPROVED)
        ).values_list("cadre", flat=True)
    )
    assert not bound & set(people)
    for row in found.rows:
        assert row.person.unit != row.seat.unit
        rotation = factories.RotationFactory(
            cadre_id=row.person.cadre_id,
            kind=RotationKind.ROTATION,
            from_unit=row.person.unit,
            from_title=row.person.title,
            to_unit=row.seat.unit,
            to_title=row.seat.title,
            start_on=START,
            status=RotationStatus.PROPOSED,
        )
        wrong = [
            each
            for each in checks_of(rotation, TODAY)
            if each.code != CheckCode.SEAT and each.outcome != Outcome.MET
        ]
        assert wrong == []
        rotation.delete()
    _check_seats(found)
    everybody = {
        *(person.cadre_id for person in found.movable.people),
        *(each.person.cadre_id for each in found.stopped),
    }
    told = {*people, *(each.person.cadre_id for each in (*found.unfilled, *found.stopped))}
    assert told == everybody
    assert Nomination.objects.values("cadre").distinct().count() <= len(everybody)


def _check_seats(found: Proposal) -> None:
    held = Counter(
        Appointment.objects.filter(end_on=None, start_on__lte=START).values_list("unit", "title")
    )
    come = Counter((row.seat.unit.pk, row.seat.title.pk) for row in found.rows)
    gone = Counter(row.person.post for row in found.rows)
    promised = Counter(
        Rotation.objects.filter(
            status__in=(RotationStatus.PROPOSED, RotationStatus.APPROVED)
        ).values_list("to_unit", "to_title")
    )
    for post, n in come.items():
        number = Position.objects.get(unit=post[0], title=post[1]).prescribed
        assert held[post] - gone[post] + n + promised[post] <= number


def _random_province(case: Case, chance: random.Random) -> None:
    units = [case.organisation.department, case.organisation.other, case.organisation.centre]
    units += [
        case.commune(f"X{n}", case.organisation.district if n % 2 else None) for n in range(4)
    ]
    titles = [case.organisation.deputy] + [
        factories.TitleFactory(
            code=f"T{n}",
            rank=chance.choice((58, 60, 60, 62)),
            is_head=chance.random() < 0.3,
            non_local_required=chance.random() < 0.4,
            min_theory=chance.choice((None, 3)),
        )
        for n in range(3)
    ]
    if chance.random() < 0.5:
        for title in chance.sample(titles, 2):
            EquivalentTitle.objects.create(title=title, group="nhóm")
    for unit in units:
        for title in chance.sample(titles, 2):
            case.post(unit, title, chance.randint(1, 3))
    positions = list(Position.objects.filter(title__in=titles))
    for n in range(24):
        where = chance.choice(positions)
        person = case.person(
            f"P{n:02}",
            where.unit,
            where.title,
            planned=chance.random() < 0.8,
            birth_date=chance.choice(
                (None, dt.date(1972, 3, 1), *(dt.date(y, 6, 1) for y in range(1978, 1992, 3)))
            ),
            sex=chance.choice(("", "male", "female")),
            native_unit=chance.choice([None, *units]),
            theory=chance.choice((None, 2, 3)),
            served=chance.choice([None, None, *units]),
        )
        if chance.random() < 0.6:
            factories.EvaluationFactory(
                cadre=person, year=2026, grade=chance.choice(list(Grade)), unit=where.unit
            )
        if chance.random() < 0.2:
            factories.RotationFactory(
                cadre=person,
                from_unit=chance.choice(units),
                to_unit=chance.choice(units),
                to_title=chance.choice(titles),
                start_on=dt.date(2024, 1, 1),
                planned_end_on=chance.choice((START, dt.date(2028, 1, 1))),
                status=chance.choice(RotationStatus.values),
                decline_kind=chance.choice(DeclineReason.values),
            )


def test_more_people_and_units_take_no_more_queries(case: Case, base: Unit) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert case.find(wanted=EVERYBODY).rows
        return len(captured)

    deputy = case.organisation.deputy
    case.person("A", case.organisation.department, deputy)
    queries()  # what is kept from one request to the next
    few = queries()
    for n in range(12):
        case.post(case.commune(f"Y{n}"), deputy)
        case.person(f"N{n:02}", case.organisation.department, deputy)
    assert queries() == few
    assert few <= 36


def test_who_is_left_out_for_their_number_is_counted(
    case: Case, base: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_PEOPLE >= 300
    for code in ("A", "B", "C"):
        case.person(code, case.organisation.department, case.organisation.deputy)
    everybody = len(case.find().movable.people)
    monkeypatch.setattr("rotation.selectors.movable.MOST_PEOPLE", 1)
    found = case.find()
    assert (len(found.movable.people), found.movable.left_out) == (1, everybody - 1)


def test_of_too_many_places_the_best_are_weighed_and_the_page_says_so(
    case: Case, base: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A near place is among the best; what is to stay is weighed in any case."""
    deputy, district = case.organisation.deputy, case.organisation.district
    far = [case.commune(f"Y{n}") for n in range(5)]
    near, home = case.commune("X2", district), case.commune("X3", district)
    for unit in (*far, near):
        case.post(unit, deputy)
    person = case.person("A", case.organisation.department, deputy, native_unit=home)
    monkeypatch.setattr("rotation.proposals.pairs.MOST_PAIRS", 1)
    monkeypatch.setattr("rotation.proposals.pairs.FEWEST_EACH", 1)
    found = case.find()
    assert (found.weighed, found.is_trimmed) == (1, True)
    assert [row.seat.unit for row in found.rows] == [near]
    kept = case.find(pins=(case.pin(person, far[0]),))
    assert [row.seat.unit for row in kept.rows] == [far[0]]


# ---- Proposals of the portal -----------------------------------------------------------------


def make(case: Case, *pins: tuple[int, int, int]) -> list[Rotation]:
    return proposals_make(actor=case.actor, start_on=START, pins=pins)


def test_chosen_moves_become_proposals_with_plan_need_and_reasons(case: Case, base: Unit) -> None:
    plan: RotationPlan = factories.RotationPlanFactory(year=START.year)
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    (made,) = make(case, case.pin(person, base))
    assert (made.status, made.plan, made.need) == (
        RotationStatus.PROPOSED,
        plan,
        NeedKind.EXPERIENCE,
    )
    assert (made.start_on, made.planned_end_on) == (START, dt.date(2030, 1, 1))
    assert "Quy hoạch cần qua cơ sở" in made.need_note
    assert made.proposed_by == case.actor


def test_all_or_nothing(case: Case, base: Unit) -> None:
    deputy = case.organisation.deputy
    fine = case.person("A", case.organisation.department, deputy)
    old = case.person("B", case.organisation.department, deputy, birth_date=dt.date(1970, 1, 1))
    other = case.commune("X2")
    case.post(other, deputy)
    with pytest.raises(RotationRefused) as refused:
        make(case, case.pin(fine, base), case.pin(old, other))
    (reason,) = refused.value.reasons
    assert "Nông Văn B" in reason
    assert "120 tháng" in reason
    assert not Rotation.objects.exists()


def test_whoever_waits_for_a_seat_is_proposed_with_who_leaves_it(case: Case, base: Unit) -> None:
    """A goes into B's place; without B the post is full."""
    deputy = case.organisation.deputy
    first = case.person("A", case.organisation.department, deputy)
    second = case.person("B", base, deputy)
    case.post(case.organisation.department, deputy, 1)
    both = (case.pin(first, base), case.pin(second, case.organisation.department))
    with pytest.raises(RotationRefused) as refused:
        make(case, both[0])
    assert "không có ai trong số được xét rời đi" in refused.value.reasons[0]
    assert len(make(case, *both)) == 2


def test_what_was_proposed_meanwhile_is_told(case: Case, base: Unit) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    make(case, case.pin(person, base))
    with pytest.raises(RotationRefused) as refused:
        make(case, case.pin(person, base))
    assert "Đang có đề xuất" in refused.value.reasons[0]
    assert Rotation.objects.count() == 1


def test_only_who_plans_makes_them(case: Case, base: Unit, unit_officer: User) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    with pytest.raises(PermissionDenied):
        proposals_make(actor=unit_officer, start_on=START, pins=[case.pin(person, base)])
    with pytest.raises(RotationRefused):
        make(case)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("codes", ["AA", "AB"])
def test_of_two_at_once_for_one_seat_one_is_told(case: Case, base: Unit, codes: str) -> None:
    """The same person twice, or two people: the second finds what the first proposed."""
    deputy = case.organisation.deputy
    people = {
        code: case.person(code, case.organisation.department, deputy) for code in sorted(set(codes))
    }
    results: list[str] = []
    gate = threading.Barrier(2)

    def send(code: str) -> None:
        try:
            gate.wait(timeout=20)
            with clock.frozen(TODAY):
                make(case, case.pin(people[code], base))
            results.append("made")
        except RotationRefused as refused:
            results.append(refused.reasons[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[code]) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    (told,) = [text for text in results if text != "made"]
    assert ("Đang có đề xuất" if codes == "AA" else "đã đủ") in told
    assert Rotation.objects.count() == 1


def test_today_is_asked_of_the_clock(case: Case, base: Unit) -> None:
    person = case.person("A", case.organisation.department, case.organisation.deputy)
    (made,) = make(case, case.pin(person, base))
    assert made.proposed_on == clock.today() == TODAY


# ---- A whole province ------------------------------------------------------------------------


@pytest.mark.slow
def test_a_province_is_proven_within_the_effort_that_is_allowed(
    today: dt.date, administrator: User
) -> None:
    """Sixty units and three hundred people: effort is counted by the solver, not by the clock."""
    moves.fill()
    found = propose(administrator, Wish(start_on=moves.START, most=50))
    assert len(found.movable.people) > 290
    assert found.weighed > 5_000
    assert found.is_best
    assert len(found.rows) == 50
    again = propose(administrator, Wish(start_on=moves.START, most=50))
    assert [row.person.code for row in again.rows] == [row.person.code for row in found.rows]

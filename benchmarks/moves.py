"""Proposals of rotations: a province of 60 units with some 300 people who should move, by chance.

Run by `python -m benchmarks --only moves`, in an empty database of its own. Prints what the search
finds, in how long, and how much of that is the database's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from random import Random

UNITS, PEOPLE = 60, 380
TODAY, START = date(2026, 12, 1), date(2027, 3, 1)
WANTED_SECONDS = 10

#: title: (rank, is head, no locals); heads of communes must not be locals.
_TITLES = {
    "GD": (75, True, False),
    "PGD": (65, False, False),
    "TP": (50, False, False),
    "BT": (62, True, True),
    "CT": (58, True, True),
    "PCT": (52, False, False),
    "TPX": (42, False, False),
}
_GROUPS = {"A": ("PGD", "BT", "CT"), "B": ("TP", "PCT")}
_POSTS = {
    "province": {"GD": 1, "PGD": 3, "TP": 6},
    "commune": {"BT": 1, "CT": 1, "PCT": 3, "TPX": 5},
}
_DISTRICTS = 6
#: Of a hundred seats so many are empty.
_EMPTY = 4


@dataclass
class _Draft:
    chance: Random
    units: list[object]
    titles: dict[str, object]


def fill(units: int = UNITS, people: int = PEOPLE, seed: int = 1) -> None:
    """Write the province: half departments, half communes of former districts; needs empty tables.

    `people` of those who hold posts are planned for titles of the province and should move.
    """
    from django.db import connection

    chance = Random(seed)
    draft = _Draft(chance, _units(units), _titles())
    holders = _holders(draft)
    _plans(draft, holders, people)
    with connection.cursor() as cursor:
        # As a served database is: otherwise the planner takes every table for empty.
        cursor.execute("ANALYZE")


def _units(number: int) -> list[object]:
    from cadres.models import Unit, UnitSuccession

    def add(parent: object, **values: object) -> object:
        unit = Unit(**values)
        if parent is None:
            return Unit.objects.add_root(instance=unit)
        return Unit.objects.add_child(parent, instance=unit)

    root = add(None, code="T", name="Tỉnh ủy", kind="party_committee", level="province")
    closed = {"kind": "district", "level": "district", "valid_to": date(2025, 6, 30)}
    districts = [add(root, code=f"H{n}", name=f"Huyện {n}", **closed) for n in range(_DISTRICTS)]
    made = []
    for n in range(number):
        level, kind = ("province", "department") if n < number // 2 else ("commune", "commune")
        word = "Sở" if level == "province" else "Xã"
        unit = add(root, code=f"U{n:03}", name=f"{word} {n}", kind=kind, level=level)
        if level == "commune":
            UnitSuccession.objects.create(unit=districts[n % _DISTRICTS], successor=unit)
        made.append(unit)
    return made


def _titles() -> dict[str, object]:
    from cadres.models import Title
    from rotation.models import EquivalentTitle

    made = {
        code: Title.objects.create(
            code=code,
            name=f"Chức danh {code}",
            kind="leadership",
            rank=rank,
            is_head=is_head,
            non_local_required=no_locals,
        )
        for code, (rank, is_head, no_locals) in _TITLES.items()
    }
    EquivalentTitle.objects.bulk_create(
        EquivalentTitle(title=made[code], group=group)
        for group, codes in _GROUPS.items()
        for code in codes
    )
    return made


def _holders(draft: _Draft) -> list[object]:
    """Positions, and who holds them since 2022; four in ten served elsewhere before."""
    from cadres.models import Appointment, Cadre, Evaluation, Position

    chance = draft.chance
    positions = [
        Position(unit=unit, title=draft.titles[code], prescribed=seats)
        for unit in draft.units
        for code, seats in _POSTS[unit.level].items()  # type: ignore[attr-defined]
    ]
    Position.objects.bulk_create(positions)
    seats = [each for each in positions for _ in range(each.prescribed)]
    seats = [each for each in seats if chance.randrange(100) >= _EMPTY]
    people = Cadre.objects.bulk_create(
        Cadre(
            code=f"C{n:05}",
            full_name=f"Nông Văn {n:05}",
            sex=chance.choice(("male", "female")),
            birth_date=date(chance.randint(1978, 1994), chance.randint(1, 12), 1),
            birth_precision="day",
            native_unit=chance.choice(draft.units) if chance.random() < 0.9 else None,
        )
        for n in range(len(seats))
    )
    posts = [
        Appointment(cadre=who, unit=seat.unit, title=seat.title, start_on=date(2022, 1, 1))
        for who, seat in zip(people, seats, strict=True)
    ]
    earlier = [
        Appointment(
            cadre=who,
            unit=chance.choice(draft.units),
            title=draft.titles["TPX"],
            start_on=date(2015, 1, 1),
            end_on=date(2021, 12, 31),
        )
        for who in people
        if chance.random() < 0.4
    ]
    Appointment.objects.bulk_create(posts + earlier)
    grades = chance.choices((1, 2, 3, 4), (1, 2, 12, 5), k=len(people))
    Evaluation.objects.bulk_create(
        Evaluation(cadre=who, year=2026, grade=grade, unit=seat.unit)
        for who, seat, grade in zip(people, seats, grades, strict=True)
    )
    return list(people)


def _plans(draft: _Draft, holders: list[object], people: int) -> None:
    from planning.models import Nomination, Plan, Pool, Term
    from rotation.models import RotationPlan, RotationTarget

    term = Term.objects.create(
        code="2025-2030", starts_on=date(2025, 1, 1), ends_on=date(2030, 12, 31)
    )
    of_province = [each for each in draft.units if each.level == "province"]  # type: ignore[attr-defined]
    for unit in of_province:
        Plan.objects.create(unit=unit, term=term, status="approved", approved_on=date(2026, 1, 1))
    pools = list(Pool.objects.order_by("pk"))
    planned = draft.chance.sample(holders, min(people, len(holders)))
    Nomination.objects.bulk_create(
        Nomination(
            pool=(pool := draft.chance.choice(pools)),
            plan_id=pool.plan_id,
            cadre=who,
            nominated_on=date(2026, 1, 1),
        )
        for who in planned
    )
    plan = RotationPlan.objects.create(year=START.year, purpose="Đo tốc độ")
    RotationTarget.objects.bulk_create(
        RotationTarget(
            plan=plan,
            unit=unit,
            send=draft.chance.randint(1, 3),
            receive=draft.chance.randint(1, 3),
        )
        for unit in draft.units
    )


def measure(repeat: int) -> None:
    """Fill an empty database and print what each kind of search takes."""
    import statistics

    from django.core.management import call_command

    from benchmarks.country import _name, administer
    from benchmarks.measure import database_time, seconds_of
    from cadre_portal.common import clock
    from cadres.models import User
    from rotation.proposals import Wanted, Wish, propose
    from rotation.selectors.movable import GROUPS

    administer(
        f"DROP DATABASE IF EXISTS {_name()}",
        f"CREATE DATABASE {_name()} TEMPLATE template0 ENCODING 'UTF8'",
    )
    call_command("migrate", verbosity=0)
    fill()
    actor = User.objects.create(username="do", is_superuser=True)
    print(f"proposals: {UNITS} units, {PEOPLE} people planned; wanted under {WANTED_SECONDS} s")
    print("| asked | median | own processor | database | people | pairs | moves | proven |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with clock.frozen(TODAY):
        for words, most, groups in (
            ("at most 20 moves", 20, GROUPS[:-1]),
            ("at most 50 moves", 50, GROUPS[:-1]),
            ("as many as help", None, GROUPS[:-1]),
            ("the same, everybody who is planned", None, GROUPS),
        ):
            wish = Wish(start_on=START, most=most, wanted=Wanted(groups=frozenset(groups)))
            times, waits, busy = [], [], []
            for _round in range(max(2, repeat)):
                start = time.process_time()
                with database_time() as watch:
                    times.append(seconds_of(lambda w=wish: propose(actor, w)))
                waits.append(watch.seconds)
                busy.append(time.process_time() - start)
            found = propose(actor, wish)
            print(
                f"| {words} | {statistics.median(times):.2f} s | {statistics.median(busy):.2f} s"
                f" | {statistics.median(waits):.2f} s"
                f" | {len(found.movable.people)} | {found.weighed:,} | {len(found.rows)}"
                f" | {'yes' if found.is_best else 'no'} |",
                flush=True,
            )
    administer(f"DROP DATABASE IF EXISTS {_name()} WITH (FORCE)")


def main() -> None:
    """Measure in a database of this part alone."""
    os.environ["BENCH_DATABASE"] = "portal_bench_moves"
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)


def run(repeat: int) -> None:
    """As a process of its own, so that another database can be used."""
    subprocess.run([sys.executable, "-m", "benchmarks.moves", str(repeat)], check=True)


if __name__ == "__main__":
    main()

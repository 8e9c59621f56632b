# ruff: noqa: S608 - statements are made of this module's own numbers and words
"""A country of any size for the benchmarks, made inside PostgreSQL.

Scale 1.0 is 2,000,000 cadres, 25,000 units in four levels, 50,000 plans, 250,000 pools, about
2 million nominations, 6 million appointments, 7.9 million evaluations, 40,000 disciplines,
1 million ballots and 50 targets. Nominations lie in plan order; the people of a unit lie at
random among the cadres. The same scale, seed and date give the same rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd

from django.db import connection, transaction

from cadre_portal.common import clock
from cadre_portal.demo import names
from cadre_portal.demo.bulk import bare
from cadre_portal.demo.organisation import path_step
from cadre_portal.demo.write import copy, reset_sequences

FULL_SIZE = 2_000_000
FULL_UNITS = 25_000
#: `load_demo --size` makes a country from here on, a province below.
COUNTRY_FROM = 100_000

_TABLES = (
    "cadres_unit",
    "cadres_title",
    "cadres_position",
    "cadres_cadre",
    "cadres_appointment",
    "cadres_evaluation",
    "cadres_discipline",
    "planning_term",
    "planning_plan",
    "planning_pool",
    "planning_nomination",
    "planning_ballot",
    "rotation_rotation",
    "compliance_target",
)

_PROVINCES, _AGENCIES, _COMMUNES = 34, 20, 98
_TITLES_A_LEVEL = 5
_STAFF_TITLE = 21
_POSTS = 5

#: parameter: (for the province level, for the commune level)
_TARGETS: dict[str, tuple[int, int]] = {
    "planning.age_bands.young_below": (40, 35),
    "planning.age_bands.middle_to": (50, 45),
    "planning.young_share.minimum": (15, 15),
    "planning.young_share.age_below": (40, 35),
    "planning.women_share.minimum": (25, 25),
    "planning.minority_share.minimum": (30, 30),
    "planning.openness.minimum_external": (1, 1),
    "planning.candidates_per_title.minimum": (2, 2),
    "planning.committee_coefficient.minimum": (100, 100),
    "planning.committee_coefficient.maximum": (150, 150),
    "planning.lineage.maximum": (5, 5),
    "rotation.head_terms.maximum": (2, 2),
}
_NUMBER_OF_TARGETS = 50


@dataclass(frozen=True, slots=True)
class _Plan:
    """The numbers that the statements are made from."""

    cadres: int
    units: int
    seed: int
    as_of: date

    @property
    def crew(self) -> int:
        """People whose home is one unit."""
        return self.cadres // self.units

    @property
    def factor(self) -> int:
        """A multiplier without common divisor: id -> place is then a permutation."""
        factor = int(self.cadres * 0.6180339887) | 1
        while gcd(factor, self.cadres) != 1:
            factor += 2
        return factor

    def place(self, cadre: str) -> str:
        """SQL: where a cadre stands when people are sorted by home unit, from 0."""
        return f"(({cadre})::bigint * {self.factor} % {self.cadres})"

    def cadre(self, place: str) -> str:
        """SQL: the cadre who stands at `place`."""
        back = pow(self.factor, -1, self.cadres)
        return f"((({place})::bigint * {back} + {self.cadres - 1}) % {self.cadres} + 1)"

    def home(self, place: str) -> str:
        """SQL: the unit of a place."""
        return f"least({place} / {self.crew} + 1, {self.units})"

    def chance(self, key: str, salt: int) -> str:
        """SQL: a number in [0, 1) from a key, the same for the same seed."""
        number = self.seed * 1000 + salt
        return f"((hashint8extended(({key})::bigint, {number}) & 2147483647)::float8 / 2147483648)"

    def pick(self, key: str, salt: int, first: int, last: int) -> str:
        """SQL: a whole number in [first, last]."""
        return f"({first} + floor({self.chance(key, salt)} * {last - first + 1})::int)"

    def day(self, key: str, salt: int, first: int, last: int) -> str:
        """SQL: a day between `first` and `last` days before the reference date."""
        return f"(DATE '{self.as_of}' - {self.pick(key, salt, first, last)})"


def load_country(
    scale: float,
    *,
    seed: int = 1,
    as_of: date | None = None,
    exclusions: bool = True,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, int]:
    """Fill empty tables with a country; `scale` 1.0 is 2 million cadres.

    One transaction, then VACUUM ANALYZE. Constraints and indexes are built after the rows, which
    proves them; the two exclusion constraints are left out if `exclusions` is false. Returns the
    number of rows by Vietnamese name. Has to run outside a transaction.
    """
    units = max(round(FULL_UNITS * scale), 60)
    cadres = max(round(FULL_SIZE * scale) // units, 40) * units
    plan = _Plan(cadres, units, seed, as_of or clock.today())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB';"
                "SET LOCAL synchronous_commit = off; SET LOCAL jit = off"
            )
        with bare(_TABLES, exclusions=exclusions):
            for name, step in _steps(plan):
                say(name)
                _run(step)
            say("chỉ mục, ràng buộc")
        reset_sequences()
    say("VACUUM ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE " + ", ".join(_TABLES))
        return _counts(cursor)


def _run(step: str | Callable[[], object]) -> None:
    if callable(step):
        step()
        return
    with connection.cursor() as cursor:
        cursor.execute(step)


def _counts(cursor: object) -> dict[str, int]:
    words = {
        "Đơn vị": "cadres_unit",
        "Cán bộ": "cadres_cadre",
        "Lượt giữ chức vụ": "cadres_appointment",
        "Lượt xếp loại": "cadres_evaluation",
        "Kỷ luật": "cadres_discipline",
        "Kế hoạch quy hoạch": "planning_plan",
        "Chức danh quy hoạch": "planning_pool",
        "Lượt quy hoạch": "planning_nomination",
        "Phiếu": "planning_ballot",
        "Luân chuyển": "rotation_rotation",
        "Chỉ tiêu": "compliance_target",
    }
    counts = {}
    for word, table in words.items():
        cursor.execute(f"SELECT count(*) FROM {table}")  # type: ignore[attr-defined]
        counts[word] = cursor.fetchone()[0]  # type: ignore[attr-defined]
    return counts


def _steps(plan: _Plan) -> Iterator[tuple[str, str | Callable[[], object]]]:
    yield "đơn vị", lambda: _units(plan)
    yield "chức danh", _titles
    yield "vị trí", _POSITIONS
    yield "cán bộ", _cadres(plan)
    yield "chức vụ", _appointments(plan)
    yield "xếp loại", _evaluations(plan)
    yield "kỷ luật", _disciplines(plan)
    yield "kế hoạch", _plans(plan)
    yield "người được quy hoạch", _nominations(plan)
    yield "phiếu", _ballots(plan)
    yield "luân chuyển", _rotations(plan)
    yield "chỉ tiêu", lambda: _targets(plan)


# Organisation: a root, provinces, agencies and communes, and what is below these


def _units(plan: _Plan) -> None:
    columns = ("id", "path", "depth", "numchild", "code", "name", "kind", "level")
    copy("cadres_unit", columns, _unit_rows(plan.units))


def _unit_rows(total: int) -> list[list[object]]:
    """Rows in the order of `columns` above; ids follow the order of making."""
    rows: list[list[object]] = []

    def add(parent: list[object] | None, kind: str, level: str, name: str) -> list[object]:
        path = path_step(1)
        if parent:
            parent[3] = int(str(parent[3])) + 1
            path = f"{parent[1]}{path_step(int(str(parent[3])))}"
        number = len(rows) + 1
        row = [number, path, len(path) // 4, 0, f"Q{number:05}", f"{name} {number}", kind, level]
        rows.append(row)
        return row

    root = add(None, "party_committee", "central", "Trung ương")
    share = total / FULL_UNITS
    middle = []
    provinces = max(round(_PROVINCES * share), 2)
    for _ in range(provinces):
        province = add(root, "party_committee", "province", "Tỉnh")
        for number in range(max(round((_AGENCIES + _COMMUNES) * min(share * 4, 1)), 6)):
            agency = number % 6 == 5
            middle.append((province, agency))
    leaders = [
        add(province, "department", "province", "Sở")
        if agency
        else add(province, "commune", "commune", "Xã")
        for province, agency in middle[: total - len(rows) - 1]
    ]
    number = 0
    while len(rows) < total:
        parent = leaders[number % len(leaders)]
        add(parent, "other", str(parent[7]), "Đơn vị")
        number += 1
    return rows


def _titles() -> None:
    """Five titles for each depth of the tree (head, three below, committee), and staff."""
    rows: list[tuple[object, ...]] = []
    for depth in range(4):
        top = 100 - depth * 20
        for step, name in enumerate(("Cấp trưởng", "Phó thứ nhất", "Cấp phó", "Trưởng bộ phận")):
            theory = 3 if step < 2 else 2
            number = len(rows) + 1
            rows.append(
                (
                    number,
                    f"T{depth + 1}{step + 1}",
                    f"{name} cấp {depth + 1}",
                    "leadership",
                    top - 5 * step,
                    step == 0,
                    3,
                    theory,
                    step == 0 and depth < 3,
                )
            )
        rows.append(
            (
                len(rows) + 1,
                f"T{depth + 1}5",
                f"Cấp ủy viên cấp {depth + 1}",
                "committee",
                top - 18,
                False,
                3,
                2,
                False,
            )
        )
    rows.append((_STAFF_TITLE, "CV", "Chuyên viên", "leadership", 5, False, 1, None, False))
    copy(
        "cadres_title",
        (
            "id",
            "code",
            "name",
            "kind",
            "rank",
            "is_head",
            "min_degree",
            "min_theory",
            "non_local_required",
        ),
        rows,
    )


_POSITIONS = f"""
INSERT INTO cadres_position (id, unit_id, title_id, prescribed)
SELECT (u.id - 1) * {_POSTS} + k, u.id, (u.depth - 1) * {_TITLES_A_LEVEL} + k,
       (ARRAY[1, 2, 2, 3, 12])[k]
  FROM cadres_unit u CROSS JOIN generate_series(1, {_POSTS}) k ORDER BY 1
"""


# People


def _words(text: list[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in text) + "]"


def _cadres(plan: _Plan) -> str:
    surnames = _words(names.common_words(0))
    males, females = _words(names.common_words(1)), _words(names.common_words(2))
    word = {n: f"(floor({plan.chance('i', n)} * cardinality({{}}))::int + 1)" for n in (1, 2)}
    middle = "CASE WHEN female THEN 'Thị' ELSE 'Văn' END"
    return f"""
INSERT INTO cadres_cadre (id, code, full_name, sex, birth_date, birth_precision, ethnicity_code,
                          native_unit_id, party_joined_on, degree, theory)
SELECT i, 'Q' || lpad(i::text, 8, '0'),
       ({surnames})[{word[1].format(surnames)}] || ' ' || {middle} || ' ' ||
       CASE WHEN female THEN ({females})[{word[2].format(females)}]
            ELSE ({males})[{word[2].format(males)}] END,
       CASE WHEN {plan.chance("i", 3)} < 0.005 THEN '' WHEN female THEN 'female' ELSE 'male' END,
       birth, CASE WHEN birth IS NULL THEN '' ELSE 'day' END,
       CASE WHEN {plan.chance("i", 4)} < 0.005 THEN ''
            WHEN {plan.chance("i", 5)} < 0.6 THEN '01'
            ELSE lpad({plan.pick("i", 6, 2, 54)}::text, 2, '0') END,
       CASE WHEN {plan.chance("i", 7)} < 0.97 THEN {plan.pick("i", 8, 1, plan.units)} END,
       birth + 9000,
       CASE WHEN {plan.chance("i", 9)} < 0.98
            THEN (ARRAY[1,2,3,3,3,3,3,4,4,5])[{plan.pick("i", 10, 1, 10)}] END,
       CASE WHEN {plan.chance("i", 11)} < 0.98
            THEN (ARRAY[1,2,2,2,2,3,3,3,3,4])[{plan.pick("i", 12, 1, 10)}] END
  FROM (SELECT i, {plan.chance("i", 13)} < 0.38 AS female,
               CASE WHEN {plan.chance("i", 14)} < 0.99
                    THEN {plan.day("i", 15, 8400, 22000)} END AS birth
          FROM generate_series(1, {plan.cadres}) i OFFSET 0) p
"""


def _appointments(plan: _Plan) -> str:
    """Three in a row for everybody, the last one active in the home unit; 2 % hold a second one."""
    title = (
        "CASE WHEN seat = 0 THEN (u.depth - 1) * 5 + 1 WHEN seat < 3 THEN (u.depth - 1) * 5 + 2"
        " WHEN seat < 6 THEN (u.depth - 1) * 5 + 3 WHEN seat < 12 THEN (u.depth - 1) * 5 + 4"
        f" ELSE {_STAFF_TITLE} END"
    )
    return f"""
INSERT INTO cadres_appointment (id, cadre_id, unit_id, title_id, start_on, end_on, decision_no)
SELECT (c.i - 1) * 4 + v.n, c.i, v.unit, v.title, v.start_on, v.end_on, ''
  FROM (SELECT i, {plan.home(plan.place("i"))} AS home, {plan.place("i")} % {plan.crew} AS seat,
               {plan.day("i", 21, 30, 3000)} AS third, {plan.pick("i", 22, 400, 2500)} AS back,
               {plan.pick("i", 23, 400, 2500)} AS further
          FROM generate_series(1, {plan.cadres}) i OFFSET 0) c
  JOIN cadres_unit u ON u.id = c.home
 CROSS JOIN LATERAL (VALUES
       (1, {plan.pick("c.i", 24, 1, plan.units)}, {_STAFF_TITLE},
        c.third - c.back - c.further, c.third - c.back),
       (2, {plan.pick("c.i", 25, 1, plan.units)}, {plan.pick("c.i", 26, 1, 20)},
        c.third - c.back, c.third),
       (3, c.home, {title}, c.third, NULL),
       (4, CASE WHEN {plan.chance("c.i", 27)} < 0.02 THEN {plan.pick("c.i", 28, 1, plan.units)} END,
        {plan.pick("c.i", 29, 16, 20)}, c.third, NULL)
       ) v (n, unit, title, start_on, end_on)
 WHERE v.unit IS NOT NULL
"""


def _evaluations(plan: _Plan) -> str:
    last = plan.as_of.year - 1
    grade = plan.pick("i * 10 + year % 10", 32, 1, 20)
    return f"""
INSERT INTO cadres_evaluation (id, cadre_id, year, grade, unit_id)
SELECT (i - 1) * 4 + year - {last - 4}, i, year,
       (ARRAY[4,4,3,3,3,3,3,3,3,3,3,3,3,3,3,3,2,2,2,1])[{grade}],
       {plan.home(plan.place("i"))}
  FROM generate_series(1, {plan.cadres}) i CROSS JOIN generate_series({last - 3}, {last}) year
 WHERE {plan.chance("i * 10 + year % 10", 31)} < 0.9875
"""


def _disciplines(plan: _Plan) -> str:
    return f"""
INSERT INTO cadres_discipline (id, cadre_id, kind, decided_on, effective_to)
SELECT i, {plan.cadre("i * 50 - 1")},
       (ARRAY['reprimand','reprimand','warning','removal'])[{plan.pick("i", 41, 1, 4)}],
       decided, CASE WHEN {plan.chance("i", 42)} < 0.9 THEN decided + 365 END
  FROM (SELECT i, {plan.day("i", 43, 10, 1500)} AS decided
          FROM generate_series(1, {plan.cadres // 50}) i OFFSET 0) d
"""


# Plans


def _plans(plan: _Plan) -> str:
    return f"""
INSERT INTO planning_term (id, code, starts_on, ends_on) VALUES
       (1, '2025-2030', '2025-10-01', '2030-09-30'), (2, '2030-2035', '2030-10-01', '2035-09-30');
INSERT INTO planning_plan (id, unit_id, term_id, status, approved_on, decision_no, last_reviewed_on)
SELECT p, (p + 1) / 2, 2 - p % 2, CASE WHEN open THEN 'submitted' ELSE 'approved' END,
       CASE WHEN NOT open THEN {plan.day("p", 51, 60, 800)} END,
       CASE WHEN open THEN '' ELSE p || '-QĐ/TU' END,
       CASE WHEN NOT open AND {plan.chance("p", 52)} < 0.6 THEN {plan.day("p", 53, 5, 480)} END
  FROM (SELECT p, {plan.chance("p", 54)} < 0.15 AS open
          FROM generate_series(1, {plan.units * 2}) p OFFSET 0) q;
INSERT INTO planning_pool (id, plan_id, position_id)
SELECT (p - 1) * {_POSTS} + k, p, ((p + 1) / 2 - 1) * {_POSTS} + k
  FROM generate_series(1, {plan.units * 2}) p CROSS JOIN generate_series(1, {_POSTS}) k
"""


def _nominations(plan: _Plan) -> str:
    """Three tenths of the plans are closed, the others take a third from anywhere."""
    step = next(n for n in range(7, plan.crew) if gcd(n, plan.crew) == 1)
    local = (
        f"(unit - 1) * {plan.crew}"
        f" + ({plan.pick('pool', 61, 0, plan.crew - 1)} + j * {step}) % {plan.crew}"
    )
    anybody = plan.pick("pool * 32 + j", 62, 0, plan.cadres - 1)
    closed = f"plan_id % 10 < 3 OR {plan.chance('pool * 32 + j', 63)} < 0.65"
    place = f"CASE WHEN {closed} THEN {local} ELSE {anybody} END"
    size = (
        f"CASE WHEN k = {_POSTS} THEN {plan.pick('pool', 64, 11, 20)}"
        f" ELSE {plan.pick('pool', 65, 3, 9)} END"
    )
    return f"""
INSERT INTO planning_nomination
       (id, plan_id, pool_id, cadre_id, nominated_on, removed_on, removal_reason)
SELECT row_number() OVER (), plan_id, pool, cadre, nominated,
       CASE WHEN out THEN nominated + 40 END, CASE WHEN out THEN 'Rà soát hằng năm' ELSE '' END
  FROM (SELECT DISTINCT ON (pool, cadre) plan_id, pool, cadre,
               {plan.day("pool * 32 + j", 66, 50, 700)} AS nominated,
               {plan.chance("pool * 32 + j", 67)} < 0.03 AS out
          FROM (SELECT pool, plan_id, j, {plan.cadre(place)} AS cadre
                  FROM (SELECT id AS pool, plan_id, (plan_id + 1) / 2 AS unit,
                               (id - 1) % {_POSTS} + 1 AS k FROM planning_pool OFFSET 0) q
                 CROSS JOIN LATERAL generate_series(1, {size.replace("pool", "q.pool")}) j
                OFFSET 0) w
         ORDER BY pool, cadre, j) n
"""


def _ballots(plan: _Plan) -> str:
    """Four steps for every eighth nomination; a thirtieth of the steps fail."""
    key = "n.id * 8 + step"
    return f"""
INSERT INTO planning_ballot (id, pool_id, cadre_id, step, held_on, summoned, present, issued,
                             collected, valid, agree)
SELECT (n.id / 8 - 1) * 4 + step, n.pool_id, n.cadre_id, step, n.nominated_on - 30 + step * 5,
       50, 48, 48, 48, 47, CASE WHEN {plan.chance(key, 71)} < 0.03 THEN {plan.pick(key, 72, 15, 25)}
                                ELSE {plan.pick(key, 73, 26, 47)} END
  FROM planning_nomination n CROSS JOIN generate_series(1, 4) step WHERE n.id % 8 = 0
"""


def _rotations(plan: _Plan) -> str:
    """One tour for each two hundredth cadre; half are over."""
    return f"""
INSERT INTO rotation_rotation (id, cadre_id, kind, from_unit_id, from_title_id, to_unit_id,
       to_title_id, start_on, planned_end_on, ended_on, status, decline_reason)
SELECT i, {plan.cadre("i * 200 - 1")}, 'rotation',
       {plan.pick("i", 81, 1, plan.units)}, {_STAFF_TITLE},
       {plan.pick("i", 82, 1, plan.units)}, {plan.pick("i", 83, 1, 20)}, started, started + 1096,
       CASE WHEN over THEN started + {plan.pick("i", 84, 700, 1300)} END,
       CASE WHEN over THEN 'completed' ELSE 'in_progress' END, ''
  FROM (SELECT i, i % 2 = 0 AS over,
               CASE WHEN i % 2 = 0 THEN {plan.day("i", 85, 1310, 1600)}
                    ELSE {plan.day("i", 86, 20, 900)} END AS started
          FROM generate_series(1, {plan.cadres // 200}) i OFFSET 0) r
"""


def _targets(plan: _Plan) -> None:
    """Every parameter at both levels for the whole tree, then stricter ones of single provinces."""
    rows: list[tuple[object, ...]] = [
        (1, parameter, level, value, plan.as_of - timedelta(days=300), "12-QĐ/TU (giả định)")
        for parameter, values in _TARGETS.items()
        for level, value in zip(("province", "commune"), values, strict=True)
    ]
    since = plan.as_of - timedelta(days=270)
    for number in range(_NUMBER_OF_TARGETS - len(rows)):
        unit, level = 2 + number // 2, ("province", "commune")[number % 2]
        rows.append(
            (unit, "planning.women_share.minimum", level, 30, since, f"{unit}-QĐ/TU (giả định)")
        )
    copy(
        "compliance_target",
        (
            "id",
            "unit_id",
            "parameter",
            "level",
            "value",
            "in_force_from",
            "document",
            "at",
            "confidence",
        ),
        ((number, *row, "", "read") for number, row in enumerate(rows, start=1)),
    )

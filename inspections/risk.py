"""Where to inspect first: a small declared table of signs, each with its number and its part.

The table and its weights are the office's own aid; no document asks for them, and they judge
nobody. A share runs from 0 (no sign) to 1 (the strongest); what is not known counts as 1, since
unknown is never compliance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cadre_portal.templatetags import formats
from compliance.choices import Outcome
from planning.selectors.unit_verdicts import UnitVerdicts

#: A failing result on a plan weighs as much as so many on single people; one on a title so many.
PLAN_WEIGHT, POOL_WEIGHT, PERSON_WEIGHT = 4, 2, 1
#: So many open recommendations are the strongest sign.
MANY_OPEN = 5
#: Fewer graded people say nothing by being graded alike.
FEW_GRADED = 5


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """What is known of a unit on a day; None: nothing.

    `graded`, `grades`: people graded last year, and how many different grades they have. `moves`:
    people who came from or went to other units by rotation in the last years. `last_on`: the
    beginning of the last inspection; `since`: the day from which the unit exists, if it is known.
    """

    day: dt.date
    years: int
    verdicts: UnitVerdicts | None = None
    graded: int = 0
    grades: int = 0
    moves: int = 0
    move_years: int = 5
    last_on: dt.date | None = None
    since: dt.date | None = None
    open_remedies: int = 0
    late_remedies: int = 0


class Measure(NamedTuple):
    """How strong a sign is, and the number behind it: `short`, and `text` in words.

    `is_known` False: there are no data, or too few.
    """

    share: Fraction
    short: str
    text: str
    is_known: bool = True


class Part(NamedTuple):
    """A sign in the score of a unit: `points` of the whole 100."""

    sign: Sign
    measure: Measure
    points: Fraction


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One line of the table: what is looked at, and how much it weighs unless changed."""

    key: str
    label: str | Promise
    help: str | Promise
    weight: int
    measure: Callable[[UnitFacts], Measure]


@dataclass(frozen=True)
class Risk:
    """The score of a unit, 0 to 100, with the parts that it is the sum of."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> Fraction:
        """The sum of the parts."""
        return sum((part.points for part in self.parts), Fraction(0))

    @property
    def strongest(self) -> list[Part]:
        """The parts that count most, the largest first; without those that count nothing."""
        found = [part for part in self.parts if part.points]
        return sorted(found, key=lambda part: -part.points)


_NO_DATA = gettext_lazy("chưa có dữ liệu")


def _unknown() -> Measure:
    return Measure(Fraction(1), "–", str(_NO_DATA), is_known=False)


# ---- The signs -------------------------------------------------------------------------------


def _failing(facts: UnitFacts) -> Measure:
    found = facts.verdicts
    if found is None:
        return _unknown()
    bad = (
        PLAN_WEIGHT * found.plan.not_met
        + POOL_WEIGHT * found.pools.not_met
        + PERSON_WEIGHT * found.people.not_met
    )
    every = (
        PLAN_WEIGHT * found.plan.judged
        + POOL_WEIGHT * found.pools.judged
        + PERSON_WEIGHT * found.people.judged
    )
    if not every:
        return _unknown()
    text = _("chưa đạt: kế hoạch %(plan)s, chức danh %(pools)s, người %(people)s")
    return Measure(
        Fraction(bad, every),
        formats.percent(bad, every),
        text
        % {
            "plan": f"{found.plan.not_met}/{found.plan.judged}",
            "pools": f"{found.pools.not_met}/{found.pools.judged}",
            "people": f"{found.people.not_met}/{found.people.judged}",
        },
    )


def _review(facts: UnitFacts) -> Measure:
    found = facts.verdicts
    if found is None or found.review == Outcome.CANNOT_TELL:
        return _unknown()
    if found.review == Outcome.NOT_APPLICABLE:
        words = _("chưa phê duyệt, hoặc chưa có căn cứ để xét")
        return Measure(Fraction(1), "–", words, is_known=False)
    months = {"n": formats.number(found.review_months or 0)}
    return Measure(
        Fraction(int(found.review == Outcome.NOT_MET)),
        _("%(n)s tháng") % months,
        _("%(n)s tháng từ lần phê duyệt, rà soát gần nhất") % months,
    )


def _closed(facts: UnitFacts) -> Measure:
    found = facts.verdicts
    if found is None or not found.nominees:
        return _unknown()
    short = f"{formats.number(found.external)}/{formats.number(found.nominees)}"
    text = _("%(n)s người từ nơi khác") % {"n": short}
    if not found.external and found.unknown:
        more = _("%(n)s người chưa rõ") % {"n": formats.number(found.unknown)}
        return Measure(Fraction(1), short, f"{text}, {more}", is_known=False)
    return Measure(Fraction(int(not found.external)), short, text)


def _grades(facts: UnitFacts) -> Measure:
    if not facts.graded:
        return _unknown()
    alike = facts.grades == 1 and facts.graded >= FEW_GRADED
    words = {"n": formats.number(facts.graded), "grades": facts.grades}
    text = ngettext(
        "%(n)s người được xếp vào %(grades)s mức",
        "%(n)s người được xếp vào %(grades)s mức",
        facts.graded,
    )
    return Measure(Fraction(int(alike)), _("%(grades)s mức") % words, text % words)


def _rotation(facts: UnitFacts) -> Measure:
    words = {"n": formats.number(facts.moves), "years": facts.move_years}
    text = ngettext(
        "%(n)s lượt luân chuyển đi, đến trong %(years)s năm",
        "%(n)s lượt luân chuyển đi, đến trong %(years)s năm",
        facts.moves,
    )
    return Measure(Fraction(int(not facts.moves)), _("%(n)s lượt") % words, text % words)


def _unclear(facts: UnitFacts) -> Measure:
    found = facts.verdicts
    if found is None:
        return _unknown()
    tallies = (found.plan, found.pools, found.people)
    unclear = sum(each.cannot_tell for each in tallies)
    judged = sum(each.judged for each in tallies)
    if not judged:
        return _unknown()
    short = f"{formats.number(unclear)}/{formats.number(judged)}"
    text = _("%(n)s kết quả chưa rõ vì thiếu dữ liệu") % {"n": short}
    return Measure(Fraction(unclear, judged), short, text)


def _since(facts: UnitFacts) -> Measure:
    if facts.last_on is not None:
        day = formats.date(facts.last_on)
        words = _("kiểm tra gần nhất ngày %(day)s") % {"day": day}
        return Measure(_years(facts.last_on, facts), f"{facts.last_on:%m/%Y}", words)
    if facts.since is not None:
        words = _("chưa kiểm tra, lập ngày %(day)s") % {"day": formats.date(facts.since)}
        return Measure(_years(facts.since, facts), _("chưa"), words)
    return Measure(Fraction(1), _("chưa"), _("chưa kiểm tra lần nào"))


def _years(start: dt.date, facts: UnitFacts) -> Fraction:
    """Days since `start` of those in the years looked at, at most 1."""
    days = max((facts.day - start).days, 0)
    return min(Fraction(days, 365 * facts.years), Fraction(1))


def _open(facts: UnitFacts) -> Measure:
    short = formats.number(facts.open_remedies)
    text = ngettext("%(n)s kiến nghị chưa xong", "%(n)s kiến nghị chưa xong", facts.open_remedies)
    said = text % {"n": short}
    if facts.late_remedies:
        said += ", " + _("%(n)s quá hạn") % {"n": formats.number(facts.late_remedies)}
    return Measure(min(Fraction(facts.open_remedies, MANY_OPEN), Fraction(1)), short, said)


SIGNS: tuple[Sign, ...] = (
    Sign(
        key="chua-dat",
        label=gettext_lazy("Kết quả chưa đạt"),
        help=gettext_lazy(
            "Phần kết quả kiểm tra chưa đạt của kế hoạch đang thực hiện; một kết quả của kế hoạch "
            "tính bằng 4, của một chức danh bằng 2, của một người bằng 1."
        ),
        weight=30,
        measure=_failing,
    ),
    Sign(
        key="ra-soat",
        label=gettext_lazy("Quá hạn rà soát"),
        help=gettext_lazy("Kế hoạch quá hạn rà soát hằng năm."),
        weight=10,
        measure=_review,
    ),
    Sign(
        key="khep-kin",
        label=gettext_lazy("Quy hoạch khép kín"),
        help=gettext_lazy("Trong quy hoạch không có ai từ nơi khác."),
        weight=10,
        measure=_closed,
    ),
    Sign(
        key="xep-loai",
        label=gettext_lazy("Xếp loại như nhau"),
        help=gettext_lazy(
            "Năm trước mọi người được xếp cùng một mức, từ 5 người trở lên: xếp loại không nói "
            "được gì."
        ),
        weight=10,
        measure=_grades,
    ),
    Sign(
        key="luan-chuyen",
        label=gettext_lazy("Không có luân chuyển"),
        help=gettext_lazy("Nhiều năm không ai luân chuyển đi hoặc đến."),
        weight=10,
        measure=_rotation,
    ),
    Sign(
        key="chua-ro",
        label=gettext_lazy("Dữ liệu chưa rõ"),
        help=gettext_lazy("Phần kết quả kiểm tra chưa rõ vì thiếu dữ liệu."),
        weight=10,
        measure=_unclear,
    ),
    Sign(
        key="lau-chua",
        label=gettext_lazy("Lâu chưa kiểm tra"),
        help=gettext_lazy("Thời gian từ lần kiểm tra gần nhất, so với số năm đã chọn."),
        weight=10,
        measure=_since,
    ),
    Sign(
        key="kien-nghi",
        label=gettext_lazy("Kiến nghị chưa xong"),
        help=gettext_lazy("Kiến nghị còn phải thực hiện; từ 5 kiến nghị trở lên tính đủ."),
        weight=10,
        measure=_open,
    ),
)
WEIGHTS = {sign.key: sign.weight for sign in SIGNS}


def risk_of(facts: UnitFacts, weights: Mapping[str, int] = WEIGHTS) -> Risk:
    """The score of a unit; `weights` by key, of which one at least is above 0."""
    whole = sum(weights.values())
    return Risk(
        tuple(
            Part(sign, found, 100 * weights[sign.key] * found.share / whole)
            for sign in SIGNS
            for found in (sign.measure(facts),)
        )
    )

"""Căn cứ as its templates need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Level
from compliance.applied import Applied, applied_on, applied_over_time
from compliance.choices import Confidence, Outcome, SubjectKind
from compliance.contexts.findings import changed
from compliance.engine.registry import all_rules
from compliance.law import Law, Parameter, Source
from compliance.law.words import GROUP_WORDS, NO_VALUE
from compliance.models import Target, Waiver
from compliance.selectors import FindingSet

#: The years that the bars show begin here; documents before are cut at the left edge.
FIRST_YEAR = 2012
BAR_WIDTH, BAR_LEFT = 148.0, 2.0
#: What `chac` asks for besides a confidence: parameters without any figure.
NONE = "none"


@dataclass(frozen=True, kw_only=True)
class BarPart:
    """A stretch of a value bar; `x` and `width` in its drawing, 152 wide."""

    x: float
    width: float
    is_target: bool
    text: str

    @property
    def middle(self) -> float:
        """Where the text stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card of a history."""

    applied: Applied
    text: str
    suggested: str
    is_now: bool


@dataclass(frozen=True, kw_only=True)
class History:
    """The cards of levels that have the same history."""

    levels: str
    cards: list[Card]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value at one level on the day; `text` is "" where there is none."""

    level: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ParameterLine:
    """One row of the catalogue."""

    parameter: Parameter
    cells: list[Cell]
    shown: list[Applied]
    since: date | None
    confidence: str
    bar: list[BarPart]
    bar_words: str
    histories: list[History]
    targets: list[Target]
    uses: list[dict[str, Any]]

    @property
    def has_value(self) -> bool:
        """Whether some level has a figure on the day."""
        return bool(self.confidence)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The page "Tham số": groups of rows, and what its numbers are made of."""

    levels: list[tuple[str, str]]
    groups: list[tuple[Any, list[ParameterLine]]]
    counts: dict[str, int]
    total: int
    now_x: float
    last_year: int


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the catalogue is asked: `targets` are those of the province, `all_targets` all seen."""

    law: Law
    on: date
    levels: Sequence[str]
    targets: Sequence[Target]
    all_targets: Sequence[Target] = ()
    used: FindingSet | None = field(default=None, repr=False)


def levels_shown(law: Law, on: date, judged: Iterable[str]) -> list[str]:
    """Levels that exist on the day; the central one only where plans are judged there."""
    wanted = {Level.PROVINCE.value, Level.DISTRICT.value, Level.COMMUNE.value} | set(judged)
    return [code for code, level in law.levels.items() if code in wanted and level.exists(on)]


def catalogue(question: Question, *, chosen: str = "") -> Catalogue:
    """Every parameter on the day; `chosen` (a confidence or NONE) narrows the rows shown."""
    law = question.law
    lines = [_line(question, parameter) for parameter in law.parameters.values()]
    lines.sort(key=lambda line: _place(line.parameter))
    counts = dict.fromkeys((*Confidence.values, NONE), 0)
    for line in lines:
        counts[line.confidence or NONE] += 1
    kept = [line for line in lines if not chosen or (line.confidence or NONE) == chosen]
    by_group = groupby(kept, key=lambda line: line.parameter.group)
    last_year = max(question.on, law.known_on).year
    return Catalogue(
        levels=[(code, str(Level(code).label)) for code in question.levels],
        groups=[(GROUP_WORDS[group], list(rows)) for group, rows in by_group],
        counts=counts,
        total=len(lines),
        now_x=_x(question.on, last_year),
        last_year=last_year,
    )


def _place(parameter: Parameter) -> tuple[int, int, str]:
    """Order of the catalogue: by group, then as the rules read them, then what no rule reads."""
    read = list(dict.fromkeys(name for rule in all_rules() for name in rule.figures.values()))
    known = read.index(parameter.id) if parameter.id in read else len(read)
    return list(GROUP_WORDS).index(parameter.group), known, parameter.id


def _line(question: Question, parameter: Parameter) -> ParameterLine:
    law, on, levels = question.law, question.on, question.levels
    today = [applied_on(law, question.targets, parameter.id, level, on) for level in levels]
    past = {
        level: applied_over_time(law, question.targets, parameter.id, level) for level in levels
    }
    shown = _different(today)
    bar = next((past[level] for level in _bar_order(levels) if past[level]), [])
    return ParameterLine(
        parameter=parameter,
        cells=[
            Cell(
                level=each.level,
                label=str(Level(each.level).label),
                text=parameter.text(each.value) if each.value is not None else "",
            )
            for each in today
        ],
        shown=shown,
        since=_since(shown, past, on),
        confidence=max(
            (each.confidence for each in shown), key=Confidence.values.index, default=""
        ),
        bar=_bar(bar, max(on, law.known_on).year),
        bar_words=_in_words(parameter, bar),
        histories=_histories(parameter, past, on),
        targets=[target for target in question.all_targets if target.parameter == parameter.id],
        uses=_uses(question.used, parameter),
    )


def _since(shown: Sequence[Applied], past: dict[str, list[Applied]], on: date) -> date | None:
    """From when the first of the shown figures has been applied without a break."""
    if not shown:
        return None
    return next((each.start for each in past[shown[0].level] if each.covers(on)), None)


def _different(today: Sequence[Applied]) -> list[Applied]:
    """One for each different citation, in the order of the levels."""
    shown: list[Applied] = []
    for each in today:
        known = any(
            (each.citations, each.is_target) == (other.citations, other.is_target)
            for other in shown
        )
        if each.value is not None and not known:
            shown.append(each)
    return shown


def _bar_order(levels: Sequence[str]) -> list[str]:
    """The bar shows the province's values, or those of the next level that has any."""
    return sorted(levels, key=lambda level: level != Level.PROVINCE)


def _histories(parameter: Parameter, past: dict[str, list[Applied]], on: date) -> list[History]:
    """Cards by level; levels with the same history share them."""
    result: list[tuple[list[str], list[Card]]] = []
    for level, entries in past.items():
        cards = [
            Card(
                applied=each,
                text=parameter.text(each.value) if each.value is not None else "",
                suggested=parameter.text(each.suggested) if each.suggested is not None else "",
                is_now=each.covers(on),
            )
            for each in entries
        ]
        same = next((names for names, known in result if _same(known, cards)), None)
        if same is None:
            result.append(([str(Level(level).label)], cards))
        else:
            same.append(str(Level(level).label))
    return [History(levels=", ".join(names), cards=cards) for names, cards in result]


def _same(one: Sequence[Card], other: Sequence[Card]) -> bool:
    return len(one) == len(other) and all(
        a.applied.says_same(b.applied)
        and (a.applied.start, a.applied.end) == (b.applied.start, b.applied.end)
        for a, b in zip(one, other, strict=True)
    )


def _x(day: date, last_year: int) -> float:
    start, end = date(FIRST_YEAR, 1, 1), date(last_year + 1, 1, 1)
    share = (day - start).days / (end - start).days
    return round(BAR_LEFT + BAR_WIDTH * min(max(share, 0.0), 1.0), 1)


def _bar(entries: Iterable[Applied], last_year: int) -> list[BarPart]:
    parts = []
    for each in entries:
        if each.value is None or each.start is None:
            continue
        left = _x(each.start, last_year)
        right = _x(each.end or date(last_year + 1, 1, 1), last_year)
        width = round(right - left - 1, 1)
        if width < 1:
            continue
        text = str(each.value) if width >= 7 * len(str(each.value)) + 6 else ""
        parts.append(BarPart(x=left, width=width, is_target=each.is_target, text=text))
    return parts


def _in_words(parameter: Parameter, entries: Sequence[Applied]) -> str:
    """The bar for those who do not see it."""
    words = (
        (each.start, parameter.text(each.value) if each.value is not None else NO_VALUE)
        for each in entries
    )
    return "; ".join(f"{start:%d/%m/%Y}: {text}" for start, text in words if start)


def _uses(found: FindingSet | None, parameter: Parameter) -> list[dict[str, Any]]:
    """Rules that read the parameter: how many verdicts of today use it, and how many fail."""
    if found is None:
        return []
    return [
        {
            "rule": rule,
            # Of people only what is not in order is kept: how many are is not known here.
            "judged": None
            if SubjectKind.NOMINATION in rule.kinds
            else found.number(*_JUDGED, rule=rule),
            "failing": found.number(Outcome.NOT_MET, rule=rule),
            "url": f"{reverse('compliance:finding-list')}?{urlencode({'tieu-chi': rule.code})}",
        }
        for rule in all_rules()
        if parameter.id in rule.figures.values()
    ]


_JUDGED = (Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL)
_CHIPS: tuple[tuple[str, str | Promise], ...] = (
    (Confidence.READ.value, gettext_lazy("đã đối chiếu")),
    (Confidence.SECOND_HAND.value, gettext_lazy("nguồn gián tiếp")),
    (Confidence.RECALLED.value, gettext_lazy("chưa đối chiếu")),
    (NONE, NO_VALUE),
)


def confidence_chips(counts: dict[str, int], chosen: str, query: QueryDict) -> list[dict[str, Any]]:
    """Parameters by how sure their figures are: number, and the address that shows only those."""
    return [
        {
            "key": key,
            "label": label,
            "number": counts[key],
            "is_on": key == chosen,
            "url": changed(query, {"chac": "" if key == chosen else key}),
        }
        for key, label in _CHIPS
    ]


# ---- Two days side by side -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A parameter that says something else on another day, at levels that say the same."""

    parameter: Parameter
    levels: str
    before: Applied
    before_text: str
    after: Applied
    after_text: str


def differences(question: Question, other: date) -> list[Difference]:
    """What is not the same on `other` (before) and on the question's day (after).

    Levels that exist on both days only: a level that ended has nothing to be compared with.
    """
    law, targets = question.law, question.targets
    levels = [level for level in question.levels if law.levels[level].exists(other)]
    result = []
    for parameter in sorted(law.parameters.values(), key=_place):
        found: dict[Any, list[tuple[str, Applied, Applied]]] = {}
        for level in levels:
            before = applied_on(law, targets, parameter.id, level, other)
            after = applied_on(law, targets, parameter.id, level, question.on)
            if _key(before) != _key(after):
                found.setdefault((_key(before), _key(after)), []).append((level, before, after))
        result += [_difference(parameter, group) for group in found.values()]
    return result


def _key(applied: Applied) -> Any:
    return applied.value, applied.is_target, applied.citations


def _difference(parameter: Parameter, group: Sequence[tuple[str, Applied, Applied]]) -> Difference:
    _level, before, after = group[0]
    return Difference(
        parameter=parameter,
        levels=", ".join(str(Level(level).label) for level, *_rest in group),
        before=before,
        before_text=_text(parameter, before),
        after=after,
        after_text=_text(parameter, after),
    )


def _text(parameter: Parameter, applied: Applied) -> str:
    return parameter.text(applied.value) if applied.value is not None else ""


# ---- Documents, targets, waivers -------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """A document that law data cite; `is_over`: no longer in force on the day."""

    source: Source
    issued: str
    is_over: bool
    is_to_come: bool
    parameters: list[Parameter]


def documents(law: Law, on: date) -> list[DocumentLine]:
    """Every document, as the law data list them, with the parameters that cite it."""
    citing: dict[str, dict[str, Parameter]] = {}
    for value in law.all_values:
        for cited in value.citations:
            citing.setdefault(cited.source, {})[value.parameter] = law.parameters[value.parameter]
    return [
        DocumentLine(
            source=source,
            issued="/".join(reversed((source.issued or "").split("-"))),
            is_over=source.in_force_to is not None and source.in_force_to < on,
            is_to_come=source.in_force_from is not None and source.in_force_from > on,
            parameters=list(citing.get(source.id, {}).values()),
        )
        for source in law.sources.values()
    ]


@dataclass(frozen=True, kw_only=True)
class TargetLine:
    """A target with the words of its parameter."""

    target: Target
    label: str
    text: str
    holds: bool


def target_lines(law: Law, targets: Iterable[Target], on: date) -> list[TargetLine]:
    """Targets as a list; a parameter that the law no longer knows is shown by its code."""
    return [
        TargetLine(
            target=target,
            label=parameter.short_label if parameter else target.parameter,
            text=parameter.text(target.value) if parameter else str(target.value),
            holds=_holds(target, on),
        )
        for target in targets
        for parameter in [law.parameters.get(target.parameter)]
    ]


@dataclass(frozen=True, kw_only=True)
class WaiverLine:
    """A waiver with the title of its rule. `outcome` colours its state."""

    waiver: Waiver
    title: str
    subject: str
    state: str
    outcome: str


def waiver_lines(waivers: Iterable[Waiver], on: date) -> list[WaiverLine]:
    """Waivers as a list, with what each is on the day."""
    titles = {rule.code: rule.title for rule in all_rules()}
    lines = []
    for waiver in waivers:
        state, outcome = _waiver_state(waiver, on)
        kind = waiver.subject_kind
        lines.append(
            WaiverLine(
                waiver=waiver,
                title=titles.get(waiver.rule, waiver.rule),
                subject=str(SubjectKind(kind).label) if kind is not None else "",
                state=state,
                outcome=outcome,
            )
        )
    return lines


def _waiver_state(waiver: Waiver, on: date) -> tuple[str, str]:
    if waiver.approved_by_id is None:
        return _("chờ phê duyệt"), "cannot_tell"
    if on < waiver.in_force_from:
        return _("chưa đến ngày"), "not_applicable"
    if not _holds(waiver, on):
        return _("đã hết hạn"), "not_applicable"
    return _("đang áp dụng"), "met"


def _holds(entry: Target | Waiver, on: date) -> bool:
    return entry.in_force_from <= on and (entry.in_force_to is None or on <= entry.in_force_to)

"""Page of statistics: what was planned and done, who went, how long, what came after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import number, percent
from cadres.choices import Grade, Level, Sex
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.policies import Actor, can_see_sensitive, sees_everything
from rotation.choices import DeclineReason, EndReason, RotationKind, RotationStatus
from rotation.contexts.exports import export_menu
from rotation.contexts.links import address, list_url, unit_url
from rotation.contexts.matrix import period
from rotation.contexts.parts import parts
from rotation.contexts.turn_list import chips, turn_table
from rotation.selectors.statistics import (
    AGES,
    GRADE,
    GROUP,
    HIDDEN,
    LEFT,
    LENGTHS,
    LONG_ENOUGH,
    MISSED,
    NOT_YET,
    OTHERS,
    SHORT,
    UNKNOWN,
    Fulfilment,
    Numbers,
    Turns,
    UnitEffect,
    middle_months,
)
from rotation.selectors.turns import Step, Turn, TurnState, Where

NAME = "rotation:statistics"
LIST = "#danh-sach"
#: So many units before the rest is asked for.
UNITS = 12
_UNKNOWN, _HIDDEN = gettext_lazy("Chưa rõ"), gettext_lazy("Ngoài quyền xem")
#: Labels of the values of each dimension, in their order.
LABELS: dict[str, dict[str, Any]] = {
    "trang-thai": dict(TurnState.choices),
    "da-di": {"co": gettext_lazy("Đã đi")},
    "theo-ke-hoach": {"co": gettext_lazy("tính vào kế hoạch năm")},
    "cu": {"co": gettext_lazy("từ đơn vị trong phạm vi")},
    "nhan": {"co": gettext_lazy("về đơn vị trong phạm vi")},
    "hinh-thuc": dict(RotationKind.choices),
    "cap": dict(Level.choices),
    "cap-di": dict(Level.choices),
    "gioi-tinh": {**dict(Sex.choices), UNKNOWN: _UNKNOWN},
    "ly-do": {
        **dict(DeclineReason.choices),
        UNKNOWN: gettext_lazy("Chưa phân nhóm"),
        HIDDEN: _HIDDEN,
    },
    "ket-thuc-som": {
        **dict(EndReason.choices),
        UNKNOWN: gettext_lazy("Chưa ghi lý do"),
        HIDDEN: _HIDDEN,
    },
    "thoi-han": {
        LONG_ENOUGH: gettext_lazy("Đủ thời gian tối thiểu"),
        SHORT: gettext_lazy("Chưa đủ thời gian tối thiểu"),
        UNKNOWN: gettext_lazy("Chưa rõ, hoặc chưa có căn cứ"),
    },
    "sau": dict(Step.choices),
    "o-dau": dict(Where.choices),
    GRADE: {
        **{grade.name: grade.label for grade in reversed(Grade)},
        NOT_YET: gettext_lazy("Chưa đến kỳ xếp loại"),
        UNKNOWN: gettext_lazy("Chưa có xếp loại"),
    },
}


def label_of(dimension: str, value: str) -> str:
    """What a value of a dimension is called."""
    if dimension == "tuoi":
        return _band(value, AGES, _("Chưa rõ tuổi"))
    if dimension == "do-dai":
        return _("%(band)s tháng") % {"band": _band(value, LENGTHS, _("Chưa rõ"))}
    return str(LABELS.get(dimension, {}).get(value, value))


def _band(value: str, bands: Sequence[int], unknown: str) -> str:
    """ "dưới 35", "35–39", "từ 55"."""
    if not value.isdecimal() or int(value) not in bands:
        return unknown
    place = bands.index(int(value))
    if place == 0:
        return _("dưới %(n)s") % {"n": bands[1]}
    if place == len(bands) - 1:
        return _("từ %(n)s") % {"n": bands[place]}
    return f"{bands[place]}–{bands[place + 1] - 1}"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the period, one kind or all, and which turns to list."""

    as_of: dt.date
    years: range
    kind: str
    turns: dict[str, str]
    all_units: bool = False

    def to(self, **dimensions: str) -> str:
        """The list of turns with these values."""
        return self.page(**dimensions) + LIST

    @property
    def query(self) -> dict[str, Any]:
        """The period and the kind as an address has them."""
        return {"tu_nam": self.years.start, "den_nam": self.years[-1], "loai": self.kind}

    def page(self, **query: Any) -> str:
        """The page of the same period."""
        return address(NAME, as_of=self.as_of, **self.query, **query)


def statistics_context(
    *, actor: Actor, numbers: Numbers, asked: Asked, page: Page[Turn], form: Any, matrix: Any
) -> dict[str, Any]:
    """Context of `rotation/statistics.html`; `page`: the turns listed below."""
    to = asked.to
    turns = numbers.turns
    return {
        "crumbs": [
            {
                "label": _("Luân chuyển"),
                "url": address("rotation:rotation-list", as_of=asked.as_of),
            },
            {"label": _("Thống kê")},
        ],
        "parts": parts(NAME, asked.as_of),
        "exports": export_menu(actor, asked.as_of, query=asked.query),
        "form": form,
        "period": period(asked.years),
        "is_part": not sees_everything(actor),
        "found": len(turns.counted),
        "lede": _lede(turns),
        "tiles": _tiles(turns, asked),
        "undated": numbers.undated,
        "matrix": matrix,
        "plans": _plans(numbers, asked),
        "groups": [group for group in _groups(actor, turns, asked) if group["rows"]],
        "states": [TurnState(state).label for state in TurnState],
        "lengths": _lengths(turns, asked),
        "refusals": _cross(
            turns, "ly-do", "tuoi", [str(first) for first in AGES] + [UNKNOWN], asked
        ),
        "early": _list(turns, "ket-thuc-som", to),
        "after": _cross(turns, "sau", "o-dau", list(Where.values), asked),
        "none_after": figure(turns.tally("sau")[(Step.NONE.value,)], to(sau=Step.NONE.value)),
        "grades": _list(turns, GRADE, to),
        "units": _units(numbers.units, asked),
        "chips": chips(asked.turns, turns, label_of, asked.page),
        "clear_url": asked.page() + LIST,
        "table": turn_table(page, asked.as_of),
        "listed": page.paginator.count,
        "table_url": _table_url(asked),
    }


#: Statuses of the list that say what states of turns do.
_STATUSES = {
    TurnState.AWAY.value: RotationStatus.IN_PROGRESS.value,
    TurnState.ENDED.value: RotationStatus.COMPLETED.value,
    TurnState.DECLINED.value: RotationStatus.DECLINED.value,
}


def _table_url(asked: Asked) -> str:
    """The list of rotations, narrowed as far as it has the filters of this page."""
    turns = asked.turns
    ends = {name: turns.get(name) for name in ("di", "den") if turns.get(name) != OTHERS}
    return list_url(
        asked.as_of,
        loai=asked.kind or turns.get("hinh-thuc"),
        trang_thai=_STATUSES.get(turns.get("trang-thai", "")),
        nam=turns.get("nam"),
        ly_do=turns.get("ly-do"),
        **ends,
    )


def figure(count: int, url: str) -> dict[str, Any]:
    """A number for `rotation/_figure.html`, which leads somewhere unless there is nobody."""
    return {"count": count, "text": number(count), "url": url if count else ""}


# ---- What stands first -----------------------------------------------------------------------


def _lede(turns: Turns) -> str:
    states = turns.tally("trang-thai")
    away, ended, declined = (states[(state.value,)] for state in TurnState)
    if not turns.counted:
        return ""
    text = _("%(done)s lượt đã đi: %(away)s đang đi, %(ended)s đã kết thúc; %(declined)s từ chối.")
    return text % {
        "done": number(away + ended),
        "away": number(away),
        "ended": number(ended),
        "declined": number(declined),
    }


def _tiles(turns: Turns, asked: Asked) -> list[dict[str, Any]]:
    done = turns.tally("da-di")[("co",)]
    declined = turns.tally("trang-thai")[(TurnState.DECLINED.value,)]
    terms = turns.tally("thoi-han")
    short, judged = terms[(SHORT,)], terms[(SHORT,)] + terms[(LONG_ENOUGH,)]
    steps = turns.tally("sau")
    ended, higher = sum(steps.values()), steps[(Step.HIGHER.value,)]
    middle = middle_months(turns.counted)
    women = turns.tally("da-di", "gioi-tinh")["co", Sex.FEMALE.value]
    tiles = (
        (_("Đã đi"), number(done), "", {"da_di": "co"}),
        (_("Nữ"), percent(women, done), _of(women, done), {"da_di": "co", "gioi_tinh": "female"}),
        (
            _("Từ chối"),
            number(declined),
            _of(declined, declined + done),
            {"trang_thai": TurnState.DECLINED.value},
        ),
        (
            _("Chưa đủ thời gian tối thiểu"),
            f"{number(short)}/{number(judged)}",
            _("giữa: %(n)s tháng") % {"n": number(middle)} if middle is not None else "",
            {"thoi_han": SHORT},
        ),
        (
            _("Sau đó giữ chức vụ cao hơn"),
            f"{number(higher)}/{number(ended)}",
            "",
            {"sau": Step.HIGHER.value},
        ),
    )
    return [
        {"label": label, "figure": text, "note": note, "url": asked.to(**dimensions)}
        for label, text, note, dimensions in tiles
    ]


def _of(part: int, whole: int) -> str:
    return f"{number(part)}/{number(whole)}" if whole else ""


# ---- Planned and done ------------------------------------------------------------------------


def _plans(numbers: Numbers, asked: Asked) -> dict[str, Any]:
    waiting = sorted({each.year for each in numbers.targets if not each.is_approved})
    sides = (("ke-hoach", "ke-hoach", "ke-hoach"), ("cap-di", "cap", "cap"))
    return {
        "groups": [
            {
                "label": label,
                "rows": [_fulfilled(each, words, by, asked) for words, each in lines],
            }
            for (label, lines), by in zip(fulfilled_groups(numbers), sides, strict=True)
        ],
        "waiting": ", ".join(map(str, waiting)),
    }


def fulfilled_groups(numbers: Numbers) -> list[tuple[str, list[tuple[str, Fulfilment]]]]:
    """What was planned and done by year, then by level, each with its words."""
    levels = list(Level.values)
    by_level = sorted(numbers.by_level, key=lambda each: levels.index(each.key))
    return [
        (_("Theo năm"), [(each.key, each) for each in numbers.by_year]),
        (_("Theo cấp"), [(label_of("cap", each.key), each) for each in by_level]),
    ]


def _fulfilled(each: Fulfilment, label: str, by: Sequence[str], asked: Asked) -> dict[str, Any]:
    """`by`: the dimensions of who was sent, who came, who declined."""
    sent, came, declined = ({"theo_ke_hoach": "co", dimension: each.key} for dimension in by)
    return {
        "label": label,
        "send": _target(each.sent, each.send, is_whole=each.is_whole),
        "sent": figure(each.sent, asked.to(cu="co", **sent)),
        "receive": _target(each.received, each.receive, is_whole=each.is_whole),
        "received": figure(each.received, asked.to(nhan="co", **came)),
        "declined": figure(
            each.declined, asked.to(trang_thai=TurnState.DECLINED.value, **declined)
        ),
    }


def _target(done: int, target: int | None, *, is_whole: bool) -> dict[str, str]:
    if target is None:
        return {"text": "–", "share": ""}
    return {"text": number(target), "share": percent(done, target) if target and is_whole else ""}


# ---- Who went --------------------------------------------------------------------------------


def _groups(actor: Actor, turns: Turns, asked: Asked) -> Iterable[dict[str, Any]]:
    for label, dimension in (
        (_("Theo hình thức"), "hinh-thuc"),
        (_("Theo cấp của nơi đến"), "cap"),
        (_("Theo giới tính"), "gioi-tinh"),
    ):
        keys = [(key, str(words)) for key, words in LABELS[dimension].items()]
        yield _group(label, dimension, keys, turns, asked)
    yield _group(_("Theo tuổi khi đi hoặc từ chối"), "tuoi", age_keys(), turns, asked)
    if can_see_sensitive(actor):
        yield _group(_("Theo dân tộc"), GROUP, group_keys(turns), turns, asked)


def age_keys() -> list[tuple[str, str]]:
    """Bands of age with their words."""
    keys = [*(str(first) for first in AGES), UNKNOWN]
    return [(key, capfirst(label_of("tuoi", key))) for key in keys]


def group_keys(turns: Turns) -> list[tuple[str, str]]:
    """Ethnic groups by their place, with their names."""
    return [(str(n), group_name(code)) for n, code in enumerate(turns.groups, start=1)]


def group_name(code: str | None) -> str:
    """What an ethnic group of `Turns.groups` is called."""
    if code is None:
        return str(_HIDDEN)
    return ETHNIC_GROUPS.get(code) or str(_UNKNOWN)


def _group(
    label: str, dimension: str, keys: Sequence[tuple[str, str]], turns: Turns, asked: Asked
) -> dict[str, Any]:
    by_state = turns.tally(dimension, "trang-thai")
    done = turns.tally(dimension, "da-di")
    all_done = sum(done.values())
    return {
        "label": label,
        "rows": [
            {
                "label": words,
                "done": figure(done[key, "co"], asked.to(**{dimension: key, "da_di": "co"})),
                "cells": [
                    {
                        **figure(
                            by_state[key, state],
                            asked.to(**{dimension: key, "trang_thai": state}),
                        ),
                        "label": TurnState(state).label,
                    }
                    for state in TurnState.values
                ],
                "part": done[key, "co"],
                "whole": all_done,
                "share": percent(done[key, "co"], all_done) if all_done else "",
            }
            for key, words in keys
            if any(by_state[key, state] for state in TurnState.values)
        ],
    }


# ---- How long, why not, what then ------------------------------------------------------------


def _lengths(turns: Turns, asked: Asked) -> dict[str, Any]:
    tours = [
        turn
        for turn in turns.counted
        if turn.state == TurnState.ENDED
        and turn.kind == RotationKind.ROTATION
        and turn.months is not None
    ]
    outcomes = {True: "not_met", False: "met", None: "cannot_tell"}
    limits = sorted({turn.minimum for turn in tours if turn.minimum})
    return {
        "dots": [
            {
                "value": turn.months,
                "outcome": outcomes[turn.is_short],
                "url": address("rotation:rotation-detail", turn.rotation_id, as_of=asked.as_of),
                "title": _("%(name)s: %(n)s tháng") % {"name": turn.name, "n": turn.months},
            }
            for turn in tours[:_DOTS]
        ],
        "limits": limits,
        "high": max([turn.months or 0 for turn in tours] + [limit + 12 for limit in limits] + [12]),
        "words": _("Mức tối thiểu: %(n)s tháng.")
        % {"n": ", ".join(number(limit) for limit in limits)}
        if limits
        else _("Chưa có căn cứ về thời gian tối thiểu."),
        "rows": _list(turns, "thoi-han", asked.to, all_rows=True),
        "bands": [
            {
                "label": capfirst(label_of("do-dai", str(first))),
                **figure(turns.tally("do-dai")[(str(first),)], asked.to(do_dai=str(first))),
            }
            for first in LENGTHS
        ],
        "total": len(tours),
    }


#: More dots than this are no picture any more.
_DOTS = 300


def _list(turns: Turns, dimension: str, to: Any, *, all_rows: bool = False) -> list[dict[str, Any]]:
    counts = turns.tally(dimension)
    total = sum(counts.values())
    return [
        {
            "label": str(words),
            **figure(counts[(key,)], to(**{dimension: key})),
            "share": percent(counts[(key,)], total) if total else "",
        }
        for key, words in LABELS[dimension].items()
        if counts[(key,)] or (all_rows and total)
    ]


def _cross(
    turns: Turns, rows: str, columns: str, keys: Sequence[str], asked: Asked
) -> dict[str, Any]:
    """A table of two dimensions without its empty columns and rows, with sums."""
    counts = turns.tally(rows, columns)
    shown = [key for key in keys if any(counts[row, key] for row in LABELS[rows])]
    lines = [row for row in LABELS[rows] if any(counts[row, key] for key in shown)]
    return {
        "heads": [capfirst(label_of(columns, key)) for key in shown],
        "rows": [
            {
                "label": label_of(rows, row),
                "cells": [
                    {
                        **figure(counts[row, key], asked.to(**{rows: row, columns: key})),
                        "label": label_of(columns, key),
                    }
                    for key in shown
                ],
                "sum": figure(sum(counts[row, key] for key in shown), asked.to(**{rows: row})),
            }
            for row in lines
        ],
        "sums": [
            figure(
                sum(counts[row, key] for row in lines),
                asked.to(**{columns: key} | _only(rows)),
            )
            for key in shown
        ],
        "total": number(sum(counts.values())),
    }


def _only(rows: str) -> dict[str, str]:
    """What keeps a column's sum to the people of the table: ages are counted of everybody else."""
    return {"trang_thai": TurnState.DECLINED.value} if rows == "ly-do" else {}


# ---- Units -----------------------------------------------------------------------------------


def _units(effects: Sequence[UnitEffect], asked: Asked) -> dict[str, Any]:
    shown = effects if asked.all_units else effects[:UNITS]
    return {
        "rows": [
            {
                "label": each.name,
                "url": unit_url(each.code, asked.as_of),
                "sent": figure(each.sent, asked.to(di=each.code, da_di="co")),
                "received": figure(each.received, asked.to(den=each.code, da_di="co")),
                "left": figure(len(each.left), asked.to(**{LEFT: each.code})),
                "filled": figure(each.filled, unit_url(each.code, asked.as_of)),
                "away": figure(len(each.away), asked.to(**{MISSED: each.code})),
            }
            for each in shown
        ],
        "rest": len(effects) - len(shown),
        "all_url": asked.page(don_vi="tat-ca") + "#don-vi",
    }

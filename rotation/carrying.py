"""Moves when units are reorganised: proposals go on at the successor, tours are told of.

A tour that began or ended keeps the units it was decided for: that is what was, and its time runs
on at the successor. Only what is proposed or approved and not begun is led to the new unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from cadres.carrying import Carry, Consequence, Ending, Preview
from cadres.selectors.positions import titles_after
from rotation.choices import RotationStatus
from rotation.models import Rotation

_TO_COME = (RotationStatus.PROPOSED, RotationStatus.APPROVED)
#: Where a move leads after the act: codes of the new units from and to; "" where it stays.
_Way = tuple[str, str]


@dataclass
class _Intent:
    """What is to be done; the same for a preview and for the act."""

    ways: dict[int, _Way] = field(default_factory=dict)
    consequences: list[Consequence] = field(default_factory=list)

    def tell(self, text: str, words: dict[str, Any], *, is_warning: bool = False) -> None:
        """Add a sentence."""
        self.consequences.append(Consequence(text=text % words, is_warning=is_warning))


class RotationCarrier:
    """Takes part in reorganisations for rotations, transfers and secondments."""

    name = "rotation"

    def preview(self, carry: Carry) -> Preview:
        """What becomes of moves from and to ending units."""
        intent = _intent(carry, _open_moves(carry))
        return Preview(
            title=_("Luân chuyển, điều động, biệt phái"),
            consequences=intent.consequences,
            state=sorted(intent.ways.items()),
        )

    def apply(self, carry: Carry) -> dict[str, Any]:
        """Lead proposals to the successors; JSON of what was written."""
        moves = _open_moves(carry).select_for_update(of=("self",))
        ways = _intent(carry, moves).ways
        rows = list(Rotation.objects.filter(pk__in=ways))
        before = [_ends(row) for row in rows]
        for row in rows:
            start, end = ways[row.pk]
            row.from_unit_id = carry.ids.get(start, row.from_unit_id)
            row.to_unit_id = carry.ids.get(end, row.to_unit_id)
        Rotation.objects.bulk_update(rows, ["from_unit", "to_unit"])
        return {"moves": [[*was, *_ends(row)[1:]] for was, row in zip(before, rows, strict=True)]}

    def made(self, done: dict[str, Any], positions: Iterable[int]) -> dict[type[Model], list[int]]:
        """Moves that point to new units and are led back."""
        return {Rotation: [row[0] for row in done["moves"]]}

    def undo_obstacles(self, done: dict[str, Any]) -> list[str]:
        """Moves that somebody worked on."""
        after = {row[0]: row[4:] for row in done["moves"]}
        now = {row.pk: _ends(row)[1:] for row in Rotation.objects.filter(pk__in=after)}
        if now == after:
            return []
        return [_("Đề xuất luân chuyển đã được sửa hoặc thực hiện sau khi sắp xếp.")]

    def undo(self, done: dict[str, Any]) -> None:
        """Lead the moves back."""
        rows = {row.pk: row for row in Rotation.objects.filter(pk__in=_firsts(done["moves"]))}
        for pk, start, end, *_rest in done["moves"]:
            rows[pk].from_unit_id, rows[pk].to_unit_id = start, end
        Rotation.objects.bulk_update(rows.values(), ["from_unit", "to_unit"])


def _firsts(rows: Iterable[list[Any]]) -> list[Any]:
    return [row[0] for row in rows]


def _ends(row: Rotation) -> list[Any]:
    return [row.pk, row.from_unit_id, row.to_unit_id, row.status]


def _open_moves(carry: Carry) -> QuerySet[Rotation]:
    ending = [each.unit_id for each in carry.endings]
    return (
        Rotation.objects.filter(
            Q(from_unit__in=ending) | Q(to_unit__in=ending),
            status__in=[*_TO_COME, RotationStatus.IN_PROGRESS],
        )
        .select_related("cadre", "from_unit", "to_unit", "from_title", "to_title")
        .order_by("cadre__sort_key", "cadre__code", "pk")
    )


def _intent(carry: Carry, moves: Iterable[Rotation]) -> _Intent:
    intent = _Intent()
    endings = {each.unit_id: each for each in carry.endings}
    titles = titles_after(carry, {code for each in carry.endings for code in each.successors})
    moves = list(moves)
    taken = _keys(moves)
    for move in moves:
        if move.status == RotationStatus.IN_PROGRESS:
            _tell_of_tour(intent, carry, endings, move)
            continue
        way = _way(intent, carry, endings, titles, move)
        if way is None:
            continue
        start, end = way[0] or move.from_unit.code, way[1] or move.to_unit.code
        key = _key(move, start, end)
        if key in taken:
            _tell_undecided(intent, move, _("đã có đề xuất như vậy ở đơn vị kế tục"))
            continue
        taken.add(key)
        intent.ways[move.pk] = way
        words = _words(move)
        words["from"] = carry.names.get(way[0], words["from"])
        words["to"] = carry.names.get(way[1], words["to"])
        is_decided = move.status == RotationStatus.APPROVED
        text = _("%(who)s, %(kind)s chưa bắt đầu: nơi đi %(from)s, nơi đến %(to)s.")
        if is_decided:
            text += " " + _("Đã được phê duyệt: cần điều chỉnh tên đơn vị trong quyết định.")
        intent.tell(text, words, is_warning=is_decided)
    return intent


def _key(move: Rotation, start: str, end: str) -> tuple[Any, ...]:
    return (
        move.cadre_id, move.kind, start, move.from_title_id, end, move.to_title_id, move.start_on
    )  # fmt: skip


def _keys(moves: Iterable[Rotation]) -> set[tuple[Any, ...]]:
    """What is on file for the same people: a move is kept once."""
    rows = Rotation.objects.filter(cadre__in={move.cadre_id for move in moves})
    rows = rows.select_related("from_unit", "to_unit")
    return {_key(row, row.from_unit.code, row.to_unit.code) for row in rows}


def _way(
    intent: _Intent,
    carry: Carry,
    endings: dict[int, Ending],
    titles: dict[str, frozenset[int]],
    move: Rotation,
) -> _Way | None:
    """Where a move that has not begun leads now; None, and told, where a person has to say."""
    start = end = ""
    if move.from_unit_id in endings:
        start = carry.homes.get((move.cadre_id, move.from_unit_id), "")
        if not start:
            _tell_undecided(intent, move, _("người đó chưa được bố trí ở đơn vị kế tục"))
            return None
    if move.to_unit_id in endings:
        heirs = endings[move.to_unit_id].successors
        if len(heirs) != 1:
            _tell_undecided(intent, move, _("nơi đến không có đúng một đơn vị kế tục"))
            return None
        end = heirs[0]
        if move.to_title_id not in titles[end]:
            _tell_undecided(intent, move, _("đơn vị kế tục của nơi đến không có chức danh đó"))
            return None
    if (start or move.from_unit.code) == (end or move.to_unit.code):
        _tell_undecided(intent, move, _("nơi đi và nơi đến nay là một đơn vị"))
        return None
    return start, end


def _tell_undecided(intent: _Intent, move: Rotation, why: str) -> None:
    text = _(
        "%(who)s, %(kind)s từ %(from)s đến %(to)s chưa bắt đầu: %(why)s. Hãy chọn lại nơi đi, nơi "
        "đến hoặc hủy đề xuất."
    )
    intent.tell(text, _words(move) | {"why": why}, is_warning=True)


def _tell_of_tour(
    intent: _Intent, carry: Carry, endings: dict[int, Ending], move: Rotation
) -> None:
    words = _words(move)
    if move.to_unit_id in endings:
        home = carry.homes.get((move.cadre_id, move.to_unit_id), "")
        text = (
            _("%(who)s đang %(kind)s ở %(to)s: tiếp tục ở %(home)s, thời gian tính liền.")
            if home
            else _(
                "%(who)s đang %(kind)s ở %(to)s mà chưa được bố trí: bố trí ở phần Người, hoặc kết "
                "thúc đợt %(kind)s."
            )
        )
        intent.tell(text, words | {"home": _name(carry, home)}, is_warning=not home)
    if move.from_unit_id in endings:
        heirs = endings[move.from_unit_id].successors
        text = (
            _("%(who)s đang %(kind)s, nơi đi %(from)s kết thúc: khi hết thời gian, về %(heirs)s.")
            if heirs
            else _(
                "%(who)s đang %(kind)s, nơi đi %(from)s kết thúc mà không có đơn vị kế tục: khi "
                "hết thời gian phải bố trí nơi khác."
            )
        )
        names = ", ".join(_name(carry, code) for code in heirs)
        intent.tell(text, words | {"heirs": names}, is_warning=len(heirs) != 1)


def _words(move: Rotation) -> dict[str, Any]:
    return {
        "who": move.cadre.full_name,
        "kind": move.get_kind_display().lower(),
        "from": move.from_unit.name,
        "to": move.to_unit.name,
    }


def _name(carry: Carry, code: str) -> str:
    return carry.names.get(code, code)

"""Moves of people between posts by a decision, and taking a move back exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.models import Appointment, Position
from cadres.periods import active_on
from cadres.services.cadres import cadre_lock, recheck_after

#: What a move did: `{"left": [id, end before, end after], "made": {id, fields}}`, for JSON.
Done = dict[str, Any]


class Post(NamedTuple):
    """A title in a unit."""

    unit_id: int
    title_id: int


class MoveRefused(Exception):  # noqa: N818 - said to the person
    """The move cannot be written, or not be taken back; `reasons` are sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


def seats_lock(posts: Sequence[Post]) -> dict[Post, Position]:
    """Hold the positions until the transaction ends: decisions about one post take turns."""
    found = {}
    for post in sorted(set(posts)):
        position = (
            Position.objects.select_for_update(no_key=True)
            .filter(unit_id=post.unit_id, title_id=post.title_id)
            .first()
        )
        if position is not None:
            found[post] = position
    return found


def post_move(
    *,
    cadre_id: int,
    leaves: Post | None,
    takes: Post | None,
    on: dt.date,
    decision_no: str,
) -> Done:
    """Let a person leave a post and take another on a day, inside the caller's transaction.

    The caller has asked for the right. Other posts of the person stay. Raises MoveRefused.
    """
    cadre_lock(cadre_id)
    done: Done = {"left": None, "made": None}
    units = []
    if leaves is not None:
        row = _held(cadre_id, leaves, on).select_for_update(of=("self",)).first()
        if row is None:
            raise MoveRefused([_not_held(leaves, on)])
        done["left"] = [row.pk, _iso(row.end_on), on.isoformat()]
        row.end_on = on
        row.save(update_fields=["end_on"])
        units.append(row)
    if takes is not None:
        made = Appointment(
            cadre_id=cadre_id,
            unit_id=takes.unit_id,
            title_id=takes.title_id,
            start_on=on,
            decision_no=decision_no[:80],
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise MoveRefused(
                [_("Người này đã giữ chức vụ nơi đến trong thời gian ấy. Hãy xem lại hồ sơ.")]
            ) from None
        done["made"] = _kept(made)
        units.append(made)
    recheck_after([cadre_id], units)
    return done


@dataclass(frozen=True)
class MoveOnFile:
    """What a career has of a move that was written down elsewhere.

    `left`, `made`: the posts as `post_move` would have them, None: not there. `running`: the post
    that has still to end. `other`: the post that is taken, held since another day. `problems`: why
    what lacks cannot be written, as sentences.
    """

    left: Appointment | None = None
    running: Appointment | None = None
    made: Appointment | None = None
    other: Appointment | None = None
    problems: Sequence[str] = ()


def move_on_file(*, cadre_id: int, leaves: Post | None, takes: Post, on: dt.date) -> MoveOnFile:
    """Compare a move on a day with the career, as if `post_move` had been asked for it; one query.

    The caller has asked for the right.
    """
    posts = Q(unit_id=takes.unit_id, title_id=takes.title_id)
    if leaves is not None:
        posts |= Q(unit_id=leaves.unit_id, title_id=leaves.title_id)
    rows = list(Appointment.objects.filter(posts, cadre_id=cadre_id).order_by("start_on", "pk"))
    problems = []
    left = running = None
    if leaves is not None:
        before = [row for row in rows if _post_of(row) == leaves and row.start_on < on]
        left = next((row for row in before if row.end_on == on), None)
        if left is None:
            running = next((row for row in before if not row.end_on or row.end_on > on), None)
        if left is None and running is None:
            problems.append(_never_left(before, on))
    then = [row for row in rows if _post_of(row) == takes]
    made = next((row for row in then if row.start_on == on), None)
    other = next((row for row in then if not row.end_on or row.end_on > on), None)
    if made is not None:
        other = None
    if other is not None:
        text = _(
            "Hồ sơ ghi giữ chức vụ nơi đến từ ngày %(other)s, còn lượt này ghi từ ngày %(day)s."
        )
        words = {"other": formats.date(other.start_on), "day": formats.date(on)}
        problems.append(text % words)
    return MoveOnFile(left, running, made, other, problems)


def post_move_complete(
    *, cadre_id: int, leaves: Post | None, takes: Post, on: dt.date, decision_no: str
) -> Done:
    """Write of a move what the career lacks, inside the caller's transaction; what is there stays.

    Returns what `post_move` would have. A post that had ended by then is taken to have had no end
    before: taken back, it goes on. The caller has asked for the right. Raises MoveRefused.
    """
    cadre_lock(cadre_id)
    found = move_on_file(cadre_id=cadre_id, leaves=leaves, takes=takes, on=on)
    if found.problems:
        raise MoveRefused(found.problems)
    done: Done = {"left": None, "made": None}
    if found.running or not found.made:
        done = post_move(
            cadre_id=cadre_id,
            leaves=leaves if found.running else None,
            takes=None if found.made else takes,
            on=on,
            decision_no=decision_no,
        )
    if found.left is not None:
        done["left"] = [found.left.pk, None, on.isoformat()]
    if found.made is not None:
        done["made"] = _kept(found.made)
    return done


def _post_of(row: Appointment) -> Post:
    return Post(row.unit_id, row.title_id)


def _never_left(before: Sequence[Appointment], on: dt.date) -> str:
    ended = max((row.end_on for row in before if row.end_on), default=None)
    if ended is None:
        return _("Hồ sơ không ghi người này giữ chức vụ nơi đi trước ngày %(day)s.") % {
            "day": formats.date(on)
        }
    text = _("Hồ sơ ghi thôi chức vụ nơi đi từ ngày %(ended)s, còn lượt này ghi từ ngày %(day)s.")
    return text % {"ended": formats.date(ended), "day": formats.date(on)}


def post_move_undo(*, cadre_id: int, done: Done) -> None:
    """Take back what `post_move` did, exactly, inside the caller's transaction.

    Raises MoveRefused where somebody changed the posts since.
    """
    cadre_lock(cadre_id)
    rows = {
        row.pk: row
        for row in Appointment.objects.select_for_update(of=("self",)).filter(cadre_id=cadre_id)
    }
    left, made = done["left"], done["made"]
    is_same = made is None or (made["id"] in rows and _kept(rows[made["id"]]) == made)
    if left is not None:
        row = rows.get(left[0])
        is_same = is_same and row is not None and _iso(row.end_on) == left[2]
    if not is_same:
        raise MoveRefused(
            [
                _(
                    "Chức vụ trong hồ sơ đã được sửa sau đó nên không tự khôi phục được. Hãy sửa "
                    "quá trình công tác trong hồ sơ trước."
                )
            ]
        )
    touched = []
    if made is not None:
        touched.append(rows[made["id"]])
        Appointment.objects.filter(pk=made["id"]).delete()
    if left is not None:
        row = rows[left[0]]
        row.end_on = dt.date.fromisoformat(left[1]) if left[1] else None
        row.save(update_fields=["end_on"])
        touched.append(row)
    recheck_after([cadre_id], touched)


def holds_post(cadre_id: int, post: Post, on: dt.date) -> bool:
    """Whether the person holds the post on the day and took it before."""
    return _held(cadre_id, post, on).exists()


def _held(cadre_id: int, post: Post, on: dt.date) -> QuerySet[Appointment]:
    """The post that ends when somebody moves: begun before the day, not ended on it."""
    return Appointment.objects.filter(
        active_on(on),
        cadre_id=cadre_id,
        unit_id=post.unit_id,
        title_id=post.title_id,
        start_on__lt=on,
    )


def _not_held(post: Post, on: dt.date) -> str:
    text = _("Ngày %(day)s người này không giữ chức vụ nơi đi. Hãy xem lại hồ sơ hoặc ngày.")
    return text % {"day": formats.date(on)}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _kept(row: Appointment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "unit": row.unit_id,
        "title": row.title_id,
        "start": _iso(row.start_on),
        "end": _iso(row.end_on),
        "decision": row.decision_no,
    }

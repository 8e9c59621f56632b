"""Numbers of posts that an act decides from a day on; what held before stays readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max

from cadres.models import Position, PositionPeriod
from cadres.selectors.act_effects import PostEffect
from cadres.selectors.positions import changed_from

Record = dict[str, Any]


def positions_set(
    posts: Sequence[PostEffect], ids: Mapping[str, int], existing: Mapping[str, int], day: dt.date
) -> Record:
    """Write the posts as of `day`; `existing` are the units that were there before. What was done.

    Inside the caller's transaction, which holds the units. `changed`: [position, the number of its
    row before, and after]; `reopened`: periods that an abolished post left open.
    """
    eve = day - dt.timedelta(days=1)
    made = Position.objects.bulk_create(
        Position(unit_id=ids[post.code], title=post.title, prescribed=post.after)
        for post in posts
        if post.position_id is None and post.after
    )
    there = set(existing.values())
    periods = [_number(row.pk, 0, None, eve) for row in made if row.unit_id in there]
    rows = {post.position_id: post for post in posts if post.position_id and post.is_change}
    kept = PositionPeriod.objects.filter(position__in=rows)
    last = dict(kept.values_list("position").annotate(last=Max("valid_to")))
    open_ended = list(kept.filter(valid_to=None).values_list("pk", flat=True))
    PositionPeriod.objects.filter(pk__in=open_ended).update(valid_to=eve)
    changed = []
    for position in Position.objects.filter(pk__in=rows):
        post = rows[position.pk]
        before, position.prescribed = position.prescribed, post.after or position.prescribed
        changed.append((position, before))
        since = last.get(position.pk) and last[position.pk] + dt.timedelta(days=1)
        if not post.after:
            periods.append(_number(position.pk, 0, day, None))
        elif post.before and (since is None or since <= eve):
            periods.append(_number(position.pk, post.before, since, eve))
    Position.objects.bulk_update([position for position, _before in changed], ["prescribed"])
    return {
        "created": [row.pk for row in made],
        "changed": [[row.pk, before, row.prescribed] for row, before in changed],
        "periods": [row.pk for row in PositionPeriod.objects.bulk_create(periods)],
        "reopened": open_ended,
    }


def _number(
    position_id: int, number: int, start: dt.date | None, end: dt.date | None
) -> PositionPeriod:
    return PositionPeriod(
        position_id=position_id, prescribed=number, valid_from=start, valid_to=end
    )


def positions_are_as_set(record: Record, day: dt.date) -> bool:
    """Whether nobody changed a number since `positions_set` returned `record`."""
    changed = {pk: after for pk, _before, after in record["changed"]}
    now = dict(Position.objects.filter(pk__in=changed).values_list("pk", "prescribed"))
    later = PositionPeriod.objects.filter(
        changed_from(day), position__in=[*changed, *record["created"]]
    )
    return now == changed and not later.exclude(pk__in=record.get("periods", ())).exists()


def positions_put_back(record: Record) -> None:
    """Numbers as they were before `positions_set`; positions that it made are left."""
    for pk, before, _after in record["changed"]:
        Position.objects.filter(pk=pk).update(prescribed=before)
    PositionPeriod.objects.filter(pk__in=record.get("periods", ())).delete()
    PositionPeriod.objects.filter(pk__in=record.get("reopened", ())).update(valid_to=None)

"""Which groups have to be judged again: those that an edit or the calendar touched.

Triggers mark what was edited. A live run first turns these marks, and what changed with the days
since the last run, into marks on groups (`find`); then each chunk takes its own (`take`).
"""

import hashlib
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

from compliance.choices import MarkKind
from compliance.engine import standing
from compliance.engine.figures import boundaries
from compliance.engine.registry import all_rules, sources
from compliance.engine.source import LAST, MarkedSource
from compliance.law import load_law

#: Temporary table of the groups that a chunk has taken, column `group_id`.
TAKEN = "group_taken"
#: After a longer time everything is judged anew.
DAYS = 62


def basis() -> str:
    """A digest of the law and of what is asked: where it differs, nothing judged before counts."""
    text = "\n".join([load_law().fingerprint, *(source.basis() for source in _marked_sources())])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def find(cursor: CursorWrapper, *, since: date | None, as_of: date) -> None:
    """Mark the groups that edits or the days from `since` to `as_of` touched.

    `since`: the day of the last finished run on the same basis; None: everything is marked. Takes
    the marks on cadres and on everything; those on groups stay until their chunk takes them.
    """
    cursor.execute(
        "DELETE FROM compliance_mark WHERE kind = %s RETURNING id", [MarkKind.EVERYTHING.value]
    )
    is_everything = cursor.rowcount > 0 or since is None or not _is_same_law(cursor, since, as_of)
    cursor.execute(
        "DROP TABLE IF EXISTS cadre_marked;"
        " CREATE TEMP TABLE cadre_marked (cadre_id bigint) ON COMMIT DROP;"
        " WITH taken AS (DELETE FROM compliance_mark WHERE kind = %s RETURNING subject_id)"
        " INSERT INTO cadre_marked SELECT DISTINCT subject_id FROM taken",
        [MarkKind.CADRE.value],
    )
    for source in _marked_sources():
        if is_everything or since is None:
            groups, values = source.groups, dict[str, Any]()
        else:
            people, values = standing.turned(since=since, as_of=as_of, ages=_ages(cursor))
            groups = source.touched(f"SELECT cadre_id FROM cadre_marked UNION ALL {people}")
        # A table first: unlike INSERT ... SELECT, it is filled by parallel workers.
        cursor.execute(
            f"CREATE TEMP TABLE group_touched ON COMMIT DROP AS SELECT group_id FROM ({groups}) g",
            values,
        )
        cursor.execute(
            "INSERT INTO compliance_mark (kind, source, subject_id)"
            f" SELECT DISTINCT {MarkKind.GROUP.value}, %s, group_id FROM group_touched;"
            " DROP TABLE group_touched",
            [source.name],
        )


def _marked_sources() -> list[MarkedSource]:
    return [source for source in sources() if isinstance(source, MarkedSource)]


def _is_same_law(cursor: CursorWrapper, since: date, as_of: date) -> bool:
    """Do law and targets say on both days the same, and does last year mean the same year?"""
    if since.year != as_of.year or not 0 <= (as_of - since).days <= DAYS:
        return False
    if any(since < day <= as_of for day in boundaries(load_law())):
        return False
    cursor.execute(
        "SELECT EXISTS (SELECT FROM compliance_target"
        " WHERE in_force_from > %(since)s AND in_force_from <= %(d)s"
        " OR in_force_to >= %(since)s AND in_force_to < %(d)s)",
        {"since": since, "d": as_of},
    )
    return not cursor.fetchone()[0]


def take(cursor: CursorWrapper, source: MarkedSource, low: int, high: int) -> int:
    """Take the marks on the groups `low`..`high` into `TAKEN`. Returns how many groups."""
    cursor.execute(
        f"DROP TABLE IF EXISTS {TAKEN};"
        f" CREATE TEMP TABLE {TAKEN} (group_id bigint PRIMARY KEY) ON COMMIT DROP;"
        " WITH taken AS (DELETE FROM compliance_mark WHERE kind = %s AND source = %s"
        " AND subject_id BETWEEN %s AND %s RETURNING subject_id)"
        f" INSERT INTO {TAKEN} SELECT DISTINCT subject_id FROM taken",
        [MarkKind.GROUP.value, source.name, low, high],
    )
    number = int(cursor.rowcount)
    cursor.execute(f"ANALYZE {TAKEN}")
    return number


def is_most_marked(cursor: CursorWrapper, source: MarkedSource) -> bool:
    """Is at least half of all groups marked?"""
    cursor.execute(
        "SELECT count(DISTINCT subject_id) FROM compliance_mark WHERE kind = %s AND source = %s",
        [MarkKind.GROUP.value, source.name],
    )
    marked = int(cursor.fetchone()[0])
    return marked > 0 and marked >= groups_between(cursor, source, 0, LAST) // 2


def groups_between(cursor: CursorWrapper, source: MarkedSource, low: int, high: int) -> int:
    """How many groups there are with these ids."""
    cursor.execute(
        f"SELECT count(*) FROM ({source.groups}) g WHERE group_id BETWEEN %s AND %s", [low, high]
    )
    return int(cursor.fetchone()[0])


def _ages(cursor: CursorWrapper) -> list[int]:
    """Every age that some rule asks about, at any level and time, and the year after it."""
    law = load_law()
    parameters = {rule.figures[name] for rule in all_rules() for name in rule.ages}
    values = {value.value for value in law.all_values if value.parameter in parameters}
    cursor.execute(
        "SELECT DISTINCT value FROM compliance_target WHERE parameter = ANY(%s)",
        [sorted(parameters)],
    )
    values |= {row[0] for row in cursor.fetchall()}
    return sorted(values | {value + 1 for value in values})

"""Facts about everybody who is judged, derived once for all chunks of a run.

A run that judges everything derives them in a phase of its own, by ranges of cadres, into a table
without a log; each chunk of verdicts then reads all of it. Whoever was edited since is derived anew
by the chunk: their marks tell. Where the table does not hold every range of the run, because the
server crashed or another run began, or where everything was marked since, a chunk derives its own
people. One source has marks, that of plans; another would need a table of its own.
"""

from collections.abc import Sequence
from datetime import date

from django.db.backends.utils import CursorWrapper

from compliance.choices import MarkKind
from compliance.engine import standing
from compliance.engine.source import MarkedSource

TABLE, PARTS = "compliance_standing", "compliance_standing_part"
_MARKED, _ANEW = "standing_marked", "standing_anew"


def ranges(cursor: CursorWrapper) -> Sequence[tuple[int, int]]:
    """Two ranges of cadre ids with half of all people each; none where there is nobody."""
    cursor.execute("SELECT min(id), max(id) FROM cadres_cadre")
    low, high = cursor.fetchone()
    if low is None:
        return []
    middle = (low + high) // 2
    return [(low, middle), (middle + 1, high)]


def clear(cursor: CursorWrapper) -> None:
    """Forget the facts of an earlier run. Waits for chunks that read them."""
    cursor.execute(f"TRUNCATE {PARTS}, {TABLE}")


def derive(
    cursor: CursorWrapper, source: MarkedSource, *, run_id: int, as_of: date, low: int, high: int
) -> None:
    """Derive the facts of the people with these ids."""
    standing.derive_between(
        cursor,
        people=f"{source.everybody(as_of)} AND cadre_id BETWEEN {low:d} AND {high:d}",
        as_of=as_of,
        low=low,
        high=high,
        table=TABLE,
    )
    cursor.execute(f"INSERT INTO {PARTS} (run_id, low) VALUES (%s, %s)", [run_id, low])
    cursor.execute(f"ANALYZE {TABLE} (cadre_id)")


def facts(
    cursor: CursorWrapper, source: MarkedSource, *, run_id: int, as_of: date, parts: int
) -> str | None:
    """SQL of a relation with the facts of everybody, or None if they are not to be had.

    From here until the end of the transaction nobody can take them away. `parts`: how many ranges
    the run has. Call it after taking the lock of the live state: what is committed later
    is judged again by whoever committed it.
    """
    cursor.execute(
        f"SELECT (SELECT count(DISTINCT low) FROM {PARTS} WHERE run_id = %s),"
        " EXISTS (SELECT FROM compliance_mark WHERE kind = %s)",
        [run_id, MarkKind.EVERYTHING.value],
    )
    found, is_everything_marked = cursor.fetchone()
    if not parts or found < parts or is_everything_marked:
        return None
    cursor.execute(
        f"DROP TABLE IF EXISTS {_MARKED}; CREATE TEMP TABLE {_MARKED} ON COMMIT DROP AS"
        " SELECT DISTINCT subject_id AS cadre_id FROM compliance_mark WHERE kind = %s",
        [MarkKind.CADRE.value],
    )
    if not cursor.rowcount:
        return TABLE
    standing.derive(
        cursor,
        people=f"{source.everybody(as_of)} AND cadre_id IN (SELECT cadre_id FROM {_MARKED})",
        as_of=as_of,
        table=_ANEW,
    )
    columns = f"cadre_id, named, {standing.COLUMNS}"
    return (
        f"(SELECT {columns} FROM {TABLE} WHERE cadre_id NOT IN (SELECT cadre_id FROM {_MARKED})"
        f" UNION ALL SELECT {columns} FROM {_ANEW})"
    )

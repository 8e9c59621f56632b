"""Filling big tables fast: no triggers, no secondary indexes meanwhile, all of them afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

# Foreign keys of the tables, and of others to what is dropped here; then what they refer to.
# Primary keys stay.
_CONSTRAINTS = """
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), contype::text
  FROM pg_constraint
 WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype IN ('f', 'u', 'x')
    OR contype = 'f' AND conindid IN (
       SELECT conindid FROM pg_constraint
        WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype = 'u')
 ORDER BY contype <> 'f', conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index i
 WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisprimary
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class _Constraint:
    name: str
    table: str
    definition: str
    kind: str


@contextmanager
def bare(tables: Sequence[str], *, exclusions: bool = True) -> Iterator[None]:
    """Within the block `tables` have only their columns, checks and primary keys.

    Afterwards everything is built again, which also proves the rows; exclusion constraints only
    if `exclusions`. Has to run inside a transaction: a failure then leaves the tables as they were.
    """
    names = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, {"tables": names})
        constraints = [_Constraint(*row) for row in cursor.fetchall()]
        for constraint in constraints:
            cursor.execute(f'ALTER TABLE {constraint.table} DROP CONSTRAINT "{constraint.name}"')
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in names:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for _name, definition in indexes:
            cursor.execute(definition)
        # Backwards: what foreign keys refer to comes first.
        for constraint in reversed(constraints):
            if constraint.kind == "x" and not exclusions:
                continue
            cursor.execute(
                f'ALTER TABLE {constraint.table} ADD CONSTRAINT "{constraint.name}" '
                f"{constraint.definition}"
            )

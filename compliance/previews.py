"""What a target would change, before it is saved: the rules asked twice, with it and without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from compliance.choices import Outcome, SubjectKind
from compliance.engine import store
from compliance.engine.registry import all_rules, slot_of, sources
from compliance.engine.rule import Rule
from compliance.engine.source import Scope
from compliance.services import judge

if TYPE_CHECKING:
    from cadres.models import Unit

_BEFORE, _AFTER = "target_before", "target_after"


@dataclass(frozen=True)
class Turn:
    """So many subjects of a kind get another verdict by a rule. None: there was, or is, none."""

    rule: Rule
    kind: SubjectKind
    was: Outcome | None
    now: Outcome | None
    number: int


def target_turns(
    *, parameter: str, unit: Unit, on: date, write: Callable[[], object]
) -> list[Turn]:
    """Verdicts in the unit and below that turn on a day once `write` was done; undone afterwards.

    Whatever `write` raises is raised. Only rules that read the parameter can turn.
    """
    rules = [rule for rule in all_rules() if parameter in rule.figures.values()]
    with transaction.atomic(), connection.cursor() as cursor:
        _judge(cursor, rules, unit, on, _BEFORE)
        write()
        _judge(cursor, rules, unit, on, _AFTER)
        turns = [
            turn for rule in rules for kind in rule.kinds for turn in _turns(cursor, rule, kind)
        ]
        transaction.set_rollback(True)
    return turns


def _judge(cursor: CursorWrapper, rules: list[Rule], unit: Unit, on: date, table: str) -> None:
    """The verdicts of all sources that a rule needs, kept in a table of the transaction."""
    cursor.execute(
        f"CREATE TEMP TABLE {table} (kind smallint, subject_id bigint, outcomes smallint[])"
        " ON COMMIT DROP"
    )
    scope = Scope(as_of=on, path=unit.path, complete=True)
    kinds = {kind for rule in rules for kind in rule.kinds}
    for source in sources():
        if kinds.isdisjoint(source.kinds):
            continue
        store.prepare(cursor)
        judge(cursor, source, scope, store.into_stage)
        cursor.execute(f"INSERT INTO {table} SELECT kind, subject_id, outcomes FROM {store.STAGE}")


def _turns(cursor: CursorWrapper, rule: Rule, kind: SubjectKind) -> list[Turn]:
    slot = slot_of(rule, kind) + 1
    cursor.execute(
        f"SELECT b.outcomes[{slot}], a.outcomes[{slot}], count(*)"
        f" FROM {_BEFORE} b JOIN {_AFTER} a USING (kind, subject_id) WHERE kind = %s"
        f" AND b.outcomes[{slot}] IS DISTINCT FROM a.outcomes[{slot}] GROUP BY 1, 2 ORDER BY 1, 2",
        [kind.value],
    )
    return [Turn(rule, kind, _outcome(was), _outcome(now), n) for was, now, n in cursor.fetchall()]


def _outcome(value: int | None) -> Outcome | None:
    return None if value is None else Outcome(value)

"""What is frozen of a unit, row by row: results, and the people behind each number.

Contents are large (some kilobytes a person), so PostgreSQL leaves out what no annex tells, and one
row is held at a time. Unscoped: whoever asks has been let in by `policies.can_take_evidence`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from inspections.models import EvidenceTaking

#: Results about people are told where something is wrong or unclear; those about plans, titles,
#: units and rotations all.
_TOLD = """
SELECT e.inspected_unit_id, e.title, e.digest,
       coalesce((SELECT jsonb_agg(jsonb_build_array(f ->> 'rule_title', f ->> 'subject',
                        f ->> 'outcome', f ->> 'message', f ->> 'unit_name', f ->> 'title_name',
                        f ->> 'cadre_name', f -> 'cadre', f -> 'pool',
                        (f ->> 'is_sensitive')::boolean,
                        (SELECT string_agg(concat_ws(', ', c ->> 'source', c ->> 'at'), '; ')
                           FROM jsonb_array_elements(f -> 'citations') c)))
                   FROM jsonb_path_query(x.findings, '$[*] ? (
                            @.outcome != "not_applicable" &&
                            (@.subject != "nomination" || @.outcome != "met"))') f), '[]'),
       x.people, coalesce(x.observed, '[]')
  FROM inspections_evidence e,  -- unpacked once, not for each part of it
       jsonb_to_record(e.content) x (findings jsonb, people jsonb, observed jsonb)
 WHERE e.taking_id = %s AND e.inspected_unit_id = %s
 ORDER BY e.id
"""


@dataclass(frozen=True)
class Told:
    """A frozen result as an annex tells it."""

    rule: str
    subject: str
    outcome: str
    message: str
    unit: str
    title: str
    name: str
    cadre: str | None
    pool: int | None
    is_sensitive: bool
    cited: str | None


@dataclass(frozen=True)
class FrozenPart:
    """What is frozen of one plan, or of the unit itself."""

    inspected_id: int
    title: str
    digest: str
    results: list[Told]
    people: list[dict[str, Any]]
    observed: list[dict[str, Any]]


def frozen_parts(taking: EvidenceTaking, inspected_id: int) -> Iterator[FrozenPart]:
    """The parts of a unit, one at a time; one query a unit."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TOLD, [taking.pk, inspected_id])
        while row := cursor.fetchone():  # the cursor itself would read thousands ahead
            unit_id, title, digest, results, people, observed = row
            yield FrozenPart(
                unit_id,
                title,
                digest,
                [Told(*each) for each in json.loads(results)],
                json.loads(people),
                json.loads(observed),
            )

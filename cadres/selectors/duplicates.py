"""Files that may be of one person, for officers of all units; and the one question for others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from cadres.list_imports.matching import Who
from cadres.models import Cadre, FileMerge, PersonQuestion, Unit
from cadres.policies import Actor, can_merge_files
from cadres.selectors.cadres import cadres_visible

#: The same name (diacritics and case aside) with birth dates that can be the same day but not by
#: chance alone: the same whole date, or the same year where no more is known of one. Or one code
#: in two spellings.
_PAIRS = """
WITH pairs AS (
    SELECT a.id AS one, b.id AS other, 'birth' AS why
      FROM cadres_cadre a JOIN cadres_cadre b
        ON b.search_key = a.search_key AND b.id > a.id
       AND extract(year FROM b.birth_date) = extract(year FROM a.birth_date)
     WHERE b.birth_date = a.birth_date
        OR 'year' IN (a.birth_precision, b.birth_precision)
        OR 'month' IN (a.birth_precision, b.birth_precision)
           AND extract(month FROM b.birth_date) = extract(month FROM a.birth_date)
    UNION ALL
    SELECT a.id, b.id, 'code' FROM coded a JOIN coded b ON b.bare = a.bare AND b.id > a.id
), told AS (
    SELECT one, other, array_agg(why ORDER BY why) AS why FROM pairs p
     WHERE NOT EXISTS (SELECT FROM cadres_distinctpair d WHERE d.one_id = p.one
                          AND d.other_id = p.other)
     GROUP BY one, other
)
SELECT t.one, t.other, t.why, count(*) OVER () FROM told t JOIN cadres_cadre c ON c.id = t.one
 ORDER BY cardinality(t.why) DESC, c.sort_key, t.one, t.other LIMIT %s OFFSET %s
"""
_CODED = """coded AS MATERIALIZED (
    SELECT id, upper(regexp_replace(code, '[^[:alnum:]]', '', 'g')) AS bare FROM cadres_cadre
)"""


@dataclass(frozen=True)
class Pair:
    """Two files and why they may be one person's: of "birth", "code"."""

    one: Cadre
    other: Cadre
    why: tuple[str, ...]


def duplicate_pairs(actor: Actor, *, first: int, limit: int) -> tuple[list[Pair], int]:
    """Pairs from number `first` on, and how many there are. None for who may not merge files."""
    if not can_merge_files(actor):
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS.replace("WITH ", f"WITH {_CODED}, ", 1), [limit, first])
        found = cursor.fetchall()
    ids = {pk for one, other, *_rest in found for pk in (one, other)}
    people = cadres_visible(actor).in_bulk(ids)
    pairs = [Pair(people[one], people[other], tuple(why)) for one, other, why, _n in found]
    return pairs, found[0][-1] if found else 0


def duplicate_pair(actor: Actor, one: int, other: int) -> tuple[Cadre, Cadre]:
    """Two different files, in the order asked for. Raises Http404."""
    people = cadres_visible(actor).select_related("native_unit").in_bulk([one, other])
    if len(people) != 2:
        raise Http404
    return people[one], people[other]


def open_questions(actor: Actor) -> QuerySet[PersonQuestion]:
    """What units ask, the oldest first; none for who may not merge files."""
    asked = PersonQuestion.objects.filter(state=PersonQuestion.State.OPEN)
    asked = asked.select_related("unit", "title", "asked_by").order_by("asked_at", "pk")
    return asked if can_merge_files(actor) else asked.none()


def question_get(actor: Actor, pk: int) -> PersonQuestion:
    """An open question. Raises Http404."""
    return get_object_or_404(open_questions(actor), pk=pk)


def question_candidates(
    actor: Actor, questions: Collection[PersonQuestion]
) -> dict[int, list[Cadre]]:
    """Files that each question may be about, by its id; one query."""
    wanted = Q(pk__in=())
    for asked in questions:
        wanted |= Q(search_key=asked.name_key, birth_date=asked.birth_date)
    people = list(cadres_visible(actor).filter(wanted))
    return {
        asked.pk: [
            p for p in people
            if (p.search_key, p.birth_date) == (asked.name_key, asked.birth_date)
        ]
        for asked in questions
    }  # fmt: skip


def merges(actor: Actor, limit: int) -> list[FileMerge]:
    """Files that were merged, the latest first."""
    if not can_merge_files(actor):
        return []
    return list(FileMerge.objects.select_related("kept", "merged_by")[:limit])


_ELSEWHERE = """
SELECT DISTINCT w.row FROM (
    SELECT w.row, w.birth, vi_fold(regexp_replace(btrim(w.name), '\\s+', ' ', 'g')) AS key
      FROM unnest(%s::int[], %s::text[], %s::date[]) AS w(row, name, birth)) w
  JOIN cadres_cadre c ON c.search_key = w.key AND c.birth_date = w.birth
 WHERE c.birth_precision = 'day' AND c.id <> ALL(%s::bigint[])
   AND NOT EXISTS (SELECT FROM cadres_personquestion q WHERE q.unit_id = %s
          AND q.name_key = w.key AND q.birth_date = w.birth AND q.state = 'other')
"""


def known_elsewhere_unscoped(whos: Sequence[Who], *, seen: Collection[int], unit: Unit) -> set[int]:
    """Rows with the name and whole birth date of a file that is not among `seen`.

    The one read that looks beyond what an officer sees, so that a person who moved does not get a
    second file. It tells no more than the row: the officer learns that somebody else has to say.
    """
    whole = [who for who in whos if who.name and who.birth and who.precision == "day"]
    if not whole:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _ELSEWHERE,
            [
                [who.row for who in whole],
                [who.name for who in whole],
                [who.birth for who in whole],
                list(seen),
                unit.pk,
            ],
        )
        return {row for (row,) in cursor.fetchall()}

"""Writes a province by COPY, in foreign-key order; the caller holds the transaction."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model

from cadre_portal.demo.biographies import taught
from cadre_portal.demo.courses import ASKED_FROM, DOCUMENT, ORGANISER
from cadre_portal.demo.organisation import positions
from cadre_portal.demo.province import Province
from cadre_portal.demo.targets import TargetRow, targets
from cadres.choices import CourseState
from cadres.models import Biography
from planning.models import Pool

Rows = Iterable[Sequence[Any]]


def copy(table: str, columns: Sequence[str], rows: Rows) -> int:
    """COPY rows into `table`; None becomes NULL, the empty string stays one. Returns the count."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL)
    count = 0
    for row in rows:
        writer.writerow(["\\N" if value is None else value for value in row])
        count += 1
    buffer.seek(0)
    with connection.cursor() as cursor:
        # Names come from this module alone.
        cursor.cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", buffer
        )
    return count


def write(province: Province) -> None:
    """Write everything and set the sequences. Needs empty tables."""
    _organisation(province)
    _people(province)
    _courses(province)
    _plans(province)
    _rotations(province)
    copy("compliance_target", *_target_rows(targets(province.units)))
    reset_sequences()
    _analyze()


def _analyze() -> None:
    """Tell the planner at once what the tables hold; the first check follows immediately."""
    tables = [model._meta.db_table for model in _models()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(tables))


def reset_sequences() -> None:
    """Let new rows continue after the written ids."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _models() -> list[type[Model]]:
    """The models of the apps that the generator fills, their history too."""
    labels = ("cadres", "planning", "rotation", "compliance")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]


def _organisation(province: Province) -> None:
    units = province.units
    copy(
        "cadres_unit",
        (
            "id",
            "path",
            "depth",
            "numchild",
            "code",
            "name",
            "kind",
            "level",
            "valid_from",
            "valid_to",
        ),
        (
            (
                u.id,
                u.path,
                len(u.path) // 4,
                u.numchild,
                u.code,
                u.name,
                u.kind.value,
                u.level.value,
                u.valid_from,
                u.valid_to,
            )
            for u in units.values()
        ),
    )
    heirs = [(u.id, units[code].id) for u in units.values() for code in u.successors]
    copy(
        "cadres_unitsuccession",
        ("id", "unit_id", "successor_id"),
        ((number, *pair) for number, pair in enumerate(heirs, start=1)),
    )
    copy(
        "cadres_title",
        (
            "id",
            "code",
            "name",
            "kind",
            "rank",
            "is_head",
            "min_degree",
            "min_theory",
            "non_local_required",
        ),
        (
            (
                t.id,
                t.code,
                t.name,
                t.kind.value,
                t.rank,
                t.is_head,
                _number(t.min_degree),
                _number(t.min_theory),
                t.non_local_required,
            )
            for t in province.titles.values()
        ),
    )
    copy(
        "cadres_position",
        ("id", "unit_id", "title_id", "prescribed"),
        (
            (number, unit_id, province.titles[code].id, prescribed)
            for (unit_id, code), (number, prescribed) in position_ids(province).items()
        ),
    )


def position_ids(province: Province) -> dict[tuple[int, str], tuple[int, int]]:
    """(unit id, title code) to (position id, prescribed number)."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for unit in province.units.values():
        for code, prescribed in positions(unit).items():
            found[unit.id, code] = (len(found) + 1, prescribed)
    return found


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _people(province: Province) -> None:
    titles = province.titles
    copy(
        "cadres_cadre",
        (
            "id",
            "code",
            "full_name",
            "sex",
            "birth_date",
            "birth_precision",
            "ethnicity_code",
            "native_unit_id",
            "party_joined_on",
            "degree",
            "theory",
            "retires_on",
        ),
        (
            (
                p.id,
                f"CB{p.id:05}",
                p.name,
                str(p.sex),
                p.birth,
                str(p.precision),
                p.ethnicity,
                p.native.id if p.native else None,
                p.party_joined_on,
                _number(p.degree),
                _number(p.theory),
                p.retires_on,
            )
            for p in province.people
        ),
    )
    posts = ((p, post) for p in province.people for post in p.posts)
    copy(
        "cadres_appointment",
        ("id", "cadre_id", "unit_id", "title_id", "start_on", "end_on", "decision_no"),
        (
            (n, p.id, post.unit.id, titles[post.title].id, post.start, post.end, post.decision)
            for n, (p, post) in enumerate(posts, start=1)
        ),
    )
    copy(
        "cadres_evaluation",
        ("id", "cadre_id", "year", "grade", "unit_id"),
        (
            (n, e.person.id, e.year, int(e.grade), e.unit.id)
            for n, e in enumerate(province.evaluations, start=1)
        ),
    )
    copy(
        "cadres_discipline",
        ("id", "cadre_id", "kind", "decided_on", "effective_to"),
        (
            (n, d.person.id, str(d.kind), d.decided_on, d.effective_to)
            for n, d in enumerate(province.disciplines, start=1)
        ),
    )
    copy(
        "cadres_training",
        (
            "id",
            "cadre_id",
            "course",
            "kind",
            "start_on",
            "end_on",
            "result",
            "school",
            "study_form",
            "certificate",
        ),
        (
            (
                n,
                t.person.id,
                t.course,
                str(t.kind),
                t.start,
                t.end,
                t.result,
                t.school,
                t.study_form,
                t.certificate,
            )
            for n, t in enumerate(map(taught, province.trainings), start=1)
        ),
    )
    fields = [each for each in Biography._meta.concrete_fields if not each.primary_key]
    copy(
        "cadres_biography",
        ("cadre_id", *(each.attname for each in fields)),
        (
            (b.person.id, *(b.values.get(each.attname, _empty(each)) for each in fields))
            for b in province.biographies
        ),
    )


def _empty(kept: "Field[Any, Any]") -> str | None:
    return None if kept.null else ""


def _courses(province: Province) -> None:
    copy(
        "cadres_course",
        (
            "id",
            "unit_id",
            "name",
            "kind",
            "organiser",
            "start_on",
            "end_on",
            "places",
            "decision_no",
            "state",
            "gives_theory",
            "skill",
            "skill_level",
            "finished_on",
            "cancel_reason",
        ),
        (
            (
                n,
                c.unit.id,
                c.name,
                c.kind.value,
                ORGANISER,
                c.start,
                c.end,
                c.places,
                c.decision_no,
                c.state.value,
                None if c.gives_theory is None else c.gives_theory.value,
                str(c.skill),
                c.skill_level,
                c.end if c.state == CourseState.FINISHED else None,
                "",
            )
            for n, c in enumerate(province.courses, start=1)
        ),
    )
    training_ids = {id(row): n for n, row in enumerate(province.trainings, start=1)}
    members = [(n, m) for n, c in enumerate(province.courses, start=1) for m in c.members]
    copy(
        "cadres_coursemember",
        ("id", "course_id", "cadre_id", "state", "reason", "result", "training_id"),
        (
            (
                number,
                course,
                m.person.id,
                m.state.value,
                m.reason,
                m.result,
                training_ids[id(m.training)] if m.training else None,
            )
            for number, (course, m) in enumerate(members, start=1)
        ),
    )
    copy(
        "cadres_titleskill",
        ("id", "title_id", "kind", "level", "document", "at", "in_force_from"),
        (
            (n, s.title.id, s.kind.value, s.level, DOCUMENT, s.at, ASKED_FROM)
            for n, s in enumerate(province.title_skills, start=1)
        ),
    )
    copy(
        "cadres_cadreskill",
        ("id", "cadre_id", "kind", "level", "detail", "certificate", "issued_on"),
        (
            (n, s.person.id, s.kind.value, s.level, s.detail, s.certificate, s.issued_on)
            for n, s in enumerate(province.skills, start=1)
        ),
    )


def _plans(province: Province) -> None:
    copy(
        "planning_term",
        ("id", "code", "starts_on", "ends_on"),
        ((t.id, t.code, t.starts_on, t.ends_on) for t in province.terms),
    )
    copy(
        "planning_plan",
        ("id", "unit_id", "term_id", "status", "approved_on", "decision_no", "last_reviewed_on"),
        (
            (p.id, p.unit.id, p.term.id, str(p.status), p.approved_on, p.decision, p.reviewed_on)
            for p in province.plans
        ),
    )
    pools = _pool_ids(province)
    nominations = [row for plan in province.plans for row in plan.rows]
    copy(
        "planning_nomination",
        ("id", "plan_id", "pool_id", "cadre_id", "nominated_on", "removed_on", "removal_reason"),
        (
            (
                n,
                r.plan.id,
                pools[r.plan.id, r.title],
                r.person.id,
                r.nominated_on,
                r.removed_on,
                r.reason,
            )
            for n, r in enumerate(nominations, start=1)
        ),
    )
    copy(
        "planning_ballot",
        (
            "id",
            "pool_id",
            "cadre_id",
            "step",
            "held_on",
            "summoned",
            "present",
            "issued",
            "collected",
            "valid",
            "agree",
        ),
        (
            (n, pools[b.plan.id, b.title], b.person.id, b.step, b.held_on, *map(int, b.counts))
            for n, b in enumerate(province.ballots, start=1)
        ),
    )


def _pool_ids(province: Province) -> dict[tuple[int, str], int]:
    """Ids of the pools that triggers made for the plans, by plan and title.

    Their order is the database's; they are numbered anew so that a seed gives the same ids.
    """
    places = position_ids(province)
    keys = [(plan.id, code) for plan in province.plans for code in plan.positions]
    units = {plan.id: plan.unit.id for plan in province.plans}
    made = Pool.objects.all()
    if made.count() != len(keys):
        raise RuntimeError("the triggers did not make one pool for each position of each plan")
    made.delete()
    ids = {key: number for number, key in enumerate(keys, start=1)}
    copy(
        "planning_pool",
        ("id", "plan_id", "position_id"),
        ((n, plan, places[units[plan], code][0]) for (plan, code), n in ids.items()),
    )
    return ids


def _rotations(province: Province) -> None:
    titles = province.titles
    copy(
        "rotation_rotation",
        (
            "id",
            "cadre_id",
            "kind",
            "from_unit_id",
            "from_title_id",
            "to_unit_id",
            "to_title_id",
            "start_on",
            "planned_end_on",
            "ended_on",
            "status",
            "decline_kind",
            "decline_reason",
        ),
        (
            (
                n,
                r.person.id,
                str(r.kind),
                r.origin[0].id,
                titles[r.origin[1]].id,
                r.target[0].id,
                titles[r.target[1]].id,
                r.start,
                r.planned_end,
                r.ended,
                str(r.status),
                str(r.decline_kind),
                r.decline_reason,
            )
            for n, r in enumerate(province.rotations, start=1)
        ),
    )


def _target_rows(rows: list[TargetRow]) -> tuple[tuple[str, ...], Rows]:
    columns = (
        "id",
        "unit_id",
        "parameter",
        "level",
        "value",
        "in_force_from",
        "in_force_to",
        "document",
        "at",
        "confidence",
    )
    return columns, (
        (
            n,
            r.unit.id,
            r.parameter,
            r.level.value,
            r.value,
            r.since,
            r.until,
            r.document,
            r.at,
            "read",
        )
        for n, r in enumerate(rows, start=1)
    )

"""Facts about rotations and about those who hold posts, for the rotation rules."""

from cadres.selectors.locals import local_sql
from compliance.choices import SubjectKind
from compliance.engine.single import SingleSource
from rotation.choices import RotationKind, RotationStatus


def rotation_facts(rows: str) -> str:
    """SQL of the facts of rotations; `rows`: a table or query with the columns of a rotation."""
    return f"""
        SELECT r.id AS subject_id, r.to_unit_id AS unit_id, r.start_on AS on_date, r.ended_on,
               r.start_on, r.status = '{RotationStatus.COMPLETED.value}' AS completed,
               s.retires_first, s.retires_last,
               (SELECT count(*) FROM planning_nomination n
                 WHERE n.cadre_id = r.cadre_id AND n.nominated_on <= r.start_on
                   AND (n.removed_on IS NULL OR n.removed_on > r.start_on))::int AS nominations
          FROM {rows} r
          LEFT JOIN {{standing}} s ON s.cadre_id = r.cadre_id
         WHERE r.kind = '{RotationKind.ROTATION.value}' AND r.start_on IS NOT NULL
           AND r.status NOT IN
               ('{RotationStatus.DECLINED.value}', '{RotationStatus.CANCELLED.value}')"""


# A rotation is judged by the law of its start, its duration by the law of its end.
ROTATIONS = SingleSource(
    name="rotations",
    kind=SubjectKind.ROTATION,
    facts=rotation_facts("rotation_rotation"),
    people_sql="SELECT cadre_id FROM rotation_rotation",
    days=("on_date", "ended_on"),
    day_of={"duration_months": "ended_on"},
    label_sql="""
        SELECT r.subject_id, u.code AS unit_code, u.name AS unit_name, NULL::varchar AS term,
               i.code AS title_code, i.name AS title_name, c.code AS cadre_code,
               c.full_name AS cadre_name, NULL::int AS year, x.start_on
          FROM {staged} r JOIN rotation_rotation x ON x.id = r.subject_id
          JOIN cadres_unit u ON u.id = x.to_unit_id JOIN cadres_title i ON i.id = x.to_title_id
          JOIN cadres_cadre c ON c.id = x.cadre_id WHERE r.kind = {kind}""",
)

# `held_from`: the first day of the unbroken time in the position; a gap of 31 days breaks it.
APPOINTMENTS = SingleSource(
    name="appointments",
    kind=SubjectKind.APPOINTMENT,
    facts=f"""
        SELECT a.id AS subject_id, a.unit_id, %(d)s::date AS on_date, i.is_head,
               i.non_local_required, h.held_from, {local_sql("c", "u")} AS local
          FROM cadres_appointment a
          JOIN cadres_title i ON i.id = a.title_id AND (i.is_head OR i.non_local_required)
          JOIN cadres_unit u ON u.id = a.unit_id
          JOIN cadres_cadre c ON c.id = a.cadre_id
          CROSS JOIN LATERAL (
              SELECT max(start_on) AS held_from
                FROM (SELECT b.start_on, b.start_on - max(b.end_on) OVER (
                                 ORDER BY b.start_on, b.end_on
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gap
                        FROM cadres_appointment b
                       WHERE b.cadre_id = a.cadre_id AND b.unit_id = a.unit_id
                         AND b.title_id = a.title_id AND b.start_on <= a.start_on) g
               WHERE gap IS NULL OR gap >= 31) h
         WHERE a.start_on <= %(d)s AND (a.end_on IS NULL OR a.end_on > %(d)s)""",
    people_sql="SELECT NULL::bigint AS cadre_id WHERE false",
    label_sql="""
        SELECT r.subject_id, u.code AS unit_code, u.name AS unit_name, NULL::varchar AS term,
               i.code AS title_code, i.name AS title_name, c.code AS cadre_code,
               c.full_name AS cadre_name, NULL::int AS year, a.start_on
          FROM {staged} r JOIN cadres_appointment a ON a.id = r.subject_id
          JOIN cadres_unit u ON u.id = a.unit_id JOIN cadres_title i ON i.id = a.title_id
          JOIN cadres_cadre c ON c.id = a.cadre_id WHERE r.kind = {kind}""",
)

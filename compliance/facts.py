"""Facts that compliance itself delivers: a unit's grades of last year."""

from cadres.choices import Grade
from compliance.choices import SubjectKind
from compliance.engine.single import SingleSource

UNIT_YEARS = SingleSource(
    name="unit_years",
    kind=SubjectKind.UNIT_YEAR,
    facts=f"""
        SELECT e.unit_id AS subject_id, e.unit_id, %(d)s::date AS on_date, %(year)s - 1 AS year,
               count(*) FILTER (WHERE e.grade = {Grade.HTXSNV.value})::int AS top,
               count(*) FILTER (WHERE e.grade = {Grade.HTTNV.value})::int AS good
          FROM cadres_evaluation e
         WHERE e.year = %(year)s - 1
         GROUP BY e.unit_id""",
    people_sql="SELECT NULL::bigint AS cadre_id WHERE false",
    kept=("year",),
    label_sql="""
        SELECT r.subject_id, u.code AS unit_code, u.name AS unit_name, NULL::varchar AS term,
               NULL::varchar AS title_code, NULL::varchar AS title_name,
               NULL::varchar AS cadre_code, NULL::varchar AS cadre_name,
               r.counts[{places[year]}] AS year, NULL::date AS start_on
          FROM {staged} r JOIN cadres_unit u ON u.id = r.subject_id WHERE r.kind = {kind}""",
)

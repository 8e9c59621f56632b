"""Months in a form that PostgreSQL inlines, and one index less to write.

A strict function around `greatest` is called for every row; without STRICT its body becomes part
of the statement. Nothing reads `standing_until`: stale rows are found by cadre.
"""

from django.db import migrations

INLINED = """
CREATE OR REPLACE FUNCTION whole_months(first_day date, last_day date) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN first_day <= last_day THEN
        ((date_part('year', last_day) - date_part('year', first_day)) * 12
        + date_part('month', last_day) - date_part('month', first_day)
        - (date_part('day', last_day) < date_part('day', first_day))::integer)::integer
        WHEN first_day > last_day THEN 0 END;
"""
CALLED = """
CREATE OR REPLACE FUNCTION whole_months(first_day date, last_day date) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN greatest(0,
        (date_part('year', last_day) - date_part('year', first_day)) * 12
        + date_part('month', last_day) - date_part('month', first_day)
        - (date_part('day', last_day) < date_part('day', first_day))::integer)::integer;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_schedule_nightly_check")]

    operations = [
        migrations.RunSQL(INLINED, CALLED),
        migrations.RunSQL(
            "DROP INDEX standing_until",
            "CREATE INDEX standing_until ON compliance_standing (valid_to)",
        ),
    ]

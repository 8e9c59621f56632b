"""Months as the contract counts them (CONTRACT section 3, reading 2)."""

from django.db import migrations

# PostgreSQL clamps 31 January + 1 month to 28 February; the contract asks that the day of the month
# be reached, which is then the first of the next month.
FUNCTIONS = """
CREATE FUNCTION whole_months(first_day date, last_day date) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN greatest(0,
        (date_part('year', last_day) - date_part('year', first_day)) * 12
        + date_part('month', last_day) - date_part('month', first_day)
        - (date_part('day', last_day) < date_part('day', first_day))::integer)::integer;

CREATE FUNCTION after_months(first_day date, months integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (first_day + make_interval(months => months))::date
        + (date_part('day', (first_day + make_interval(months => months))::date)
           < date_part('day', first_day))::integer;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_standing_holds_cadre_facts")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION whole_months(date, date), after_months(date, integer)",
        )
    ]

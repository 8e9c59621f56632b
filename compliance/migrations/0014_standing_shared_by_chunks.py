"""Facts about cadres for all chunks of a run, and a phase of runs in which they are derived."""

from django.db import migrations

# Neither is logged: after a crash both are empty together, and chunks derive their own people.
CREATE = """
CREATE UNLOGGED TABLE compliance_standing (
    cadre_id bigint NOT NULL,
    named integer NOT NULL,
    birth_date date,
    degree smallint,
    theory smallint,
    grade smallint,
    disciplines smallint NOT NULL,
    woman boolean,
    minority boolean,
    rank integer,
    paths text COLLATE "C",
    retires_first date,
    retires_last date
);
CREATE UNLOGGED TABLE compliance_standing_part (run_id bigint NOT NULL, low bigint NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_end_and_date_targets")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE compliance_standing, compliance_standing_part"),
        migrations.RunSQL(
            "UPDATE compliance_runchunk SET phase = 3 WHERE phase = 2",
            "DELETE FROM compliance_runchunk WHERE phase = 2;"
            " UPDATE compliance_runchunk SET phase = 2 WHERE phase = 3",
        ),
    ]

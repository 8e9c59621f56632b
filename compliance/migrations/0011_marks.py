"""Marks on what was edited replace kept facts about cadres."""

from django.db import migrations, models

# table: its column with the cadre
OF_CADRES = {
    "cadres_appointment": "cadre_id",
    "cadres_evaluation": "cadre_id",
    "cadres_discipline": "cadre_id",
    "cadres_cadre": "id",
}
EVENTS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}


def _of_cadres(table, column):
    """Mark the people in a written or removed set of rows."""
    parts = []
    for event, rows in EVENTS.items():
        name = f"mark_{table}_{event}"
        refs = " ".join(f"{row.upper()} TABLE AS {row}_rows" for row in rows)
        people = " UNION ".join(f"SELECT {column} FROM {row}_rows" for row in rows)
        parts.append(f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source, subject_id) SELECT DISTINCT 1, '', p.* FROM ({people}) p;
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {refs}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
""")
    return "".join(parts)


def _of_everything(table):
    """Mark everything when rows of the table were written or removed."""
    parts = []
    for event, rows in EVENTS.items():
        name = f"mark_{table}_{event}"
        refs = " ".join(f"{row.upper()} TABLE AS {row}_rows" for row in rows)
        parts.append(f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source)
    SELECT 0, '' WHERE EXISTS (SELECT FROM {rows[0]}_rows);
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {refs}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
""")
    return "".join(parts)


OF_EVERYTHING = ("compliance_target", "compliance_retirement_date")

# What the facts of very many rest on is edited rarely.
TITLES_AND_UNITS = """
CREATE FUNCTION mark_titles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source) SELECT 0, '' WHERE EXISTS (
        SELECT FROM old_rows o JOIN new_rows n USING (id)
         WHERE (o.code, o.kind, o.rank, o.min_degree, o.min_theory)
            IS DISTINCT FROM (n.code, n.kind, n.rank, n.min_degree, n.min_theory));
    RETURN NULL;
END $$;
CREATE TRIGGER mark_titles AFTER UPDATE ON cadres_title
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mark_titles();

CREATE FUNCTION mark_units() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source) SELECT 0, '' WHERE EXISTS (
        SELECT FROM old_rows o JOIN new_rows n USING (id)
         WHERE (o.code, o.level, o.path, o.numchild > 0)
            IS DISTINCT FROM (n.code, n.level, n.path, n.numchild > 0));
    RETURN NULL;
END $$;
CREATE TRIGGER mark_units AFTER UPDATE ON cadres_unit
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION mark_units();
"""

FORGET = "".join(
    f"DROP FUNCTION forget_standing_{table.removeprefix('cadres_')}_{event} CASCADE;"
    for table in OF_CADRES
    for event in EVENTS
) + ("DROP FUNCTION forget_all_standing CASCADE;")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0010_one_record_of_exports")]

    operations = [
        migrations.RunSQL(FORGET),
        migrations.DeleteModel("Standing"),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[(0, "Tất cả"), (1, "Cán bộ"), (2, "Kế hoạch")]
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "compliance_mark",
                "indexes": [models.Index(fields=["kind", "subject_id"], name="mark_of")],
            },
        ),
        migrations.AddField(
            model_name="compliancerun",
            name="basis",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "".join(_of_cadres(*each) for each in OF_CADRES.items())
            + "".join(map(_of_everything, OF_EVERYTHING))
            + TITLES_AND_UNITS
        ),
    ]

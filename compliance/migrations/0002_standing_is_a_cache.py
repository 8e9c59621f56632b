"""`compliance_standing` is an unlogged cache that triggers empty when a source changes."""

from django.db import migrations

# table: which of its columns the cache depends on (None: any write)
SOURCES = {
    "cadres_appointment": "cadre_id",
    "cadres_evaluation": "cadre_id",
    "cadres_discipline": "cadre_id",
    "cadres_cadre": "id",
}


def _forget(table, column):
    """Delete the cached rows of the people in a written or removed set of rows."""
    name = f"forget_standing_{table.removeprefix('cadres_')}"
    parts = []
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        refs = " ".join(f"{row} TABLE AS {row.lower()}_rows" for row in rows)
        people = " UNION ".join(f"SELECT {column} FROM {row.lower()}_rows" for row in rows)
        function = f"{name}_{event.lower()}"
        parts.append(f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM compliance_standing WHERE cadre_id IN ({people});
    RETURN NULL;
END $$;
CREATE TRIGGER {function} AFTER {event} ON {table} REFERENCING {refs}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
""")
    return "".join(parts)


# A rank or a path is in the facts of many; such acts are rare, so the whole cache goes.
FORGET_ALL = """
CREATE FUNCTION forget_all_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM compliance_standing;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_standing_rank AFTER UPDATE OF rank, code ON cadres_title
    FOR EACH STATEMENT EXECUTE FUNCTION forget_all_standing();
CREATE TRIGGER forget_standing_path AFTER UPDATE OF path, code ON cadres_unit
    FOR EACH STATEMENT EXECUTE FUNCTION forget_all_standing();
CREATE TRIGGER forget_standing_retirement AFTER INSERT OR UPDATE OR DELETE
    ON compliance_retirement_date
    FOR EACH STATEMENT EXECUTE FUNCTION forget_all_standing();
"""

UNDO = (
    "".join(
        f"DROP FUNCTION forget_standing_{table.removeprefix('cadres_')}_{event} CASCADE;"
        for table in SOURCES
        for event in ("insert", "update", "delete")
    )
    + "DROP FUNCTION forget_all_standing CASCADE;"
)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_law_runs_and_state")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE compliance_standing SET UNLOGGED",
            "ALTER TABLE compliance_standing SET LOGGED",
        ),
        migrations.RunSQL(
            "CREATE INDEX standing_until ON compliance_standing (valid_to)",
            "DROP INDEX standing_until",
        ),
        migrations.RunSQL("".join(_forget(*s) for s in SOURCES.items()) + FORGET_ALL, UNDO),
    ]

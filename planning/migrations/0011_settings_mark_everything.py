"""What ballots are counted against bears on every plan: a change has all of them judged again."""

from django.db import migrations

TRIGGERS = "".join(
    f"""
CREATE FUNCTION mark_all_of_planning_processsetting_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source, subject_id) VALUES (0, '', NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER mark_all_of_planning_processsetting_{event} AFTER {event.upper()}
    ON planning_processsetting
    FOR EACH STATEMENT EXECUTE FUNCTION mark_all_of_planning_processsetting_{event}();
"""
    for event in ("insert", "update", "delete")
)
UNDO = "".join(
    f"DROP FUNCTION mark_all_of_planning_processsetting_{event}() CASCADE;"
    for event in ("insert", "update", "delete")
)


class Migration(migrations.Migration):
    dependencies = [("planning", "0010_cover_plans_of_people"), ("compliance", "0011_marks")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]

"""What a concluded finding rests on, and what was said against it, stay as they were."""

from django.db import migrations

INTEGRITY = """
CREATE FUNCTION inspections_of_concluded_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_finding f
                 JOIN inspections_inspection i ON i.id = f.inspection_id
                WHERE f.id IN (OLD.finding_id, NEW.finding_id)
                  AND i.stage IN ('following', 'closed')) THEN
        RAISE EXCEPTION 'The inspection is concluded: only a recorded correction is possible.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER proof_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_findingevidence
    FOR EACH ROW EXECUTE FUNCTION inspections_of_concluded_stays();
CREATE TRIGGER objection_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_objection
    FOR EACH ROW EXECUTE FUNCTION inspections_of_concluded_stays();

-- By row: a draft that falls away takes its recommendation along, of which there are no acts yet.
DROP TRIGGER remedy_act_stays ON inspections_remedyact;
CREATE TRIGGER remedy_act_stays BEFORE UPDATE OR DELETE ON inspections_remedyact
    FOR EACH ROW EXECUTE FUNCTION inspections_written_once();
"""

UNDO = """
DROP TRIGGER remedy_act_stays ON inspections_remedyact;
CREATE TRIGGER remedy_act_stays BEFORE UPDATE OR DELETE ON inspections_remedyact
    FOR EACH STATEMENT EXECUTE FUNCTION inspections_written_once();
DROP TRIGGER objection_stays ON inspections_objection;
DROP TRIGGER proof_stays ON inspections_findingevidence;
DROP FUNCTION inspections_of_concluded_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0008_records_topic_and_drafts_once")]

    operations = [migrations.RunSQL(INTEGRITY, UNDO)]

"""Evidence and corrections are written once; findings stay as they were concluded."""

from django.db import migrations

INTEGRITY = """
CREATE FUNCTION inspections_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Evidence and corrections are written once.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_stays BEFORE UPDATE OR DELETE ON inspections_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION inspections_written_once();
CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE ON inspections_correction
    FOR EACH STATEMENT EXECUTE FUNCTION inspections_written_once();

CREATE FUNCTION inspections_concluded_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_inspection i
                WHERE i.id = coalesce(OLD.inspection_id, NEW.inspection_id)
                  AND i.stage IN ('following', 'closed')) THEN
        RAISE EXCEPTION 'The inspection is concluded: only a recorded correction is possible.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER finding_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_finding
    FOR EACH ROW EXECUTE FUNCTION inspections_concluded_stays();
CREATE TRIGGER team_report_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_teamreport
    FOR EACH ROW EXECUTE FUNCTION inspections_concluded_stays();
"""

UNDO = """
DROP TRIGGER team_report_stays ON inspections_teamreport;
DROP TRIGGER finding_stays ON inspections_finding;
DROP FUNCTION inspections_concluded_stays();
DROP TRIGGER correction_stays ON inspections_correction;
DROP TRIGGER evidence_stays ON inspections_evidence;
DROP FUNCTION inspections_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_inspections")]

    operations = [migrations.RunSQL(INTEGRITY, UNDO)]

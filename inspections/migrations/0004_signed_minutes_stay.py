"""Signed minutes do not change, nor do their files."""

from django.db import migrations

INTEGRITY = """
CREATE FUNCTION inspections_signed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Signed minutes do not change.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER minutes_signed_stay BEFORE UPDATE OR DELETE ON inspections_minutes
    FOR EACH ROW WHEN (OLD.is_signed) EXECUTE FUNCTION inspections_signed_stays();

CREATE FUNCTION inspections_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_minutes m
                WHERE m.is_signed AND m.id IN (OLD.minutes_id, NEW.minutes_id)) THEN
        RAISE EXCEPTION 'Signed minutes do not change, nor do their files.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER attachment_signed_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_attachment
    FOR EACH ROW EXECUTE FUNCTION inspections_files_stay();
"""

UNDO = """
DROP TRIGGER attachment_signed_stays ON inspections_attachment;
DROP FUNCTION inspections_files_stay();
DROP TRIGGER minutes_signed_stay ON inspections_minutes;
DROP FUNCTION inspections_signed_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_files_of_minutes")]

    operations = [migrations.RunSQL(INTEGRITY, UNDO)]

"""Draft items stay within their plan; a snapshot stays as it was written."""

from django.db import migrations

INTEGRITY = """
ALTER TABLE planning_draftitem
    ADD CONSTRAINT draft_item_pool_of_plan FOREIGN KEY (pool_id, plan_id)
        REFERENCES planning_pool (id, plan_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT draft_item_dossier_of_plan FOREIGN KEY (dossier_id, plan_id)
        REFERENCES planning_dossier (id, plan_id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION planning_snapshot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A plan snapshot is written once.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER snapshot_stays BEFORE UPDATE OR DELETE ON planning_plansnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION planning_snapshot_stays();
"""

UNDO = """
DROP TRIGGER snapshot_stays ON planning_plansnapshot;
DROP FUNCTION planning_snapshot_stays();
ALTER TABLE planning_draftitem
    DROP CONSTRAINT draft_item_dossier_of_plan,
    DROP CONSTRAINT draft_item_pool_of_plan;
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0005_drafts_and_process")]

    operations = [migrations.RunSQL(INTEGRITY, UNDO)]

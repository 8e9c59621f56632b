"""A pool exists when the plan's unit has the position; a nomination's plan is its pool's plan."""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION planning_pools_of_new_plans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planning_pool (plan_id, position_id)
    SELECT p.id, s.id FROM written p JOIN cadres_position s ON s.unit_id = p.unit_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER pools_of_new_plans AFTER INSERT ON planning_plan
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION planning_pools_of_new_plans();

CREATE FUNCTION planning_pools_of_new_positions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planning_pool (plan_id, position_id)
    SELECT p.id, s.id FROM written s JOIN planning_plan p ON p.unit_id = s.unit_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER pools_of_new_positions AFTER INSERT ON cadres_position
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION planning_pools_of_new_positions();

ALTER TABLE planning_nomination ADD CONSTRAINT nomination_plan_of_pool
    FOREIGN KEY (pool_id, plan_id) REFERENCES planning_pool (id, plan_id)
    DEFERRABLE INITIALLY DEFERRED;
"""

UNDO = """
ALTER TABLE planning_nomination DROP CONSTRAINT nomination_plan_of_pool;
DROP TRIGGER pools_of_new_positions ON cadres_position;
DROP TRIGGER pools_of_new_plans ON planning_plan;
DROP FUNCTION planning_pools_of_new_positions(), planning_pools_of_new_plans();
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plans")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]

"""What is edited in plans is marked, to be judged again."""

from django.db import migrations

# table: what its rows (`r`) say about cadres and plans, as (kind, source, subject).
NOMINATIONS = "SELECT 1, '', r.cadre_id FROM {r} r UNION SELECT 2, 'planning', r.plan_id FROM {r} r"
BALLOTS = "SELECT 2, 'planning', l.plan_id FROM {r} r JOIN planning_pool l ON l.id = r.pool_id"
POOLS = "SELECT 2, 'planning', r.plan_id FROM {r} r"
PLANS = "SELECT 2, 'planning', r.id FROM {r} r"
POSITIONS = (
    "SELECT 2, 'planning', l.plan_id FROM {r} r JOIN planning_pool l ON l.position_id = r.id"
)
TERMS = "SELECT DISTINCT 0, '', NULL::bigint FROM {r} r"

SOURCES = {
    "planning_nomination": (NOMINATIONS, ("insert", "update", "delete")),
    "planning_ballot": (BALLOTS, ("insert", "update", "delete")),
    "planning_pool": (POOLS, ("insert", "update", "delete")),
    "planning_plan": (PLANS, ("insert", "update", "delete")),
    "planning_term": (TERMS, ("update",)),
    "cadres_position": (POSITIONS, ("update",)),
}
ROWS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}


def _triggers(table, touched, events):
    parts = []
    for event in events:
        name = f"mark_plans_of_{table}_{event}"
        refs = " ".join(f"{row.upper()} TABLE AS {row}_rows" for row in ROWS[event])
        marks = " UNION ".join(touched.format(r=f"{row}_rows") for row in ROWS[event])
        parts.append(f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compliance_mark (kind, source, subject_id) {marks};
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {refs}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
""")
    return "".join(parts)


UNDO = "".join(
    f"DROP FUNCTION mark_plans_of_{table}_{event} CASCADE;"
    for table, (_touched, events) in SOURCES.items()
    for event in events
)


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0003_history_of_deletions"),
        ("compliance", "0011_marks"),
    ]

    operations = [
        migrations.RunSQL("".join(_triggers(table, *each) for table, each in SOURCES.items()), UNDO)
    ]

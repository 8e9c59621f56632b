"""Numbers of the live state by place instead of by name."""

import django.contrib.postgres.fields
from django.db import migrations, models

# The places of that day: of nominations (3) the numbers stood by place already.
NAMES = {
    1: "young middle senior age_unknown young_people total women sex_unknown minority_people"
    " ethnicity_unknown external_people post_unknown seen_months lineage_breaks",
    2: "young middle senior age_unknown young_people total women sex_unknown minority_people"
    " ethnicity_unknown prescribed",
    4: "nominations tour_service_left tour_months",
    5: "held_months",
    6: "top good year",
}
CASES = " ".join(
    f"WHEN {kind} THEN '{{{','.join(names.split())}}}'" for kind, names in NAMES.items()
)

TO_PLACES = f"""
CREATE FUNCTION counts_by_place(kind smallint, counts jsonb) RETURNS integer[]
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(counts) = 'array'
           THEN ARRAY(SELECT value::integer FROM jsonb_array_elements_text(counts)
                      WITH ORDINALITY v (value, place) ORDER BY place)
           ELSE ARRAY(SELECT (counts ->> name)::integer
                        FROM unnest((CASE kind {CASES} END)::text[])
                      WITH ORDINALITY n (name, place) ORDER BY place) END $$;
ALTER TABLE compliance_state ALTER counts TYPE integer[] USING counts_by_place(kind, counts);
DROP FUNCTION counts_by_place(smallint, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0011_marks")]

    operations = [
        migrations.RunSQL(
            TO_PLACES,
            state_operations=[
                migrations.AlterField(
                    model_name="compliancestate",
                    name="counts",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(null=True), size=None
                    ),
                ),
            ],
        )
    ]

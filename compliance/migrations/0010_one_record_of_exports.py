from django.db import migrations

_MOVE = """
INSERT INTO cadres_exportrecord
       (actor_id, what, file_format, filters, unit_ids, people, rows, is_sensitive, reason, as_of,
        law_fingerprint, sha256, at)
SELECT actor_id, what, 'xlsx', filters, '{}', NULL, rows, what = 'findings', '', as_of,
       law_fingerprint, sha256, at
  FROM compliance_exportrecord ORDER BY id
"""


class Migration(migrations.Migration):
    """Exports of every room are kept in one place."""

    dependencies = [
        ("compliance", "0009_history_of_deletions"),
        ("cadres", "0006_records_of_openings_and_exports"),
    ]

    operations = [
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="ExportRecord"),
    ]

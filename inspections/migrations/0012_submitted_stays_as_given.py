"""What a unit submitted is kept as it gave it; what it writes afterwards is its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Of reports sent back before there were submissions the history says what was submitted.
FILL = """
INSERT INTO inspections_selfsubmission
       (report_id, number, submitted_on, submitted_by_id, strengths, shortcomings, causes,
        proposals, answers)
SELECT r.id, r.number, r.submitted_on, r.submitted_by_id, coalesce(e.strengths, r.strengths),
       coalesce(e.shortcomings, r.shortcomings), coalesce(e.causes, r.causes),
       coalesce(e.proposals, r.proposals), coalesce(given.answers, '{}')
  FROM inspections_selfreport r
  LEFT JOIN LATERAL (
       SELECT * FROM inspections_selfreportevent
        WHERE pgh_obj_id = r.id AND state = 'submitted' AND r.state = 'returned'
        ORDER BY pgh_id DESC LIMIT 1) e ON true
  CROSS JOIN LATERAL (
       SELECT jsonb_object_agg(
                  a.item_id,
                  jsonb_build_object('text', coalesce(said.text, a.text),
                                     'table', CASE WHEN said.id IS NULL THEN a."table"
                                                   ELSE said."table" END)) AS answers
         FROM inspections_selfanswer a
         LEFT JOIN LATERAL (
              SELECT * FROM inspections_selfanswerevent
               WHERE pgh_obj_id = a.id AND pgh_created_at <= e.pgh_created_at
               ORDER BY pgh_id DESC LIMIT 1) said ON true
        WHERE a.report_id = r.id) given
 WHERE r.state IN ('submitted', 'returned') AND r.submitted_by_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM inspections_selfsubmission s WHERE s.report_id = r.id);

INSERT INTO inspections_selfsubmission_files (selfsubmission_id, attachment_id)
SELECT s.id, a.id
  FROM inspections_selfsubmission s
  JOIN inspections_selfreport r ON r.id = s.report_id
  JOIN inspections_attachment a ON a.inspected_unit_id = r.inspected_unit_id
 WHERE a.from_unit AND a.item_id IS NOT NULL
   AND (r.state = 'submitted' OR a.uploaded_at::date <= r.submitted_on)
ON CONFLICT DO NOTHING;
"""

INTEGRITY = """
CREATE TRIGGER self_submission_stays BEFORE UPDATE OR DELETE ON inspections_selfsubmission
    FOR EACH ROW EXECUTE FUNCTION inspections_written_once();
CREATE TRIGGER self_submission_files_stay BEFORE UPDATE OR DELETE
    ON inspections_selfsubmission_files
    FOR EACH ROW EXECUTE FUNCTION inspections_written_once();

-- A report is submitted with what it says kept word for word.
CREATE FUNCTION inspections_submitted_as_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inspections_selfsubmission s
         WHERE s.report_id = NEW.id
           AND (s.number, s.submitted_on, s.submitted_by_id)
             = (NEW.number, NEW.submitted_on, NEW.submitted_by_id)
           AND (s.strengths, s.shortcomings, s.causes, s.proposals)
             = (NEW.strengths, NEW.shortcomings, NEW.causes, NEW.proposals)
           AND s.answers = (
               SELECT coalesce(jsonb_object_agg(
                          item_id, jsonb_build_object('text', text, 'table', "table")), '{}')
                 FROM inspections_selfanswer WHERE report_id = NEW.id)) THEN
        RAISE EXCEPTION 'A self-report is submitted together with what it says.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER self_report_given BEFORE UPDATE ON inspections_selfreport
    FOR EACH ROW WHEN (NEW.state = 'submitted' AND OLD.state <> 'submitted')
    EXECUTE FUNCTION inspections_submitted_as_given();
CREATE TRIGGER self_report_given_at_once BEFORE INSERT ON inspections_selfreport
    FOR EACH ROW WHEN (NEW.state = 'submitted')
    EXECUTE FUNCTION inspections_submitted_as_given();

-- Nor does an answer come to it afterwards.
DROP TRIGGER self_answer_stays ON inspections_selfanswer;
CREATE TRIGGER self_answer_stays BEFORE INSERT OR UPDATE OR DELETE ON inspections_selfanswer
    FOR EACH ROW EXECUTE FUNCTION inspections_answers_stay();
"""

UNDO = """
DROP TRIGGER self_answer_stays ON inspections_selfanswer;
CREATE TRIGGER self_answer_stays BEFORE UPDATE OR DELETE ON inspections_selfanswer
    FOR EACH ROW EXECUTE FUNCTION inspections_answers_stay();
DROP TRIGGER self_report_given_at_once ON inspections_selfreport;
DROP TRIGGER self_report_given ON inspections_selfreport;
DROP FUNCTION inspections_submitted_as_given();
DROP TRIGGER self_submission_files_stay ON inspections_selfsubmission_files;
DROP TRIGGER self_submission_stays ON inspections_selfsubmission;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0011_self_reports_and_minutes_signed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="is_withdrawn",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="SelfSubmission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("submitted_on", models.DateField()),
                ("strengths", models.TextField(blank=True)),
                ("shortcomings", models.TextField(blank=True)),
                ("causes", models.TextField(blank=True)),
                ("proposals", models.TextField(blank=True)),
                ("answers", models.JSONField(default=dict)),
                (
                    "files",
                    models.ManyToManyField(
                        blank=True, related_name="submissions", to="inspections.attachment"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="inspections.selfreport",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "báo cáo tự kiểm tra đã nộp",
                "verbose_name_plural": "báo cáo tự kiểm tra đã nộp",
                "ordering": ("report", "pk"),
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(INTEGRITY, UNDO),
    ]

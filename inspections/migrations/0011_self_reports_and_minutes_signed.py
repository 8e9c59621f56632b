"""Answers are sent back one by one; minutes are signed by both sides and name what they are about."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

INTEGRITY = """
CREATE TRIGGER minutes_items_stay BEFORE INSERT OR UPDATE OR DELETE ON inspections_minutes_items
    FOR EACH ROW EXECUTE FUNCTION inspections_files_stay();
CREATE TRIGGER minutes_findings_stay BEFORE INSERT OR UPDATE OR DELETE
    ON inspections_minutes_findings
    FOR EACH ROW EXECUTE FUNCTION inspections_files_stay();
CREATE TRIGGER minutes_evidence_stay BEFORE INSERT OR UPDATE OR DELETE
    ON inspections_minutes_evidence
    FOR EACH ROW EXECUTE FUNCTION inspections_files_stay();

CREATE FUNCTION inspections_submitted_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A submitted self-report changes only once the team has returned it.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER self_report_stays BEFORE UPDATE ON inspections_selfreport
    FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state <> 'returned')
    EXECUTE FUNCTION inspections_submitted_stays();

CREATE FUNCTION inspections_answers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_selfreport r
                WHERE r.state = 'submitted' AND r.id IN (OLD.report_id, NEW.report_id)) THEN
        RAISE EXCEPTION 'A submitted self-report changes only once the team has returned it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER self_answer_stays BEFORE UPDATE OR DELETE ON inspections_selfanswer
    FOR EACH ROW EXECUTE FUNCTION inspections_answers_stay();
"""

UNDO = """
DROP TRIGGER self_answer_stays ON inspections_selfanswer;
DROP FUNCTION inspections_answers_stay();
DROP TRIGGER self_report_stays ON inspections_selfreport;
DROP FUNCTION inspections_submitted_stays();
DROP TRIGGER minutes_evidence_stay ON inspections_minutes_evidence;
DROP TRIGGER minutes_findings_stay ON inspections_minutes_findings;
DROP TRIGGER minutes_items_stay ON inspections_minutes_items;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0010_schedule_takings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="minutes",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="minutes",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="minutes",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="selfanswer",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="selfanswer",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="selfanswer",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="outlineitem",
            name="outline_table_named",
        ),
        migrations.AddField(
            model_name="minutes",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="inspections.minutes",
                verbose_name="đính chính biên bản",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="declined_for",
            field=models.TextField(blank=True, max_length=2000, verbose_name="ý kiến khi chưa ký"),
        ),
        migrations.AddField(
            model_name="minutes",
            name="evidence",
            field=models.ManyToManyField(
                blank=True,
                related_name="minutes",
                to="inspections.evidence",
                verbose_name="bằng chứng",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="findings",
            field=models.ManyToManyField(
                blank=True,
                related_name="minutes",
                to="inspections.finding",
                verbose_name="nhận định",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="items",
            field=models.ManyToManyField(
                blank=True,
                related_name="minutes",
                to="inspections.outlineitem",
                verbose_name="mục của đề cương",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="team_signed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="team_signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="đoàn ký ngày"),
        ),
        migrations.AddField(
            model_name="minutes",
            name="unit_signed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="unit_signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="đơn vị ký ngày"),
        ),
        migrations.AddField(
            model_name="minutes",
            name="unit_signer",
            field=models.CharField(blank=True, max_length=160, verbose_name="người ký của đơn vị"),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="inspections.minutes",
                verbose_name="đính chính biên bản",
            ),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="declined_for",
            field=models.TextField(blank=True, max_length=2000, verbose_name="ý kiến khi chưa ký"),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="team_signed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="team_signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="đoàn ký ngày"),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="unit_signed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="unit_signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="đơn vị ký ngày"),
        ),
        migrations.AddField(
            model_name="minutesevent",
            name="unit_signer",
            field=models.CharField(blank=True, max_length=160, verbose_name="người ký của đơn vị"),
        ),
        migrations.AddField(
            model_name="selfanswer",
            name="amended_on",
            field=models.DateField(blank=True, null=True, verbose_name="bổ sung ngày"),
        ),
        migrations.AddField(
            model_name="selfanswer",
            name="returned_for",
            field=models.TextField(blank=True, max_length=2000, verbose_name="yêu cầu bổ sung"),
        ),
        migrations.AddField(
            model_name="selfanswer",
            name="returned_on",
            field=models.DateField(blank=True, null=True, verbose_name="yêu cầu ngày"),
        ),
        migrations.AddField(
            model_name="selfanswer",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="selfanswerevent",
            name="amended_on",
            field=models.DateField(blank=True, null=True, verbose_name="bổ sung ngày"),
        ),
        migrations.AddField(
            model_name="selfanswerevent",
            name="returned_for",
            field=models.TextField(blank=True, max_length=2000, verbose_name="yêu cầu bổ sung"),
        ),
        migrations.AddField(
            model_name="selfanswerevent",
            name="returned_on",
            field=models.DateField(blank=True, null=True, verbose_name="yêu cầu ngày"),
        ),
        migrations.AddField(
            model_name="selfanswerevent",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="outlineitem",
            name="table",
            field=models.CharField(
                blank=True,
                choices=[
                    ("plans", "Quy hoạch: số lượng, cơ cấu"),
                    ("nominees", "Danh sách quy hoạch"),
                    ("reviews", "Rà soát, bổ sung hằng năm"),
                    ("rotations", "Luân chuyển, điều động, biệt phái"),
                    ("grades", "Đánh giá, xếp loại"),
                    ("trainings", "Đào tạo, bồi dưỡng"),
                    ("appointments", "Bổ nhiệm từ quy hoạch"),
                    ("findings", "Kết quả đối chiếu tiêu chí quy hoạch"),
                ],
                max_length=12,
                verbose_name="bảng số liệu",
            ),
        ),
        migrations.AlterField(
            model_name="outlineitemevent",
            name="table",
            field=models.CharField(
                blank=True,
                choices=[
                    ("plans", "Quy hoạch: số lượng, cơ cấu"),
                    ("nominees", "Danh sách quy hoạch"),
                    ("reviews", "Rà soát, bổ sung hằng năm"),
                    ("rotations", "Luân chuyển, điều động, biệt phái"),
                    ("grades", "Đánh giá, xếp loại"),
                    ("trainings", "Đào tạo, bồi dưỡng"),
                    ("appointments", "Bổ nhiệm từ quy hoạch"),
                    ("findings", "Kết quả đối chiếu tiêu chí quy hoạch"),
                ],
                max_length=12,
                verbose_name="bảng số liệu",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_minutesevent" ("corrects_id", "declined_for", "held_on", "id", "inspected_unit_id", "inspection_id", "is_signed", "kind", "number", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "team_signed_by_id", "team_signed_on", "text", "unit_signed_by_id", "unit_signed_on", "unit_signer", "version", "written_by_id") SELECT new_values."corrects_id", new_values."declined_for", new_values."held_on", new_values."id", new_values."inspected_unit_id", new_values."inspection_id", new_values."is_signed", new_values."kind", new_values."number", new_values."participants", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."team_signed_by_id", new_values."team_signed_on", new_values."text", new_values."unit_signed_by_id", new_values."unit_signed_on", new_values."unit_signer", new_values."version", new_values."written_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e4781f60b3198bb761b9bf06f890c83af5383251",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_aee97",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="inspections_minutes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_minutesevent" ("corrects_id", "declined_for", "held_on", "id", "inspected_unit_id", "inspection_id", "is_signed", "kind", "number", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "team_signed_by_id", "team_signed_on", "text", "unit_signed_by_id", "unit_signed_on", "unit_signer", "version", "written_by_id") SELECT new_values."corrects_id", new_values."declined_for", new_values."held_on", new_values."id", new_values."inspected_unit_id", new_values."inspection_id", new_values."is_signed", new_values."kind", new_values."number", new_values."participants", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."team_signed_by_id", new_values."team_signed_on", new_values."text", new_values."unit_signed_by_id", new_values."unit_signed_on", new_values."unit_signer", new_values."version", new_values."written_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="4d42bfadba0ebeb40c9cd201c1b703266b587176",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b102d",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="inspections_minutes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_minutesevent" ("corrects_id", "declined_for", "held_on", "id", "inspected_unit_id", "inspection_id", "is_signed", "kind", "number", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "team_signed_by_id", "team_signed_on", "text", "unit_signed_by_id", "unit_signed_on", "unit_signer", "version", "written_by_id") SELECT old_values."corrects_id", old_values."declined_for", old_values."held_on", old_values."id", old_values."inspected_unit_id", old_values."inspection_id", old_values."is_signed", old_values."kind", old_values."number", old_values."participants", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."team_signed_by_id", old_values."team_signed_on", old_values."text", old_values."unit_signed_by_id", old_values."unit_signed_on", old_values."unit_signer", old_values."version", old_values."written_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cda6296d67a32b5de04fb7ad3c418f230bb71021",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f9943",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="inspections_minutes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selfanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_selfanswerevent" ("amended_on", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "returned_for", "returned_on", "table", "text", "version") SELECT new_values."amended_on", new_values."id", new_values."item_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."report_id", new_values."returned_for", new_values."returned_on", new_values."table", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7c400479f4293dd6eaaf0dbb61e762839f921205",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1e979",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="inspections_selfanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selfanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_selfanswerevent" ("amended_on", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "returned_for", "returned_on", "table", "text", "version") SELECT new_values."amended_on", new_values."id", new_values."item_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."report_id", new_values."returned_for", new_values."returned_on", new_values."table", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="a45273a093265535dd63df3621bc8f6589f402e8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_954ff",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="inspections_selfanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selfanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "inspections_selfanswerevent" ("amended_on", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_id", "returned_for", "returned_on", "table", "text", "version") SELECT old_values."amended_on", old_values."id", old_values."item_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."report_id", old_values."returned_for", old_values."returned_on", old_values."table", old_values."text", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b07aa37b99ce1df3bb679881553e9fb431310758",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_19193",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="inspections_selfanswer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team_signed_by", None), ("team_signed_on", None)),
                    models.Q(("team_signed_by__isnull", False), ("team_signed_on__isnull", False)),
                    _connector="OR",
                ),
                name="minutes_team_signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unit_signed_by", None), ("unit_signed_on", None)),
                    models.Q(
                        ("unit_signed_on__isnull", False),
                        models.Q(("unit_signer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="minutes_unit_signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit_signed_on", None), ("team_signed_on__isnull", False), _connector="OR"
                ),
                name="minutes_signed_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects", models.F("pk")), _negated=True),
                name="minutes_correct_others",
            ),
        ),
        migrations.AddConstraint(
            model_name="outlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "table"),
                        (
                            "table__in",
                            [
                                "plans",
                                "nominees",
                                "reviews",
                                "rotations",
                                "grades",
                                "trainings",
                                "appointments",
                                "findings",
                            ],
                        ),
                    ),
                    models.Q(models.Q(("kind", "table"), _negated=True), ("table", "")),
                    _connector="OR",
                ),
                name="outline_table_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amended_on", None), ("returned_on", None)),
                    models.Q(
                        ("returned_on__isnull", False),
                        models.Q(("returned_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="self_answer_returned",
            ),
        ),
        migrations.RunSQL(INTEGRITY, UNDO),
    ]

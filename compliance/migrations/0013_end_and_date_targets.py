"""The document that ends or replaces a target, and when documents were signed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0012_counts_by_place"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="target",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="target",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="target",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="waiver",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="waiver",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="waiver",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="target",
            name="document_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày ký"),
        ),
        migrations.AddField(
            model_name="target",
            name="end_document",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=120,
                verbose_name="văn bản kết thúc, thay thế",
            ),
        ),
        migrations.AddField(
            model_name="targetevent",
            name="document_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày ký"),
        ),
        migrations.AddField(
            model_name="targetevent",
            name="end_document",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=120,
                verbose_name="văn bản kết thúc, thay thế",
            ),
        ),
        migrations.AddField(
            model_name="waiver",
            name="document_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày ký"),
        ),
        migrations.AddField(
            model_name="waiverevent",
            name="document_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày ký"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_targetevent" ("at", "confidence", "document", "document_on", "end_document", "id", "in_force_from", "in_force_to", "level", "parameter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "value") SELECT new_values."at", new_values."confidence", new_values."document", new_values."document_on", new_values."end_document", new_values."id", new_values."in_force_from", new_values."in_force_to", new_values."level", new_values."parameter", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."unit_id", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f1cebf00ae28bc1d38e4f6dfc7f9f85d3fd8762f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_08a1f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="compliance_target",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_targetevent" ("at", "confidence", "document", "document_on", "end_document", "id", "in_force_from", "in_force_to", "level", "parameter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "value") SELECT new_values."at", new_values."confidence", new_values."document", new_values."document_on", new_values."end_document", new_values."id", new_values."in_force_from", new_values."in_force_to", new_values."level", new_values."parameter", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."unit_id", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="793495e447a75f79131c5dd2f21cb037110a339f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_89f2c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="compliance_target",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_targetevent" ("at", "confidence", "document", "document_on", "end_document", "id", "in_force_from", "in_force_to", "level", "parameter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "value") SELECT old_values."at", old_values."confidence", old_values."document", old_values."document_on", old_values."end_document", old_values."id", old_values."in_force_from", old_values."in_force_to", old_values."level", old_values."parameter", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."unit_id", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fe8bf4da8dbf16f31aabc41cbad27a7033c9ff7d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6a354",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="compliance_target",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_waiverevent" ("approved_by_id", "asked_by_id", "document", "document_on", "id", "in_force_from", "in_force_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "subject_id", "subject_kind", "unit_id") SELECT new_values."approved_by_id", new_values."asked_by_id", new_values."document", new_values."document_on", new_values."id", new_values."in_force_from", new_values."in_force_to", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."rule", new_values."subject_id", new_values."subject_kind", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="444a2c3237d518f923fd95206357aa28b64945d1",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_77142",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="compliance_waiver",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_waiverevent" ("approved_by_id", "asked_by_id", "document", "document_on", "id", "in_force_from", "in_force_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "subject_id", "subject_kind", "unit_id") SELECT new_values."approved_by_id", new_values."asked_by_id", new_values."document", new_values."document_on", new_values."id", new_values."in_force_from", new_values."in_force_to", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."rule", new_values."subject_id", new_values."subject_kind", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="157bb7920047cd7302d8eb73c93374a8e7bf8885",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0b47a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="compliance_waiver",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waiver",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "compliance_waiverevent" ("approved_by_id", "asked_by_id", "document", "document_on", "id", "in_force_from", "in_force_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "subject_id", "subject_kind", "unit_id") SELECT old_values."approved_by_id", old_values."asked_by_id", old_values."document", old_values."document_on", old_values."id", old_values."in_force_from", old_values."in_force_to", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."rule", old_values."subject_id", old_values."subject_kind", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1f80efba81e2b237b56291e00f2c2613fb43d17b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_46731",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="compliance_waiver",
                    when="AFTER",
                ),
            ),
        ),
    ]

"""Reorganisations, and what units were called and where they stood on other days."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import cadres.models.reorganisation

#: What a unit was is kept when its name, kind, level or parent changes, whoever changes it. The
#: setting `cadres.unit_facts` says since when the new facts hold ("off": nothing is kept, it was
#: a correction); without it they hold from today, as the calendar of Viet Nam has it.
TRIGGER = """
CREATE FUNCTION cadres_keep_unit_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text := current_setting('cadres.unit_facts', true);
    since date;
BEGIN
    IF said = 'off' THEN
        RETURN NULL;
    END IF;
    since := coalesce(nullif(said, '')::date, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
    INSERT INTO cadres_unitperiod (unit_id, name, kind, level, parent_id, valid_from, valid_to)
    SELECT c.id, c.name, c.kind, c.level, c.old_parent, p.last + 1, since - 1
      FROM (SELECT o.id, o.name, o.kind, o.level, o.valid_from,
                   (o.name, o.kind, o.level) IS DISTINCT FROM (n.name, n.kind, n.level)
                       AS is_described_anew,
                   coalesce(moved.id, CASE WHEN came.id IS NULL THEN stayed.id END) AS old_parent,
                   above.id AS new_parent
              FROM before o
              JOIN after n ON n.id = o.id
              LEFT JOIN before moved ON moved.path = left(o.path, -4)
              LEFT JOIN cadres_unit stayed ON stayed.path = left(o.path, -4)
              LEFT JOIN after came ON came.id = stayed.id
              LEFT JOIN cadres_unit above ON above.path = left(n.path, -4)
             WHERE o.path <> n.path
                OR (o.name, o.kind, o.level) IS DISTINCT FROM (n.name, n.kind, n.level)) c
     CROSS JOIN LATERAL (SELECT max(f.valid_to) AS last FROM cadres_unitperiod f
                          WHERE f.unit_id = c.id) p
     WHERE (c.is_described_anew OR c.old_parent IS DISTINCT FROM c.new_parent)
       AND coalesce(p.last + 1, c.valid_from, '-infinity') < since
       AND NOT EXISTS (SELECT FROM cadres_unitperiod f
                        WHERE f.unit_id = c.id AND f.valid_to IS NULL AND f.valid_from < since);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_unit_facts AFTER UPDATE ON cadres_unit
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION cadres_keep_unit_facts();
"""

UNDO = """
DROP TRIGGER keep_unit_facts ON cadres_unit;
DROP FUNCTION cadres_keep_unit_facts();
"""

SETTLE = "Đưa sắp xếp tổ chức vào hiệu lực"


def schedule(apps, schema_editor):
    """Let beat bring decided changes into effect shortly after midnight; the task is harmless."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    early, _created = crontab.objects.get_or_create(
        minute="5",
        hour="0",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="Asia/Ho_Chi_Minh",
    )
    task.objects.get_or_create(
        name=SETTLE,
        defaults={
            "task": "cadres.units_settle",
            "crontab": early,
            "description": "Đổi tên, chuyển cấp trên của đơn vị đến ngày đã quyết định.",
        },
    )


def unschedule(apps, schema_editor):
    """Take the periodic task away."""
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=SETTLE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("cadres", "0007_biography_and_rounds"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nội dung")),
                ("effective_on", models.DateField(verbose_name="ngày hiệu lực")),
                (
                    "decision_no",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="số quyết định, nghị quyết"
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="ngày ký")),
                (
                    "carries_plans",
                    models.BooleanField(
                        default=False,
                        verbose_name="chuyển quy hoạch sang kế hoạch của đơn vị kế tục (bản dự thảo)",
                    ),
                ),
                (
                    "carries_grants",
                    models.BooleanField(
                        default=True, verbose_name="phân quyền cho cán bộ tổ chức ở đơn vị kế tục"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("applied", "Đã áp dụng"),
                            ("undone", "Đã hoàn tác"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="lập lúc")),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="áp dụng lúc"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="hoàn tác lúc"),
                ),
                ("record", models.JSONField(blank=True, default=dict)),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người áp dụng",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người hoàn tác",
                    ),
                ),
            ],
            options={
                "verbose_name": "sắp xếp tổ chức",
                "verbose_name_plural": "sắp xếp tổ chức",
                "ordering": ("-effective_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ReorganisationChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit_code",
                    models.CharField(blank=True, max_length=40, verbose_name="đơn vị đến"),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reorganisation_choices",
                        to="cadres.appointment",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="cadres.reorganisation",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.title",
                        verbose_name="chức danh mới",
                    ),
                ),
            ],
            options={
                "verbose_name": "bố trí người khi sắp xếp",
                "verbose_name_plural": "bố trí người khi sắp xếp",
            },
        ),
        migrations.CreateModel(
            name="ReorganisationChoiceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "unit_code",
                    models.CharField(blank=True, max_length=40, verbose_name="đơn vị đến"),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.appointment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cadres.reorganisationchoice",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.reorganisation",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.title",
                        verbose_name="chức danh mới",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReorganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="nội dung")),
                ("effective_on", models.DateField(verbose_name="ngày hiệu lực")),
                (
                    "decision_no",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="số quyết định, nghị quyết"
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="ngày ký")),
                (
                    "carries_plans",
                    models.BooleanField(
                        default=False,
                        verbose_name="chuyển quy hoạch sang kế hoạch của đơn vị kế tục (bản dự thảo)",
                    ),
                ),
                (
                    "carries_grants",
                    models.BooleanField(
                        default=True, verbose_name="phân quyền cho cán bộ tổ chức ở đơn vị kế tục"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("applied", "Đã áp dụng"),
                            ("undone", "Đã hoàn tác"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="lập lúc")),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="áp dụng lúc"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="hoàn tác lúc"),
                ),
                ("record", models.JSONField(blank=True, default=dict)),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người áp dụng",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cadres.reorganisation",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người hoàn tác",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReorganisationPost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_code", models.CharField(max_length=40, verbose_name="mã đơn vị")),
                ("prescribed", models.PositiveIntegerField(verbose_name="số lượng quy định")),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="cadres.reorganisation",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.title",
                    ),
                ),
            ],
            options={
                "verbose_name": "vị trí khi sắp xếp",
                "verbose_name_plural": "vị trí khi sắp xếp",
            },
        ),
        migrations.CreateModel(
            name="ReorganisationPostEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("unit_code", models.CharField(max_length=40, verbose_name="mã đơn vị")),
                ("prescribed", models.PositiveIntegerField(verbose_name="số lượng quy định")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cadres.reorganisationpost",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.reorganisation",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReorganisationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Lập đơn vị mới"),
                            ("merge", "Hợp nhất, sáp nhập"),
                            ("split", "Chia, tách"),
                            ("rename", "Đổi tên"),
                            ("move", "Chuyển cấp trên"),
                            ("close", "Kết thúc hoạt động"),
                        ],
                        max_length=6,
                        verbose_name="việc",
                    ),
                ),
                ("unit_code", models.CharField(max_length=40, verbose_name="mã đơn vị")),
                (
                    "other_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="các đơn vị khác",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="tên")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party_committee", "Cấp ủy, cơ quan Đảng"),
                            ("department", "Sở, ban, ngành"),
                            ("district", "Huyện, thành phố"),
                            ("commune", "Xã, phường"),
                            ("other", "Đơn vị khác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("central", "Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                (
                    "parent_code",
                    models.CharField(blank=True, max_length=40, verbose_name="mã đơn vị cấp trên"),
                ),
                (
                    "keeps_source",
                    models.BooleanField(default=False, verbose_name="đơn vị bị tách vẫn hoạt động"),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="cadres.reorganisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "bước sắp xếp",
                "verbose_name_plural": "bước sắp xếp",
                "ordering": ("reorganisation", "number"),
            },
        ),
        migrations.CreateModel(
            name="ReorganisationStepEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Lập đơn vị mới"),
                            ("merge", "Hợp nhất, sáp nhập"),
                            ("split", "Chia, tách"),
                            ("rename", "Đổi tên"),
                            ("move", "Chuyển cấp trên"),
                            ("close", "Kết thúc hoạt động"),
                        ],
                        max_length=6,
                        verbose_name="việc",
                    ),
                ),
                ("unit_code", models.CharField(max_length=40, verbose_name="mã đơn vị")),
                (
                    "other_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="các đơn vị khác",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="tên")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party_committee", "Cấp ủy, cơ quan Đảng"),
                            ("department", "Sở, ban, ngành"),
                            ("district", "Huyện, thành phố"),
                            ("commune", "Xã, phường"),
                            ("other", "Đơn vị khác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("central", "Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                (
                    "parent_code",
                    models.CharField(blank=True, max_length=40, verbose_name="mã đơn vị cấp trên"),
                ),
                (
                    "keeps_source",
                    models.BooleanField(default=False, verbose_name="đơn vị bị tách vẫn hoạt động"),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cadres.reorganisationstep",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.reorganisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên đơn vị")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("party_committee", "Cấp ủy, cơ quan Đảng"),
                            ("department", "Sở, ban, ngành"),
                            ("district", "Huyện, thành phố"),
                            ("commune", "Xã, phường"),
                            ("other", "Đơn vị khác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("central", "Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods_below",
                        to="cadres.unit",
                        verbose_name="đơn vị cấp trên",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="cadres.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "tên và vị trí theo thời gian",
                "verbose_name_plural": "tên và vị trí theo thời gian",
                "ordering": ("unit", "valid_to"),
            },
        ),
        migrations.CreateModel(
            name="UnitPeriodEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="tên đơn vị")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("party_committee", "Cấp ủy, cơ quan Đảng"),
                            ("department", "Sở, ban, ngành"),
                            ("district", "Huyện, thành phố"),
                            ("commune", "Xã, phường"),
                            ("other", "Đơn vị khác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("central", "Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.unit",
                        verbose_name="đơn vị cấp trên",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cadres.unitperiod",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadres.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="reorganisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "applied", "undone"])),
                name="reorganisation_status_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("decision_no", ""), _negated=True),
                    _connector="OR",
                ),
                name="reorganisation_decided",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationevent" ("applied_at", "applied_by_id", "carries_grants", "carries_plans", "created_at", "created_by_id", "decided_on", "decision_no", "effective_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "status", "undone_at", "undone_by_id", "version") SELECT new_values."applied_at", new_values."applied_by_id", new_values."carries_grants", new_values."carries_plans", new_values."created_at", new_values."created_by_id", new_values."decided_on", new_values."decision_no", new_values."effective_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."record", new_values."status", new_values."undone_at", new_values."undone_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="8d48dd7f906e293b8aaf46a50b3b0bb578ea3f04",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6c81b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadres_reorganisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationevent" ("applied_at", "applied_by_id", "carries_grants", "carries_plans", "created_at", "created_by_id", "decided_on", "decision_no", "effective_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "status", "undone_at", "undone_by_id", "version") SELECT new_values."applied_at", new_values."applied_by_id", new_values."carries_grants", new_values."carries_plans", new_values."created_at", new_values."created_by_id", new_values."decided_on", new_values."decision_no", new_values."effective_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."record", new_values."status", new_values."undone_at", new_values."undone_by_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="965e1a28bb6bb5895fb953f3057dd93be2ece3eb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_77b50",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadres_reorganisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationevent" ("applied_at", "applied_by_id", "carries_grants", "carries_plans", "created_at", "created_by_id", "decided_on", "decision_no", "effective_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "status", "undone_at", "undone_by_id", "version") SELECT old_values."applied_at", old_values."applied_by_id", old_values."carries_grants", old_values."carries_plans", old_values."created_at", old_values."created_by_id", old_values."decided_on", old_values."decision_no", old_values."effective_on", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."record", old_values."status", old_values."undone_at", old_values."undone_by_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d903405a7e21f94b41ab37cbb602ea6c7bd92960",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f1f6e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadres_reorganisation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationchoice",
            constraint=models.UniqueConstraint(
                fields=("reorganisation", "appointment"), name="reorganisation_choice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", None), ("unit_code", "")),
                    models.Q(models.Q(("unit_code", ""), _negated=True), ("title__isnull", False)),
                    _connector="OR",
                ),
                name="reorganisation_choice_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationchoiceevent" ("appointment_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "title_id", "unit_code") SELECT new_values."appointment_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reorganisation_id", new_values."title_id", new_values."unit_code" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="b54160da7eaadcf17df73a121ea7f54a618e151b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_234f6",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadres_reorganisationchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationchoiceevent" ("appointment_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "title_id", "unit_code") SELECT new_values."appointment_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reorganisation_id", new_values."title_id", new_values."unit_code" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="49f1f081d79641cc2493b7e044c90a00972c0289",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b8bad",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadres_reorganisationchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationchoiceevent" ("appointment_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "title_id", "unit_code") SELECT old_values."appointment_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reorganisation_id", old_values."title_id", old_values."unit_code" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="64d48b059fd1ae4cd1caca1875f04cbb52233170",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_274c8",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadres_reorganisationchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationchoiceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e11a1d6a5e0391a30ca66c381541e52c1e404101",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_32109",
                    table="cadres_reorganisationchoiceevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8e6da919f4a89a483cbc8d57492c7f4eac0ebf71",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e694f",
                    table="cadres_reorganisationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationpost",
            constraint=models.UniqueConstraint(
                fields=("reorganisation", "unit_code", "title"), name="reorganisation_post_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationpost",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationpostevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prescribed", "reorganisation_id", "title_id", "unit_code") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."prescribed", new_values."reorganisation_id", new_values."title_id", new_values."unit_code" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="da15ffd69bcb7d7ea6c784a2144cdafe05a2416e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ea70b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadres_reorganisationpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationpost",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationpostevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prescribed", "reorganisation_id", "title_id", "unit_code") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."prescribed", new_values."reorganisation_id", new_values."title_id", new_values."unit_code" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e36e9df66559763a8c2b2a58c144e8a3c951b4e7",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0a18f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadres_reorganisationpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationpost",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationpostevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prescribed", "reorganisation_id", "title_id", "unit_code") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."prescribed", old_values."reorganisation_id", old_values."title_id", old_values."unit_code" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="632b88c3716362a8f1be76d1acc512dc78a4c6e9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fc04d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadres_reorganisationpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationpostevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="07858f1755b4ca0c80a9562e2a254c7b1106256e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2db4d",
                    table="cadres_reorganisationpostevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="reorganisationstep",
            index=models.Index(fields=["unit_code"], name="step_of_unit"),
        ),
        migrations.AddIndex(
            model_name="reorganisationstep",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["other_codes"], name="step_of_others"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.UniqueConstraint(
                fields=("reorganisation", "number"), name="step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["create", "merge", "split", "rename", "move", "close"])
                ),
                name="step_kind_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_code", ""), _negated=True), name="step_unit_given"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationstepevent" ("id", "keeps_source", "kind", "level", "name", "number", "other_codes", "parent_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "unit_code", "unit_kind") SELECT new_values."id", new_values."keeps_source", new_values."kind", new_values."level", new_values."name", new_values."number", new_values."other_codes", new_values."parent_code", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reorganisation_id", new_values."unit_code", new_values."unit_kind" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="00d6b83942ac15e943efa06b90e7ccafdd744b25",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d03f3",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadres_reorganisationstep",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationstepevent" ("id", "keeps_source", "kind", "level", "name", "number", "other_codes", "parent_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "unit_code", "unit_kind") SELECT new_values."id", new_values."keeps_source", new_values."kind", new_values."level", new_values."name", new_values."number", new_values."other_codes", new_values."parent_code", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reorganisation_id", new_values."unit_code", new_values."unit_kind" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="acc92748ec24bef09a30063fa54bd01ca6ef0637",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d1c61",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadres_reorganisationstep",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_reorganisationstepevent" ("id", "keeps_source", "kind", "level", "name", "number", "other_codes", "parent_code", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reorganisation_id", "unit_code", "unit_kind") SELECT old_values."id", old_values."keeps_source", old_values."kind", old_values."level", old_values."name", old_values."number", old_values."other_codes", old_values."parent_code", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reorganisation_id", old_values."unit_code", old_values."unit_kind" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="46b67a34e6f80fa51991179da414ae8368f463aa",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_81f96",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadres_reorganisationstep",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reorganisationstepevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8c5ff0b1599b33e90b3a1cef2b6e4b5e2e75b672",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8cf3c",
                    table="cadres_reorganisationstepevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="unit_facts_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", False), ("valid_to__isnull", False), _connector="OR"
                ),
                name="unit_facts_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None),
                    models.Q(("parent", models.F("unit")), _negated=True),
                    _connector="OR",
                ),
                name="unit_facts_other_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(
                    ("unit", "="),
                    (cadres.models.reorganisation.ClosedDates("valid_from", "valid_to"), "&&"),
                ),
                name="unit_facts_no_overlap",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_unitperiodevent" ("id", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."level", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."unit_id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d477730a9e90e0d6e1761c9a820470ca97490509",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d1e9f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cadres_unitperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_unitperiodevent" ("id", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."level", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."unit_id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1090248ec0fcead679437ddda2acd06bafec8551",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4e742",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadres_unitperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadres_unitperiodevent" ("id", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "valid_from", "valid_to") SELECT old_values."id", old_values."kind", old_values."level", old_values."name", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."unit_id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6733312bc47d65a123a58034cad255613f7e05f1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_76613",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadres_unitperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitperiodevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ea0c77475d35f7d55c2f61c5ef0d8e5f093e1019",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_da7d6",
                    table="cadres_unitperiodevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(TRIGGER, UNDO),
        migrations.RunPython(schedule, unschedule),
    ]

"""What the office did with recommendations stays; reminders are sent in the morning."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
WORK = (("Nhắc hạn thực hiện kiến nghị kiểm tra", "inspections.remind", "50", "6"),)

STAYS = """
CREATE TRIGGER remedy_act_stays BEFORE UPDATE OR DELETE ON inspections_remedyact
    FOR EACH STATEMENT EXECUTE FUNCTION inspections_written_once();
"""


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, job, minute, hour in WORK:
        at, _ = crontab.objects.get_or_create(
            minute=minute,
            hour=hour,
            day_of_week="*",
            day_of_month="*",
            month_of_year="*",
            timezone=ZONE,
        )
        task.objects.get_or_create(name=name, defaults={"task": job, "crontab": at})


def unschedule(apps, schema_editor):
    """Take it away."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name__in=[name for name, *_rest in WORK]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0005_remedy_acts"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.RunSQL(STAYS, "DROP TRIGGER remedy_act_stays ON inspections_remedyact;"),
        migrations.RunPython(schedule, unschedule),
    ]

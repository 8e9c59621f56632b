"""Approved rotations begin on their day, and tours that end are reminded of; both by the clock."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
WORK = (
    ("Thực hiện quyết định luân chuyển đến ngày", "rotation.begin_due", "10", "0"),
    ("Nhắc hạn luân chuyển và nhận xét", "rotation.remind", "40", "6"),
)


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
    """Take both away."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name__in=[name for name, *_rest in WORK]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("rotation", "0003_process_and_plans"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

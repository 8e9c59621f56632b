"""Files that workers made are deleted by the clock, as EXPORTS_KEPT_DAYS says."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
FORGET = "Xóa tệp đã xuất quá hạn"


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at_night, _ = crontab.objects.get_or_create(
        minute="40",
        hour="3",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone=ZONE,
    )
    task.objects.get_or_create(
        name=FORGET,
        defaults={
            "task": "cadres.exports_forget",
            "crontab": at_night,
            "description": "Xóa tệp do cổng tạo cho người xuất, cũ hơn thời hạn giữ đã cấu hình.",
        },
    )


def unschedule(apps, schema_editor):
    """Take it away."""
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=FORGET).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0015_store_exports"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

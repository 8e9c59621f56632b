"""Old records of openings and exports are dropped by the clock, as far as RECORD_DAYS says so."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
FORGET = "Bỏ nhật ký quá hạn lưu"


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at_night, _ = crontab.objects.get_or_create(
        minute="30",
        hour="3",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone=ZONE,
    )
    task.objects.get_or_create(
        name=FORGET,
        defaults={
            "task": "cadres.records_forget",
            "crontab": at_night,
            "description": "Bỏ nhật ký mở hồ sơ và xuất dữ liệu cũ hơn thời hạn lưu đã cấu hình.",
        },
    )


def unschedule(apps, schema_editor):
    """Take it away."""
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=FORGET).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0010_courses_and_skills"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

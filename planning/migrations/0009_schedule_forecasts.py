"""The forecasts that beat sends by the clock; administrators may change or switch it off."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
NIGHTLY = "Dự báo hằng đêm"
RESUME = "Tiếp tục lần dự báo dở"


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at_three, _ = crontab.objects.get_or_create(
        minute="0",
        hour="3",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone=ZONE,
    )
    often, _ = interval.objects.get_or_create(every=5, period="minutes")
    task.objects.get_or_create(
        name=NIGHTLY,
        defaults={
            "task": "planning.forecast_all",
            "crontab": at_three,
            "description": "Dự báo từng tháng cho mọi kế hoạch còn nhiệm kỳ.",
        },
    )
    task.objects.get_or_create(
        name=RESUME,
        defaults={
            "task": "planning.forecasts_resume",
            "interval": often,
            "description": "Gửi lại phần dự báo mà một tiến trình bị dừng giữa chừng đã bỏ dở.",
        },
    )


def unschedule(apps, schema_editor):
    """Take both away."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name__in=[NIGHTLY, RESUME]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0008_forecast_plans"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

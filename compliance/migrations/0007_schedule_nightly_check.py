"""The work that beat sends by the clock; administrators change or switch it off afterwards."""

from django.db import migrations

ZONE = "Asia/Ho_Chi_Minh"
NIGHTLY = "Kiểm tra hằng đêm"
RESUME = "Tiếp tục lần kiểm tra dở"


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    at_one, _ = crontab.objects.get_or_create(
        minute="0",
        hour="1",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone=ZONE,
    )
    often, _ = interval.objects.get_or_create(every=5, period="minutes")
    task.objects.get_or_create(
        name=NIGHTLY,
        defaults={
            "task": "compliance.check_all",
            "crontab": at_one,
            "description": "Cập nhật hiện trạng của mọi kế hoạch theo quy định của ngày mới.",
        },
    )
    task.objects.get_or_create(
        name=RESUME,
        defaults={
            "task": "compliance.runs_resume",
            "interval": often,
            "description": "Gửi lại phần việc mà một tiến trình bị dừng giữa chừng đã bỏ dở.",
        },
    )


def unschedule(apps, schema_editor):
    """Take both away."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name__in=[NIGHTLY, RESUME]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0006_record_exports"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

"""The work that beat sends by the clock; administrators change or switch it off afterwards."""

from django.db import migrations

RESUME = "Tiếp tục lần chốt số liệu dở"


def schedule(apps, schema_editor):
    """Add what is not there; what somebody has named so already is left as it is."""
    interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    often, _ = interval.objects.get_or_create(every=5, period="minutes")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=RESUME,
        defaults={
            "task": "inspections.takings_resume",
            "interval": often,
            "description": "Gửi lại phần chốt số liệu mà một tiến trình bị dừng giữa chừng bỏ dở.",
        },
    )


def unschedule(apps, schema_editor):
    """Take it away."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name=RESUME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0009_proofs_and_objections_stay"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]

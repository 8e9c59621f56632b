"""Open posts in the order of cadres, ended ones by their end: what checks of everybody read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0016_schedule_forgetting_of_exports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("end_on", None)),
                fields=["cadre"],
                include=("start_on", "title", "unit"),
                name="appointment_open",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("end_on__isnull", False)),
                fields=["end_on"],
                name="appointment_by_end",
            ),
        ),
    ]

"""The plans of a person from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0009_schedule_forecasts"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="nomination",
            name="nomination_of_cadre",
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(
                fields=["cadre", "nominated_on", "removed_on"],
                include=("plan",),
                name="nomination_of_cadre",
            ),
        ),
    ]

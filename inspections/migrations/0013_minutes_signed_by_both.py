"""Signed minutes say who signed for both sides.

Minutes of before there were signatures stay as they are: who signed them is not known here.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inspections", "0012_submitted_stays_as_given")]

    operations = [
        AddConstraintNotValid(
            model_name="minutes",
            constraint=models.CheckConstraint(
                name="minutes_signed_by_both",
                condition=Q(is_signed=False)
                | Q(team_signed_on__isnull=False, unit_signed_on__isnull=False),
            ),
        ),
    ]

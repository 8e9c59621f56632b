"""Retirement by day of birth."""

from django.db import models


class RetirementDate(models.Model):
    """Retirement by day of birth, written from the law's table (REGULATIONS section 11)."""

    born = models.DateField(primary_key=True)
    male = models.DateField()
    female = models.DateField()

    class Meta:
        db_table = "compliance_retirement_date"

    def __str__(self) -> str:
        return f"{self.born:%m/%Y}"

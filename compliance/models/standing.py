"""Facts about a cadre on a day, kept so that a nightly run need not derive them anew."""

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


class Standing(models.Model):
    """Where a cadre stands on every day of [`valid_from`, `valid_to`).

    A cache in an unlogged table: triggers delete a row when one of its sources changes, the engine
    writes it again. `woman` and `minority` are NULL when unknown; `rank` is that of the primary
    appointment (CONTRACT section 3); `paths` is "|path" of each active appointment, the primary
    one first; `grade` is the worst of last year; `disciplines` counts those in force; the two
    retirement dates differ only when the sex is unknown.
    """

    cadre = models.OneToOneField(
        "cadres.Cadre",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="standing",
    )
    valid_from = models.DateField()
    valid_to = models.DateField()
    birth_date = models.DateField(null=True)
    woman = models.BooleanField(null=True)
    minority = models.BooleanField(null=True)
    degree = models.SmallIntegerField(null=True)
    theory = models.SmallIntegerField(null=True)
    rank = models.IntegerField(null=True)
    paths = models.TextField(null=True, db_collation="C")
    grade = models.SmallIntegerField(null=True)
    disciplines = models.SmallIntegerField()
    retires_first = models.DateField(null=True)
    retires_last = models.DateField(null=True)

    class Meta:
        db_table = "compliance_standing"

    def __str__(self) -> str:
        return str(self.pk)

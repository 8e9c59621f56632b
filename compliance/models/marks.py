"""What was edited since it was last judged."""

from django.db import models

from compliance.choices import MarkKind


class Mark(models.Model):
    """Something whose verdicts may no longer hold; written by triggers on what rules read.

    `subject_id` is a cadre or, with `source`, a group of that source (a plan); of everything, None.
    A run takes the marks that it sees before it reads, so an edit that commits later is not lost.
    """

    kind = models.SmallIntegerField(choices=MarkKind)
    source = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "compliance_mark"
        indexes = (models.Index(name="mark_of", fields=("kind", "subject_id")),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.source} {self.subject_id or ''}".strip()

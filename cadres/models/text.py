"""Columns that PostgreSQL derives from Vietnamese text, so that they are right whoever writes."""

from django.db import models
from django.db.models import F, Func


def search_key(source: str) -> models.GeneratedField:
    """Lower-case, diacritic-free copy of the column `source`, for search while typing."""
    return models.GeneratedField(
        expression=Func(F(source), function="vi_fold"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


def name_sort_key(source: str) -> models.GeneratedField:
    """Order of Vietnamese lists: given name, then the rest; letters before tones."""
    return models.GeneratedField(
        expression=Func(F(source), function="vi_name_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

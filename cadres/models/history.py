"""History by database triggers: what, when and by whom, whichever door the change came through."""

from typing import Any

import pghistory
from django.db import models


def tracked(*, exclude: tuple[str, ...] = ()) -> Any:
    """Class decorator: an append-only event table, filled by statement-level triggers.

    The event of a deletion keeps the row as it last was.
    """
    # A plain foreign key from event to object would block deletes and cost an index per table.
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        append_only=True,
        exclude=list(exclude) or None,
        obj_field=pghistory.ObjForeignKey(
            related_name="events", on_delete=models.DO_NOTHING, db_constraint=False
        ),
        context_field=pghistory.ContextForeignKey(on_delete=models.DO_NOTHING, null=True),
    )

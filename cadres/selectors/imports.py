"""Reads of uploaded workbooks."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from cadres.models import ImportJob
from cadres.policies import Actor, can_import_workbook

#: First number of the advisory lock that a worker holds on an import; the second is its id.
JOB_LOCK = 62_844_170


def import_list(actor: Actor) -> QuerySet[ImportJob]:
    """Imports that the actor may look at, the latest first: all or none, being about all units."""
    jobs = ImportJob.objects.select_related("uploaded_by", "applied_by").defer("result")
    return jobs if can_import_workbook(actor) else jobs.none()


def import_get(actor: Actor, pk: int) -> ImportJob:
    """One import with its result. Raises Http404 outside the actor's scope."""
    return get_object_or_404(import_list(actor).defer(None), pk=pk)


def import_is_held(job: ImportJob) -> bool:
    """Whether a worker is at the import now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s"
            " AND l.granted AND d.datname = current_database())",
            [JOB_LOCK, job.pk],
        )
        return bool(cursor.fetchone()[0])

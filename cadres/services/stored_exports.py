"""Files that take long: asked for, made by a worker, taken, forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import Message
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import OperationalError, connection, transaction
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.export_makers import Tell, maker_of
from cadres.models import StoredExport, User
from cadres.policies import require
from cadres.selectors.stored_exports import may_take, rights_print
from cadres.services.notices import Telling, notify

logger = logging.getLogger(__name__)

MAKE = "cadres.export_make"
#: First number of the advisory lock of a worker that makes a file; the second is its id.
EXPORT_LOCK = 62_844_172
Status = StoredExport.Status


@transaction.atomic
def export_ask(*, actor: User, label: str, maker: str, asked: Mapping[str, Any]) -> StoredExport:
    """Have a worker make a file for the actor. `asked` is what JSON can hold."""
    maker_of(maker)
    made = StoredExport.objects.create(
        actor=actor, label=label[:200], maker=maker, asked=dict(asked), rights=rights_print(actor)
    )
    enqueue(MAKE, export_id=made.pk)
    return made


@transaction.atomic
def export_retry(*, actor: User, found: StoredExport) -> None:
    """Give a forgotten or interrupted file to the workers again; nothing is made twice."""
    require(found.actor_id == actor.pk)
    StoredExport.objects.filter(pk=found.pk, status=Status.FAILED).update(status=Status.QUEUED)
    enqueue(MAKE, export_id=found.pk)


@transaction.atomic
def export_drop(*, actor: User, found: StoredExport) -> None:
    """Delete a file before its time."""
    require(found.actor_id == actor.pk)
    _remove([found])


def export_make(*, export_id: int) -> None:
    """Make an asked-for file. Delivered twice, it is made once."""
    with _alone(export_id) as tell:
        if tell is None:
            return
        found = StoredExport.objects.select_related("actor").get(pk=export_id)
        if not may_take(found.actor, found):
            _fail(found)
            return
        try:
            with transaction.atomic():  # the record and the file, or neither
                response = maker_of(found.maker)(found.actor, found.asked, tell)
                _keep(found, response)
                _tell_ready(found)
        except PermissionDenied:
            _fail(found)
        except OperationalError:
            raise
        except Exception:
            _fail(found)
            raise


def exports_forget() -> int:
    """Delete files kept longer than EXPORTS_KEPT_DAYS; how many."""
    before = clock.now() - dt.timedelta(days=settings.EXPORTS_KEPT_DAYS)
    old = list(StoredExport.objects.filter(created_at__lt=before))
    with transaction.atomic():
        _remove(old)
    return len(old)


# ---- Within --------------------------------------------------------------------------------------


def _remove(exports: Sequence[StoredExport]) -> None:
    """The rows now, the files once that is committed."""
    StoredExport.objects.filter(pk__in=[found.pk for found in exports]).delete()
    for found in exports:
        if name := found.file.name:
            transaction.on_commit(partial(found.file.storage.delete, name))


def _keep(found: StoredExport, response: HttpResponseBase) -> None:
    with TemporaryFile() as stream:
        _pour(response, stream)
        found.size = stream.tell()
        stream.seek(0)
        found.file_name = _name_of(response)
        found.content_type = response.headers.get("Content-Type", "application/octet-stream")[:100]
        # The name on disk says nothing and cannot be guessed from outside.
        secret = rights_print(found.actor)[:8]
        suffix = Path(found.file_name).suffix[:6]
        found.file.save(f"{found.pk}-{secret}{suffix}", File(stream), save=False)
    found.status, found.finished_at = Status.READY, clock.now()
    names = ("status", "finished_at", "file", "file_name", "content_type", "size")
    found.save(update_fields=names)


def _tell_ready(found: StoredExport) -> None:
    text = _("Tệp đã tạo xong: %(label)s") % {"label": found.label}
    whom = frozenset({found.actor_id})
    notify([Telling(whom, f"export:{found.pk}", text, reverse("cadres:export-list"))])


def _pour(response: HttpResponseBase, stream: IO[bytes]) -> None:
    pieces = response.streaming_content if isinstance(response, StreamingHttpResponse) else response
    for piece in pieces:  # type: ignore[union-attr]
        stream.write(piece)
    # Not `response.close()`: that ends a request, and with it the connection of this work.
    if source := getattr(response, "file_to_stream", None):
        source.close()


def _name_of(response: HttpResponseBase) -> str:
    told = Message()
    told["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    return (told.get_filename() or "tep")[-200:]


def _fail(found: StoredExport) -> None:
    StoredExport.objects.filter(pk=found.pk).update(status=Status.FAILED, finished_at=clock.now())


@contextmanager
def _alone(pk: int) -> Iterator[Tell | None]:
    """Hold the file while making it; None when it is held elsewhere or no longer waits.

    Lock and progress need a connection of their own: the work is one transaction.
    """
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [EXPORT_LOCK, pk])
            is_free = cursor.fetchone()[0]
            waiting = StoredExport.objects.filter(pk=pk, status__in=(Status.QUEUED, Status.MAKING))
            if not is_free or not waiting.update(status=Status.MAKING, done=0, total=0):
                yield None
                return

            def tell(done: int, total: int) -> None:
                cursor.execute(
                    "UPDATE cadres_storedexport SET done = %s, total = %s WHERE id = %s",
                    [done, total, pk],
                )

            yield tell
    finally:
        other.close()

"""Bringing an office's list into the files: read, corrected, shown, written, taken back.

A `ListImport` is read again when its mapping changes, and its rows are replaced. Of a corrected
cell, a decision about a person or the meaning of a text only the rows it touches are. Short lists
are read and written at once; a long one is given to a worker, which holds an advisory lock while it
is at it, so that a job delivered twice does nothing the second time and one whose worker died can
be told from one that runs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pghistory
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.list_imports import staging
from cadres.list_imports.handlers import Term, all_handlers, terms_of
from cadres.list_imports.naming import folded
from cadres.list_imports.rows import replace_rows
from cadres.lists import Field, ListRefused, Reading, read, without_collecting
from cadres.models import ListImport, ListImportEdit, ListMapping, ListSynonym, Unit, User
from cadres.policies import can_import_list, can_import_list_everywhere, require
from cadres.selectors.list_imports import LIST_LOCK, candidates_for, match_print, names_for
from cadres.services.duplicates import question_ask
from cadres.services.list_imports import applying, revising, undoing
from cadres.services.list_imports.reading import (
    ELSEWHERE,
    HELD,
    PERSON,
    SYNONYM,
    Surroundings,
    count_rows,
    draft_people,
    draft_rows,
)
from cadres.workbook.loading import IMPORT_LOCK

logger = logging.getLogger(__name__)

#: A file up to this size is read while the person waits; a larger one by a worker.
SMALL_BYTES = 400_000
#: A list up to so many rows is read again while the person waits.
SMALL_ROWS = 3_000
#: A list up to so many people is written while the person waits.
SMALL_PEOPLE = 800
READ, APPLY, UNDO = "cadres.list_read", "cadres.list_apply", "cadres.list_undo"

Status = ListImport.Status
Progress = Callable[[str, int, int], None]
#: Where decisions can still be made.
EDITABLE = (Status.OPEN, Status.PREVIEW, Status.FAILED)


class ListChanged(Exception):  # noqa: N818 - the state of the list, not an error of the program
    """The list is no longer as the person saw it: somebody else was faster."""


class ListNotReady(Exception):  # noqa: N818 - the state of the list, not an error of the program
    """Something about the list still has to be decided."""


class ListStuck(Exception):  # noqa: N818 - said to the person, not an error of the program
    """The list cannot be taken back; `obstacles` says why."""

    def __init__(self, obstacles: list[undoing.Obstacle]) -> None:
        super().__init__()
        self.obstacles = obstacles


# ---- What a person does --------------------------------------------------------------------------


def list_upload(
    *,
    actor: User,
    upload: UploadedFile[bytes],
    unit: Unit,
    as_of: dt.date,
    term_code: str = "",
    writes_posts: bool = True,
) -> ListImport:
    """Keep an office's list and have it read. Raises PermissionDenied."""
    require(can_import_list(actor, unit))
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    name = Path(upload.name or "").name[-200:]
    with transaction.atomic():
        made = ListImport(
            unit=unit,
            uploaded_by=actor,
            file_name=name,
            sha256=digest.hexdigest(),
            as_of=as_of,
            term_code=term_code,
            writes_posts=writes_posts,
        )
        # The name on disk says nothing about the content and cannot be guessed from outside.
        suffix = Path(name).suffix.lower()[:6]
        made.file.save(f"{digest.hexdigest()[:16]}{suffix}", upload, save=False)
        made.save()
    _read_now_or_later(made, is_small=(upload.size or 0) <= SMALL_BYTES)
    return made


def proposed_term(actor: User, unit: Unit) -> str:
    """Code of the term that a list of the unit most likely proposes people for; "" for none."""
    terms = terms_of(actor, unit, clock.today())
    return next((term.code for term in terms if term.is_proposed), "")


def list_map(
    *,
    actor: User,
    list_import: ListImport,
    version: int,
    mapping: Mapping[str, str | None] | None = None,
    sheet: str | None = None,
    header: tuple[int, int] | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Read the list otherwise: another mapping, sheet, header, or what it is about.

    A mapping is remembered for the office's lists with the same headings. `options` may hold
    `as_of`, `term_code`, `writes_posts`. Raises PermissionDenied, ListChanged.
    """
    with _changing(actor, list_import, version) as held:
        if sheet is not None and sheet != held.sheet:
            held.sheet, held.header_first, held.header_last, held.columns = sheet, None, None, []
            ListImportEdit.objects.filter(list_import=held).delete()
        elif header is not None and header != (held.header_first, held.header_last):
            held.header_first, held.header_last = header
            held.columns = []
        elif mapping is not None:
            held.columns = [
                {**column, "field": mapping.get(column["letter"], column["field"]), "chosen": True}
                for column in held.columns
            ]
            _remember(held)
        for name, value in (options or {}).items():
            if name not in {"as_of", "term_code", "writes_posts"}:
                raise ValueError(name)
            setattr(held, name, value)
        _read_again(held)


def list_decide(
    *,
    actor: User,
    list_import: ListImport,
    version: int,
    row: int,
    key: str,
    value: str,
    text: str = "",
) -> None:
    """Correct a cell (`key` is its letter), say whose row it is (PERSON), or what a text means.

    The meaning of a text (`SYNONYM` + field, `text`) is remembered for the office. The file stays
    as it is. Raises PermissionDenied, ListChanged.
    """
    with _changing(actor, list_import, version) as held:
        if (key, value) == (PERSON, HELD):
            asking = held.rows.filter(row=row, problems__contains=[{"code": ELSEWHERE}]).first()
            if asking is None:
                raise ListChanged
            question_ask(actor=actor, list_import=held, row=asking)
        if key.startswith(SYNONYM):
            ListSynonym.objects.update_or_create(
                unit=held.unit,
                field=key.removeprefix(SYNONYM)[:40],
                text=folded(text)[:300],
                defaults={"value": value[:80], "kind": _kind_of(key)},
            )
        else:
            ListImportEdit.objects.update_or_create(
                list_import=held, row=row, key=key[:20],
                defaults={"value": value[:400], "made_by": actor},
            )  # fmt: skip
        if not _revise(held, row, key, value, text):
            _read_again(held)


def _kind_of(key: str) -> str:
    return ListSynonym.Kind.UNIT if key.endswith("unit_text") else ListSynonym.Kind.TITLE


def list_preview(*, actor: User, list_import: ListImport, version: int) -> None:
    """Work out what writing the list would do; a long list that has to be read again first, is.

    Raises PermissionDenied, ListChanged, ListNotReady.
    """
    with _changing(actor, list_import, version) as held:
        if held.counts.get("match_print") != match_print(held.uploaded_by, held):
            _read_again(held)  # files came or went since the list was read
            if held.status == Status.QUEUED:
                return
        if held.counts.get("errors") or not held.counts.get("people"):
            raise ListNotReady
        _remember(held)
        _show(held)


def list_reopen(*, actor: User, list_import: ListImport, version: int) -> None:
    """Go back from the preview to the corrections."""
    with _changing(actor, list_import, version) as held:
        held.status = Status.OPEN


def list_apply_ask(*, actor: User, list_import: ListImport, version: int) -> None:
    """Have the previewed list written. Raises PermissionDenied, ListChanged."""
    with _changing(actor, list_import, version, only=(Status.PREVIEW,)) as held:
        held.status, held.applied_by = Status.APPLYING, actor
        held.stage, held.error, held.done, held.total = "", "", 0, 0
    if list_import.counts.get("people", 0) <= SMALL_PEOPLE:
        list_apply(list_import_id=list_import.pk)
    else:
        with transaction.atomic():
            enqueue(APPLY, list_import_id=list_import.pk)


def list_retry(*, actor: User, list_import: ListImport) -> None:
    """Give an interrupted or forgotten list to the workers again; nothing is done twice."""
    require(_may_change(actor, list_import))
    jobs = {Status.APPLYING: APPLY, Status.UNDOING: UNDO, Status.QUEUED: READ, Status.READING: READ}
    job = jobs.get(Status(list_import.status))
    if job is None:
        raise ListChanged
    with transaction.atomic():
        enqueue(job, list_import_id=list_import.pk)


def list_undo_ask(*, actor: User, list_import: ListImport) -> None:
    """Have an applied list taken back. Raises PermissionDenied, ListChanged, ListStuck."""
    with _changing(actor, list_import, list_import.version, only=(Status.APPLIED,)) as held:
        obstacles = undoing.find_obstacles(held)
        if obstacles:
            raise ListStuck(obstacles)
        held.status, held.undone_by, held.stage = Status.UNDOING, actor, ""
    if list_import.counts.get("people", 0) <= SMALL_PEOPLE:
        list_undo(list_import_id=list_import.pk)
    else:
        with transaction.atomic():
            enqueue(UNDO, list_import_id=list_import.pk)


def list_drop(*, actor: User, list_import: ListImport) -> None:
    """Throw away a list of which nothing was written. Raises PermissionDenied, ListChanged."""
    with _changing(
        actor, list_import, list_import.version, only=(*EDITABLE, Status.QUEUED, Status.UNREADABLE)
    ) as held:
        name = held.file.name
        storage = held.file.storage
        held.rows.all()._raw_delete(held.rows.db)
        ListImport.objects.filter(pk=held.pk).delete()
        if name:
            transaction.on_commit(lambda: storage.delete(name))


# ---- Jobs ----------------------------------------------------------------------------------------


def list_read(*, list_import_id: int) -> None:
    """Read an uploaded list. Repeating it does no harm."""
    with _alone(list_import_id, (Status.QUEUED, Status.READING), Status.READING) as tell:
        if tell is None:
            return
        tell(_("Đọc tệp"), 0, 3)
        with transaction.atomic():
            held = _taken(list_import_id)
            _read_into(held, tell)
            held.save()


def list_apply(*, list_import_id: int) -> None:
    """Write a previewed list: its rows and the word that it is written are one transaction.

    Data that changed since the preview: nothing is written, and the preview is made anew.
    """
    with _alone(list_import_id, (Status.APPLYING,), Status.APPLYING) as tell:
        if tell is None:
            return
        tell(_("So với dữ liệu hiện nay"), 0, 3)
        context = pghistory.context(source="list", list_import=list_import_id)
        with context, transaction.atomic(), connection.cursor() as cursor:
            held = _begin(cursor, list_import_id)
            applying.lock_files(cursor, held)
            for handler in all_handlers():
                handler.lock(cursor, held)
            if not _is_as_shown(cursor, held):
                _show_anew(cursor, held)
                return
            with pghistory.context(user=held.applied_by_id):
                tell(_("Ghi vào hồ sơ"), 1, 3)
                numbers = applying.write(cursor, held)
                tell(_("Kiểm tra ràng buộc"), 2, 3)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            held.status, held.applied_at = Status.APPLIED, clock.now()
            held.result, held.stage = numbers, ""
            held.save()
            _tell_others(cursor, held)


def list_undo(*, list_import_id: int) -> None:
    """Take an applied list back, all of it or nothing."""
    with _alone(list_import_id, (Status.UNDOING,), Status.UNDOING) as tell:
        if tell is None:
            return
        tell(_("Hoàn tác"), 0, 1)
        context = pghistory.context(source="list-undo", list_import=list_import_id)
        with context, transaction.atomic(), connection.cursor() as cursor:
            held = _begin(cursor, list_import_id)
            _lock_written(cursor, held)
            if undoing.find_obstacles(held):
                held.status = Status.APPLIED  # the page says what stands in the way
                held.save()
                return
            whose = _files_of(cursor, held)
            with pghistory.context(user=held.undone_by_id):
                undoing.take_back(cursor, held)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            held.status, held.undone_at, held.stage = Status.UNDONE, clock.now(), ""
            held.save()
            for handler in all_handlers():
                handler.after(cadre_ids=whose, list_import=held)


def uploads_forget(*, before: dt.datetime) -> int:
    """Delete uploaded files of before that time, and what was read of lists never written."""
    old = ListImport.objects.filter(created_at__lt=before).exclude(file="")
    number = 0
    for found in old.exclude(status__in=(Status.APPLYING, Status.UNDOING, Status.READING)):
        if found.status not in {Status.APPLIED, Status.UNDONE}:
            found.rows.all()._raw_delete(found.rows.db)
            ListImportEdit.objects.filter(list_import=found).delete()
        found.file.delete(save=False)
        ListImport.objects.filter(pk=found.pk).update(file="")
        number += 1
    return number


# ---- Within --------------------------------------------------------------------------------------


def _may_change(actor: User, list_import: ListImport) -> bool:
    """The rights of who uploaded decide what a list can touch; they must still hold."""
    is_theirs = actor.pk == list_import.uploaded_by_id or can_import_list_everywhere(actor)
    unit = list_import.unit
    return (
        is_theirs
        and can_import_list(actor, unit)
        and can_import_list(list_import.uploaded_by, unit)
    )


@contextmanager
def _changing(
    actor: User,
    list_import: ListImport,
    version: int,
    only: tuple[str, ...] = EDITABLE,
) -> Iterator[ListImport]:
    """Hold the list, which must be as the person saw it; what is done to it is saved."""
    with transaction.atomic():
        held = _lock(list_import.pk)
        require(_may_change(actor, held))
        if held.version != version or held.status not in only:
            raise ListChanged
        yield held
        held.version += 1
        if ListImport.objects.filter(pk=held.pk).exists():
            held.save()
    for name in ("version", "status", "counts", "columns", "applied_by_id", "stage", "error"):
        setattr(list_import, name, getattr(held, name))


def _taken(pk: int) -> ListImport:
    """The list that a job works on: the advisory lock holds it, so progress can be written."""
    return ListImport.objects.select_related("unit", "uploaded_by").get(pk=pk)


def _lock(pk: int) -> ListImport:
    return (
        ListImport.objects.select_for_update(of=("self",))
        .select_related("unit", "uploaded_by")
        .get(pk=pk)
    )


def _read_now_or_later(list_import: ListImport, *, is_small: bool) -> None:
    if is_small:
        list_read(list_import_id=list_import.pk)
        list_import.refresh_from_db()
    else:
        with transaction.atomic():
            enqueue(READ, list_import_id=list_import.pk)


def _read_again(held: ListImport) -> None:
    """Read by what was decided: a short list now, a long one by a worker."""
    if held.counts.get("rows", 0) <= SMALL_ROWS:
        _read_into(held)
        return
    held.status, held.stage, held.error, held.done, held.total = Status.QUEUED, "", "", 0, 3
    enqueue(READ, list_import_id=held.pk)


@without_collecting()
def _revise(held: ListImport, row: int, key: str, value: str, text: str) -> bool:
    """Read only the people whom a decision touches; False where it may touch the whole list."""
    column = next((c for c in held.columns if c.get("letter") == key), None)
    if key.startswith(SYNONYM):
        rows = revising.rows_that_ask(held, text)
        again = revising.around(held, rows)
    else:
        if column and column.get("field") in revising.FAR_REACHING:
            return False
        again = revising.around(held, {row}, **revising.clues(column, key, value))
    if not again or len(again) > revising.MOST:
        return False
    edits = _edits(held)
    try:
        reading = _read_file(held, _corrections(edits), only=again)
    except ListRefused:
        return False
    if {person.row for person in reading.people} != again:
        return False  # a row that was a person is none any more
    drafts = draft_people(
        held, reading, _surroundings(held, edits), candidates_for(held.uploaded_by, held.unit)
    )
    if revising.reach_further(held, drafts):
        return False
    with connection.cursor() as cursor:
        replace_rows(cursor, held.pk, drafts, only=True)
    held.counts |= revising.count(held, again)
    _note_decisions(held, edits)
    return True


def _edits(held: ListImport) -> list[tuple[int, str, str]]:
    kept = ListImportEdit.objects.filter(list_import=held)
    return list(kept.values_list("row", "key", "value"))


def _corrections(edits: list[tuple[int, str, str]]) -> dict[tuple[int, str], str]:
    return {(row, key): value for row, key, value in edits if not key.startswith("@")}


def _surroundings(held: ListImport, edits: list[tuple[int, str, str]]) -> Surroundings:
    return Surroundings(
        decisions={row: value for row, key, value in edits if key == PERSON},
        names=names_for(held.uploaded_by, held.unit, held.as_of),
        sees_all=can_import_list_everywhere(held.uploaded_by),
    )


def _note_decisions(held: ListImport, edits: list[tuple[int, str, str]]) -> None:
    """The list is open again, and rests on the files as they are now."""
    held.counts["match_print"] = match_print(held.uploaded_by, held)
    held.counts["edits"] = len(_corrections(edits))
    held.status, held.error, held.stage, held.fingerprint = Status.OPEN, "", "", ""


@without_collecting()
def _read_into(held: ListImport, tell: Progress | None = None) -> None:
    """Read the file by what was decided; the rows are replaced, `held` is to be saved."""
    tell = tell or (lambda _stage, _done, _total: None)
    edits = _edits(held)
    try:
        reading = _read_file(held, _corrections(edits))
    except ListRefused as refused:
        held.status, held.error = Status.UNREADABLE, refused.message
        return
    tell(_("Đối chiếu với hồ sơ"), 1, 3)
    held.sheet, held.sheets = (
        reading.sheet,
        [
            {"name": s.name, "rows": s.rows, "has_list": s.has_list}
            for s in reading.sheets
            if not s.is_hidden or s.name == reading.sheet
        ],
    )
    held.header_first, held.header_last = reading.header or (None, None)
    held.signature = reading.signature
    held.columns = _columns(held, reading)
    term = _term_of(held)
    drafts = draft_rows(
        held, reading, _surroundings(held, edits), candidates_for(held.uploaded_by, held.unit)
    )
    tell(_("Giữ lại kết quả đọc"), 2, 3)
    with connection.cursor() as cursor:
        replace_rows(cursor, held.pk, drafts)
    held.counts = count_rows(drafts, reading)
    held.counts["plan_obstacle"] = term.obstacle
    held.counts["plan_notice"] = "" if term.obstacle else term.notice
    held.counts["term"] = term.label
    held.counts["fault"] = reading.fault.message if reading.fault else ""
    _note_decisions(held, edits)


def _read_file(
    held: ListImport, edits: dict[tuple[int, str], str], only: set[int] | None = None
) -> Reading:
    """The list by the mapping chosen for it, else by the office's remembered one."""
    path, header = Path(held.file.path), None
    if held.header_first and held.header_last:
        header = (held.header_first, held.header_last)
    chosen = {c["letter"]: c["field"] for c in held.columns if "letter" in c}
    common: dict[str, Any] = {"sheet": held.sheet or None, "header": header, "edits": edits}
    common["only"] = only
    reading = read(path, held.file_name, mapping=chosen or None, **common)
    if chosen:
        return reading
    kept = ListMapping.objects.filter(unit=held.unit, signature=reading.signature).first()
    if kept and {k: v for k, v in kept.mapping.items() if v} != reading.mapping:
        reading = read(path, held.file_name, mapping=kept.mapping, **common)
    held.columns = [{"remembered": list(kept.mapping)}] if kept else []
    return reading


def _columns(held: ListImport, reading: Reading) -> list[dict[str, Any]]:
    before = {c["letter"]: c for c in held.columns if "letter" in c}
    remembered = set(next((c["remembered"] for c in held.columns if "letter" not in c), ()))
    return [
        {
            "letter": column.letter,
            "heading": column.title,
            "field": column.field,
            "alternatives": list(column.alternatives[:4]),
            "withheld": column.is_withheld,
            "remembered": before.get(column.letter, {}).get("remembered", False)
            or (column.letter in remembered and bool(column.field)),
            "chosen": before.get(column.letter, {}).get("chosen", False),
        }
        for column in reading.columns
    ]


def _remember(held: ListImport) -> None:
    if held.signature:
        ListMapping.objects.update_or_create(
            unit=held.unit,
            signature=held.signature,
            defaults={"mapping": {c["letter"]: c["field"] for c in held.columns}},
        )


def _term_of(held: ListImport) -> Term:
    """The chosen term as the rooms above see it; one without a code where none is chosen."""
    proposes = any(column.get("field") == Field.PLANNED_TITLE for column in held.columns)
    if not held.term_code and not proposes:
        return Term("", "")
    terms = terms_of(held.uploaded_by, held.unit, held.as_of)
    if not held.term_code:
        taken = next((term.obstacle for term in terms if term.obstacle), "")
        return Term("", "", taken or _("Danh sách đề xuất người vào quy hoạch; chưa chọn nhiệm kỳ"))
    gone = Term(held.term_code, held.term_code, _("Nhiệm kỳ này không còn hiệu lực"))
    return next((term for term in terms if term.code == held.term_code), gone)


def _show(held: ListImport) -> None:
    """Stage what would be done and keep it in numbers."""
    with connection.cursor() as cursor:
        staging.stage(cursor, held)
        _keep_shown(cursor, held)


def _keep_shown(cursor: Any, held: ListImport) -> None:
    held.counts["changes"] = staging.counts(cursor)
    held.counts["effects"] = staging.note_effects(cursor, held)
    held.fingerprint, held.status = staging.fingerprint(cursor), Status.PREVIEW
    held.counts["moved"] = False


def _is_as_shown(cursor: Any, held: ListImport) -> bool:
    if held.counts.get("match_print") != match_print(held.uploaded_by, held):
        return False
    staging.stage(cursor, held)
    return staging.fingerprint(cursor) == held.fingerprint


def _show_anew(cursor: Any, held: ListImport) -> None:
    """Back to what the person can decide about, by the data of now."""
    _read_into(held)
    if not held.counts.get("errors"):
        staging.stage(cursor, held)
        _keep_shown(cursor, held)
    held.counts["moved"] = True
    held.version += 1
    held.save()


def _begin(cursor: Any, pk: int) -> ListImport:
    """Imports take turns: two at once would wait for, and then refuse, each other's rows."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    cursor.execute("SET LOCAL work_mem = '64MB'")
    return _taken(pk)


def _lock_written(cursor: Any, held: ListImport) -> None:
    cursor.execute(
        "SELECT id FROM cadres_cadre WHERE id IN (SELECT cadre_id FROM cadres_listimportrow"
        " WHERE list_import_id = %s) ORDER BY id FOR UPDATE",
        [held.pk],
    )


def _files_of(cursor: Any, held: ListImport) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT cadre_id FROM cadres_listimportrow"
        " WHERE list_import_id = %s AND cadre_id IS NOT NULL AND match IN ('new', 'found')",
        [held.pk],
    )
    return [pk for (pk,) in cursor.fetchall()]


def _tell_others(cursor: Any, held: ListImport) -> None:
    cursor.execute("SELECT cadre_id FROM staged_persons")
    whose = [pk for (pk,) in cursor.fetchall()]
    for handler in all_handlers():
        handler.after(cadre_ids=whose, list_import=held)


@contextmanager
def _alone(pk: int, waiting: tuple[str, ...], status: str) -> Iterator[Progress | None]:
    """Hold the list while working on it; None when it is held elsewhere or already done.

    The lock and the progress need a connection of their own: the work is one long transaction,
    of which nobody else sees anything before it ends.
    """
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LIST_LOCK, pk])
            if not cursor.fetchone()[0]:
                yield None
                return

            def tell(stage: str, done: int, total: int) -> None:
                cursor.execute(
                    "UPDATE cadres_listimport SET stage = %s, done = %s, total = %s WHERE id = %s",
                    [stage, done, total, pk],
                )

            taken = ListImport.objects.filter(pk=pk, status__in=waiting)
            if not taken.update(status=status):
                yield None
                return
            try:
                yield tell
            except Exception as error:
                _interrupt(pk, status, error)
                raise
    finally:
        other.close()


def _interrupt(pk: int, status: str, error: Exception) -> None:
    """Say that nothing was written. A database that is away cannot be told; the lock tells it."""
    logger.exception("list_interrupted", extra={"list_import": pk})
    if isinstance(error, OperationalError):
        return
    back = Status.APPLIED if status == Status.UNDOING else Status.FAILED
    if status == Status.READING:
        back = Status.UNREADABLE
    refused = isinstance(error, DatabaseError)
    ListImport.objects.filter(pk=pk).update(
        status=back,
        stage="",
        error=_("Cơ sở dữ liệu từ chối, chưa ghi gì: có thể dữ liệu vừa được người khác thay đổi.")
        if refused
        else _("Việc xử lý bị gián đoạn; chưa ghi gì. Hãy thử lại, hoặc báo người quản trị."),
    )

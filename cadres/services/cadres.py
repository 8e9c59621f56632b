"""Changes of people's files: identity, biography, and the dated rows of a career.

Everything takes canonical or typed texts by field key (`cadres.file_fields`), so that pages,
rounds and other doors judge alike. Each act is one transaction: right, lock of the person's row,
merge with what somebody else wrote meanwhile, validation, write, rechecks on commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Model
from django.utils.translation import gettext as _

from cadre_portal.common.jobs import enqueue
from cadres.file_fields import (
    BIOGRAPHY,
    CAREER,
    IDENTITY,
    SINGLE_SECTIONS,
    FileField,
    Merge,
    Section,
    merged,
)
from cadres.models import Appointment, Biography, Cadre, Evaluation, User
from cadres.models.people import HalfOpenDates
from cadres.policies import (
    EDITING_ROLES,
    can_add_cadre,
    can_edit_cadre,
    can_see_sensitive_of,
    has_role_everywhere,
    require,
)
from cadres.selectors.cadres import cadres_visible
from cadres.selectors.editing import can_edit_row, find_for, section_row
from cadres.workbook.checks import ends_first
from cadres.workbook.columns import shown
from cadres.workbook.faults import CellFault

#: Prefix of the texts of the first post in a new file.
POST = "post-"
Texts = Mapping[str, str]


class EditConflict(Exception):  # noqa: N818 - a meeting of two people, not an error
    """Somebody changed the same fields meanwhile. `merge` says which, `now` what the row says."""

    def __init__(self, merge: Merge, now: dict[str, str]) -> None:
        super().__init__("edit conflict")
        self.merge = merge
        self.now = now


class RowGone(Exception):  # noqa: N818 - as above
    """The row was removed meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A written row. `theirs`: fields that somebody else had changed meanwhile, kept as theirs."""

    row: Any
    theirs: tuple[FileField, ...] = ()
    is_changed: bool = True


# ---- A new file ------------------------------------------------------------------------------


@transaction.atomic
def cadre_add(*, actor: User, code: str, typed: Texts) -> Cadre:
    """Open a file. `typed` has the fields of identity, and of the first post with prefix POST.

    Whoever writes only in some units has to give a post that begins by today in one of them.
    Raises PermissionDenied, ValidationError.
    """
    require(can_add_cadre(actor))
    errors: dict[str, list[str]] = {}
    code = code.strip()
    if not code:
        errors["code"] = [_("Thiếu số hiệu. Mục này bắt buộc, hãy điền vào.")]
    elif len(code) > 40 or any(not letter.isprintable() or letter in "/?#" for letter in code):
        errors["code"] = [_("Số hiệu nhiều nhất 40 ký tự, không có dấu / ? #.")]
    elif Cadre.objects.filter(code=code).exists():
        errors["code"] = [_("Số hiệu này đã được dùng. Hãy ghi số hiệu khác.")]
    cadre = Cadre(code=code)
    post_typed = {key.removeprefix(POST): text for key, text in typed.items() if key[:5] == POST}
    is_posted = any(text.strip() for text in post_typed.values())
    post = Appointment(cadre=cadre)
    _gather(errors, "", lambda: _apply(actor, IDENTITY, cadre, typed, now=None))
    if is_posted or not has_role_everywhere(actor, *EDITING_ROLES):
        _gather(errors, POST, lambda: _apply(actor, CAREER, post, post_typed, now=None))
    if errors:
        raise ValidationError(errors)
    with pghistory.context(user=actor.pk):
        _save(IDENTITY, cadre)
        if post.unit_id:
            post.cadre = cadre
            _gather(errors, POST, lambda: _save(CAREER, post))
            if errors:
                raise ValidationError(errors)
    if not cadres_visible(actor).filter(pk=cadre.pk).exists():
        message = _(
            "Chức vụ phải đang giữ hôm nay, nếu không hồ sơ nằm ngoài phạm vi của đồng chí."
        )
        raise ValidationError({f"{POST}start_on": [message]})
    return cadre


def _gather(errors: dict[str, list[str]], prefix: str, act: Any) -> None:
    try:
        act()
    except ValidationError as error:
        for key, messages in error.message_dict.items():
            name = key if key == NON_FIELD_ERRORS else prefix + key
            errors.setdefault(name, []).extend(messages)


# ---- Changing --------------------------------------------------------------------------------


@transaction.atomic
def section_change(
    *, actor: User, cadre: Cadre, section: Section, typed: Texts, base: Texts
) -> Saved:
    """Write what was typed over `base` into the single row of a section.

    Fields missing in `typed` stay as they are. Raises PermissionDenied, ValidationError (by field
    key), EditConflict.
    """
    locked = _lock(actor, cadre)
    row = section_row(locked, section) or Biography(cadre=locked)
    return _change(actor, section, row, typed, base)


@transaction.atomic
def row_change(
    *, actor: User, cadre: Cadre, section: Section, pk: int, typed: Texts, base: Texts
) -> Saved:
    """As section_change, for one row of many. Raises RowGone as well."""
    _lock(actor, cadre)
    row = _lock_row(cadre, section, pk)
    require(can_edit_row(actor, row))
    return _change(actor, section, row, typed, base)


@transaction.atomic
def row_add(*, actor: User, cadre: Cadre, section: Section, typed: Texts) -> Any:
    """Add a row. Raises PermissionDenied, ValidationError."""
    locked = _lock(actor, cadre)
    row = section.model(cadre=locked)
    with pghistory.context(user=actor.pk):
        _apply(actor, section, row, typed, now=None)
        _save(section, row)
    recheck_after([locked.pk], [row])
    return row


@transaction.atomic
def row_remove(*, actor: User, cadre: Cadre, section: Section, pk: int, base: Texts) -> None:
    """Remove a row that still says `base`. Raises PermissionDenied, EditConflict, RowGone.

    Its history keeps it: `row_restore` brings it back.
    """
    _lock(actor, cadre)
    row = _lock_row(cadre, section, pk)
    require(can_edit_row(actor, row))
    _require_sensitive(actor, cadre, section, section.fields if section.is_sensitive else ())
    now = section.texts_of(row)
    if any(base.get(key) != text for key, text in now.items()):
        raise EditConflict(merged(section, base=base, mine={}, now=now), now)
    removed = section.model._default_manager.filter(pk=pk)
    with pghistory.context(user=actor.pk):
        removed.delete()
    recheck_after([cadre.pk], [row])


@transaction.atomic
def row_restore(*, actor: User, cadre: Cadre, section: Section, event: Any) -> Any:
    """Bring a removed row back as its last event keeps it, with its old number.

    `event`: one of `cadres.selectors.editing.removed_rows`. Raises PermissionDenied,
    ValidationError where the row no longer fits what was written since.
    """
    locked = _lock(actor, cadre)
    names = [field.attname for field in section.model._meta.concrete_fields]
    row = section.model(**{name: getattr(event, name) for name in names if name != "cadre_id"})
    row.cadre = locked  # type: ignore[attr-defined]
    require(can_edit_row(actor, row) and event.cadre_id == locked.pk)
    _require_sensitive(actor, cadre, section, section.fields if section.is_sensitive else ())
    if section.model._default_manager.filter(pk=row.pk).exists():
        raise ValidationError(_("Dòng này đã có lại trong hồ sơ."))
    _check_rows(section, row)
    with pghistory.context(user=actor.pk):
        _save(section, row, is_new=True)
    recheck_after([locked.pk], [row])
    return row


def appointment_end(*, actor: User, appointment: Appointment, end_on: str, base: Texts) -> Saved:
    """End a post on a day, the first one no longer held. Raises as row_change."""
    return row_change(
        actor=actor,
        cadre=appointment.cadre,
        section=CAREER,
        pk=appointment.pk,
        typed={"end_on": end_on},
        base=base,
    )


@transaction.atomic
def fields_write(*, actor: User, cadre: Cadre, texts: Texts) -> None:
    """Write fields of identity and biography together, over whatever they say now.

    Raises PermissionDenied, ValidationError by field key. The caller has compared what was there,
    under `cadre_lock`.
    """
    locked = _lock(actor, cadre)
    errors: dict[str, list[str]] = {}
    for section in SINGLE_SECTIONS:
        part = {key: text for key, text in texts.items() if key in section.by_key}
        if not part:
            continue
        row = section_row(locked, section) or Biography(cadre=locked)
        now = section.texts_of(row)
        _gather(errors, "", lambda s=section, r=row, p=part, n=now: _change(actor, s, r, p, n))
    if errors:
        raise ValidationError(errors)


def cadre_lock(cadre_id: int) -> Cadre:
    """Hold the person's row until the transaction ends: edits of one file take turns.

    Rows of others that point to the person (imports, ballots) need not wait: the key stays.
    """
    return Cadre.objects.select_for_update(of=("self",), no_key=True).get(pk=cadre_id)


def canonical(actor: User, section: Section, typed: Texts, now: Texts) -> dict[str, str]:
    """Canonical texts of what was typed; raises ValidationError by field key.

    What is left as it is now is not judged: it may be older than the rules, or lie elsewhere.
    """
    texts: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for key, text in typed.items():
        one = section.by_key.get(key)
        if one is None:
            continue
        if text == now.get(key):
            texts[key] = text
            continue
        try:
            texts[key] = one.parse(text, lambda kind, value: find_for(actor, kind, value))[0]
        except CellFault as fault:
            errors[key] = [str(fault.message)]
    if errors:
        raise ValidationError(errors)
    return texts


# ---- Parts of every change -------------------------------------------------------------------


def _lock(actor: User, cadre: Cadre) -> Cadre:
    """The right is asked under the lock: it may have gone since the page was opened."""
    locked = cadre_lock(cadre.pk)
    require(can_edit_cadre(actor, locked))
    return locked


def _lock_row(cadre: Cadre, section: Section, pk: int) -> Any:
    rows = section.model._default_manager.select_for_update().filter(cadre=cadre, pk=pk)
    row = rows.first()
    if row is None:
        raise RowGone
    return row


def _require_sensitive(
    actor: User, cadre: Cadre, section: Section, fields: Iterable[FileField]
) -> None:
    if section.is_sensitive or any(one.is_sensitive for one in fields):
        require(can_see_sensitive_of(actor, cadre))


def _change(actor: User, section: Section, row: Any, typed: Texts, base: Texts) -> Saved:
    now = section.texts_of(row)
    mine = canonical(actor, section, typed, now)
    merge = merged(section, base=base, mine=mine, now=now)
    if merge.conflicts:
        raise EditConflict(merge, now)
    changed = [one for one in section.fields if merge.texts[one.key] != now[one.key]]
    if not changed:
        return Saved(row=row, theirs=merge.theirs, is_changed=False)
    old_unit_id = getattr(row, "unit_id", None)
    with pghistory.context(user=actor.pk):
        _apply(actor, section, row, merge.texts, now=now)
        _save(section, row)
    cadre_id = row.pk if section is IDENTITY else row.cadre_id
    if section is not BIOGRAPHY:
        recheck_after([cadre_id], [row], units=[old_unit_id] if old_unit_id else [])
    return Saved(row=row, theirs=merge.theirs)


def _apply(actor: User, section: Section, row: Any, typed: Texts, *, now: Texts | None) -> None:
    """Set what differs from `now` (None: everything), then ask the rules of the import."""
    errors: dict[str, list[str]] = {}
    changed = []
    for one in section.fields:
        text = typed.get(one.key, "" if now is None else now[one.key])
        if now is not None and text == now[one.key]:
            continue
        try:
            _text, values = one.parse(text, lambda kind, value: find_for(actor, kind, value))
        except CellFault as fault:
            errors[one.key] = [str(fault.message)]
            continue
        changed.append(one)
        for name, value in values.items():
            setattr(row, name, value)
    if errors:
        raise ValidationError(errors)
    person = row if section is IDENTITY else row.cadre
    if person.pk:
        _require_sensitive(actor, person, section, changed)
    _check_rows(section, row)


def _check_rows(section: Section, row: Any) -> None:
    """Dates in order and no overlap, with the words of the import."""
    sheet = section.sheet
    if sheet is None:
        _check_service(row)
        return
    for period in sheet.periods:
        first, last = getattr(row, period.start), getattr(row, period.end)
        if first and last and last < first:
            start, end = section.by_key[period.start], section.by_key[period.end]
            message = ends_first(start.label, first, end.label, last)
            raise ValidationError({period.end: [message]})
    if section is CAREER and sheet.no_overlap:
        _check_overlap(row, str(sheet.no_overlap.message))


def _check_service(row: Any) -> None:
    if row.enlisted_on and row.discharged_on and row.discharged_on < row.enlisted_on:
        message = _("Ngày xuất ngũ trước ngày nhập ngũ. Hãy sửa một trong hai ngày.")
        raise ValidationError({"discharged_on": [message]})


def _check_overlap(row: Appointment, message: str) -> None:
    if not (row.unit_id and row.title_id and row.start_on):
        return
    span = Func(
        models.Value(row.start_on, models.DateField()),
        models.Value(row.end_on, models.DateField()),
        function="daterange",
        output_field=DateRangeField(),
    )
    others = (
        Appointment.objects.filter(
            cadre_id=row.cadre_id, unit_id=row.unit_id, title_id=row.title_id
        )
        .exclude(pk=row.pk)
        .annotate(span=HalfOpenDates(F("start_on"), F("end_on")))
        .filter(span__overlap=span)
    )
    other = others.first()
    if other is not None:
        words = {
            "first": shown(other.start_on),
            "last": shown(other.end_on) if other.end_on else _("nay"),
            "other": _("đã có trong hồ sơ"),
        }
        raise ValidationError({"start_on": [message % words]})


def _save(section: Section, row: Any, *, is_new: bool = False) -> None:
    """Write, with the constraints of the database told as errors of fields."""
    try:
        row.full_clean(exclude=["cadre"] if section.is_many or section is BIOGRAPHY else None)
    except ValidationError as error:
        raise _by_key(section, error) from None
    try:
        with transaction.atomic():
            row.save(force_insert=is_new or row._state.adding)
    except IntegrityError as error:
        raise _refused(section, error) from error


def _by_key(section: Section, error: ValidationError) -> ValidationError:
    """Errors by attribute of the model as errors by key of the form."""
    keys = {one.attribute: one.key for one in section.fields}
    found: dict[str, list[str]] = {}
    for name, messages in error.message_dict.items():
        if name == NON_FIELD_ERRORS:
            found.setdefault(_first_key(section), []).extend(
                [_same_row(section)] if _is_double(error) else messages
            )
        else:
            found.setdefault(keys.get(name, NON_FIELD_ERRORS), []).extend(messages)
    return ValidationError(found)


def _is_double(error: ValidationError) -> bool:
    listed = error.error_dict.get(NON_FIELD_ERRORS, [])
    return any(one.code in ("unique", "unique_together") for one in listed)


def _first_key(section: Section) -> str:
    """The field at which a double row is told."""
    return {CAREER.slug: "start_on", "dao-tao": "course", "xep-loai": "year"}.get(
        section.slug, section.fields[0].key
    )


def _same_row(section: Section) -> str:
    return _("Hồ sơ đã có dòng này. Hãy sửa dòng đang có, hoặc ghi khác đi.")


def _refused(section: Section, error: IntegrityError) -> ValidationError:
    """A constraint that spoke although nothing did before: somebody was quicker."""
    detail = getattr(error.__cause__, "diag", None)
    name = getattr(detail, "constraint_name", "") or ""
    message = (
        _same_row(section)
        if name.endswith(("_once", "_overlap", "_key"))
        else _("Dữ liệu vừa được người khác thay đổi. Hãy xem lại và lưu lần nữa.")
    )
    key = _first_key(section) if section.is_many else NON_FIELD_ERRORS
    return ValidationError({key: [message]})


# ---- What has to be checked again ------------------------------------------------------------


def recheck_after(
    cadre_ids: Iterable[int], rows: Iterable[Model], units: Iterable[int] = ()
) -> None:
    """Ask for checks of what rests on these people, on commit. The rooms above know what.

    Rules about holders of posts and about grades go by unit; `units`: those a row was about before.
    """
    people = sorted(set(cadre_ids))
    of_people = Appointment.objects.filter(cadre__in=people).values_list("unit_id", flat=True)
    posts, grading = set(of_people), set()
    for row in rows:
        if isinstance(row, Appointment):
            posts |= {row.unit_id, *units}
        elif isinstance(row, Evaluation):
            grading |= {row.unit_id, *units}
    enqueue("planning.people_recheck", cadre_ids=people)
    enqueue("rotation.people_recheck", cadre_ids=people)
    if posts:
        enqueue("compliance.recheck", source_name="appointments", groups=sorted(posts))
    if grading:
        enqueue("compliance.recheck", source_name="unit_years", groups=sorted(grading))

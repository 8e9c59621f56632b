"""One person, one file: asking, deciding, and merging two files into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    DistinctPair,
    FileMerge,
    ListImport,
    ListImportRow,
    PersonQuestion,
    User,
)
from cadres.policies import can_import_list, can_merge_files, require
from cadres.services.notices import Telling, notify

State = PersonQuestion.State
#: Identity that an empty place of the kept file takes from the other.
_FACTS = ("sex", "ethnicity_code", "native_unit_id", "party_joined_on", "degree", "theory")
#: What stays with the file as it was: who opened it, and that it was another person's.
_STAYS = frozenset({"cadres.fileopening", "cadres.distinctpair", "cadres.listimportrow"})


class MergeRefused(Exception):  # noqa: N818 - said to the person, not an error of the program
    """The files contradict each other; `outcome.conflicts` says where. Nothing was written."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("files contradict each other")
        self.outcome = outcome


@dataclass
class Outcome:
    """What merging does: rows that go over by kind, rows that both have, and contradictions."""

    moved: dict[str, int] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)


# ---- Who a row of a unit's list is ---------------------------------------------------------------


def question_ask(*, actor: User, list_import: ListImport, row: ListImportRow) -> PersonQuestion:
    """Leave it to an officer of all units whether the person of a row has a file elsewhere."""
    require(can_import_list(actor, list_import.unit) and row.birth_date is not None)
    with pghistory.context(user=actor.pk):
        asked, _made = PersonQuestion.objects.get_or_create(
            unit=list_import.unit,
            name_key=row.name_key,
            birth_date=row.birth_date,  # type: ignore[misc]
            defaults={
                "full_name": row.full_name, "sex": row.sex, "title_id": row.title_id,
                "as_of": list_import.as_of, "list_import": list_import, "asked_by": actor,
            },
        )  # fmt: skip
    return asked


@transaction.atomic
def question_decide(*, actor: User, question: PersonQuestion, cadre: Cadre | None) -> bool:
    """Say whose file it is, or (None) that it is nobody's; False where somebody said so before.

    The person gets the post that the list gives them, so that the unit sees the file from now on.
    Raises PermissionDenied, ValidationError where the post does not fit what is on file.
    """
    require(can_merge_files(actor) and (cadre is None or cadre.pk != actor.cadre_id))
    held = PersonQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if held.state != State.OPEN:
        return False
    held.state = State.SAME if cadre else State.OTHER
    held.cadre, held.decided_by, held.decided_at = cadre, actor, clock.now()
    with pghistory.context(user=actor.pk):
        held.save()
        if cadre and held.title_id:
            _give_post(held, cadre)
    _tell_asker(held)
    return True


def _tell_asker(asked: PersonQuestion) -> None:
    """What was decided, and no word of whose file it may be."""
    text = _("Cấp tỉnh đã xác định về %(name)s: %(state)s") % {
        "name": asked.full_name, "state": asked.get_state_display().lower(),
    }  # fmt: skip
    url = reverse("cadres:import-list")
    if asked.list_import_id:
        url = reverse("cadres:list-import-detail", args=[asked.list_import_id])
    notify([Telling(frozenset({asked.asked_by_id}), f"question:{asked.pk}", text, url)])


def _give_post(asked: PersonQuestion, cadre: Cadre) -> None:
    held = Appointment.objects.filter(cadre=cadre, unit=asked.unit, title=asked.title, end_on=None)
    if held.exists():
        return
    post = Appointment(cadre=cadre, unit=asked.unit, title=asked.title, start_on=asked.as_of)
    post.full_clean()
    post.save()
    _recheck(cadre)


# ---- Two files ---------------------------------------------------------------------------------


@transaction.atomic
def pair_keep_apart(*, actor: User, one: Cadre, other: Cadre) -> None:
    """Remember that these are two people; saying it twice does no harm."""
    require(can_merge_files(actor))
    first, second = sorted((one.pk, other.pk))
    with pghistory.context(user=actor.pk):
        DistinctPair.objects.get_or_create(
            one_id=first, other_id=second, defaults={"decided_by": actor}
        )


def merge_look(*, actor: User, kept: Cadre, other: Cadre) -> Outcome:
    """What merging `other` into `kept` would do; nothing is kept of it."""
    with transaction.atomic():
        outcome = _merge(actor, kept.pk, other.pk)[0]
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def merge_files(*, actor: User, kept: Cadre, other: Cadre, reason: str) -> FileMerge:
    """Make one file of two: everything that names `other` names `kept` from now on.

    Empty facts of the kept file are filled; the other file is deleted, and what it said is told in
    the merge. Raises PermissionDenied, ValidationError (no reason), MergeRefused.
    """
    if not reason.strip():
        raise ValidationError({"reason": [_("Hãy ghi vì sao đây là một người.")]})
    outcome, gone = _merge(actor, kept.pk, other.pk)
    if outcome.conflicts:
        raise MergeRefused(outcome)
    with pghistory.context(user=actor.pk, source="merge"):
        made = FileMerge.objects.create(
            kept_id=kept.pk, code=gone.code, full_name=gone.full_name, merged_by=actor,
            reason=reason.strip()[:400],
            told={
                "facts": _texts(gone), "moved": outcome.moved, "filled": outcome.filled,
                "dropped": outcome.dropped,
            },
        )  # fmt: skip
    _recheck(kept)
    return made


def _merge(actor: User, kept_pk: int, other_pk: int) -> tuple[Outcome, Cadre]:
    require(can_merge_files(actor) and actor.cadre_id not in {kept_pk, other_pk})
    locked = Cadre.objects.select_for_update(of=("self",)).order_by("pk")
    people = {cadre.pk: cadre for cadre in locked.filter(pk__in=(kept_pk, other_pk))}
    kept, other = people[kept_pk], people[other_pk]
    outcome = Outcome()
    with pghistory.context(user=actor.pk, source="merge"):
        _fill(outcome, kept, other, _FACTS)
        if kept.birth_date is None or _is_vaguer(kept, other):
            kept.birth_date, kept.birth_precision = other.birth_date, other.birth_precision
            outcome.filled.append("birth_date")
        kept.save()
        _merge_biographies(outcome, kept, other)
        for model, name in _references():
            _move(outcome, model, name, kept, other)
        ListImportRow.objects.filter(cadre=other).update(cadre=kept)
        if not outcome.conflicts:
            DistinctPair.objects.filter(models.Q(one=other) | models.Q(other=other)).delete()
            gone = Cadre.objects.filter(pk=other.pk)
            gone._raw_delete(gone.db)
    return outcome, other


def _is_vaguer(kept: Cadre, other: Cadre) -> bool:
    """Whether the other file knows more of the same birth date."""
    ranks = ("", "year", "month", "day")
    if other.birth_date is None or kept.birth_date is None:
        return False
    return (
        ranks.index(kept.birth_precision) < ranks.index(other.birth_precision)
        and kept.birth_date.year == other.birth_date.year
    )


def _fill(outcome: Outcome, kept: Any, other: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if getattr(kept, name) in (None, "") and getattr(other, name) not in (None, ""):
            setattr(kept, name, getattr(other, name))
            outcome.filled.append(name.removesuffix("_id"))


def _merge_biographies(outcome: Outcome, kept: Cadre, other: Cadre) -> None:
    """Only where both have one; a single one goes over like everything else."""
    found = {b.cadre_id: b for b in Biography.objects.filter(cadre__in=(kept, other))}
    if len(found) < 2:
        return
    ours, theirs = found[kept.pk], found[other.pk]
    names = tuple(
        f.attname for f in Biography._meta.concrete_fields if f.name not in {"id", "cadre"}
    )
    _fill(outcome, ours, theirs, names)
    ours.save()
    outcome.dropped += [
        f"{f.verbose_name}: {getattr(theirs, f.attname)}"
        for f in Biography._meta.concrete_fields
        if f.attname in names and getattr(theirs, f.attname) not in (None, "")
        and getattr(theirs, f.attname) != getattr(ours, f.attname)
    ]  # fmt: skip
    theirs.delete()


def _references() -> Iterator[tuple[type[models.Model], str]]:
    """Every table that names a person, of every room, with its column."""
    for relation in Cadre._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model, key = relation.related_model, relation.field
        if getattr(key, "db_constraint", False) and model._meta.label_lower not in _STAYS:
            yield model, key.name


def _move(
    outcome: Outcome, model: type[models.Model], name: str, kept: Cadre, other: Cadre
) -> None:
    """Point rows at the kept file: all at once, or where that fails one by one to tell which."""
    rows = model._base_manager.filter(**{name: other})
    label = str(model._meta.verbose_name)
    moved = 0
    try:
        with transaction.atomic():
            moved = rows.update(**{name: kept})
    except DatabaseError:
        for row in rows.order_by("pk"):
            moved += _move_one(outcome, row, name, kept)
    if moved:
        outcome.moved[label] = outcome.moved.get(label, 0) + moved


def _move_one(outcome: Outcome, row: models.Model, name: str, kept: Cadre) -> int:
    manager = type(row)._base_manager
    try:
        with transaction.atomic():
            return manager.filter(pk=row.pk).update(**{name: kept})
    except DatabaseError:
        label = _("%(what)s: %(row)s") % {"what": type(row)._meta.verbose_name, "row": row}
    fields = {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if not f.primary_key and f.name != name and not f.generated
    }
    if manager.filter(**{name: kept}, **fields).exists():
        manager.filter(pk=row.pk).delete()
        outcome.dropped.append(label)
    else:
        outcome.conflicts.append(label)
    return 0


def _texts(cadre: Cadre) -> dict[str, str]:
    """The facts of a file as texts, by field."""
    fields = [f for f in Cadre._meta.concrete_fields if not f.generated and not f.primary_key]
    values = {f.name: getattr(cadre, f.attname) for f in fields}
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _recheck(cadre: Cadre) -> None:
    for job in ("planning.people_recheck", "rotation.people_recheck"):
        enqueue(job, cadre_ids=[cadre.pk])

"""The set of papers of an inspection, in its order; and one paper made: its words, Word, PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import translation

from cadres.exports.letters import Letter
from cadres.exports.outline import read
from cadres.exports.word_fields import Field
from inspections.choices import DocumentKind, Stage
from inspections.exports import (
    conclusion,
    contents,
    decision,
    minutes,
    outline_sheet,
    plan,
    self_report,
    team_report,
    work_plan,
)
from inspections.exports.parts import (
    BLANK,
    COMMON_FIELDS,
    DocumentForm,
    Subject,
    common_values,
    day_of,
    number_of,
    paper_head,
    signature,
    symbol_of,
)
from inspections.selectors.papers import Source

_BY_KIND = {
    form.kind: form
    for form in (
        decision.FORM,
        plan.FORM,
        work_plan.FORM,
        outline_sheet.FORM,
        self_report.FORM,
        team_report.FORM,
        conclusion.FORM,
        *minutes.FORMS,
    )
}
_OTHERS = tuple(_BY_KIND[kind] for kind in DocumentKind if kind in _BY_KIND)
FORMS: tuple[DocumentForm, ...] = (*_OTHERS, contents.contents_form(_OTHERS))
_BY_KIND[DocumentKind.KT12] = FORMS[-1]


def form_of(kind: str) -> DocumentForm | None:
    """The form with this kind, None where there is none."""
    return _BY_KIND.get(DocumentKind(kind)) if kind in DocumentKind.values else None


def fields_of(form: DocumentForm) -> tuple[Field, ...]:
    """All that the words of a form may name."""
    return (*form.fields, *COMMON_FIELDS)


#: Papers that go to the inspected units: the outline, minutes, their own report.
_TO_UNITS = (
    DocumentKind.KT3,
    DocumentKind.KT4,
    DocumentKind.KT5,
    DocumentKind.KT6,
    DocumentKind.KT7,
)


def goes_to_units(form: DocumentForm, source: Source) -> bool:
    """Whether papers of the kind are for the inspected units at the present step."""
    if form.kind == DocumentKind.KT10:
        return source.inspection.is_concluded
    return form.kind in _TO_UNITS and source.inspection.stage != Stage.PREPARING


@dataclass(frozen=True)
class Made:
    """A paper with its words: `letter` for PDF and page, `fields` for Word."""

    form: DocumentForm
    subject: Subject
    letter: Letter
    fields: dict[str, Any]


def make(form: DocumentForm, subject: Subject) -> Made:
    """The words of a paper; in Vietnamese whatever language the person reads."""
    with translation.override("vi"):
        day = day_of(form, subject)
        head = paper_head(form, subject, day)
        above, name = signature(form, subject)
        number = _number_words(form, subject)
        fields = {
            "superior": head.superior,
            "body": head.body,
            "place_and_day": head.place_and_day,
            "number": number,
            "signature": list(above),
            "signer": name,
            **common_values(form, subject),
            **form.values(subject),
        }
        letter = Letter(
            template=form.template,
            head=head,
            number=number,
            kind=fields["kind"],
            about=fields["about"],
            to=fields["to"],
            lines=read(form.outline, fields),
            annex=None,
            signature=above,
            signer=name,
            signers=form.signers,
            recipients=fields["recipients"],
            is_sensitive=form.is_told_sensitive(subject),
            people=None,
        )
    return Made(form, subject, letter, fields)


def tells_sensitive(made: Made, *, is_own: bool) -> bool:
    """Whether a file of the paper tells of sensitive things: the portal's own says what its maker
    may see; one that somebody brings is taken to say everything."""
    if is_own or made.form.kind not in (DocumentKind.KT8, DocumentKind.KT10):
        return made.letter.is_sensitive
    return made.subject.source.has_sensitive


def _number_words(form: DocumentForm, subject: Subject) -> str:
    number = number_of(form, subject)
    if number:
        return f"Số {number}"
    return f"Số {BLANK}-{symbol_of(form, subject)}" if form.code else ""


def file_name(form: DocumentForm, subject: Subject) -> str:
    """What the file of a paper is called, without the ending; no names of people in it."""
    parts = [form.kind.value.upper()]
    if subject.inspected:
        parts.append(subject.inspected.unit.code)
    if subject.minutes:
        parts.append(f"{subject.minutes.held_on:%Y%m%d}-{subject.minutes.pk}")
    return "-".join(parts)


def template_writers() -> dict[str, Callable[[Path], None]]:
    """What writes each Word template, by its name without the ending."""
    from cadres.exports.word_templates import write_outline_template

    return {
        form.template: partial(write_outline_template, parts=form.outline, signers=form.signers)
        for form in FORMS
    }

"""Word documents filled from a template, the office's own where it has put one.

Templates come from people, so what they say is done in a sandbox: they reach nothing but the fields
they are given.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cadre_portal.templatetags import formats

DOCX = "docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Templates are read anew for each document; what they say is compiled once.
_KEPT = 64


class WordTemplate(DocxTemplate):
    """A template whose words are made ready once, however many documents are filled from it."""

    def patch_xml(self, src_xml: str) -> str:
        """The words of Word as Jinja reads them."""
        return _patched(src_xml)

    def render_xml_part(self, *args: Any, **kwargs: Any) -> str:
        """Filled in: numbers stay with their percent sign, whoever wrote them."""
        return formats.unbroken(super().render_xml_part(*args, **kwargs))


@lru_cache(maxsize=_KEPT)
def _patched(source: str) -> str:
    return str(DocxTemplate(None).patch_xml(source))


class _Words(ImmutableSandboxedEnvironment):
    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        return _compiled(source) if not args and not kwargs else super().from_string(source)


@lru_cache(maxsize=_KEPT)
def _compiled(source: str) -> Template:
    return ImmutableSandboxedEnvironment.from_string(WORDS, source)


#: Fields are texts: what they say is written, never read as the words of Word.
WORDS = _Words(autoescape=True)


def template_path(name: str) -> Path:
    """Where a template of the portal stands."""
    return Path(settings.BASE_DIR) / "templates" / "documents" / name


def template_of(name: str) -> Path:
    """The template that is used: a file of that name in the folder that DOCUMENT_TEMPLATES names
    goes before the portal's own."""
    own = Path(settings.DOCUMENT_TEMPLATES) / name if settings.DOCUMENT_TEMPLATES else None
    return own if own and own.exists() else template_path(name)


def render_word(
    name: str, fields: Mapping[str, Any], *, template: IO[bytes] | None = None
) -> bytes:
    """The document `name` with its fields filled in; from `template` where one is given."""
    document = WordTemplate(template or template_of(name))
    document.render(dict(fields), WORDS, autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()

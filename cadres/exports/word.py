"""Word documents filled from a template, the office's own where it has put one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from docxtpl import DocxTemplate

DOCX = "docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def template_path(name: str) -> Path:
    """Where a template of the portal stands."""
    return Path(settings.BASE_DIR) / "templates" / "documents" / name


def render_word(name: str, fields: Mapping[str, Any]) -> bytes:
    """The document `name` with its fields filled in; a file of that name in the folder that
    DOCUMENT_TEMPLATES names goes before the portal's own."""
    own = Path(settings.DOCUMENT_TEMPLATES) / name if settings.DOCUMENT_TEMPLATES else None
    document = DocxTemplate(own if own and own.exists() else template_path(name))
    document.render(dict(fields), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()

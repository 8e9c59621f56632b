"""English is a complete translation: nothing untranslated, placeholders kept, binaries fresh."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from cadres.models import User

ROOT = Path(settings.BASE_DIR)
sys.path.insert(0, str(ROOT / "scripts"))
import messages  # noqa: E402

HINT = "run `python scripts/messages.py`, translate what it lists in locale/en, run it again"


def test_every_string_has_its_english() -> None:
    assert messages.faults() == [], HINT


@pytest.mark.parametrize("language", ["vi", "en"])
def test_binaries_are_those_of_the_catalogues(language: str) -> None:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    assert path.with_suffix(".mo").read_bytes() == messages.compile_catalogue(path), HINT


def test_strings_of_every_kind_are_found(tmp_path: Path, monkeypatch: Any) -> None:
    """Python and templates; plurals, contexts, arguments of tags; and what is wrong is told."""
    (tmp_path / "cadres").mkdir()
    (tmp_path / "cadres" / "words.py").write_text(
        'A = _("Một")\nB = f"{_(\'Hai\')}"\nC = ngettext("%(n)d ba", "%(n)d ba", n)\n'
        'D = pgettext("nơi", "Bốn")\nE = other("Không")\n',
        encoding="utf-8",
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% translate "Năm" %}{% include "x" with t=_("Sáu") %}'
        "{% blocktranslate %}Bảy {{ n }}{% endblocktranslate %}",
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ENGLISH", tmp_path / "django.po")
    found = messages.source_strings()
    texts = {"Một", "Hai", "%(n)d ba", "Bốn", "Năm", "Sáu", "Bảy %(n)s"}
    assert {text for _context, text in found} == texts
    for entry in found.values():
        entry.words = ["Seven"] * (2 if entry.plural else 1)
    messages.write_catalogue(messages.ENGLISH, found.values())
    assert messages.read_catalogue(messages.ENGLISH) == found
    assert messages.faults() == [
        "other placeholders: '%(n)d ba'",
        "other placeholders: 'Bảy %(n)s'",
    ]


def test_a_person_switches_the_language(
    provincial_officer: User, signed_in: Callable[[User], Client]
) -> None:
    """From the account menu; the next pages are English, dates and sentences too."""
    client = signed_in(provincial_officer)
    page = client.get("/to-chuc/").content.decode()
    assert 'name="language" value="en"' in page
    client.post("/ngon-ngu/setlang/", {"language": "en", "next": "/to-chuc/"})
    page = client.get("/to-chuc/").content.decode()
    assert 'lang="en"' in page
    assert "Organisation" in page
    assert "Sắp xếp tổ chức" not in page
    translation.activate(settings.LANGUAGE_CODE)

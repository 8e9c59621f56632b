"""The English catalogue: every string of the interface, found in the sources, and its binary.

    python scripts/messages.py            # update locale/en, compile every catalogue
    python scripts/messages.py --check    # only say what is missing

Needs nothing but Django: strings of Python files are read from their syntax trees, those of
templates through Django's own extraction. New strings are put into the catalogue without a
translation, strings that are gone are taken out; entries stand in the order of their text, so that
two people who add some seldom meet.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("cadre_portal", "cadres", "compliance", "planning", "rotation", "inspections")
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Language: en\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
COMMENT = (
    "# English of the interface; the source language is Vietnamese. Update and compile:\n"
    "# python scripts/messages.py\n"
)
#: Names of gettext's functions: how many of the first arguments are context and texts.
_CALLS = {
    "_": "t", "gettext": "t", "gettext_lazy": "t", "gettext_noop": "t",
    "ngettext": "tp", "ngettext_lazy": "tp", "pgettext": "ct", "pgettext_lazy": "ct",
    "npgettext": "ctp", "npgettext_lazy": "ctp",
}  # fmt: skip
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\({_STRING}(?:, ?{_STRING})?(?:, ?{_STRING})?")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-.\d]*[sdf%]")

#: Context ("" for none) and text.
Key = tuple[str, str]


@dataclass
class Entry:
    """A string with its translations: one, or one for each form of a plural."""

    text: str
    context: str = ""
    plural: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What it is looked up by."""
        return self.context, self.text

    @property
    def is_done(self) -> bool:
        """Whether it has all its translations."""
        return len(self.words) == (2 if self.plural else 1) and all(self.words)

    @property
    def is_sound(self) -> bool:
        """Whether translations have the placeholders of the text."""
        wanted = sorted(_PLACEHOLDER.findall(self.text))
        return all(sorted(_PLACEHOLDER.findall(word)) == wanted for word in self.words)


# ---- Sources -----------------------------------------------------------------------------------


def source_strings() -> dict[Key, Entry]:
    """Every string of Python files and templates."""
    found: dict[Key, Entry] = {}
    for entry in (*_python_strings(), *_template_strings()):
        known = found.setdefault(entry.key, entry)
        known.plural = known.plural or entry.plural
    return found


def _python_strings() -> Iterator[Entry]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    yield from _call(name, [getattr(arg, "value", None) for arg in node.args])


def _template_strings() -> Iterator[Entry]:
    if not settings.configured:
        settings.configure()
    paths = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    for path in sorted(paths):
        for name, *strings in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            yield from _call(name, [ast.literal_eval(text) for text in strings if text])


def _call(name: str, values: list[object]) -> Iterator[Entry]:
    shape = _CALLS.get(name, "")
    said = dict(zip(shape, values, strict=False))
    if shape and len(said) == len(shape) and all(isinstance(v, str) and v for v in said.values()):
        yield Entry(str(said["t"]), str(said.get("c", "")), str(said.get("p", "")))


# ---- The catalogue as text ---------------------------------------------------------------------


def read_catalogue(path: Path) -> dict[Key, Entry]:
    """The entries of a catalogue, its head left out."""
    found: dict[Key, Entry] = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        said: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line):
                name = match[1]
                said[name] = ast.literal_eval(match[2])
            elif line.startswith('"') and name:
                said[name] += ast.literal_eval(line)
        if said.get("msgid"):
            words = [said[key] for key in sorted(said) if key.startswith("msgstr")]
            entry = Entry(
                said["msgid"], said.get("msgctxt", ""), said.get("msgid_plural", ""), words
            )
            found[entry.key] = entry
    return found


def write_catalogue(path: Path, entries: Iterable[Entry]) -> None:
    """Write the entries in order, one line a text."""
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(_quoted(h) for h in HEADER.splitlines(True))]
    for entry in sorted(entries, key=lambda each: (each.text, each.context)):
        lines = [f"msgctxt {_quoted(entry.context)}"] if entry.context else []
        lines.append(f"msgid {_quoted(entry.text)}")
        if entry.plural:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            forms = (*entry.words, "", "")[:2]
            lines += [f"msgstr[{n}] {_quoted(word)}" for n, word in enumerate(forms)]
        else:
            lines.append(f"msgstr {_quoted(entry.words[0] if entry.words else '')}")
        blocks.append("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(COMMENT + "\n\n".join(blocks) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# ---- The catalogue as gettext reads it ---------------------------------------------------------


def binary(header: str, entries: Iterable[Entry]) -> bytes:
    """The compiled catalogue; entries without a translation are left out."""
    pairs = {"": header}
    for entry in entries:
        if entry.is_done:
            key = f"{entry.context}\x04{entry.text}" if entry.context else entry.text
            pairs[f"{key}\0{entry.plural}" if entry.plural else key] = "\0".join(entry.words)
    rows = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    start = 7 * 4 + 16 * len(rows)
    keys = b"".join(key + b"\0" for key, _text in rows)
    texts = b"".join(text + b"\0" for _key, text in rows)
    index, at_key, at_text = [], start, start + len(keys)
    for key, text in rows:
        index.append((len(key), at_key, len(text), at_text))
        at_key, at_text = at_key + len(key) + 1, at_text + len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start)
    of_keys = b"".join(struct.pack("<2I", row[0], row[1]) for row in index)
    of_texts = b"".join(struct.pack("<2I", row[2], row[3]) for row in index)
    return head + of_keys + of_texts + keys + texts


def header_of(path: Path) -> str:
    """The head of a catalogue: language, encoding, plural forms."""
    first = path.read_text(encoding="utf-8").split('msgstr ""\n', 1)[1]
    lines = first.split("\n\n", 1)[0].splitlines()
    return "".join(ast.literal_eval(line) for line in lines if line.startswith('"'))


def compile_catalogue(path: Path) -> bytes:
    """What belongs into the file beside a catalogue."""
    return binary(header_of(path), read_catalogue(path).values())


# ---- Doing it ----------------------------------------------------------------------------------


def faults() -> list[str]:
    """What is wrong with the English catalogue; empty when nothing is."""
    wanted, kept = source_strings(), read_catalogue(ENGLISH)
    told = [f"not in the catalogue: {text!r}" for _context, text in wanted.keys() - kept.keys()]
    told += [f"not in the sources: {text!r}" for _context, text in kept.keys() - wanted.keys()]
    told += [f"not translated: {entry.text!r}" for entry in kept.values() if not entry.is_done]
    told += [f"other placeholders: {entry.text!r}" for entry in kept.values() if not entry.is_sound]
    return sorted(told)


def update() -> None:
    """Bring the catalogue up to date with the sources, and compile all."""
    wanted, kept = source_strings(), read_catalogue(ENGLISH) if ENGLISH.exists() else {}
    for key, entry in wanted.items():
        if key in kept and bool(kept[key].plural) == bool(entry.plural):
            entry.words = kept[key].words
    write_catalogue(ENGLISH, wanted.values())
    for path in sorted((ROOT / "locale").rglob("django.po")):
        path.with_suffix(".mo").write_bytes(compile_catalogue(path))


if __name__ == "__main__":
    if "--check" not in sys.argv:
        update()
    told = faults()
    print("\n".join(told) or "Complete.")
    sys.exit(bool(told))

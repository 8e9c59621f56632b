"""The words of a document, declared once: read with its fields, and written into its Word template.

A declaration is a sequence of parts. `of` and `test` name fields as Jinja does ("topic.causes"),
texts may name them in braces. Read, the parts give the lines of a letter; written
(`word_templates.write_outline_template`), the same words stand in a Word file with tags of docxtpl,
where an office changes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cadres.exports.letters import TEXT, Line
from cadres.exports.papers import PaperColumn, PaperRow, PaperTable

#: What its words name, by name.
Fields = Mapping[str, Any]
#: Nothing but what a document names is reached from its words. No HTML is made of them.
WORDS = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_template = lru_cache(maxsize=1024)(WORDS.from_string)


class Part(Protocol):
    """A piece of a document."""

    def lines(self, fields: Fields) -> Iterator[Line]:
        """The lines it gives with these fields. Raises jinja2.UndefinedError."""


@dataclass(frozen=True)
class Say:
    """A paragraph."""

    text: str
    style: str = TEXT

    def lines(self, fields: Fields) -> Iterator[Line]:
        """One."""
        yield Line(said(self.text, fields), self.style)


@dataclass(frozen=True)
class Lines:
    """A paragraph for each text of a list."""

    of: str
    style: str = TEXT

    def lines(self, fields: Fields) -> Iterator[Line]:
        """As many as there are texts."""
        yield from (Line(text, self.style) for text in value_of(self.of, fields))


@dataclass(frozen=True)
class Rows:
    """A table with these columns; the field has its rows (`papers.word_rows`)."""

    of: str
    columns: Sequence[PaperColumn]

    def lines(self, fields: Fields) -> Iterator[Line]:
        """The table."""
        rows = [
            PaperRow(text=row["text"])
            if row["text"]
            else PaperRow(tuple(row[c.key] for c in self.columns), is_total=row["is_total"])
            for row in value_of(self.of, fields)
        ]
        yield Line(table=PaperTable(columns=self.columns, rows=rows))


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are not known beforehand; the field is a `word_parts.WordTable`."""

    of: str

    def lines(self, fields: Fields) -> Iterator[Line]:
        """The table, where it has rows."""
        if table := value_of(self.of, fields):
            yield Line(table=table.table)


@dataclass(frozen=True)
class Drawing:
    """Bars; the field is a `word_parts.WordBars`."""

    of: str

    def lines(self, fields: Fields) -> Iterator[Line]:
        """The drawing, where there is something to draw."""
        if drawing := value_of(self.of, fields):
            yield Line(bars=drawing.bars)


@dataclass(frozen=True)
class Each:
    """Parts repeated for each entry of a list, which they call `one`; `loop.index` counts."""

    one: str
    of: str
    parts: Sequence[Part]

    def lines(self, fields: Fields) -> Iterator[Line]:
        """Those of the parts, for every entry."""
        for number, entry in enumerate(value_of(self.of, fields), start=1):
            yield from read(self.parts, {**fields, self.one: entry, "loop": {"index": number}})


@dataclass(frozen=True)
class When:
    """Parts that stand there only where the test holds."""

    test: str
    parts: Sequence[Part]

    def lines(self, fields: Fields) -> Iterator[Line]:
        """Those of the parts, or none."""
        if value_of(self.test, fields):
            yield from read(self.parts, fields)


def read(parts: Sequence[Part], fields: Fields) -> list[Line]:
    """The lines that the parts give with these fields. Raises jinja2.UndefinedError."""
    return [line for part in parts for line in part.lines(fields)]


def said(text: str, fields: Fields) -> str:
    """A text with the fields it names."""
    return _template(text).render(fields) if "{" in text else text


def value_of(expression: str, fields: Fields) -> Any:
    """What an expression of fields comes to."""
    return _compiled(expression)(**fields)


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Any:
    return WORDS.compile_expression(expression, undefined_to_none=False)

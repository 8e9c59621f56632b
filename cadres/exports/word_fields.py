"""What a Word template may name: declared for who writes one, and for the check of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from cadres.exports.papers import PaperColumn


@dataclass(frozen=True)
class Field:
    """A field: how it is named and what it holds.

    `is_list`: it is gone through with `for`; `of`: the fields of each entry, none where an entry is
    a text; `is_table`: a whole table, put in place of its paragraph by `{{p name }}`.
    """

    key: str
    about: str | Promise
    is_list: bool = False
    of: Sequence[Field] = ()
    is_table: bool = False


def rows_field(key: str, about: str | Promise, columns: Sequence[PaperColumn]) -> Field:
    """The rows of a table: cells by key, `text` of a row over the whole width, `is_total`."""
    cells = [Field(column.key, column.head) for column in columns]
    extra = (Field("text", ""), Field("is_total", ""))
    return Field(key, about, is_list=True, of=(*cells, *extra))

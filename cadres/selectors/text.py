"""Search in the diacritic-free keys, so that "nong thi anh" finds Nông Thị Ánh."""

from __future__ import annotations

from django.db.models import Func, Q, TextField, Value

#: A longer text is no name; cut, so that a pasted page does not become a hundred conditions.
MAX_WORDS = 8


def folded(text: str) -> Func:
    """`text` as the search keys are written: PostgreSQL folds it just as it folded the column."""
    return Func(Value(text), function="vi_fold", output_field=TextField())


def folded_words(text: str, field: str = "search_key") -> Q:
    """Every word of `text` occurs in `field`, with or without diacritics, in any order."""
    found = Q()
    for word in text.split()[:MAX_WORDS]:
        found &= Q(**{f"{field}__contains": folded(word)})
    return found


def word_starts(text: str, field: str = "search_key") -> Q:
    """Every word of `text` begins a word of `field`, with or without diacritics, in any order."""
    found = Q()
    for word in text.split()[:MAX_WORDS]:
        found &= Q(**{f"{field}__startswith": folded(word)}) | Q(
            **{f"{field}__contains": folded(f" {word}")}
        )
    return found


def looks_like_code(text: str) -> bool:
    """Names have no digits and no punctuation; codes have."""
    return " " not in text and any(not letter.isalpha() for letter in text)

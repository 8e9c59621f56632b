"""Titles and units out of the words of a list. Pure: catalogues in, an answer or guesses out."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: Abbreviations of official Vietnamese, folded; longest first where one begins another.
_ABBREVIATIONS = {
    "pct": "pho chu tich",
    "ct": "chu tich",
    "pbt": "pho bi thu",
    "bt": "bi thu",
    "pgd": "pho giam doc",
    "gd": "giam doc",
    "ptp": "pho truong phong",
    "tp": "truong phong",
    "ptb": "pho truong ban",
    "cvp": "chanh van phong",
    "pcvp": "pho chanh van phong",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc",
    "mttq": "mat tran to quoc",
    "ubkt": "uy ban kiem tra",
    "uv": "uy vien",
    "uvbtv": "uy vien ban thuong vu",
    "btv": "ban thuong vu",
    "uvbch": "uy vien ban chap hanh",
    "bch": "ban chap hanh",
    "du": "dang uy",
    "tt": "thi tran",
    "vp": "van phong",
    "xd": "xay dung",
    "qs": "quan su",
}
_WORDS = re.compile(r"[a-z0-9]+")
#: How alike a guess has to be before it is offered.
_ALIKE = 0.55
GUESSES = 3


def folded(text: str) -> str:
    """Lower-case words without diacritics and punctuation; official abbreviations written out."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    words = _WORDS.findall("".join(c for c in bare if not unicodedata.combining(c)))
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


@dataclass(frozen=True)
class Named:
    """Something that a text may mean."""

    pk: int
    code: str
    name: str
    key: str = ""


@dataclass(frozen=True)
class Answer:
    """What a text means (None: cannot be said), whether to leave it out, and the likeliest."""

    found: Named | None = None
    is_left_out: bool = False
    guesses: tuple[Named, ...] = ()


@dataclass
class Catalogue:
    """What a text is looked up in: `near` first (the positions of the unit), then `all`."""

    near: Sequence[Named]
    others: Sequence[Named] = ()
    #: Folded text -> code, as the office decided earlier; "" leaves such a text out.
    synonyms: Mapping[str, str] = field(default_factory=dict)
    #: Words that a text may end with and still mean the same: the unit's own name.
    endings: Sequence[str] = ()
    _answers: dict[str, Answer] = field(default_factory=dict)

    def look_up(self, text: str) -> Answer:
        """What `text` means. Sure answers only: the same name, or the only one that begins so."""
        answer = self._answers.get(text)
        if answer is None:  # a list writes the same few texts thousands of times
            answer = self._answers[text] = self._find(folded(text))
        return answer

    def _find(self, key: str) -> Answer:
        if not key:
            return Answer(is_left_out=True)
        if key in self.synonyms:
            code = self.synonyms[key]
            known = next((n for n in (*self.near, *self.others) if n.code == code), None)
            if known or not code:
                return Answer(found=known, is_left_out=not code)
        for spelling in self._spellings(key):
            for group in (self.near, self.others):
                same = [n for n in group if n.key == spelling or folded(n.code) == spelling]
                if len(same) == 1:
                    return Answer(found=same[0])
            begun = [n for n in self.near if n.key.startswith(spelling + " ")]
            if len(begun) == 1:
                return Answer(found=begun[0])
        return Answer(guesses=self._guesses(key))

    def _spellings(self, key: str) -> Iterable[str]:
        yield key
        for ending in self.endings:
            if ending and key.endswith(" " + ending):
                yield key.removesuffix(" " + ending)
        # "Phó Giám đốc Sở Nội vụ" names the unit after a title that ends in its kind.
        for named in self.near:
            rest = key.removeprefix(named.key + " ")
            if rest != key and any(ending.endswith(rest) for ending in self.endings if ending):
                yield named.key

    def _guesses(self, key: str) -> tuple[Named, ...]:
        pool = list(self.near) or list(self.others)
        scored = sorted(
            ((_likeness(key, n.key), n) for n in pool), key=lambda pair: (-pair[0], pair[1].code)
        )
        return tuple(n for score, n in scored[:GUESSES] if score >= _ALIKE)


def _likeness(one: str, other: str) -> float:
    shared = len(set(one.split()) & set(other.split())) / max(len(set(one.split())), 1)
    return max(shared * 0.95, difflib.SequenceMatcher(None, one, other).ratio())


def named(rows: Iterable[tuple[int, str, str]]) -> list[Named]:
    """Rows of id, code, name as things that a text may mean."""
    return [Named(pk, code, name, folded(name)) for pk, code, name in rows]

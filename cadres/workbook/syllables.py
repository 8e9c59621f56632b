"""Whether words are spelt as Vietnamese syllables are: the measure of a wrong reading of bytes.

Text in a legacy encoding, read as Unicode, breaks the spelling at once (`NguyÔn`, `Nguyeãn`); so
does Unicode text that is converted although it needs no conversion.
"""

# ruff: noqa: SIM905 - a list of syllable parts is read as words

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ONSETS = (
    "ngh ng nh gh gi kh ph qu th tr ch b c d đ g h k l m n p r s t v x"  # q only with u
).split()
_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ uê ui uô"
    " uơ uy ưa ưi ươ ưu yê oai oao oay oeo uao uay uây uyê uya uyu iêu yêu uôi ươi ươu"
).split()
_SYLLABLE = re.compile(
    f"(?:{'|'.join(_ONSETS)})?(?:{'|'.join(sorted(_NUCLEI, key=len, reverse=True))})"
    "(?:ng|nh|ch|[cmnpt])?"
)
_ABBREVIATION = re.compile("[A-ZĐƠƯÔÂÊ]{1,8}")
# Signs of legacy encodings are not letters to Unicode, so words end only at ASCII signs.
_BETWEEN = re.compile(r"[\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f\xa0\u2000-\u206f]+")


def words(text: str) -> list[str]:
    """The words of a text that have anything beyond ASCII."""
    return [word for word in _BETWEEN.split(text) if word and not word.isascii()]


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word is spelt like a Vietnamese syllable, or is an abbreviation in capitals."""
    if _ABBREVIATION.fullmatch(word):
        return True
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = sum(letter in _TONES for letter in decomposed)
    bare = "".join(letter for letter in decomposed if letter not in _TONES)
    return tones <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))

"""Vietnamese text in PostgreSQL: `vi_fold` for search, `vi_name_key` for the order of lists.

Both are immutable, so that generated columns can use them. Letters are ordered a ă â b … y z,
tones ngang, huyền, hỏi, ngã, sắc, nặng; a list is ordered by given name, then by the rest.
"""

import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
# One byte a letter, in alphabetical order, above the tone digits and the space.
RANKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"


def _forms(letter):
    """Each spelling of a letter: both cases, and every tone where it is a vowel."""
    tones = TONES if letter in VOWELS else ("",)
    for number, tone in enumerate(tones, start=1):
        form = unicodedata.normalize("NFC", letter + tone)
        yield form, number
        yield form.upper(), number


def _plain(letter):
    bare = unicodedata.normalize("NFD", letter)[0]
    return "d" if letter == "đ" else bare


ALL_FORMS = [(form, tone, letter) for letter in LETTERS for form, tone in _forms(letter)]
FOLDED = [(form, _plain(letter)) for form, _, letter in ALL_FORMS]
RANKED = [(form, RANKS[LETTERS.index(letter)]) for form, _, letter in ALL_FORMS]
# `translate` deletes what has no counterpart: toned letters first, the others vanish.
TONED = sorted(((form, str(tone)) for form, tone, _ in ALL_FORMS if tone > 1))
TONELESS = "".join(form for form, tone, _ in ALL_FORMS if tone == 1)


def _translate(value, pairs, deleted=""):
    source = "".join(form for form, _ in pairs) + deleted
    target = "".join(to for _, to in pairs)
    return f"translate({value}, '{source}', '{target}')"


FUNCTIONS = f"""
CREATE FUNCTION vi_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN {_translate("normalize(value, NFC)", FOLDED)} COLLATE "C";

CREATE FUNCTION vi_word_key(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN {_translate("word", RANKED)}
        || coalesce(substring({_translate("word", TONED, TONELESS)} from '[2-6]'), '1');

CREATE FUNCTION vi_name_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT vi_word_key(w[cardinality(w)]) || coalesce(
            (SELECT string_agg(' ' || vi_word_key(x), '' ORDER BY i)
               FROM unnest(w[:cardinality(w) - 1]) WITH ORDINALITY AS u (x, i)), '')
          FROM regexp_split_to_array(btrim(normalize(value, NFC)), '\\s+') AS w;
    END;
"""

UNDO = "DROP FUNCTION vi_name_key(text), vi_word_key(text), vi_fold(text)"

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


# Plain letters first: `translate` looks its list through from the left for every character.
ALL_FORMS = sorted(
    ((form, tone, letter) for letter in LETTERS for form, tone in _forms(letter)),
    key=lambda each: (not each[0].isascii(), each[0].isupper()),
)
FOLDED = [(form, _plain(letter)) for form, _, letter in ALL_FORMS]
RANKED = [(form, RANKS[LETTERS.index(letter)]) for form, _, letter in ALL_FORMS]
TONED = [(form, str(tone)) for form, tone, _ in ALL_FORMS]


def _translate(value, pairs):
    source = "".join(form for form, _ in pairs)
    target = "".join(to for _, to in pairs)
    return f"translate({value}, '{source}', '{target}')"


# A word's key is its letters' ranks and the digit of its tone (1 where no letter carries one).
FUNCTIONS = f"""
CREATE FUNCTION vi_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN {_translate("normalize(value, NFC)", FOLDED)} COLLATE "C";

CREATE FUNCTION vi_name_key(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    name text := btrim(normalize(value, NFC));
    ranks text[] := string_to_array({_translate("name", RANKED)}, ' ');
    tones text[] := string_to_array({_translate("name", TONED)}, ' ');
    given int := cardinality(ranks);
    key text := coalesce(ranks[given], '');
BEGIN
    key := key || left(btrim(tones[given], '1') || '1', 1);
    FOR word IN 1 .. given - 1 LOOP
        key := key || ' ' || ranks[word] || left(btrim(tones[word], '1') || '1', 1);
    END LOOP;
    RETURN key;
END $$;
"""

UNDO = "DROP FUNCTION vi_name_key(text), vi_fold(text)"

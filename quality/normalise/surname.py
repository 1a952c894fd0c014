"""Where a Chinese name divides into surname and given name, and how both are read.

A compound surname is taken when one or two characters remain after it (欧阳娜娜 but 欧阳 alone is a
surname without a name), else the one-character surname, else none. The surname is read by its own
table (曾 zeng, 单 shan, 仇 qiu, 尉迟 yu chi), the given name character by character; where two
readings are real (覃 qin or tan, 乐 le or yue) all are given, the usual one first, four at most.
"""

from __future__ import annotations

from functools import cache
from itertools import islice, product
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

from quality.normalise.text import is_han, simplify
from quality.reference import table

MOST_READINGS = 4  # of one name: two two-way characters; more would make keys, not evidence
WILDCARD = "?"
_VOWELS = ("a", "o", "e")  # what syllables without a consonant begin with
_LONGEST = 30  # letters of a name in one word


class Split(NamedTuple):
    """Lengths in characters: of the surname (0 when unknown); and whether another split is real."""

    surname: int
    ambiguous: bool


@cache
def single() -> dict[str, tuple[str, ...]]:
    """One-character surname to its readings as a surname."""
    return {row["surname"]: tuple(row["readings"].split("|")) for row in table("surnames")}


@cache
def compound() -> dict[str, tuple[str, ...]]:
    """Compound surname to its readings, syllables apart by a space."""
    return {row["surname"]: tuple(row["readings"].split("|")) for row in table("compound_surnames")}


@cache
def usual() -> frozenset[str]:
    """Surnames that are a surname before they are anything else."""
    return frozenset(row["surname"] for row in table("surnames") if row["usual"] == "yes")


@cache
def as_given() -> frozenset[str]:
    """Surnames that are met more often in given names."""
    return frozenset(row["surname"] for row in table("surnames") if row["usual"] == "given")


@cache
def ranked() -> frozenset[str]:
    """The hundred most frequent surnames."""
    return frozenset(row["surname"] for row in table("surnames") if row["rank"])


def split(simple: str) -> Split:
    """Divide a simplified Han name.

    >>> split("欧阳娜娜"), split("张伟"), split("欧阳"), split("张杨思涵").ambiguous
    (Split(surname=2, ambiguous=False), Split(surname=1, ambiguous=False), \
Split(surname=2, ambiguous=False), True)
    """
    length = len(simple)
    for size in (4, 2):
        if simple[:size] in compound() and length - size <= 2 and length >= size:
            return Split(size, False)
    if simple[:1] in single():
        # of four characters: two parents' surnames in front (张杨思涵), or none (白玛央金)
        return Split(1, length == 4)
    return Split(0, False)


def looks_full(name: str) -> bool:
    """Whether a token could stand as a full Han name: a known surname and one to three more."""
    simple = simplify(name)
    if not 2 <= len(name) <= 4 or not is_han(name) or simple in compound():
        return False
    return simple[0] in single() or simple[:2] in compound()


def readings(simple: str, surname: int) -> tuple[str, ...]:
    """All readings of a simplified Han name whose first `surname` characters are the surname."""
    head = simple[:surname]
    first = compound().get(head) or single().get(head)
    parts = [first] if first else [given_reading(c) for c in head]
    parts += [given_reading(c) for c in simple[surname:]]
    if all(len(part) == 1 for part in parts):
        return (" ".join(part[0] for part in parts),)
    return tuple(" ".join(p) for p in islice(product(*parts), MOST_READINGS))


@cache
def given_reading(char: str) -> tuple[str, ...]:
    """The toneless readings of one character in a given name; a wildcard reads as itself."""
    if char in _given():
        return _given()[char]
    if ord(char) not in pinyin_dict:
        return (char,)
    return (lazy_pinyin(char, style=Style.NORMAL, v_to_u=False)[0].replace("ü", "v"),)


@cache
def _given() -> dict[str, tuple[str, ...]]:
    return {row["character"]: tuple(row["readings"].split("|")) for row in table("readings")}


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable of Mandarin."""
    chars = (chr(code) for code in range(0x4E00, 0x9FA6) if code in pinyin_dict)
    text = lazy_pinyin(list(chars), style=Style.NORMAL, v_to_u=False)
    known = {s.replace("ü", "v") for s in text if s.isascii() and s.isalpha()}
    return frozenset(s for s in known if s not in {"m", "n", "ng", "hm", "hng"}) | {"lu", "nu"}


@cache
def surname_readings() -> frozenset[str]:
    """The readings of the usual surnames, for telling surname from given name in Latin script."""
    return frozenset(reading for name in usual() for reading in single()[name])


@cache
def compound_readings() -> frozenset[str]:
    """The readings of the compound surnames of two characters, syllables apart by a space."""
    return frozenset(r for name, found in compound().items() if len(name) == 2 for r in found)


@cache
def borne_readings() -> frozenset[str]:
    """Those of the compound surnames of over 10,000 people, which no given names sound like."""
    counts = {row["surname"]: int(row["people"] or 0) for row in table("compound_surnames")}
    return frozenset(r for name, many in counts.items() if many > 10_000 for r in compound()[name])


def spell(token: str) -> list[str] | None:
    """The pinyin syllables that a lower-case Latin word is made of, longest first; None if not.

    >>> spell("xiaoming"), spell("smith"), spell("liufeng"), spell("nana"), spell("xiaoai")
    (['xiao', 'ming'], None, ['liu', 'feng'], ['na', 'na'], ['xiao', 'ai'])
    """
    if len(token) > _LONGEST:
        return None
    # a syllable that begins with a vowel has an apostrophe before it, if spelled with care
    return _spell(token, careful=True) or _spell(token, careful=False)


def _spell(token: str, careful: bool) -> list[str] | None:
    if not token:
        return []
    for size in range(min(6, len(token)), 0, -1):
        if token[:size] in syllables() and not (careful and token[size : size + 1] in _VOWELS):
            rest = _spell(token[size:], careful)
            if rest is not None:
                return [token[:size], *rest]
    return None

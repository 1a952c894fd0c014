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

from quality.reference import table

MOST_READINGS = 4  # of one name: two two-way characters; more would make keys, not evidence
WILDCARD = "?"


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
    return frozenset(row["surname"] for row in table("surnames") if row["usual"])


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
        return Split(1, length == 4 and simple[0] in ranked() and simple[1] in ranked())
    return Split(0, False)


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
def romanised() -> frozenset[str]:
    """Surnames as romanised outside the mainland, upper case."""
    return frozenset(row["spelling"] for row in table("romanised_surnames"))


def spell(token: str) -> list[str] | None:
    """The pinyin syllables that a lower-case Latin word is made of, longest first; None if not.

    >>> spell("xiaoming"), spell("smith"), spell("liufeng")
    (['xiao', 'ming'], None, ['liu', 'feng'])
    """
    if not token:
        return []
    for size in range(min(6, len(token)), 0, -1):
        if token[:size] in syllables():
            rest = spell(token[size:]) if len(token) <= 24 else None
            if rest is not None:
                return [token[:size], *rest]
    return None

"""The ladder of Chinese personal names.

Character edit measures made for Latin names rank the wrong pair higher: 刘志强/刘智强, a slip of
the ear, is less alike to Jaro-Winkler than 刘志强/刘志刚, two brothers. So names are compared
character by character, each by sound (every reading of a polyphone counts) and by shape.
"""

from __future__ import annotations

from matching.compare import name_bulk
from matching.compare.base import Comparator, Row
from matching.compare.name_sounds import (
    DOT,
    LEVELS,
    PET,
    READINGS,
    WHOLE,
    WIDTH,
    WILDCARD,
    fuzzy,
    looks,
)  # fmt: skip


def person_name(left: Row, right: Row) -> str | None:
    """The ladder of names.

    name: as written. fold: simplified, variants folded. surname_length: characters of the fold
    that are the surname, 0 where it has none. readings: toneless pinyin, one syllable a
    character, surname read as a surname. sex: M or F where a title tells.
    """
    a, b = left["fold"], right["fold"]
    if not a or not b:
        return None
    if a == b and _full(left) and _full(right):
        return "same" if left["name"] == right["name"] else "variant"
    if _contradict(left, right):
        return "different"
    if _pet(left) or _pet(right):
        return "surname_and_title" if _called(left, right) or _called(right, left) else "different"
    readings_a, readings_b = _syllables(left), _syllables(right)
    given = _full(left) or _full(right)  # 欧阳 beside 欧阳先生 is no full name that sounds alike
    same_count = given and len(readings_a) == len(readings_b) >= 2 and _rest(left) == _rest(right)
    if same_count and _all_meet(readings_a, readings_b) and _order_fits(left, right):
        return "same_sound"
    alike = [_alike(left, right, p, p) for p in range(WIDTH)]
    length, surname = len(a[:WIDTH]), int(left["surname_length"])
    same_length = given and len(a) == len(b) >= 2 and a[WIDTH:] == b[WIDTH:]
    if same_length and all(alike[:length]) and WILDCARD not in a[:WIDTH] + b[:WIDTH]:
        return "close"
    if same_length and sorted(a[:WIDTH]) == sorted(b[:WIDTH]):
        return "close"
    if same_count and _sorted_first(left) == _sorted_first(right):
        return "close"
    if _typed_twice(left, right) or _typed_twice(right, left):
        return "close"
    same_surname = surname == right["surname_length"] > 0 and all(
        _alike(left, right, p, p, shape=False) for p in range(surname)
    )
    if same_length and all(alike[:length]):
        return "unreadable_character"
    if _cut_short(left, right) or _cut_short(right, left):
        return "unreadable_character"
    if not same_surname:
        return _of_other_surnames(left, right)
    if not _full(left) or not _full(right):
        return "surname_and_title"
    if _one_dropped(left, right) or _one_dropped(right, left):
        return "part_missing"
    if same_length and length >= 3 and sum(not ok for ok in alike[:length]) == 1:
        return "one_character"
    return "surname_only"


def _of_other_surnames(left: Row, right: Row) -> str:
    a, b = left["fold"], right["fold"]
    if _latin(a) != _latin(b):
        return "other_script"
    given, other = (row["fold"][int(row["surname_length"]) :] for row in (left, right))
    told = left["surname_length"] > 0 and right["surname_length"] > 0
    return "other_surname" if told and len(given) >= 2 and given == other else "different"


def _pet(row: Row) -> bool:
    """阿涛: friends' word for someone; which character of his name it is, it does not say."""
    return bool(row["fold"][:1] == PET and len(row["fold"]) == 2 == row["surname_length"])


def _called(pet: Row, row: Row) -> bool:
    """Whether somebody may be called so: 阿涛 and 张海涛."""
    if not _pet(pet):
        return False
    if _pet(row):
        return bool(pet["fold"] == row["fold"])
    return any(_alike(pet, row, 1, q) for q in range(int(row["surname_length"]), WIDTH))


def _typed_twice(short: Row, long: Row) -> bool:
    """Whether the longer is the shorter with one character typed twice: 王文成 and 王文文成."""
    a, b = short["fold"], long["fold"]
    return _one_more(short, long) and any(
        b[p] == b[p - 1] and a == b[:p] + b[p + 1 :] for p in range(1, len(b))
    )


def _cut_short(short: Row, long: Row) -> bool:
    """Whether the one is the other up to what could not be read or typed.

    周明 and 周明燚, 冯玉山 and 冯?玉山; and up to its dot: 迪丽努尔 and 迪丽努尔·热西提.
    """
    name, a, b = long["name"] or "", short["fold"], long["fold"]
    if DOT in name and a == b[: name.index(DOT)]:
        return True
    return _one_more(short, long) and any(
        a == b[:p] + b[p + 1 :] for p in range(len(b)) if b[p] == WILDCARD or p == len(b) - 1
    )


def _one_more(short: Row, long: Row) -> bool:
    """Whether both are full names in characters, and the second is one character longer."""
    a, b = short["fold"], long["fold"]
    return len(a) + 1 == len(b) <= WIDTH and _full(short) and _full(long) and not _latin(b)


def _latin(fold: str) -> bool:
    """Whether a fold is in Latin letters; romanisations other than pinyin tell nothing of Han."""
    return fold[0].isascii() and fold[0].isalpha()


def _full(row: Row) -> bool:
    return len(row["fold"][:WIDTH]) > max(int(row["surname_length"]), 1)


def _contradict(left: Row, right: Row) -> bool:
    """A Mr and a Mrs, when a side is known by surname and title only."""
    told = left["sex"] is not None and right["sex"] is not None and left["sex"] != right["sex"]
    return told and not (_full(left) and _full(right))


def _syllables(row: Row) -> list[set[str]]:
    """Per character, its first readings."""
    readings = [r.split()[:WIDTH] for r in row["readings"] or ()]
    if not readings:
        return []
    width = len(readings[0])
    sets: list[list[str]] = [[] for _ in range(width)]
    for reading in readings:
        for place, syllable in zip(sets, reading, strict=False):
            if syllable not in place and len(place) < READINGS:
                place.append(syllable)
    return [set(place) for place in sets]


def _rest(row: Row) -> list[str]:
    """The syllables of the first reading beyond those looked at one by one."""
    readings: list[str] = row["readings"] or [""]
    return readings[0].split()[WIDTH:]


def _sorted_first(row: Row) -> list[str]:
    """The syllables of the first reading, in whatever order they were written."""
    readings: list[str] = row["readings"] or [""]
    return sorted(readings[0].split()[:WIDTH])


def _order_fits(left: Row, right: Row) -> bool:
    """Whether the two share a whole reading, which matters where ZHANG WEI may be WEI ZHANG."""
    a, b = ({" ".join(r.split()[:WIDTH]) for r in row["readings"][:WHOLE]} for row in (left, right))
    return bool(a & b) or not (_latin(left["fold"]) or _latin(right["fold"]))


def _all_meet(a: list[set[str]], b: list[set[str]]) -> bool:
    return all(x & y for x, y in zip(a, b, strict=True))


def _alike(left: Row, right: Row, p: int, q: int, shape: bool = True) -> bool:
    """Whether character p of the one may be character q of the other."""
    a, b = left["fold"][:WIDTH], right["fold"][:WIDTH]
    if p >= len(a) or q >= len(b):
        return False
    if a[p] == b[q]:
        return True
    x, y = _syllables(left), _syllables(right)
    # a letter has no syllable
    if p < len(x) and q < len(y) and not (_latin(a) or _latin(b)):
        if x[p] & y[q]:
            return True
        if shape and {fuzzy(s) for s in x[p]} & {fuzzy(s) for s in y[q]}:
            return True
    if shape and WILDCARD in (a[p], b[q]):
        return True
    letter = _latin(a) or _latin(b)
    return shape and not letter and bool(looks(a[p]) & looks(b[q]))


def _one_dropped(short: Row, long: Row) -> bool:
    """Whether the shorter is the longer without one character of the given name."""
    a, b = short["fold"][:WIDTH], long["fold"][:WIDTH]
    if len(a) + 1 != len(b) or len(long["fold"]) > WIDTH:
        return False
    return any(
        all(_alike(short, long, p, p + (p >= dropped)) for p in range(len(a)))
        for dropped in range(int(short["surname_length"]), len(b))
    )


PERSON_NAME = Comparator(
    "person_name",
    ("name", "fold", "surname_length", "readings", "sex"),
    LEVELS,
    "How the two names agree: the same characters, a variant writing, the same sound, a character "
    "alike in sound or shape or typed twice, one unreadable or left off at the end, one missing "
    "before it, surname with a title, one character apart, one given name under two surnames, two "
    "scripts that cannot be compared, surname only, or not at all.",
    person_name,
    bulk=name_bulk.levels,
)

"""The ladder of Chinese personal names.

Character edit measures made for Latin names rank the wrong pair higher: 刘志强/刘智强, a slip of
the ear, is less alike to Jaro-Winkler than 刘志强/刘志刚, two brothers. So names are compared
character by character, each by sound (every reading of a polyphone counts) and by shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.compare.base import MISSING, Comparator, Index, Levels, Row
from quality.reference import table

LEVELS = (
    "same",
    "variant",
    "same_sound",
    "close",
    "unreadable_character",
    "part_missing",
    "surname_and_title",
    "one_character",
    "other_script",
    "surname_only",
    "different",
)
#: Characters looked at one by one; what longer names (0.1 % of people) have beyond must be equal.
_WIDTH = 6
_READINGS = 2  # readings of a character looked at
_WHOLE = 8  # readings of a whole name looked at, where a side is in Latin letters
_WILDCARD = "?"

#: Sounds that are mixed up by ear or by dialect, applied in this order to a toneless syllable.
_FUZZY = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"), ("h", "f"), ("r", "l"),
)  # fmt: skip
_FUZZY_WHOLE = {"hu": "fu", "hui": "fei", "hun": "fen"}
_FUZZY_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def fuzzy(syllable: str) -> str:
    """The syllable with the sounds folded that southern speakers do not tell apart.

    >>> fuzzy("zhang"), fuzzy("zan"), fuzzy("ning"), fuzzy("lin")
    ('zan', 'zan', 'lin', 'lin')
    >>> fuzzy("hu"), fuzzy("huang"), fuzzy("fang")
    ('fu', 'fan', 'fan')
    """
    syllable = _FUZZY_WHOLE.get(syllable, syllable)
    for initial, folded in _FUZZY:
        if syllable.startswith(initial):
            syllable = folded + syllable[len(initial) :]
            break
    for final, folded in _FUZZY_FINALS:
        if syllable.endswith(final):
            return syllable.removesuffix(final) + folded
    return syllable


@cache
def shapes() -> dict[str, int]:
    """Character -> number of its group of look-alikes."""
    return {c: int(row["group"]) for row in table("similar_shapes") for c in row["characters"]}


# --- the slow obvious twin --------------------------------------------------------------------


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
    readings_a, readings_b = _syllables(left), _syllables(right)
    given = _full(left) or _full(right)  # 欧阳 beside 欧阳先生 is no full name that sounds alike
    same_count = given and len(readings_a) == len(readings_b) >= 2 and _rest(left) == _rest(right)
    if same_count and _all_meet(readings_a, readings_b) and _order_fits(left, right):
        return "same_sound"
    alike = [_alike(left, right, p, p) for p in range(_WIDTH)]
    length, surname = len(a[:_WIDTH]), int(left["surname_length"])
    same_length = given and len(a) == len(b) >= 2 and a[_WIDTH:] == b[_WIDTH:]
    if same_length and all(alike[:length]) and _WILDCARD not in a[:_WIDTH] + b[:_WIDTH]:
        return "close"
    if same_length and sorted(a[:_WIDTH]) == sorted(b[:_WIDTH]):
        return "close"
    if same_count and _sorted_first(left) == _sorted_first(right):
        return "close"
    same_surname = surname == right["surname_length"] > 0 and all(
        _alike(left, right, p, p, shape=False) for p in range(surname)
    )
    if same_length and all(alike[:length]):
        return "unreadable_character"
    if not same_surname:
        return "other_script" if _latin(a) != _latin(b) else "different"
    if not _full(left) or not _full(right):
        return "surname_and_title"
    if _one_dropped(left, right) or _one_dropped(right, left):
        return "part_missing"
    if same_length and length >= 3 and sum(not ok for ok in alike[:length]) == 1:
        return "one_character"
    return "surname_only"


def _latin(fold: str) -> bool:
    """Whether a fold is in Latin letters; romanisations other than pinyin tell nothing of Han."""
    return fold[0].isascii() and fold[0].isalpha()


def _full(row: Row) -> bool:
    return len(row["fold"][:_WIDTH]) > max(int(row["surname_length"]), 1)


def _contradict(left: Row, right: Row) -> bool:
    """A Mr and a Mrs, when a side is known by surname and title only."""
    told = left["sex"] is not None and right["sex"] is not None and left["sex"] != right["sex"]
    return told and not (_full(left) and _full(right))


def _syllables(row: Row) -> list[set[str]]:
    """Per character, its first readings."""
    readings = [r.split()[:_WIDTH] for r in row["readings"] or ()]
    if not readings:
        return []
    width = len(readings[0])
    sets: list[list[str]] = [[] for _ in range(width)]
    for reading in readings:
        for place, syllable in zip(sets, reading, strict=False):
            if syllable not in place and len(place) < _READINGS:
                place.append(syllable)
    return [set(place) for place in sets]


def _rest(row: Row) -> list[str]:
    """The syllables of the first reading beyond those looked at one by one."""
    readings: list[str] = row["readings"] or [""]
    return readings[0].split()[_WIDTH:]


def _sorted_first(row: Row) -> list[str]:
    """The syllables of the first reading, in whatever order they were written."""
    readings: list[str] = row["readings"] or [""]
    return sorted(readings[0].split()[:_WIDTH])


def _order_fits(left: Row, right: Row) -> bool:
    """Whether the two share a whole reading, which matters where ZHANG WEI may be WEI ZHANG."""
    a, b = (
        {" ".join(r.split()[:_WIDTH]) for r in row["readings"][:_WHOLE]} for row in (left, right)
    )
    return bool(a & b) or not (_latin(left["fold"]) or _latin(right["fold"]))


def _all_meet(a: list[set[str]], b: list[set[str]]) -> bool:
    return all(x & y for x, y in zip(a, b, strict=True))


def _alike(left: Row, right: Row, p: int, q: int, shape: bool = True) -> bool:
    """Whether character p of the one may be character q of the other."""
    a, b = left["fold"][:_WIDTH], right["fold"][:_WIDTH]
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
    group = shapes().get(a[p])
    looks = group is not None and group == shapes().get(b[q])
    return shape and (looks or _WILDCARD in (a[p], b[q]))


def _one_dropped(short: Row, long: Row) -> bool:
    """Whether the shorter is the longer without one character of the given name."""
    a, b = short["fold"][:_WIDTH], long["fold"][:_WIDTH]
    if len(a) + 1 != len(b) or len(long["fold"]) > _WIDTH:
        return False
    return any(
        all(_alike(short, long, p, p + (p >= dropped)) for p in range(len(a)))
        for dropped in range(int(short["surname_length"]), len(b))
    )


# --- the same in bulk ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """Distinct names as matrices. n names, six places.

    char, shape: [n, 6] int, 0 for none. sound, fuzzy: [n, 6, 2] int, 0 for none.
    fold_rest, sound_rest: codes of what lies beyond the six places, [n].
    whole: codes of the readings of the name as a whole, [n, 8], 0 for none.
    length (of the whole fold), surname, syllables: [n]. full, latin: [n] bool. sex: [n], 0 unknown.
    """

    name: npt.NDArray[np.int64]
    fold: npt.NDArray[np.int64]
    fold_rest: npt.NDArray[np.int64]
    sound_rest: npt.NDArray[np.int64]
    char: npt.NDArray[np.uint32]
    shape: npt.NDArray[np.int16]
    sound: npt.NDArray[np.int32]
    fuzzy: npt.NDArray[np.int32]
    length: npt.NDArray[np.int64]
    surname: npt.NDArray[np.int64]
    syllables: npt.NDArray[np.int64]
    whole: npt.NDArray[np.int64]
    first_sorted: npt.NDArray[np.int64]
    char_sorted: npt.NDArray[np.int64]
    full: npt.NDArray[np.bool_]
    latin: npt.NDArray[np.bool_]
    sex: npt.NDArray[np.int8]


def _codes(texts: Any) -> npt.NDArray[np.int64]:
    """A number for each distinct text, by its first appearance."""
    return np.asarray(pa.array(texts, pa.string()).dictionary_encode().indices, dtype=np.int64)


def _matrices(values: pa.Table) -> _Names:
    folds: Any = pc.fill_null(values["fold"], pa.scalar(""))
    cut = pc.utf8_slice_codeunits(folds, 0, _WIDTH).to_pylist()
    char = np.array(cut, dtype=f"<U{_WIDTH}").view(np.uint32).reshape(len(cut), _WIDTH)
    points, position = np.unique(char, return_inverse=True)
    group = np.array([shapes().get(chr(c), 0) if c else 0 for c in points], dtype=np.int16)
    length = np.asarray(pc.utf8_length(folds)).astype(np.int64)
    told: Any = pc.fill_null(values["surname_length"].cast(pa.int64()), pa.scalar(0))
    surname = np.asarray(told)
    sounds = _sounds(values["readings"])
    sex: Any = pc.index_in(values["sex"], pa.array(["M", "F"])).fill_null(-1)
    first = np.asarray(pc.utf8_slice_codeunits(folds, 0, 1).to_pylist(), dtype="<U1")
    code = first.view(np.uint32)
    letter = (code < 128) & np.char.isalpha(first)
    return _Names(
        name=_codes(pc.fill_null(values["name"], pa.scalar(""))),
        fold=_codes(folds),
        fold_rest=_codes(pc.utf8_slice_codeunits(folds, _WIDTH)),
        sound_rest=sounds.rest,
        char=char,
        shape=group[position.reshape(char.shape)],
        sound=sounds.places,
        fuzzy=sounds.fuzzy,
        length=length,
        surname=surname,
        syllables=sounds.count,
        whole=sounds.whole,
        first_sorted=sounds.first_sorted,
        char_sorted=_row_codes(np.sort(char, axis=1)),
        full=length > np.maximum(surname, 1),
        latin=np.asarray(letter, dtype=bool),
        sex=(np.asarray(sex) + 1).astype(np.int8),
    )


def _row_codes(matrix: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """A number for each distinct row."""
    whole = np.ascontiguousarray(matrix).view(np.dtype((np.void, matrix.dtype.itemsize * _WIDTH)))
    return np.unique(whole.reshape(-1), return_inverse=True)[1].reshape(-1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Sounds:
    """The readings of distinct names; the fields are those of `_Names`."""

    places: npt.NDArray[np.int32]
    fuzzy: npt.NDArray[np.int32]
    count: npt.NDArray[np.int64]
    rest: npt.NDArray[np.int64]
    whole: npt.NDArray[np.int64]
    first_sorted: npt.NDArray[np.int64]


def _sounds(readings: Any) -> _Sounds:
    """Few names are read in the same ways as no other: each way of reading is looked at once."""
    ways: dict[tuple[str, ...], int] = {}
    index = np.array([ways.setdefault(tuple(r or ()), len(ways)) for r in readings.to_pylist()],
                     dtype=np.int64)  # fmt: skip
    rows: list[Row] = [{"readings": list(way)} for way in ways]
    places = [_syllables(row) for row in rows]
    known = sorted({s for row in places for place in row for s in place})
    number = {s: n for n, s in enumerate(known, 1)}  # 0 means no syllable
    sound = np.zeros((len(places), _WIDTH, _READINGS), dtype=np.int32)
    for row, read in enumerate(places):
        for place, syllables in enumerate(read):
            for k, syllable in enumerate(sorted(syllables)):
                sound[row, place, k] = number[syllable]
    folded = sorted({fuzzy(s) for s in known})
    fuzzy_number = {s: n for n, s in enumerate(folded, 1)}
    fuzzy_code = np.array([0, *(fuzzy_number[fuzzy(s)] for s in known)], dtype=np.int32)
    return _Sounds(
        places=sound[index],
        fuzzy=fuzzy_code[sound][index],
        count=np.array([len(read) for read in places], dtype=np.int64)[index],
        rest=_codes([" ".join(_rest(row)) for row in rows])[index],
        whole=_whole(rows)[index],
        first_sorted=_codes([" ".join(_sorted_first(row)) for row in rows])[index],
    )


def _whole(rows: list[Row]) -> npt.NDArray[np.int64]:
    readings = [[" ".join(r.split()[:_WIDTH]) for r in row["readings"] or ()] for row in rows]
    padded = [[*known[:_WHOLE], *[""] * (_WHOLE - len(known))] for known in readings]
    # "" comes first, so 0 means no reading
    return _codes(["", *chain.from_iterable(padded)])[1:].reshape(-1, _WHOLE)


def _meet(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether two sets of codes share one. a, b: [k, r]; 0 is no code."""
    hit = np.zeros(len(a), dtype=bool)
    for i in range(a.shape[1]):
        for j in range(b.shape[1]):
            hit |= (a[:, i] == b[:, j]) & (a[:, i] != 0)
    return hit


def _alike_bulk(
    n: _Names, i: Index, j: Index, p: int, q: int, shape: bool = True
) -> npt.NDArray[np.bool_]:
    a, b = n.char[i, p], n.char[j, q]
    there = (a != 0) & (b != 0)
    heard = ~(n.latin[i] | n.latin[j])
    hit = (a == b) | (heard & _meet(n.sound[i, p], n.sound[j, q]))
    if shape:
        hit |= heard & _meet(n.fuzzy[i, p], n.fuzzy[j, q])
        hit |= (n.shape[i, p] == n.shape[j, q]) & (n.shape[i, p] != 0)
        hit |= (a == ord(_WILDCARD)) | (b == ord(_WILDCARD))
    return np.asarray(there & hit, dtype=bool)


def _bulk(values: pa.Table, left: Index, right: Index) -> Levels:
    n = _matrices(values)
    i, j = left, right
    width = np.arange(_WIDTH)
    both_full, given = n.full[i] & n.full[j], n.full[i] | n.full[j]
    alike = np.stack([_alike_bulk(n, i, j, p, p) for p in range(_WIDTH)], axis=1)
    beyond = width[None, :] >= n.length[i][:, None]
    all_alike = (alike | beyond).all(axis=1)
    same_length = (n.length[i] == n.length[j]) & (n.length[i] >= 2)
    same_length &= given & (n.fold_rest[i] == n.fold_rest[j])
    same_count = (n.syllables[i] == n.syllables[j]) & (n.syllables[i] >= 2)
    same_count &= given & (n.sound_rest[i] == n.sound_rest[j])
    silent = width[None, :] >= n.syllables[i][:, None]
    sounds = np.stack([_meet(n.sound[i, p], n.sound[j, p]) for p in range(_WIDTH)], axis=1)
    sounds_alike = same_count & (sounds | silent).all(axis=1)
    ordered = np.flatnonzero(sounds_alike & (n.latin[i] | n.latin[j]))
    sounds_alike[ordered] = _meet(n.whole[i[ordered]], n.whole[j[ordered]])
    wild = (n.char[i] == ord(_WILDCARD)).any(axis=1) | (n.char[j] == ord(_WILDCARD)).any(axis=1)
    plain = np.stack([_alike_bulk(n, i, j, p, p, shape=False) for p in range(_WIDTH)], axis=1)
    past_surname = width[None, :] >= n.surname[i][:, None]
    same_surname = (
        (n.surname[i] == n.surname[j]) & (n.surname[i] > 0) & (plain | past_surname).all(axis=1)
    )
    same_fold = (n.fold[i] == n.fold[j]) & both_full
    told = (n.sex[i] != 0) & (n.sex[j] != 0) & (n.sex[i] != n.sex[j])
    misses = (~alike & ~beyond).sum(axis=1)
    conditions = {
        "same": same_fold & (n.name[i] == n.name[j]),
        "variant": same_fold,
        "different": told & ~both_full,
        "same_sound": sounds_alike,
        "close": (same_length & all_alike & ~wild)
        | (same_length & (n.char_sorted[i] == n.char_sorted[j]))
        | (same_count & (n.first_sorted[i] == n.first_sorted[j])),
        "unreadable_character": same_length & all_alike,
        "other_script": ~same_surname & (n.latin[i] != n.latin[j]),
        "not_the_surname": ~same_surname,
        "surname_and_title": ~both_full,
        "dropped": _one_dropped_bulk(n, i, j) | _one_dropped_bulk(n, j, i),
        "one_character": same_length & (n.length[i] >= 3) & (misses == 1),
    }
    named = {"not_the_surname": "different", "dropped": "part_missing"}
    numbers = [LEVELS.index(named.get(level, level)) for level in conditions]
    levels = np.select(list(conditions.values()), numbers, LEVELS.index("surname_only"))
    levels[(n.length[i] == 0) | (n.length[j] == 0)] = MISSING
    return levels.astype(np.int8)


def _one_dropped_bulk(n: _Names, short: Index, long: Index) -> npt.NDArray[np.bool_]:
    hit = np.zeros(len(short), dtype=bool)
    fits = np.flatnonzero((n.length[short] + 1 == n.length[long]) & (n.length[long] <= _WIDTH))
    i, j = short[fits], long[fits]
    ends = n.length[i]
    found = np.zeros(len(fits), dtype=bool)
    for dropped in range(_WIDTH):
        ok = (dropped >= n.surname[i]) & (dropped <= ends)
        for p in range(_WIDTH - 1):
            q = p + (p >= dropped)
            ok &= (p >= ends) | _alike_bulk(n, i, j, p, q)
        found |= ok
    hit[fits] = found
    return hit


PERSON_NAME = Comparator(
    "person_name",
    ("name", "fold", "surname_length", "readings", "sex"),
    LEVELS,
    "How the two names agree: the same characters, a variant writing, the same sound, a character "
    "alike in sound or shape, one unreadable, one missing, surname with a title, two scripts that "
    "cannot be compared, surname only, or not at all.",
    person_name,
    bulk=_bulk,
)

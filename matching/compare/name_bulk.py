"""The ladder of Chinese personal names over columns of distinct names: the fast twin of `name`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.compare.base import MISSING, Index, Levels
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

#: Joins the readings of a name; no syllable holds it.
_BETWEEN = "|"
#: A group of look-alikes, and a code of four keys less each of them.
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class _Names:
    """Distinct names as matrices. n names, six places.

    char: [n, 6], 0 for none. sound, fuzzy: [n, 6, 2] int, 0 for none.
    kind: [n, 6], which of the distinct characters it is. shape: [kinds, 5] what each is
    mistaken by, 0 for none.
    fold_rest, sound_rest: codes of what lies beyond the six places, [n].
    whole: codes of the readings of the name as a whole, [n, 8], 0 for none.
    given, first_part: codes of the given name and of what stands before the dot, -1 for none, [n].
    length (of the whole fold), surname, syllables: [n]. pet, full, latin: [n] bool.
    sex: [n], 0 unknown.
    """

    name: npt.NDArray[np.int64]
    fold: npt.NDArray[np.int64]
    fold_rest: npt.NDArray[np.int64]
    sound_rest: npt.NDArray[np.int64]
    char: npt.NDArray[np.uint32]
    kind: npt.NDArray[np.int32]
    shape: npt.NDArray[np.int32]
    sound: npt.NDArray[np.int32]
    fuzzy: npt.NDArray[np.int32]
    length: npt.NDArray[np.int64]
    surname: npt.NDArray[np.int64]
    syllables: npt.NDArray[np.int64]
    whole: npt.NDArray[np.int64]
    first_sorted: npt.NDArray[np.int64]
    char_sorted: npt.NDArray[np.int64]
    given: npt.NDArray[np.int64]
    first_part: npt.NDArray[np.int64]
    pet: npt.NDArray[np.bool_]
    full: npt.NDArray[np.bool_]
    latin: npt.NDArray[np.bool_]
    sex: npt.NDArray[np.int8]


def _codes(texts: Any) -> npt.NDArray[np.int64]:
    """A number for each distinct text, by its first appearance."""
    return np.asarray(pa.array(texts, pa.string()).dictionary_encode().indices, dtype=np.int64)


def _matrices(values: pa.Table) -> _Names:
    folds: Any = pc.fill_null(values["fold"], pa.scalar(""))
    cut = pc.utf8_slice_codeunits(folds, 0, WIDTH).to_pylist()
    char = np.array(cut, dtype=f"<U{WIDTH}").view(np.uint32).reshape(len(cut), WIDTH)
    points, position = np.unique(char, return_inverse=True)
    length = np.asarray(pc.utf8_length(folds)).astype(np.int64)
    told: Any = pc.fill_null(values["surname_length"].cast(pa.int64()), pa.scalar(0))
    surname = np.asarray(told)
    sounds = _sounds(values["readings"])
    sex: Any = pc.index_in(values["sex"], pa.array(["M", "F"])).fill_null(-1)
    first = np.asarray(pc.utf8_slice_codeunits(folds, 0, 1).to_pylist(), dtype="<U1")
    code = first.view(np.uint32)
    letter = (code < 128) & np.char.isalpha(first)
    fold, given, first_part = _texts(values, folds, surname)
    return _Names(
        name=_codes(pc.fill_null(values["name"], pa.scalar(""))),
        fold=fold,
        fold_rest=_codes(pc.utf8_slice_codeunits(folds, WIDTH)),
        sound_rest=sounds.rest,
        char=char,
        kind=position.reshape(char.shape).astype(np.int32),
        shape=_shapes(points),
        sound=sounds.places,
        fuzzy=sounds.fuzzy,
        length=length,
        surname=surname,
        syllables=sounds.count,
        whole=sounds.whole,
        first_sorted=sounds.first_sorted,
        char_sorted=_row_codes(np.sort(char, axis=1)),
        given=given,
        first_part=first_part,
        pet=(char[:, 0] == ord(PET)) & (length == 2) & (surname == 2),
        full=length > np.maximum(surname, 1),
        latin=np.asarray(letter, dtype=bool),
        sex=(np.asarray(sex) + 1).astype(np.int8),
    )


def _shapes(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    """What each character is mistaken by, [k, 5], 0 for none."""
    every = [sorted(looks(chr(c))) if c else [] for c in points.tolist()]
    number = {code: n for n, code in enumerate(sorted({c for codes in every for c in codes}), 1)}
    found = np.zeros((len(every), _LOOKS), dtype=np.int32)
    for row, codes in enumerate(every):
        found[row, : len(codes)] = [number[code] for code in codes]
    return found


def _texts(
    values: pa.Table, folds: Any, surname: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """One numbering of folds, given names and first parts; -1 for none of the latter two."""
    texts = folds.to_pylist()
    given = [t[s:] if s and len(t) >= s + 2 else None for t, s in zip(texts, surname, strict=True)]
    names: Any = pc.fill_null(values["name"], pa.scalar(""))
    dot = np.asarray(pc.find_substring(names, DOT))
    part: list[str | None] = [None] * len(texts)
    for row in np.flatnonzero(dot >= 0).tolist():
        part[row] = texts[row][: values["name"][row].as_py().index(DOT)]
    every = pa.array([*texts, *given, *part], pa.string()).dictionary_encode()
    codes = np.asarray(every.indices.fill_null(-1), dtype=np.int64)
    return codes[: len(texts)], codes[len(texts) : 2 * len(texts)], codes[2 * len(texts) :]


def _row_codes(matrix: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """A number for each distinct row."""
    whole = np.ascontiguousarray(matrix).view(np.dtype((np.void, matrix.dtype.itemsize * WIDTH)))
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
    """Most names are read like many others: each way of reading is looked at once."""
    joined: Any = pc.fill_null(pc.binary_join(readings, _BETWEEN), pa.scalar(""))
    whole_ways: Any = pc.dictionary_encode(joined)
    chunked = isinstance(whole_ways, pa.ChunkedArray)
    encoded: Any = whole_ways.combine_chunks() if chunked else whole_ways
    ways, index = encoded.dictionary, np.asarray(encoded.indices, dtype=np.int64)
    every = pc.split_pattern(ways, _BETWEEN)
    way = np.asarray(pc.list_parent_indices(every), dtype=np.int64)
    turn = np.arange(len(way)) - np.asarray(every.offsets, dtype=np.int64)[way]
    split = pc.split_pattern(pc.list_flatten(every), " ")
    reading = np.asarray(pc.list_parent_indices(split), dtype=np.int64)
    place = np.arange(len(reading)) - np.asarray(split.offsets, dtype=np.int64)[reading]
    coded = pc.list_flatten(split).dictionary_encode()
    syllables = coded.dictionary.to_pylist()
    # 0 means no syllable
    number = np.array([1 + n if s else 0 for n, s in enumerate(syllables)], dtype=np.int64)
    code = number[np.asarray(coded.indices, dtype=np.int64)]
    matrix = np.zeros((len(way), WIDTH), dtype=np.int64)
    near = place < WIDTH
    matrix[reading[near], place[near]] = code[near]
    first = np.zeros((len(ways), WIDTH), dtype=np.int64)
    first[way[turn == 0]] = matrix[turn == 0]
    count = (first != 0).sum(axis=1)
    folded = sorted({fuzzy(s) for s in syllables})
    fuzzy_number = {s: n for n, s in enumerate(folded, 1)}
    fuzzy_code = np.zeros(len(syllables) + 1, dtype=np.int32)
    fuzzy_code[number] = [fuzzy_number[fuzzy(s)] if s else 0 for s in syllables]
    sound = _by_place(matrix, way, count)
    whole = np.zeros((len(ways), WHOLE), dtype=np.int64)
    some = (turn < WHOLE) & (matrix != 0).any(axis=1)
    whole[way[some], turn[some]] = _row_codes(matrix)[some] + 1
    rest = ["" for _ in range(len(ways))]
    for long in np.unique(way[reading[(place >= WIDTH) & (turn[reading] == 0)]]).tolist():
        rest[long] = " ".join(ways[long].as_py().split(_BETWEEN)[0].split(" ")[WIDTH:])
    return _Sounds(
        places=sound[index],
        fuzzy=fuzzy_code[sound][index],
        count=count[index].astype(np.int64),
        rest=_codes(rest)[index],
        whole=whole[index],
        first_sorted=_row_codes(np.sort(first, axis=1))[index],
    )


def _by_place(
    matrix: npt.NDArray[np.int64], way: npt.NDArray[np.int64], count: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32]:
    """The first few different syllables of each place, over all readings: [ways, 6, 2].

    matrix: readings by places. way: of each reading. count: places of each way.
    """
    reading, place = np.nonzero(matrix)
    inside = place < count[way[reading]]
    reading, place = reading[inside], place[inside]
    code = matrix[reading, place]
    spot = way[reading] * WIDTH + place
    # readings come in order, so the first of equals is the one of the earliest reading
    kept = np.sort(np.unique(spot * (matrix.max(initial=0) + 1) + code, return_index=True)[1])
    kept = kept[np.argsort(spot[kept], kind="stable")]
    at, code = spot[kept], code[kept]
    starts = np.flatnonzero(np.r_[True, at[1:] != at[:-1]]) if len(at) else np.empty(0, np.int64)
    turn = np.arange(len(at)) - np.repeat(starts, np.diff(np.r_[starts, len(at)]))
    sound = np.zeros((len(count) * WIDTH, READINGS), dtype=np.int32)
    few = turn < READINGS
    sound[at[few], turn[few]] = code[few]
    return sound.reshape(len(count), WIDTH, READINGS)


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
        hit |= (a == ord(WILDCARD)) | (b == ord(WILDCARD))
        left = np.flatnonzero(there & heard & ~hit)
        hit[left] = _meet(n.shape[n.kind[i[left], p]], n.shape[n.kind[j[left], q]])
    return np.asarray(there & hit, dtype=bool)


def levels(values: pa.Table, left: Index, right: Index) -> Levels:
    """`name.person_name` for pairs of distinct names; see `Comparator.bulk`."""
    n = _matrices(values)
    i, j = left, right
    width = np.arange(WIDTH)
    both_full, given = n.full[i] & n.full[j], n.full[i] | n.full[j]
    plain, alike = (np.zeros((len(i), WIDTH), dtype=bool) for _ in range(2))
    for p in range(WIDTH):
        at = np.flatnonzero((p < n.length[i]) & (p < n.length[j]))
        plain[at, p] = _alike_bulk(n, i[at], j[at], p, p, shape=False)
        alike[at, p] = plain[at, p]
        at = at[~plain[at, p]]
        alike[at, p] = _alike_bulk(n, i[at], j[at], p, p)
    beyond = width[None, :] >= n.length[i][:, None]
    all_alike = (alike | beyond).all(axis=1)
    same_length = (n.length[i] == n.length[j]) & (n.length[i] >= 2)
    same_length &= given & (n.fold_rest[i] == n.fold_rest[j])
    same_count = (n.syllables[i] == n.syllables[j]) & (n.syllables[i] >= 2)
    same_count &= given & (n.sound_rest[i] == n.sound_rest[j])
    silent = width[None, :] >= n.syllables[i][:, None]
    sounds_alike = same_count.copy()
    for p in range(WIDTH):
        at = np.flatnonzero(sounds_alike & ~silent[:, p])
        sounds_alike[at] = _meet(n.sound[i[at], p], n.sound[j[at], p])
    ordered = np.flatnonzero(sounds_alike & (n.latin[i] | n.latin[j]))
    sounds_alike[ordered] = _meet(n.whole[i[ordered]], n.whole[j[ordered]])
    wild = (n.char[i] == ord(WILDCARD)).any(axis=1) | (n.char[j] == ord(WILDCARD)).any(axis=1)
    past_surname = width[None, :] >= n.surname[i][:, None]
    same_surname = (
        (n.surname[i] == n.surname[j]) & (n.surname[i] > 0) & (plain | past_surname).all(axis=1)
    )
    same_fold = (n.fold[i] == n.fold[j]) & both_full
    told = (n.sex[i] != 0) & (n.sex[j] != 0) & (n.sex[i] != n.sex[j])
    misses = (~alike & ~beyond).sum(axis=1)
    typed_twice, cut_short = _one_more_bulk(n, i, j) | _one_more_bulk(n, j, i)
    conditions = {
        "same": same_fold & (n.name[i] == n.name[j]),
        "variant": same_fold,
        "different": told & ~both_full,
        "called": n.pet[i] & _called_bulk(n, i, j) | n.pet[j] & _called_bulk(n, j, i),
        "not_called": n.pet[i] | n.pet[j],
        "same_sound": sounds_alike,
        "close": (same_length & all_alike & ~wild)
        | (same_length & (n.char_sorted[i] == n.char_sorted[j]))
        | (same_count & (n.first_sorted[i] == n.first_sorted[j])),
        "typed_twice": typed_twice,
        "unreadable_character": same_length & all_alike,
        "cut_short": cut_short | (n.first_part[i] == n.fold[j]) | (n.first_part[j] == n.fold[i]),
        "other_script": ~same_surname & (n.latin[i] != n.latin[j]),
        "other_surname": ~same_surname & (n.given[i] == n.given[j]) & (n.given[i] >= 0),
        "not_the_surname": ~same_surname,
        "surname_and_title": ~both_full,
        # what has another surname is told by it already
        "dropped": _one_dropped_bulk(n, i, j, same_surname)
        | _one_dropped_bulk(n, j, i, same_surname),
        "one_character": same_length & (n.length[i] >= 3) & (misses == 1),
    }
    named = {
        "called": "surname_and_title", "not_called": "different",
        "typed_twice": "close", "cut_short": "unreadable_character",
        "not_the_surname": "different", "dropped": "part_missing",
    }  # fmt: skip
    numbers = [LEVELS.index(named.get(level, level)) for level in conditions]
    found = np.select(list(conditions.values()), numbers, LEVELS.index("surname_only"))
    found[(n.length[i] == 0) | (n.length[j] == 0)] = MISSING
    return found.astype(np.int8)


def _called_bulk(n: _Names, pet: Index, other: Index) -> npt.NDArray[np.bool_]:
    hit = np.zeros(len(pet), dtype=bool)
    few = np.flatnonzero(n.pet[pet])
    i, j = pet[few], other[few]
    found = n.pet[j] & (n.fold[i] == n.fold[j])
    for q in range(WIDTH):
        found |= ~n.pet[j] & (q >= n.surname[j]) & _alike_bulk(n, i, j, 1, q)
    hit[few] = found
    return hit


def _one_more_bulk(n: _Names, short: Index, long: Index) -> npt.NDArray[np.bool_]:
    """Whether the second is the first and one character: one typed twice, or one lost, [2, k]."""
    hit = np.zeros((2, len(short)), dtype=bool)
    fits = (n.length[short] + 1 == n.length[long]) & (n.length[long] <= WIDTH)
    few = np.flatnonzero(fits & n.full[short] & n.full[long] & ~n.latin[long])
    a, b, end = n.char[short[few]], n.char[long[few]], n.length[long[few]] - 1
    for more in range(WIDTH):
        rest = np.delete(b, more, axis=1)
        same = (a[:, : WIDTH - 1] == rest).all(axis=1) & (more <= end)
        hit[0, few] |= same & (more > 0) & (b[:, more] == b[:, more - 1])
        hit[1, few] |= same & ((b[:, more] == ord(WILDCARD)) | (more == end))
    return hit


def _one_dropped_bulk(
    n: _Names, short: Index, long: Index, which: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether the second is the first and a character of the given name; looked up in `which`."""
    hit = np.zeros(len(short), dtype=bool)
    few = which & (n.length[short] + 1 == n.length[long]) & (n.length[long] <= WIDTH)
    fits = np.flatnonzero(few)
    i, j = short[fits], long[fits]
    ends = n.length[i]
    found = np.zeros(len(fits), dtype=bool)
    for dropped in range(WIDTH):
        ok = (dropped >= n.surname[i]) & (dropped <= ends)
        for p in range(WIDTH - 1):
            q = p + (p >= dropped)
            ok &= (p >= ends) | _alike_bulk(n, i, j, p, q)
        found |= ok
    hit[fits] = found
    return hit

"""Customers who fit what was typed, those first who fit it best and were seen last.

Of a name: as it is, of the same sound, as it begins, any part of it; by pinyin, also by initials.
Of a number: whole, its end, or its beginning. Where few fit so, one slip is forgiven: a character
wrong, missing, too many, or two of them swapped. Whoever makes one slip has the beginning right, or
the end, and these the index has in order.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import duckdb

from warehouse.steward.dossiers.reading import Dossiers
from warehouse.steward.search.wish import TAIL, Wish, phone, wishes

#: How well a customer fits, best first: the rank in SQL.
HOW = ("whole", "same_sound", "begins", "part", "slip")
#: With fewer than these, slips are forgiven.
_FEW = 5
_SHORTEST_WITH_SLIP = {"name": 2, "sound": 5, "number": 7}


class Reason(NamedTuple):
    """Why somebody was found. kind: name, sound, phone, vin, plate, id_number or golden_id.

    value: his, as it is compared. how: of HOW.
    """

    kind: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer, as a list shows him, with all values in clear. reasons: one for each wish.

    cars_owned, stage: None to whom they would tell of outlets out of scope.
    """

    reasons: tuple[Reason, ...]
    golden_id: str
    kind: str
    name: str | None
    phone: str | None
    address: str | None
    records: int
    cars_owned: int | None
    last_outlet: str | None
    last_contact_on: datetime.date | None
    stage: str | None

    @property
    def has_number(self) -> bool:
        """Whether a number of his is one that was typed, whole."""
        return any(r.how == "whole" and r.kind not in ("name", "sound") for r in self.reasons)


@dataclass(frozen=True, slots=True)
class Found:
    """hits: at most as many as asked for. has_more: there are others who fit."""

    hits: tuple[Hit, ...] = ()
    has_more: bool = False
    understood: bool = True


_CARD = tuple(field.name for field in fields(Hit) if field.name != "reasons")


class _Part(NamedTuple):
    """SQL of (number, kind, value, rank), and the values of its parameters."""

    sql: str
    values: tuple[object, ...]


def find(
    index: duckdb.DuckDBPyConnection, typed: str, outlets: Sequence[str] | None, limit: int = 50
) -> Found:
    """Customers who fit all of what was typed. outlets: whose customers are seen; None for all."""
    sought = wishes(typed)
    if not sought:
        return Found(understood=False)
    found = _ask(index, [_exact(wish) for wish in sought], outlets, limit)
    if len(found.hits) >= _FEW or any(hit.has_number for hit in found.hits):
        return found
    slips = [_slips(wish) for wish in sought]
    if not any(slips):
        return found
    forgiving = [_exact(wish) + more for wish, more in zip(sought, slips, strict=True)]
    return _ask(index, forgiving, outlets, limit)


def look_up(
    dossiers: Dossiers, typed: str, outlets: Sequence[str] | None, limit: int = 10
) -> Found:
    """Customers with exactly this phone number."""
    number = phone(typed)
    told = dossiers.callers(number, outlets, limit + 1)
    because = (Reason("phone", number, "whole"),)
    hits = [Hit(because, *(one.row[name] for name in _CARD)) for one in told[:limit]]
    return Found(tuple(hits), len(told) > limit)


def _ask(
    index: duckdb.DuckDBPyConnection,
    parts: Sequence[Iterable[_Part]],
    outlets: Sequence[str] | None,
    limit: int,
) -> Found:
    """parts: of each wish."""
    told = [(place, part) for place, of_wish in enumerate(parts) for part in of_wish]
    values = [value for _, part in told for value in part.values]
    union = " UNION ALL ".join(f"SELECT {place} AS wish, * FROM ({p.sql})" for place, p in told)
    scope = "" if outlets is None else _SCOPE.format(marks=_marks(outlets))
    fit = _FIT.format(told=union, scope=scope, wishes=len(parts), limit=limit + 1)
    reasons: dict[int, list[Reason]] = {}
    for number, (kind, value, rank) in index.execute(fit, [*values, *(outlets or ())]).fetchall():
        reasons.setdefault(number, []).append(Reason(kind, value, HOW[rank]))
    found = list(reasons)[:limit]
    cards = index.execute(_CARDS.format(marks=_marks(found)), found).fetchall() if found else ()
    hits = {number: Hit(tuple(reasons[number]), *card) for number, *card in cards}
    return Found(tuple(hits[number] for number in found), len(reasons) > limit)


def _marks(values: Sequence[object]) -> str:
    """As many parameters in SQL; none is in a list of none."""
    return ", ".join("?" for _ in values) or "NULL"


def _exact(wish: Wish) -> list[_Part]:
    text = wish.text
    if wish.kind == "sound":
        return [_Part(_SOUND, (text, text))]
    if wish.kind == "name":
        heard = [_Part(_SAME_SOUND, (sound,)) for sound in wish.sounds if len(text) > 1]
        return [_Part(_NAME, (text, text)), *heard]
    parts = [_Part(_WHOLE, (text,)), _Part(_TAIL, (text[-TAIL:], text))]
    return parts + [_Part(_BEGINS, (text, text))] * (len(text) > TAIL)


def _slips(wish: Wish) -> list[_Part]:
    text, length = wish.text, len(wish.text)
    if length < _SHORTEST_WITH_SLIP[wish.kind]:
        return []
    if wish.kind == "number":
        # a slip among the last, or where they begin; or before them
        return [
            _Part(_NUMBER_BEGUN, (text[: -TAIL - 1], text)),
            _Part(_NUMBER_ENDED, (text[-TAIL:], text)),
        ]
    if wish.kind == "sound":
        # the first syllable is the wrong one; of ends that are shorter there are too many
        ends = [text[at:] for at in range(1, length // 2 + 2)]
        return [
            _Part(_SOUND_BEGUN, (text[: length // 2 + 1], length - 1, length + 1, text)),
            _Part(_SOUND_ENDED.format(marks=_marks(ends)), (*ends, length - 1, length + 1, text)),
        ]
    others = _one_off(text)
    like = " OR ".join("term LIKE ?" for _ in others)
    begun = _Part(_NAME_BEGUN.format(like=like), (text[0], *others))
    return [begun, _Part(_NAME_ENDED, (text[1:],))] if length > 2 else [begun]


def _one_off(name: str) -> list[str]:
    """LIKE patterns: a character left out in what was typed; of three or more, too many, or wrong.

    >>> _one_off("张明"), _one_off("张小明")
    (['张_明'], ['张_小明', '张小_明', '张明', '张小', '张_明', '张小_'])
    """
    after = range(1, len(name))
    left_out = [f"{name[:at]}_{name[at:]}" for at in after]
    if len(name) < 3:  # half of it wrong is another name
        return left_out
    too_many = [name[:at] + name[at + 1 :] for at in after]
    return [*left_out, *too_many, *(f"{name[:at]}_{name[at + 1 :]}" for at in after)]


#: The customers who fit every wish, the best first, and by which value each of them fits each wish
#: best. What fits is looked for once, and then counted and told.
_FIT = """
    WITH told AS MATERIALIZED (FROM ({told}) {scope}), fit AS (
        SELECT number, sum(rank) AS ranks FROM (
            SELECT number, min(rank) AS rank FROM told GROUP BY number, wish
        ) GROUP BY number HAVING count(*) = {wishes} ORDER BY ranks, number LIMIT {limit}
    )
    SELECT number, arg_min(row(kind, value, rank), rank) FROM told JOIN fit USING (number)
    GROUP BY ranks, number, wish ORDER BY ranks, number, wish
"""
_CARDS = """
    SELECT number, golden_id, kind, name, phone, address, records, cars_owned, last_outlet,
           last_contact_on, stage
    FROM customer WHERE number IN ({marks})
"""
_SCOPE = """
    WHERE number IN (SELECT number FROM customer_outlet WHERE outlet_code IN ({marks}))
"""
_NAME = """
    SELECT number, 'name' AS kind, before || term AS value,
           CASE WHEN before <> '' THEN 3 WHEN term <> ? THEN 2 ELSE 0 END AS rank
    FROM name WHERE starts_with(term, ?)
"""
_SAME_SOUND = """
    SELECT number, 'sound' AS kind, term AS value, 1 AS rank
    FROM sound WHERE term = ? AND before = ''
"""
_SOUND = """
    SELECT number, 'sound' AS kind, before || term AS value,
           CASE WHEN before <> '' THEN 3 WHEN term <> ? THEN 2 ELSE 0 END AS rank
    FROM sound WHERE starts_with(term, ?)
"""
_WHOLE = "SELECT number, kind, term AS value, 0 AS rank FROM number WHERE term = ? AND before = ''"
_TAIL = """
    SELECT number, kind, before || term AS value, 3 AS rank
    FROM number WHERE term = ? AND before <> '' AND suffix(before || term, ?)
"""
_BEGINS = """
    SELECT number, kind, term AS value, 2 AS rank
    FROM number WHERE starts_with(term, ?) AND before = '' AND term <> ?
"""
_NUMBER_BEGUN = """
    SELECT number, kind, term AS value, 4 AS rank
    FROM number WHERE starts_with(term, ?) AND before = '' AND damerau_levenshtein(term, ?) <= 1
"""
_NUMBER_ENDED = """
    SELECT number, kind, before || term AS value, 4 AS rank
    FROM number WHERE term = ? AND before <> '' AND damerau_levenshtein(before || term, ?) <= 1
"""
_SOUND_BEGUN = """
    SELECT number, 'sound' AS kind, term AS value, 4 AS rank
    FROM sound WHERE starts_with(term, ?) AND before = ''
        AND strlen(term) BETWEEN ? AND ? AND damerau_levenshtein(term, ?) <= 1
"""
_SOUND_ENDED = """
    SELECT number, 'sound' AS kind, before || term AS value, 4 AS rank
    FROM sound WHERE term IN ({marks}) AND before <> ''
        AND strlen(before) + strlen(term) BETWEEN ? AND ?
        AND damerau_levenshtein(before || term, ?) <= 1
"""
_NAME_BEGUN = """
    SELECT number, 'name' AS kind, term AS value, 4 AS rank
    FROM name WHERE starts_with(term, ?) AND before = '' AND ({like})
"""
_NAME_ENDED = """
    SELECT number, 'name' AS kind, before || term AS value, 4 AS rank
    FROM name WHERE term = ? AND length(before) <= 1
"""

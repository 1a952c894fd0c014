"""Reading dossiers: by golden id, also a retired one, and by phone."""

from __future__ import annotations

import datetime
import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from matching import ids
from warehouse.steward.access.scope import NotThere
from warehouse.steward.asking import Row

_CUSTOMER = """
    SELECT golden_id, outlets, document FROM customer WHERE golden_id = coalesce(
        (SELECT redirect_to FROM redirect WHERE golden_id = ?), ?)
"""
_RECORD = "SELECT golden_id FROM record WHERE record_key = ?"
_NAMES = "SELECT name, kind, outlets FROM customer WHERE golden_id = ?"
_CALLERS = """
    SELECT golden_id, outlets FROM phone JOIN customer USING (golden_id)
    WHERE number = ? ORDER BY place
"""


#: The first line of most documents fits into it.
_BEGINNING = 4096


@dataclass(frozen=True)
class Dossier:
    """A customer, all values in clear. golden_id: in use. outlets: codes, of all his records.

    document: as `dossier.sql` gives it, compressed; what is asked of it is unpacked, and no more:
    a fleet has thousands of rows.
    """

    golden_id: str
    outlets: tuple[str, ...]
    document: bytes

    @cached_property
    def row(self) -> Row:
        """He as a whole."""
        return _typed(self._head["row"])

    @property
    def keys(self) -> list[str]:
        """The keys of his records, as the rows of `records` are ordered: the newest first."""
        return list(self._named["keys"])

    @property
    def numbers(self) -> list[str]:
        """All phone numbers that his records say."""
        return list(self._named["numbers"])

    def rows(self, name: str, places: Iterable[int] | None = None) -> list[Row]:
        """The rows of a list, none where he has none. places: in it, from 0; by default all."""
        first, count = self._begins[name]
        wanted = range(count) if places is None else places
        lines = (self._lines[first + place] for place in wanted)
        return [_typed(row) for row in json.loads(b"[%b]" % b",".join(lines))]

    def is_seen(self, seen: Sequence[str] | None) -> bool:
        """Whether he is in scope. seen: outlets, as `Scope.codes` gives them."""
        return _is_seen(self.outlets, seen)

    @cached_property
    def _head(self) -> dict[str, Any]:
        begun, end, _ = zlib.decompressobj().decompress(self.document, _BEGINNING).partition(b"\n")
        found: dict[str, Any] = json.loads(begun if end else self._lines[0])
        return found

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._lines[1])
        return found

    @cached_property
    def _begins(self) -> dict[str, tuple[int, int]]:
        """List -> the line of its first row, and how many it has."""
        found, first = dict[str, tuple[int, int]](), 2
        for name, count in self._head["counts"].items():
            found[name] = first, count or 0
            first += count or 0
        return found

    @cached_property
    def _lines(self) -> list[bytes]:
        return zlib.decompress(self.document).split(b"\n")


class Dossiers:
    """The dossiers of a published version, for all threads.

    The file stays open: a publish removes it while pages still ask.
    """

    def __init__(self, file: Path) -> None:
        """file: that `building.build` made, which nobody changes any more."""
        address = f"{file.as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def of(self, golden_id: str) -> Dossier | None:
        """The customer of an id; of one that was merged away, whom it leads to. None of no other.

        golden_id: as `ids.parse` gives it.
        """
        rows = self._ask(_CUSTOMER, golden_id, golden_id)
        return Dossier(rows[0][0], tuple(json.loads(rows[0][1])), rows[0][2]) if rows else None

    def seen(self, golden_id: str, seen: Sequence[str] | None) -> Dossier:
        """As `of`, of a customer in scope, in any writing of his id. Raises NotThere.

        seen: outlets, as `Scope.codes` gives them.
        """
        found = self.of(ids.parse(golden_id) or "")
        if found is None or not found.is_seen(seen):
            raise NotThere(f"{golden_id}: no such customer")
        return found

    def callers(self, number: str, seen: Sequence[str] | None, most: int) -> list[Dossier]:
        """The customers of a phone in scope, those first who were in contact last.

        number: as `search.wish.phone` gives it.
        """
        told = self._ask(_CALLERS, number)
        mine = [golden_id for golden_id, outlets in told if _is_seen(json.loads(outlets), seen)]
        return [self.seen(golden_id, None) for golden_id in mine[:most]]

    def customers(self, record_keys: Iterable[str]) -> dict[str, str]:
        """Record key -> golden id of its customer, of the records that there are."""
        return {key: golden_id for key in record_keys for (golden_id,) in self._ask(_RECORD, key)}

    def names(self, golden_ids: Iterable[str], seen: Sequence[str] | None) -> dict[str, Row]:
        """Golden id -> name and kind, of those in scope."""
        return {
            golden_id: {"golden_id": golden_id, "name": name, "kind": kind}
            for golden_id in golden_ids
            for name, kind, outlets in self._ask(_NAMES, golden_id)
            if _is_seen(json.loads(outlets), seen)
        }

    def _ask(self, sql: str, *values: str) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


def _is_seen(outlets: Iterable[str], seen: Sequence[str] | None) -> bool:
    return seen is None or not set(seen).isdisjoint(outlets)


def _typed(row: Row) -> Row:
    """A row with its days and times, which JSON has as text."""
    times = {name: read(row[name]) for name, read in _readers(tuple(row)) if row[name] is not None}
    return row | times


@cache
def _readers(columns: tuple[str, ...]) -> list[tuple[str, Callable[[str], Any]]]:
    """Those of the columns that are times, each with what reads its text."""
    days = {"day", "as_of", "today", "owned_from", "owned_to"}
    return [
        *((one, datetime.datetime.fromisoformat) for one in columns if one.endswith("_at")),
        *(
            (one, datetime.date.fromisoformat)
            for one in columns
            if one.endswith("_on") or one in days
        ),
    ]

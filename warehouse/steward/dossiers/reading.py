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


@dataclass(frozen=True)
class Dossier:
    """A customer, all values in clear. golden_id: in use. outlets: codes, of all his records.

    document: as `dossier.sql` gives it, `row` and lists of rows, compressed; it is unpacked when it
    is asked for something.
    """

    golden_id: str
    outlets: tuple[str, ...]
    document: bytes

    @property
    def row(self) -> Row:
        """He as a whole."""
        return _typed(self._told["row"])

    def rows(self, name: str) -> list[Row]:
        """The rows of a list, none where he has none."""
        return [_typed(row) for row in self._told[name] or ()]

    def is_seen(self, seen: Sequence[str] | None) -> bool:
        """Whether he is in scope. seen: outlets, as `Scope.codes` gives them."""
        return _is_seen(self.outlets, seen)

    @cached_property
    def _told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(zlib.decompress(self.document))
        return found


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

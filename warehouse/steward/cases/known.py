"""The decisions of the log and what became of each, read anew only where something was added."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.standing import Standing, judge
from warehouse.decisions import DecisionLog
from warehouse.steward.indexes import Indexes
from warehouse.steward.published import version_of


@dataclass(frozen=True, slots=True)
class Known:
    """All decisions by number. version: of the warehouse; last: the newest decision's number.

    missing: keys of records that they name and the warehouse does not have.
    """

    version: tuple[object, ...]
    last: int
    entries: tuple[Entry, ...]
    missing: frozenset[str]


class Decisions:
    """The decisions as they stand on the published version.

    A new version is read with all decisions, so that what an erasure took out of them is forgotten.
    """

    def __init__(self, log: DecisionLog, indexes: Indexes) -> None:
        """Nothing is read yet."""
        self._log, self._indexes, self._lock = log, indexes, threading.Lock()
        self._known: Known | None = None
        self._judged: tuple[Known, dict[int, Standing]] | None = None

    def of(self, con: duckdb.DuckDBPyConnection) -> Known:
        """The decisions by now. con: of the published warehouse."""
        version = version_of(con)
        with self._lock:
            known = self._known
            if known is None or known.version != version:
                known = Known(version, 0, (), frozenset())
            new = self._log.entries(known.last)  # one writes at a time: no lower number comes later
            if new:
                named = {key for entry in new for key in entry.decision.named}
                there = self._indexes.dossiers().customers(named)
                missing = known.missing | (named - there.keys())
                known = Known(version, new[-1].number, (*known.entries, *new), missing)
            self._known = known
            return known

    def standing(self, known: Known) -> dict[int, Standing]:
        """What became of each of them: all are judged against each other, once for a new one."""
        with self._lock:
            if self._judged and self._judged[0] is known:
                return self._judged[1]
        standing = judge(known.entries, known.missing).standing
        with self._lock:
            self._judged = (known, standing)
        return standing

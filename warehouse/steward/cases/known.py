"""The decisions of the log and what became of each: what is added is read, and judged by itself."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from matching.decisions import Entry
from matching.standing import Standing, State
from matching.standings import Standings
from warehouse.decisions import DecisionLog
from warehouse.steward.indexes import Indexes
from warehouse.steward.published import version_of


@dataclass(frozen=True, slots=True)
class Known:
    """All decisions by number. version: of the warehouse; last: the newest decision's number.

    missing: keys of records that they name and the warehouse does not have. standing: number of a
    decision -> what became of it.
    """

    version: tuple[object, ...]
    last: int = 0
    entries: tuple[Entry, ...] = ()
    missing: frozenset[str] = frozenset()
    standing: Mapping[int, Standing] = field(default_factory=dict)

    def is_in_force(self, entry: Entry) -> bool:
        """Whether a decision counts."""
        return self.standing[entry.number].state is State.IN_FORCE


class Decisions:
    """The decisions as they stand on the published version.

    A new version is read with all decisions, so that what an erasure took out of them is forgotten.
    """

    def __init__(self, log: DecisionLog, indexes: Indexes) -> None:
        """Nothing is read yet."""
        self._log, self._indexes, self._lock = log, indexes, threading.Lock()
        self._known: Known | None = None
        self._standings = Standings()

    def of(self, con: duckdb.DuckDBPyConnection) -> Known:
        """The decisions by now. con: of the published warehouse."""
        version = version_of(con)
        with self._lock:
            if self._known is None or self._known.version != version:
                self._known, self._standings = Known(version), Standings()
            known = self._known
            new = self._log.entries(known.last)  # one writes at a time: no lower number comes later
            if new:
                named = {key for entry in new for key in entry.decision.named}
                there = self._indexes.dossiers().customers(named)
                missing = known.missing | (named - there.keys())
                standing = self._standings.add(new, missing)
                entries = (*known.entries, *new)
                self._known = Known(version, new[-1].number, entries, missing, standing)
            return self._known

"""The decisions of the log and what became of each, read anew only where something was added."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.relations import missing
from matching.standing import Standing, judge
from warehouse.decisions import DecisionLog
from warehouse.steward.published import version_of


@dataclass(frozen=True, slots=True)
class Known:
    """All decisions by number. version: of the warehouse; last: the newest decision's number."""

    version: tuple[object, ...]
    last: int
    entries: tuple[Entry, ...]


class Decisions:
    """The decisions as they stand on the published version.

    A new version is read with all decisions, so that what an erasure took out of them is forgotten.
    """

    def __init__(self, log: DecisionLog) -> None:
        """Nothing is read yet."""
        self._log, self._lock = log, threading.Lock()
        self._known: Known | None = None
        self._judged: tuple[Known, dict[int, Standing]] | None = None

    def of(self, con: duckdb.DuckDBPyConnection) -> Known:
        """The decisions by now. con: of the published warehouse."""
        version = version_of(con)
        with self._lock:
            known = self._known
            if known is None or known.version != version:
                known = Known(version, 0, ())
            new = self._log.entries(known.last)  # one writes at a time: no lower number comes later
            if new:
                known = Known(version, new[-1].number, (*known.entries, *new))
            self._known = known
            return known

    def standing(self, con: duckdb.DuckDBPyConnection, known: Known) -> dict[int, Standing]:
        """What became of each of them: all are judged against each other, once for a new one."""
        with self._lock:
            if self._judged and self._judged[0] is known:
                return self._judged[1]
        named = {key for entry in known.entries for key in entry.decision.named}
        standing = judge(known.entries, missing(con, named, "customer_xref")).standing
        with self._lock:
            self._judged = (known, standing)
        return standing

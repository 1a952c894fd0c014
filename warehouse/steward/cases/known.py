"""The decisions of the log and what became of each, read anew only where something was added."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.relations import missing
from matching.standing import Standing, State, judge
from warehouse.decisions import DecisionLog
from warehouse.steward.cases.queue import version_of


@dataclass(frozen=True, slots=True)
class Known:
    """All decisions by number. version: of the warehouse; last: the newest decision's number."""

    version: tuple[object, ...]
    last: int
    entries: tuple[Entry, ...]
    standing: dict[int, Standing]

    @property
    def in_force(self) -> Iterator[Entry]:
        """Those that count, by number."""
        for entry in self.entries:
            told = self.standing.get(entry.number)
            if told and told.state is State.IN_FORCE:
                yield entry


class Decisions:
    """The decisions as they stand on the published version.

    A new version is read with all decisions, so that what an erasure took out of them is forgotten.
    """

    def __init__(self, log: DecisionLog) -> None:
        """Nothing is read yet."""
        self._log, self._lock = log, threading.Lock()
        self._known: Known | None = None

    def of(self, con: duckdb.DuckDBPyConnection) -> Known:
        """The decisions by now. con: of the published warehouse."""
        version = version_of(con)
        with self._lock:
            known = self._known
            if known is None or known.version != version:
                known = Known(version, 0, (), {})
            new = self._log.entries(known.last)  # one writes at a time: no lower number comes later
            if new or known is not self._known:
                entries = (*known.entries, *new)
                named = {key for entry in entries for key in entry.decision.named}
                standing = judge(entries, missing(con, named, "customer_xref")).standing
                known = Known(version, entries[-1].number if entries else 0, entries, standing)
            self._known = known
            return known

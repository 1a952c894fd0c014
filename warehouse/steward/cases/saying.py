"""What the decisions log says of a customer, and what of it the next run is to apply."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry, Generic, Undo
from matching.relations import missing
from matching.standing import Standing, State, judge

_APPLIED = "SELECT started_at FROM run JOIN meta.version USING (run_id)"
_NUMBERS = """
    SELECT DISTINCT unnest(phones) FROM pii.customer_record
    WHERE record_key IN (SELECT unnest($keys))
"""


@dataclass(frozen=True, slots=True)
class Saying:
    """A decision, and what became of it. is_pending: it is in force, and no run has applied it."""

    entry: Entry
    standing: Standing
    is_pending: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it counts."""
        return self.standing.state is State.IN_FORCE


def about(
    entries: Iterable[Entry], keys: Collection[str], numbers: Collection[str] = ()
) -> list[Entry]:
    """The decisions that name one of these records, and those that take these back, by number.

    numbers: of phones; what is said of these is told, too.
    """
    wanted, uids, found = frozenset(keys), set[str](), list[Entry]()
    for entry in entries:
        decision = entry.decision
        if isinstance(decision, Undo):
            is_meant = decision.undoes in uids
        elif isinstance(decision, Generic):
            is_meant = decision.column == "phones" and decision.value in numbers
        else:
            is_meant = not wanted.isdisjoint(decision.named)
        if is_meant:
            uids.add(decision.uid)
            found.append(entry)
    return found


def sayings(
    con: duckdb.DuckDBPyConnection, entries: Iterable[Entry], keys: Collection[str]
) -> list[Saying]:
    """The decisions about a customer of these records, the newest first."""
    said = list(entries)
    numbers = set[str]()
    if any(isinstance(one.decision, Generic) for one in said):
        numbers = {number for (number,) in con.execute(_NUMBERS, {"keys": list(keys)}).fetchall()}
    found = about(said, keys, numbers)
    named = {key for entry in found for key in entry.decision.named}
    standing = judge(found, missing(con, named, "customer_xref")).standing
    ((applied,),) = con.execute(_APPLIED).fetchall()
    waits = Standing(State.WAITING)
    told = [(entry, standing.get(entry.number, waits)) for entry in reversed(found)]
    return [
        Saying(
            entry,
            one,
            one.state is State.IN_FORCE and entry.decision.decided_at >= applied,
        )
        for entry, one in told
    ]

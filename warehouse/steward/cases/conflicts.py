"""Decisions that contradict each other, for a lead to settle with whoever made them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.standing import State
from warehouse.steward.cases.known import Known
from warehouse.steward.cases.matters import Concerned, Matter, concerned, dated, matter
from warehouse.steward.cases.memo import Memo

_CUSTOMERS = """
    SELECT record_key, golden_id FROM customer_xref WHERE record_key IN (SELECT unnest($keys))
"""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An overruled decision and the newer one."""

    overruled: Entry
    by: Entry

    @property
    def key(self) -> str:
        """Of the case."""
        return f"conflict~{self.overruled.number}-{self.by.number}"

    def is_meant(self, leads: Collection[str]) -> bool:
        """Whether the newer was made to overrule the older: by its author or a lead, on the same.

        leads: the logins of those who settle conflicts.
        """
        older, newer = self.overruled.decision, self.by.decision
        named, new = frozenset(older.named), frozenset(newer.named)
        is_his = newer.author in leads or newer.author == older.author
        return is_his and (named <= new or new <= named)


class Conflicts:
    """The conflicts among all decisions, looked for anew when one was made."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._found = Memo[list[Matter]]()

    def of(
        self, con: duckdb.DuckDBPyConnection, seen: list[str] | None, known: Known
    ) -> list[Matter]:
        """Those of which every customer is in scope. seen: outlets, as `Scope.codes` gives them."""
        state = (known.version, known.last)
        return self._found.of(state, seen, lambda: _find(con, seen, known))


def _find(con: duckdb.DuckDBPyConnection, seen: list[str] | None, known: Known) -> list[Matter]:
    by_number = {entry.number: entry for entry in known.entries}
    found = [
        Conflict(entry, by_number[told.by])
        for entry in known.entries
        if (told := known.standing[entry.number]).state is State.OVERRULED and told.by is not None
    ]
    about = customers_of(con, seen, [one.overruled for one in found])
    return [
        dated(matter("conflict", one.key, one, him), one.by.decision.decided_at.date(), con)
        for one, him in zip(found, about, strict=True)
        if are_seen(him, seen)
    ]


def customers_of(
    con: duckdb.DuckDBPyConnection, seen: list[str] | None, entries: Sequence[Entry]
) -> list[list[Concerned]]:
    """The customers that each of some decisions is about today."""
    keys = {key for entry in entries for key in entry.decision.named}
    if not keys:
        return [[] for _ in entries]
    whose = dict[str, str](con.execute(_CUSTOMERS, {"keys": sorted(keys)}).fetchall())
    known = concerned(con, whose.values(), seen)
    return [
        [known[one] for one in sorted({whose[k] for k in entry.decision.named if k in whose})]
        for entry in entries
    ]


def are_seen(customers: Iterable[Concerned], seen: list[str] | None) -> bool:
    """Whether the scope sees all of some customers; whoever has none sees what is about nobody."""
    told = [one.is_seen for one in customers]
    return seen is None or (bool(told) and all(told))

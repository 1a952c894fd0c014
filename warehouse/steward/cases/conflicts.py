"""Decisions that newer ones contradict, for a lead to settle with whoever made them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matching.decisions import Entry
from matching.relations import missing
from matching.standing import State, judge
from warehouse.steward.access.scope import NotThere, Scope

_NAMES = """
    SELECT golden_id, name FROM dim_customer WHERE golden_id IN (SELECT unnest($ids))
    ORDER BY golden_id
"""
_CUSTOMERS = """
    SELECT DISTINCT golden_id FROM customer_xref WHERE record_key IN (SELECT unnest($keys))
    ORDER BY golden_id
"""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An overruled decision and the newer one.

    names: golden id -> masked name, of the customers concerned today.
    """

    overruled: Entry
    by: Entry
    names: dict[str, str | None]


def conflicts(con: duckdb.DuckDBPyConnection, scope: Scope, entries: list[Entry]) -> list[Conflict]:
    """The conflicts among all decisions of which the scope sees every customer, newest first."""
    named = {key for entry in entries for key in entry.decision.named}
    standing = judge(entries, missing(con, named, "customer_xref")).standing
    by_number = {entry.number: entry for entry in entries}
    found = []
    for entry in reversed(entries):
        told = standing.get(entry.number)
        if told is None or told.state is not State.OVERRULED or told.by is None:
            continue
        ids = customers_of(con, entry)
        if are_seen(con, scope, ids):
            names = dict[str, str | None](con.execute(_NAMES, {"ids": list(ids)}).fetchall())
            found.append(Conflict(entry, by_number[told.by], names))
    return found


def customers_of(con: duckdb.DuckDBPyConnection, entry: Entry) -> tuple[str, ...]:
    """The customers that a decision is about today."""
    keys = {"keys": list(entry.decision.named)}
    return tuple(str(one) for (one,) in con.execute(_CUSTOMERS, keys).fetchall())


def are_seen(con: duckdb.DuckDBPyConnection, scope: Scope, ids: tuple[str, ...]) -> bool:
    """Whether the scope sees all of some customers."""
    try:
        for golden_id in ids:
            scope.ensure_seen(con, golden_id)
    except NotThere:
        return False
    return bool(ids) or scope.is_all

"""All that is told of one customer: golden values and their origin, cars, visits, history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import duckdb

from matching import ids
from warehouse.steward.access.scope import Scope
from warehouse.steward.asking import Row, ask


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the golden record. others: the values that lost, the best of them first.

    elsewhere: how many values are left out, as outlets alone that are out of scope tell them.
    """

    name: str
    golden: Row | None
    others: list[Row]
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, with all values in clear; the lists are rows of the queries `customer_*`.

    elsewhere: how many of his records are left out, as they are of outlets out of scope.
    """

    row: Row
    attributes: list[Attribute]
    names: list[Row]
    phones: list[Row]
    cars: list[Row]
    events: list[Row]
    relations: list[Row]
    history: list[Row]
    records: list[Row]
    elsewhere: int = 0

    @property
    def golden_id(self) -> str:
        """The id in use."""
        return str(self.row["golden_id"])


def resolve(con: duckdb.DuckDBPyConnection, typed: str, scope: Scope) -> str:
    """The golden id in use of one that was typed, of a customer who is seen. Raises NotThere."""
    golden_id = ids.parse(typed) or ""
    lives_on = ask(con, "customer_lives_on", golden_id=golden_id)
    golden_id = lives_on[0]["redirect_to"] if lives_on else golden_id
    scope.ensure_seen(con, golden_id)
    return golden_id


def read(con: duckdb.DuckDBPyConnection, golden_id: str, scope: Scope) -> Customer:
    """The customer of an id that `resolve` gave."""
    told = {name: ask(con, f"customer_{name}", golden_id=golden_id) for name in _LISTS}
    (row,) = ask(con, "customer", golden_id=golden_id)
    sales, visits = told.pop("sales"), told.pop("visits")
    return Customer(
        row,
        _attributes(told.pop("lineage")),
        names=told["names"],
        phones=told["phones"],
        cars=_cars(con, told.pop("owned"), [*sales, *visits]),
        events=sorted([*visits, *sales], key=lambda event: str(event["day"] or ""), reverse=True),
        relations=_relations(con, told.pop("related"), scope.codes(con)),
        history=told["history"],
        records=told["records"],
    )


#: Each is a query of its own over one table: joined, they would read most of it.
_LISTS = (
    "lineage", "names", "phones", "owned", "sales", "visits", "related", "history", "records",
)  # fmt: skip


def _cars(con: duckdb.DuckDBPyConnection, owned: list[Row], events: list[Row]) -> list[Row]:
    """The cars that he owns or owned, and after them those that he only bought or brought."""
    his = {row["vehicle_id"] for row in owned}
    brought = {event["vehicle_id"] for event in events if event["vehicle_id"]} - his
    others = [{"vehicle_id": one, "evidence": "brought"} for one in sorted(brought)]
    cars = {row["vehicle_id"]: row for row in ask(con, "vehicles", ids=[*his, *brought])}
    blank = {"owned_from": None, "owned_to": None}
    return [cars[row["vehicle_id"]] | blank | row for row in [*owned, *others]]


def _relations(
    con: duckdb.DuckDBPyConnection, related: list[Row], outlets: list[str] | None
) -> list[Row]:
    """With the name of each whom the visitor sees; None of the others."""
    if not related:
        return []
    ids = [row["other_id"] for row in related]
    seen = {row["golden_id"]: row for row in ask(con, "others", ids=ids, outlets=outlets)}
    return [row | {"other": seen.get(row["other_id"])} for row in related]


def _attributes(lineage: list[Row]) -> list[Attribute]:
    found = []
    for name, rows in groupby(lineage, key=lambda row: str(row["attribute"])):
        values = list(rows)
        golden = next((row for row in values if row["chosen"]), None)
        found.append(Attribute(name, golden, [row for row in values if not row["chosen"]]))
    return found

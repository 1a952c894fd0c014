"""All that is told of one customer: golden values and their origin, cars, visits, history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import duckdb

from warehouse.steward.access.visit import Visit
from warehouse.steward.asking import Row
from warehouse.steward.dossiers.reading import Dossier


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
    """A customer, with all values in clear; the lists are those of his dossier.

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


def read(visit: Visit, con: duckdb.DuckDBPyConnection, found: Dossier) -> Customer:
    """The customer of a dossier; of those related to him, the names of whom the visitor sees."""
    related = found.rows("relations")
    names = visit.names(con, [row["other_id"] for row in related])
    return Customer(
        found.row,
        _attributes(found.rows("lineage")),
        names=found.rows("names"),
        phones=found.rows("phones"),
        cars=found.rows("cars"),
        events=found.rows("events"),
        relations=[row | {"other": names.get(row["other_id"])} for row in related],
        history=found.rows("history"),
        records=found.rows("sources"),
    )


def _attributes(lineage: list[Row]) -> list[Attribute]:
    found = []
    for name, rows in groupby(lineage, key=lambda row: str(row["attribute"])):
        values = list(rows)
        golden = next((row for row in values if row["chosen"]), None)
        found.append(Attribute(name, golden, [row for row in values if not row["chosen"]]))
    return found

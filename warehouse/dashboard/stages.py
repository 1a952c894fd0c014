"""Customers by outlet and stage, hidden once for all pages that tell of them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.dashboard.asking import ask
from warehouse.dashboard.charts import BLUE, Part
from warehouse.dashboard.disclosure import Counts, Hidden, hidden, told
from warehouse.dashboard.wording import STAGES, Text

#: Stages in which a customer is in contact.
IN_CONTACT = ("new", "active", "returned")
#: What is told of outlets: less than of the network, so that little of it has to be hidden.
GROUPS = (
    Part("in_contact", Text("在联系", "in contact"), BLUE),
    Part("cooling", *STAGES["cooling"]),
    Part("lost", *STAGES["lost"]),
)


@dataclass(frozen=True, slots=True)
class Stages:
    """network: stage -> customers of all outlets, None where hidden; customers: their sum.

    counts, cars, amounts, hidden: outlets × GROUPS, without those of no dated contact. No outlets
    where a group is too small in the whole network.
    """

    customers: int
    network: dict[str, int | None]
    outlets: list[str]
    counts: Counts
    cars: Counts
    amounts: Counts
    hidden: Hidden

    def share(self, *stages: str) -> float:
        """Of all customers, those in these stages, as far as they are told."""
        return sum(self.network[stage] or 0 for stage in stages) / max(self.customers, 1)


def read(con: duckdb.DuckDBPyConnection) -> Stages:
    """Count, and hide what would tell of few people."""
    rows = ask(con, "stages")
    sums = [sum(row["customers"] for row in rows if row["stage"] == name) for name in STAGES]
    network = dict(zip(STAGES, told(sums), strict=True))
    dated = [row for row in rows if row["stage"] != "unknown"]
    if network["cooling"] is None or network["lost"] is None:
        dated = []
    outlets = sorted({row["outlet"] for row in dated})
    at = {code: number for number, code in enumerate(outlets)}
    counts, cars, amounts = (np.zeros((len(outlets), len(GROUPS)), np.int64) for _ in range(3))
    for row in dated:
        cell = at[row["outlet"]], {"cooling": 1, "lost": 2}.get(row["stage"], 0)
        counts[cell] += row["customers"]
        cars[cell] += row["cars"]
        amounts[cell] += round(row["amount"])
    return Stages(sum(sums), network, outlets, counts, cars, amounts, hidden(counts))

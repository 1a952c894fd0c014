"""Customers by outlet and stage, hidden once for all pages that tell of them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.dashboard.asking import ask
from warehouse.dashboard.disclosure import Counts, Hidden, hidden
from warehouse.dashboard.wording import STAGES, Text

#: Stages with too few customers in the whole network, together.
FEW = "few"
FEW_LABEL, FEW_COLOUR = Text("其余（人数少）", "others (few)"), "#5f6b76"


@dataclass(frozen=True, slots=True)
class Stages:
    """counts, cars, amounts, hidden: outlets × stages. network: stage -> customers of all outlets.

    Stages that are too small for the network are `FEW`. Customers without a dated contact are in
    the network, and in no outlet.
    """

    network: dict[str, int]
    outlets: list[str]
    stages: list[str]
    counts: Counts
    cars: Counts
    amounts: Counts
    hidden: Hidden

    @property
    def customers(self) -> int:
        """All of them."""
        return sum(self.network.values())

    def share(self, *stages: str) -> float:
        """Of all customers, those in these stages."""
        return sum(self.network.get(stage, 0) for stage in stages) / max(self.customers, 1)


def read(con: duckdb.DuckDBPyConnection) -> Stages:
    """Count, and hide what would tell of few people."""
    rows = ask(con, "stages")
    total = {name: sum(row["customers"] for row in rows if row["stage"] == name) for name in STAGES}
    few = hidden(np.array([list(total.values())]))[0]
    called = {name: FEW if hide else name for name, hide in zip(STAGES, few, strict=True)}
    network = dict.fromkeys(called.values(), 0)
    for name, customers in total.items():
        network[called[name]] += customers
    dated = [row for row in rows if row["stage"] != "unknown"]
    outlets = sorted({row["outlet"] for row in dated})
    stages = [name for name in network if name != "unknown"]
    counts, cars, amounts = (np.zeros((len(outlets), len(stages)), np.int64) for _ in range(3))
    at = {code: number for number, code in enumerate(outlets)}
    for row in dated:
        cell = at[row["outlet"]], stages.index(called[row["stage"]])
        counts[cell] += row["customers"]
        cars[cell] += row["cars"]
        amounts[cell] += round(row["amount"])
    return Stages(network, outlets, stages, counts, cars, amounts, hidden(counts))

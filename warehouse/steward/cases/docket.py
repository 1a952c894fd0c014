"""The docket: the cases of the published version, who is at each, and what is decided already."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.steward.access.scope import Scope
from warehouse.steward.cases.claims import Work
from warehouse.steward.cases.queue import Case, Filters
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.services import Services


@dataclass(frozen=True, slots=True)
class Docket:
    """cases: all that somebody sees, the most valuable first. work, rulings: by case."""

    cases: list[Case]
    work: dict[str, Work]
    rulings: dict[str, Ruling]

    def waiting(self, filters: Filters | None = None) -> list[Case]:
        """The cases on which the log says nothing."""
        return [
            case
            for case in self.cases
            if case.key not in self.rulings and (filters is None or filters.fit(case))
        ]

    @property
    def settled(self) -> int:
        """How many the next run settles."""
        found = (self.rulings.get(case.key) for case in self.cases)
        return sum(ruling is not None and ruling.verdict != "unsure" for ruling in found)


def docket(services: Services, con: duckdb.DuckDBPyConnection, scope: Scope) -> Docket:
    """The docket of whoever has this scope.

    A case that was settled here waits again where its decision was taken back elsewhere.
    """
    cases = services.queue.waiting(con, scope.codes(con))
    work = services.claims.of([case.key for case in cases])
    rulings = services.rulings.on(con)  # asked last: whatever was settled is in the log by then
    for key, one in list(work.items()):
        if one.number is not None and key not in rulings:
            services.claims.reopen(one.number)
            del work[key]
    return Docket(cases, work, rulings)

"""The docket: the cases of the published version, who is at each, and what is decided already."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.claims import Work, second_name
from warehouse.steward.cases.queue import Case, Filters
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.learn import seconds


@dataclass(frozen=True, slots=True)
class Docket:
    """cases: all that somebody sees, the most valuable first. work, rulings: by case, as he knows.

    seconds: case -> the decision on it about which he is asked as if it still waited.
    """

    cases: list[Case]
    work: dict[str, Work]
    rulings: dict[str, Ruling]
    seconds: dict[str, int]

    def name(self, key: str) -> str:
        """By what name he claims a case."""
        return second_name(key, self.seconds[key]) if key in self.seconds else key

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


def docket(visit: Visit, con: duckdb.DuckDBPyConnection) -> Docket:
    """The docket of a visitor.

    A case that was settled here waits again where its decision was taken back elsewhere.
    """
    services = visit.services
    cases = services.queue.waiting(con, visit.scope.codes(con))
    work = services.claims.of([case.key for case in cases])
    rulings = services.rulings.on(con)  # asked last: whatever was settled is in the log by then
    for key, one in list(work.items()):
        if one.number is not None and key not in rulings:
            services.claims.reopen(one.number)
            del work[key]
    asked = seconds.asked(visit, rulings)
    told = services.claims.of([second_name(*one) for one in asked.items()])
    work = {key: one for key, one in work.items() if key not in asked}
    work |= {one.case: one for one in told.values()}
    known = {key: ruling for key, ruling in rulings.items() if key not in asked}
    return Docket(cases, work, known, asked)

"""The docket: the cases of the published version, who is at each, and what is decided already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter

import duckdb

from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.claims import Claims, Work, second_name
from warehouse.steward.cases.queue import Case, Filters
from warehouse.steward.cases.rulings import Ruling
from warehouse.steward.learn import seconds


@dataclass(frozen=True, slots=True)
class Docket:
    """cases: all that somebody sees, the most valuable first. rulings: by case, as he knows.

    seconds: case -> the decision on it about which he is asked as if it still waited.
    """

    cases: list[Case]
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

    def nearby(self, ids: Collection[str]) -> list[Case]:
        """Other cases of the customers of a case that wait."""
        return [
            case
            for case in self.cases
            if (case.golden_id_a in ids) != (case.golden_id_b in ids)
            and case.key not in self.rulings
        ]

    def work(self, claims: Claims, cases: Sequence[Case]) -> dict[str, Work]:
        """Case -> its work, of these cases, as he knows."""
        told = claims.of([self.name(case.key) for case in cases])
        return {one.case: one for one in told.values()}

    @property
    def settled(self) -> int:
        """How many the next run settles."""
        ruled = {key for key, ruling in self.rulings.items() if ruling.verdict != "unsure"}
        return len(ruled.intersection(map(attrgetter("key"), self.cases)))


def docket(visit: Visit, con: duckdb.DuckDBPyConnection) -> Docket:
    """The docket of a visitor."""
    services = visit.services
    cases = services.queue.waiting(con, visit.scope.codes(con))
    rulings = services.rulings.on(con)
    asked = seconds.asked(visit, rulings)
    known = {key: ruling for key, ruling in rulings.items() if key not in asked}
    return Docket(cases, known, asked)


def done_today(visit: Visit) -> dict[str, int]:
    """Login -> cases settled today."""
    today = visit.services.site.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    return visit.services.claims.settled_since(today)

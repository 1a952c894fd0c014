"""The one queue: pairs in doubt, and what else waits for somebody, by what a decision is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import duckdb

from warehouse.steward.access.permissions import may_do
from warehouse.steward.access.visit import Visit
from warehouse.steward.cases import held
from warehouse.steward.cases.claims import SETTLED, Claims, Work
from warehouse.steward.cases.docket import Docket, docket
from warehouse.steward.cases.known import Known
from warehouse.steward.cases.matters import Matter, Waiting
from warehouse.steward.cases.queue import Case, Filters
from warehouse.steward.learn.telling import most_telling_first
from warehouse.steward.learn.twice import differing


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a visitor. pairs: of the docket; matters: what is no pair, as it is known."""

    docket: Docket
    pairs: list[Case]
    matters: list[Matter]

    def waiting(self, filters: Filters | None = None) -> list[Waiting]:
        """The cases, the most valuable first."""
        found: list[Waiting] = [*self.pairs, *self.matters]
        if filters and filters.kinds == {"pair"}:  # of thousands, each is asked as little as can be
            found, filters = [*self.pairs], replace(filters, kinds=frozenset())
        found.sort(key=attrgetter("worth"), reverse=True)
        return [case for case in found if filters.fit(case)] if filters else found

    def telling(self, visit: Visit, filters: Filters | None = None) -> list[Waiting]:
        """The pairs, by what a decision on each teaches."""
        pairs = [case for case in self.pairs if filters is None or filters.fit(case)]
        known = visit.services.judgements.patterns()
        return [*most_telling_first(pairs, visit.services.site.model().thresholds, known)]

    def work(self, claims: Claims, cases: Sequence[Waiting]) -> dict[str, Work]:
        """Case -> its work, of these cases, as he knows."""
        told = claims.of([self.docket.name(case.key) for case in cases])
        return {one.case: one for one in told.values()}


def backlog(visit: Visit, con: duckdb.DuckDBPyConnection) -> Backlog:
    """What waits for a visitor: what he may look at and settle."""
    found = docket(visit, con)
    matters = matters_of(visit, con)
    work = visit.services.claims.of([one.key for one in matters])
    settled = {one.key for one in work.values() if one.state in SETTLED}
    return Backlog(found, found.waiting(), [one for one in matters if one.key not in settled])


def matters_of(visit: Visit, con: duckdb.DuckDBPyConnection) -> list[Matter]:
    """The cases that are no pairs, of which the log says nothing; some may be settled by a word."""
    services, seen = visit.services, visit.scope.codes(con)
    known = services.known.of(con)
    found = [
        one
        for one in services.suspects.waiting(con, seen, known)
        if visit.may("review.key_account") or not one.is_key_account
    ]
    found += services.held.of(con, seen)
    if visit.may("review.conflict"):
        found += _conflicts(visit, con, known) + differing(visit, con, known)
    if visit.may("review.release") and visit.scope.is_all:
        night = held.night(con, services.site.home)
        found += [night] if night else []
    return found


def _conflicts(visit: Visit, con: duckdb.DuckDBPyConnection, known: Known) -> list[Matter]:
    """The contradictions that nobody meant."""
    found = visit.services.conflicts.of(con, visit.scope.codes(con), known)
    users = visit.services.users.all() if found else []
    leads = {user.login for user in users if may_do(user.role, "review.conflict")}
    return [one for one in found if not one.subject.is_meant(leads)]


def find(visit: Visit, con: duckdb.DuckDBPyConnection, key: str) -> Matter | None:
    """One of those by its key."""
    return next((one for one in matters_of(visit, con) if one.key == key), None)


def find_suspect(visit: Visit, con: duckdb.DuckDBPyConnection, golden_id: str) -> Matter | None:
    """The case of a customer who is suspicious; None where he is not, or that is settled."""
    seen = visit.scope.codes(con)
    waiting = visit.services.suspects.waiting(con, seen, visit.services.known.of(con))
    return next((one for one in waiting if one.subject.golden_id == golden_id), None)

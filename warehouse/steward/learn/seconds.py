"""Blind second opinions: some decided cases are put before another steward as if they still waited.

Which, follows from the case's name, so that nobody chooses. Whoever is asked finds the case in his
queue until the run applies the decision, and is told nothing of it until he has answered, on no
page. His answer is kept beside the decision and overrules nothing; where the two differ a lead is
asked. Who sees the audit or conflicts is not blind and is never asked, nor is a program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.claims import SETTLED, Work, second_name
from warehouse.steward.cases.queue import Case, key_of

_CASES = """
    SELECT golden_id_a, golden_id_b FROM review_pair WHERE $golden_id IN (golden_id_a, golden_id_b)
"""


@dataclass(frozen=True, slots=True)
class Board:
    """The work on cases, as a visitor may know of it.

    seconds: case -> the decision on it that he is asked about without being told.
    """

    work: dict[str, Work]
    seconds: dict[str, int]

    def name(self, key: str) -> str:
        """By what name he claims a case."""
        return second_name(key, self.seconds[key]) if key in self.seconds else key

    def waits(self, case: Case) -> bool:
        """Whether a case waits, for all he knows."""
        return case.key not in self.work or self.work[case.key].state not in SETTLED

    @property
    def hidden(self) -> set[int]:
        """The decisions that he must not see."""
        return {
            number
            for key, number in self.seconds.items()
            if key not in self.work or self.work[key].state not in SETTLED
        }


def is_drawn(key: str, share: float) -> bool:
    """Whether a case is one of the share that is looked at twice.

    >>> sum(is_drawn(f"C{n}~D{n}", 0.05) for n in range(2000))
    102
    """
    drawn = hashlib.sha256(f"second {key}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def board(visit: Visit, keys: Sequence[str]) -> Board:
    """The work on some cases, as the visitor may know of it."""
    claims, mine = visit.services.claims, visit.user.login
    work = claims.of(keys)
    if not visit.may("review.second") or visit.user.is_program:
        return Board(work, {})
    share = visit.services.site.settings.second_reviews
    asked = {
        key: one.number
        for key, one in work.items()
        if one.state in SETTLED and one.number and one.login != mine and is_drawn(key, share)
    }
    told = claims.of([second_name(key, number) for key, number in asked.items()])
    seconds = dict[str, int]()
    for key, number in asked.items():
        second = told.get(second_name(key, number))
        if second and second.state in SETTLED and second.login != mine:
            continue  # another one has answered
        seconds[key] = number
        del work[key]
        if second:
            work[key] = replace(second, key=key)
    return Board(work, seconds)


def hidden(visit: Visit, con: duckdb.DuckDBPyConnection, golden_id: str) -> set[int]:
    """The decisions on a customer's cases that the visitor must not see."""
    cases: Iterable[tuple[str, str]] = con.execute(_CASES, {"golden_id": golden_id}).fetchall()
    return board(visit, [key_of(*ids) for ids in cases]).hidden

"""Like cases decided at once: of one reason, and one in how everything compared."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from matching.decisions import Decision
from warehouse.steward.cases.docket import Docket
from warehouse.steward.cases.queue import Case

#: Fewer are quicker decided one by one.
LEAST = 5
_NAMED = re.compile(r"set[0-9a-f]{16}(?=-)")
_EFFECT = """
    WITH concerned AS (SELECT unnest($ids) AS golden_id)
    SELECT count(DISTINCT golden_id), count(DISTINCT record_key), count(DISTINCT vehicle_id),
           count(DISTINCT nullif(outlet_code, ''))
    FROM customer_record SEMI JOIN concerned USING (golden_id)
"""
#: So many of a set are looked at before all of it is decided.
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Likes:
    """Like cases, the most valuable first; key accounts are none of them.

    sample: those that are looked at first: the same whoever asks, and as good as drawn by lot.
    """

    pattern: str
    cases: tuple[Case, ...]

    @property
    def sample(self) -> tuple[Case, ...]:
        """Some of them, to be seen."""
        drawn = sorted(self.cases, key=lambda case: hashlib.sha256(case.key.encode()).digest())
        return tuple(drawn[:SAMPLE])

    @property
    def weights(self) -> tuple[float, float]:
        """The lowest and the highest match weight, in bits."""
        weights = [case.match_weight for case in self.cases]
        return min(weights), max(weights)


@dataclass(frozen=True, slots=True)
class Effect:
    """What hangs on a decision on all of a set. answered: verdict -> like cases decided already."""

    pairs: int
    customers: int
    records: int
    cars: int
    outlets: int
    answered: dict[str, int]


def effect(con: duckdb.DuckDBPyConnection, likes: Likes, docket: Docket) -> Effect:
    """What a decision on all of them concerns, each customer, car and outlet once.

    docket: all cases of the version, which tells of like ones that are decided.
    """
    ids = {one for case in likes.cases for one in (case.golden_id_a, case.golden_id_b)}
    ((customers, records, cars, outlets),) = con.execute(_EFFECT, {"ids": list(ids)}).fetchall()
    decided = (
        docket.rulings[case.key].verdict
        for case in docket.cases
        if case.pattern == likes.pattern and case.key in docket.rulings
    )
    return Effect(len(likes.cases), customers, records, cars, outlets, dict(Counter(decided)))


def name_of(told: str) -> str:
    """What the decisions of a set are called, of whatever tells it from others."""
    return f"set{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def set_of(decision: Decision) -> str:
    """The set that a decision was made with; empty where it was made by itself."""
    found = _NAMED.match(decision.uid)
    return found[0] if found else ""


def sets(cases: Iterable[Case]) -> list[Likes]:
    """The sets of like cases that are large enough, the largest first."""
    alike: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if not case.is_key_account:
            alike[case.pattern].append(case)
    found = [Likes(pattern, tuple(some)) for pattern, some in alike.items() if len(some) >= LEAST]
    return sorted(found, key=lambda likes: (-len(likes.cases), likes.pattern))

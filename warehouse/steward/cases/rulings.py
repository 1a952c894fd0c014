"""What the decisions log says of the cases, whoever wrote it: the console, a command, a program."""

from __future__ import annotations

import datetime
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from itertools import combinations, product

import duckdb

from matching.decisions import Decision, Entry, Pair, Undo
from warehouse.steward.cases.known import Decisions, Known
from warehouse.steward.cases.queue import key_of
from warehouse.steward.indexes import Indexes
from warehouse.steward.published import version_of

_CASES = "SELECT golden_id_a, golden_id_b, record_a, record_b FROM review_pair"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The newest decision in force on the two customers of a case."""

    entry: Entry

    @property
    def number(self) -> int:
        """Of the decision."""
        return self.entry.number

    @property
    def verdict(self) -> str:
        """same, different or unsure."""
        decision = self.entry.decision
        if isinstance(decision, Pair):
            return decision.verdict
        return "same" if decision.joins else "different"


class Rulings:
    """The rulings on the cases of the published version, kept up with the log."""

    def __init__(
        self, decisions: Decisions, indexes: Indexes, reopen: Callable[[int], None]
    ) -> None:
        """Nothing is read yet. reopen: is told each decision on a case that was taken back."""
        self._decisions, self._indexes, self._reopen = decisions, indexes, reopen
        self._lock = threading.Lock()
        self._heard: _Heard | None = None

    def on(self, con: duckdb.DuckDBPyConnection) -> dict[str, Ruling]:
        """Case -> its ruling, of the cases that have one. con: of the published warehouse."""
        version, known = version_of(con), self._decisions.of(con)
        with self._lock:
            if self._heard is None or self._heard.version != version:
                cases, customer = set(), dict[str, str]()
                for one, other, left, right in con.execute(_CASES).fetchall():
                    cases.add(key_of(one, other))
                    customer |= {left: one, right: other}
                self._heard = _Heard(version, cases, customer)
            for number in self._heard.listen(known, self._indexes):
                self._reopen(number)
            return self._heard.rulings


@dataclass(slots=True)
class _Heard:
    """What was heard of the cases of a version. about: case -> decisions on its two customers.

    customer: whose the records in doubt are. read: how many decisions were. kept: uid -> number of
    those that name both customers of a case, and of those that take these back.
    """

    version: tuple[object, ...]
    cases: set[str]
    customer: dict[str, str]
    read: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    about: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    rulings: dict[str, Ruling] = field(default_factory=dict)

    def listen(self, known: Known, indexes: Indexes) -> list[int]:
        """Read what is new of all decisions; return those on cases that it takes back."""
        new = known.entries[self.read :]
        if not new:
            return []
        self.read += len(new)
        customer = self._customers(indexes, {key for entry in new for key in entry.decision.named})
        before = len(self.kept)
        undone = [number for entry in new for number in self._keep(entry, customer)]
        if len(self.kept) > before:
            self._rule(known)
        return undone

    def _customers(self, indexes: Indexes, keys: Set[str]) -> dict[str, str]:
        """Record -> its customer. Who decides a case names records that are known here."""
        others = keys - self.customer.keys()
        if not others:
            return self.customer
        return self.customer | indexes.dossiers().customers(others)

    def _keep(self, entry: Entry, customer: dict[str, str]) -> Iterator[int]:
        """Keep an entry where it is on a case; yields the number of a decision that it undoes."""
        decision = entry.decision
        if isinstance(decision, Undo):
            if decision.undoes in self.kept:
                self.kept[decision.uid] = entry.number
                yield self.kept[decision.undoes]
            return
        for key in self.cases.intersection(_on(decision, customer)):
            self.kept[decision.uid] = entry.number
            self.about[key].append(entry)

    def _rule(self, known: Known) -> None:
        found = ((key, list(filter(known.is_in_force, said))) for key, said in self.about.items())
        self.rulings = {key: Ruling(max(said, key=_moment)) for key, said in found if said}


def _moment(entry: Entry) -> tuple[datetime.datetime, int]:
    """By which the newest of decisions is told, as `matching.standing` does."""
    return entry.decision.decided_at, entry.number


def _on(decision: Decision, customer: dict[str, str]) -> Iterator[str]:
    """The cases of two customers whom a decision joins, keeps apart, or leaves open."""
    if decision.joins or isinstance(decision, Pair):
        told = [{one} for one in {customer.get(key) for key in decision.named}]
    else:
        told = [{customer.get(key) for key in side} for side in decision.sides]
    for one, other in combinations(told, 2):
        for a, b in product(one, other):
            if a and b and a != b:
                yield key_of(a, b)

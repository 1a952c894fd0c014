"""Which decisions are in force: the newer wins, and the older is told by which one it lost.

A decision on who is one customer is a *claim*: sides, each a set of records, that are joined or
kept apart. Claims are transitive: where A is B and B is C, A is C. They are taken newest first, and
one that contradicts those before it is overruled as a whole; but a split only takes its records out
of an older merge. A claim on records that are not known (any more) waits.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, combinations

import numpy as np

from matching.clusters import Ints, components, meeting
from matching.decisions import Decision, Entry, Undo, Value


class State(StrEnum):
    """What became of a decision."""

    IN_FORCE = "in_force"
    OVERRULED = "overruled"  # by a newer one that contradicts it
    UNDONE = "undone"  # by a further decision
    WAITING = "waiting"  # names records that are not known


@dataclass(frozen=True, slots=True)
class Standing:
    """by: the number of the newer decision that overruled or undid it."""

    state: State
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Records of all sides are one customer, or records of different sides never are.

    kind: that of the decision.
    """

    number: int
    kind: str
    sides: tuple[tuple[str, ...], ...]
    joins: bool

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.sides)


@dataclass(frozen=True, slots=True)
class Judged:
    """standing: number -> what became of it. entries: those in force, newest first.

    claims: what those say of who is one customer; no two of them contradict.
    """

    standing: dict[int, Standing]
    entries: tuple[Entry, ...]
    claims: tuple[Claim, ...]


def judge(entries: Iterable[Entry], missing: Set[str] = frozenset()) -> Judged:
    """Judge all decisions. missing: the keys of records that are named, but not there.

    Newer is what was decided later; of the same moment, what has the higher number.
    """
    newest = sorted(entries, key=lambda e: (e.decision.decided_at, e.number), reverse=True)
    by_uid = {entry.decision.uid: entry for entry in newest}
    standing: dict[int, Standing] = {}
    claims = []
    last_words: dict[tuple[str, ...], Entry] = {}
    for entry in _not_undone(newest, standing):
        number, decision = entry.number, entry.decision
        claim = _claim(entry, by_uid, missing)
        last = last_words.setdefault(subject, entry) if (subject := decision.subject) else entry
        if _is_waiting(decision, claim, missing):
            standing[number] = Standing(State.WAITING)
        elif decision.word != last.decision.word:
            standing[number] = Standing(State.OVERRULED, last.number)
        elif claim:
            claims.append(claim)
    kept = _consistent(claims, standing)
    applies = Standing(State.IN_FORCE)
    in_force = tuple(e for e in newest if standing.setdefault(e.number, applies) is applies)
    return Judged(standing, in_force, tuple(kept))


def _not_undone(newest: Sequence[Entry], standing: dict[int, Standing]) -> Iterator[Entry]:
    """The decisions that nobody has taken back, newest first; an undo can be undone, too."""
    undone: dict[str, int] = {}
    for entry in newest:
        if (by := undone.get(entry.decision.uid)) is not None:
            standing[entry.number] = Standing(State.UNDONE, by)
            continue
        if isinstance(entry.decision, Undo):
            undone.setdefault(entry.decision.undoes, entry.number)
        yield entry


def _is_waiting(decision: Decision, claim: Claim | None, missing: Set[str]) -> bool:
    """Whether too few of the records that it names are known for it to say anything."""
    if claim:
        return len(claim.sides) < 2
    if isinstance(decision, Value):
        return missing >= set(decision.named)
    return not missing.isdisjoint(decision.named)


def _claim(entry: Entry, by_uid: dict[str, Entry], missing: Set[str]) -> Claim | None:
    """What a decision says of who is one customer; None where it says nothing of it.

    A merge that is undone leaves its parts apart, or the next night could merge them again.
    """
    decision = entry.decision
    if isinstance(decision, Undo):
        undone = by_uid.get(decision.undoes)
        sides = undone.decision.sides if undone and undone.decision.kind == "merge" else ()
    else:
        sides = decision.sides
    if not sides:
        return None
    claim = Claim(entry.number, decision.kind, sides, decision.joins)
    return claim if missing.isdisjoint(claim) else _without(claim, missing)


def _without(claim: Claim, missing: Set[str]) -> Claim:
    """What a claim says of the other records."""
    sides = (tuple(r for r in side if r not in missing) for side in claim.sides)
    return replace(claim, sides=tuple(side for side in sides if side))


def _consistent(claims: list[Claim], standing: dict[int, Standing]) -> list[Claim]:
    """The claims, newest first, that do not contradict newer ones; the others go to `standing`.

    Only where something contradicts are claims taken one by one.
    """
    named = dict.fromkeys(chain.from_iterable(claims))
    code = dict(zip(named, range(len(named)), strict=True))
    label = joined(code, claims)
    doubtful = set(_contradictory(code, label, claims).tolist())
    if not doubtful:
        return claims
    kept, agreed = [], _Agreed()
    for claim in claims:
        if doubtful.isdisjoint(int(label[code[record]]) for record in claim):
            kept.append(claim)
            continue
        taken, by = agreed.take(claim)
        if taken is not None:
            kept.append(taken)
        else:
            standing[claim.number] = Standing(State.OVERRULED, by)
    return kept


def joined(code: dict[str, int], claims: Iterable[Claim]) -> Ints:
    """The component of each record by the claims that join. code: record -> its number."""
    runs = [[code[record] for record in claim] for claim in claims if claim.joins]
    a = np.array([n for run in runs for n in run[:-1]], np.int64)
    b = np.array([n for run in runs for n in run[1:]], np.int64)
    return components(len(code), a, b)


def _contradictory(code: dict[str, int], label: Ints, claims: list[Claim]) -> Ints:
    """The components in which records meet that a claim keeps apart."""
    places: list[tuple[int, int]] = []
    opposed: list[tuple[int, int]] = []
    sides = 0
    for claim in claims:
        if not claim.joins:
            numbers = range(sides, sides + len(claim.sides))
            opposed += combinations(numbers, 2)
            for number, side in zip(numbers, claim.sides, strict=True):
                places += [(code[record], number) for record in side]
            sides += len(claim.sides)
    at = np.array(places, np.int64).reshape(-1, 2)
    return meeting(label[at[:, 0]], at[:, 1], np.array(opposed, np.int64).reshape(-1, 2))


class _Agreed:
    """Claims that agree with each other, for few that do not all."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}
        self.apart: dict[str, dict[int, int]] = defaultdict(dict)  # root -> claim -> side
        self.claims: dict[int, Claim] = {}  # newest first
        self.ways: dict[str, list[Claim]] = defaultdict(list)  # record -> claims that join it

    def take(self, claim: Claim) -> tuple[Claim | None, int | None]:
        """Add a claim, and return what of it was added; or None, and the number against it."""
        if not claim.joins:
            by = self._joined_already(claim)
            return (self._keep_apart(claim), None) if by is None else (None, by)
        while (by := self._apart_already(claim)) is not None:
            if (claim.kind, self.claims[by].kind) != ("merge", "split"):
                return None, by
            # a split takes its records out of an older merge, which goes on with the others
            off = {record for record in claim if self.apart[self._find(record)].get(by) == 0}
            claim = _without(claim, off)
            if len(claim.sides) < 2:
                return None, by
        return self._join(claim), None

    def _find(self, record: str) -> str:
        parent = self.parent
        parent.setdefault(record, record)
        while parent[record] != record:
            parent[record] = record = parent[parent[record]]
        return record

    def _apart_already(self, claim: Claim) -> int | None:
        """A claim that keeps apart what this one would join."""
        sides: dict[int, int] = {}
        for root in dict.fromkeys(map(self._find, claim)):
            for number, side in self.apart[root].items():
                if sides.setdefault(number, side) != side:
                    return number
        return None

    def _join(self, claim: Claim) -> Claim:
        roots = list(dict.fromkeys(map(self._find, claim)))
        for other in roots[1:]:
            self.parent[other] = roots[0]
            self.apart[roots[0]].update(self.apart.pop(other))
        for record in claim:
            self.ways[record].append(claim)
        self.claims[claim.number] = claim
        return claim

    def _joined_already(self, claim: Claim) -> int | None:
        """The newest of the claims that join what this one would keep apart."""
        first: dict[str, tuple[int, str]] = {}
        for side, records in enumerate(claim.sides):
            for record in records:
                other_side, other = first.setdefault(self._find(record), (side, record))
                if other_side != side:
                    return self._way(other, record)
        return None

    def _way(self, start: str, end: str) -> int:
        """The newest claim on the shortest way by which two records are one customer."""
        came: dict[str, tuple[str, int]] = {start: ("", 0)}
        ahead = deque([start])
        while end not in came:
            here = ahead.popleft()
            for claim in self.ways[here]:
                for record in claim:
                    if record not in came:
                        came[record] = (here, claim.number)
                        ahead.append(record)
        on_it = set()
        while end != start:
            end, number = came[end]
            on_it.add(number)
        return next(number for number in self.claims if number in on_it)

    def _keep_apart(self, claim: Claim) -> Claim:
        for side, records in enumerate(claim.sides):
            for record in records:
                self.apart[self._find(record)][claim.number] = side
        self.claims[claim.number] = claim
        return claim

"""Which profiles are one entity.

Connected components of the link band only start it. A component in which nothing contradicts is
an entity as it is. In any other, links are taken strongest first, and one that would join a
contradiction is refused and remembered. Ties break by profile number, which is by content.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
Pair = tuple[int, int]

#: Weight of a must-link: no score comes near.
CERTAIN = 1e9


@dataclass(frozen=True, slots=True)
class Links:
    """The link band. a, b: profile numbers, [e] each; weight: bits, [e].

    over_names: links whose evidence stands above any name, such as the same valid id number, [e].
    """

    a: Ints
    b: Ints
    weight: npt.NDArray[np.float64]
    over_names: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """What may never be in one entity.

    values: reason -> one code a profile (-1 unknown); two known codes that differ contradict.
    names: one code a profile (-1 unknown, or a part of a name only); clashes: pairs of name codes
    that contradict.
    must: pairs of profiles that a steward has joined.
    cannot: pairs of camps that he keeps apart; camps: (profile, camp) rows, [k, 2], or None where
    every profile is a camp of its own.
    clashing: profiles of the components that hold such a pair, one of each at least; None where
    they were not looked for.
    """

    values: dict[str, Ints] = field(default_factory=dict)
    names: Ints | None = None
    clashes: frozenset[Pair] = frozenset()
    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    clashing: Ints | None = None
    camps: Ints | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A link that would have joined a contradiction."""

    a: int
    b: int
    weight: float
    because: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """entity: [n], the lowest profile number of each profile's entity. refused: strongest first."""

    entity: Ints
    refused: list[Refused]


def cluster(profiles: int, links: Links, constraints: Constraints) -> Clusters:
    """Partition `profiles` profiles; see the module's docstring."""
    links = with_must(links, constraints.must)
    label = components(profiles, links.a, links.b)
    suspects = _suspect_components(label, constraints)
    entity = lowest(label)
    if not suspects.size:
        return Clusters(entity, [])
    members = np.isin(label, suspects)
    entity[members] = np.flatnonzero(members)
    inside = np.flatnonzero(members[links.a])
    order = inside[np.lexsort((links.b[inside], links.a[inside], -links.weight[inside]))]
    forest = _Forest(np.flatnonzero(members), constraints)
    over = np.zeros(len(links.a), dtype=bool) if links.over_names is None else links.over_names
    columns = (links.a, links.b, links.weight, over)
    refused = [
        Refused(a, b, weight, because)
        for a, b, weight, above in zip(*(c[order].tolist() for c in columns), strict=True)
        if (because := forest.join(a, b, above, weight >= CERTAIN))
    ]
    for profile in np.flatnonzero(members).tolist():
        entity[profile] = forest.find(profile)
    return Clusters(entity, refused)


def component_labels(profiles: int, links: Links, must: tuple[Pair, ...]) -> Ints:
    """The component of each profile before any link is refused."""
    links = with_must(links, must)
    return components(profiles, links.a, links.b)


def with_must(links: Links, must: tuple[Pair, ...]) -> Links:
    """The links, and beside them those that a steward has made, certain and above names."""
    if not must:
        return links
    pairs = np.array(must, dtype=np.int64)
    over = np.zeros(len(links.a), dtype=bool) if links.over_names is None else links.over_names
    return Links(
        np.concatenate([links.a, pairs[:, 0]]),
        np.concatenate([links.b, pairs[:, 1]]),
        np.concatenate([links.weight, np.full(len(must), CERTAIN)]),
        np.concatenate([over, np.ones(len(must), dtype=bool)]),
    )


def components(points: int, a: Ints, b: Ints) -> Ints:
    """The component of each of so many points, numbered from 0, where a and b are linked."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(points, points))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def meeting(label: Ints, camp: Ints, opposed: Ints) -> Ints:
    """The labels under which two opposed camps are found.

    label, camp: rows of who is where, [k] each; opposed: pairs of camps, [m, 2].
    """
    size = int(camp.max(initial=-1)) + 1
    rows = np.unique(np.stack([camp, label], axis=1), axis=0)
    ones, others = opposed[(opposed < size).all(axis=1)].T
    # each opposed pair beside every label that its first camp is found under
    first, last = (np.searchsorted(rows[:, 0], ones, side) for side in ("left", "right"))
    counts = last - first
    place = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    there = rows[place, 1]
    known = rows[:, 1] * size + rows[:, 0]
    return np.unique(there[np.isin(there * size + np.repeat(others, counts), known)])


def lowest(label: Ints) -> Ints:
    """The lowest member of each one's component."""
    lowest = np.full(int(label.max(initial=-1)) + 1, len(label), dtype=np.int64)
    np.minimum.at(lowest, label, np.arange(len(label)))
    return lowest[label]


def _suspect_components(label: Ints, constraints: Constraints) -> Ints:
    """Components that hold something which contradicts."""
    found = [_with_two_values(label, codes) for codes in constraints.values.values()]
    found.append(np.unique(label[_in_clash(constraints)]))
    if constraints.cannot:
        camps = _camps(constraints, len(label))
        opposed = np.array(constraints.cannot, dtype=np.int64)
        found.append(meeting(label[camps[:, 0]], camps[:, 1], opposed))
    return np.unique(np.concatenate(found))


def _camps(constraints: Constraints, profiles: int) -> Ints:
    """(profile, camp) rows."""
    if constraints.camps is not None:
        return constraints.camps
    return np.repeat(np.arange(profiles, dtype=np.int64), 2).reshape(-1, 2)


def _in_clash(constraints: Constraints) -> Ints:
    """Profiles whose components may hold names that contradict."""
    if constraints.clashing is not None:
        return constraints.clashing
    if constraints.names is None:
        return np.empty(0, np.int64)
    names = np.array(sorted({name for pair in constraints.clashes for name in pair}), np.int64)
    return np.flatnonzero(np.isin(constraints.names, names))


def _with_two_values(label: Ints, codes: Ints) -> Ints:
    """Components whose members hold two or more known codes."""
    known = codes >= 0
    pairs = np.unique(np.stack([label[known], codes[known]], axis=1), axis=0)
    components, counts = np.unique(pairs[:, 0], return_counts=True)
    return components[counts > 1]


class _Forest:
    """Union-find whose trees know what they hold, and refuse to hold a contradiction."""

    def __init__(self, members: Ints, constraints: Constraints) -> None:
        self.constraints = constraints
        self.parent = {member: member for member in members.tolist()}
        self.values = {
            reason: {m: {codes[m]} - {-1} for m in self.parent}
            for reason, codes in (
                (reason, codes.tolist()) for reason, codes in constraints.values.items()
            )
        }
        self.names = {member: self.names_of(member) for member in self.parent}
        self.camps: dict[int, set[int]] = {member: set() for member in self.parent}
        for member, camp in _camps(constraints, int(members.max()) + 1).tolist():
            if member in self.parent:
                self.camps[member].add(camp)
        self.opposed: dict[int, set[int]] = defaultdict(set)
        for one, other in constraints.cannot:
            self.opposed[one].add(other)
            self.opposed[other].add(one)

    def find(self, member: int) -> int:
        """The lowest member of the tree that holds `member`."""
        parent = self.parent
        while parent[member] != member:
            parent[member] = member = parent[parent[member]]
        return member

    def join(self, a: int, b: int, over_names: bool = False, must: bool = False) -> str | None:
        """Join two trees, or return the reason not to.

        over_names: the link stands above names. must: it is a steward's, and stands above all but
        another decision of his.
        """
        x, y = self.find(a), self.find(b)
        if x == y:
            return None
        x, y = min(x, y), max(x, y)
        refusal = self._forbidden(x, y) or (None if must else self._contradiction(x, y))
        if refusal is None and not over_names and self._names_clash(x, y, a, b):
            refusal = "names"
        if refusal is None:
            self._absorb(x, y)
        return refusal

    def _forbidden(self, x: int, y: int) -> str | None:
        few, many = sorted((self.camps[x], self.camps[y]), key=len)
        apart = any(not self.opposed[camp].isdisjoint(many) for camp in few if camp in self.opposed)
        return "decision" if apart else None

    def _contradiction(self, x: int, y: int) -> str | None:
        """The reason whose values in the two trees have nothing in common, if there is one.

        A tree may hold two values of a reason only by a steward's word; either then fits.
        """
        for reason, held in self.values.items():
            if held[x] and held[y] and held[x].isdisjoint(held[y]):
                return reason
        return None

    def _names_clash(self, x: int, y: int, a: int, b: int) -> bool:
        """Whether every name of tree x contradicts every name of tree y.

        One that fits is enough: what else a tree holds was reconciled by a link that outweighed
        it. And the link itself has weighed its own two names against the rest of its evidence.
        """
        direct = {*self.names_of(a), *self.names_of(b)}
        pairs = [(one, other) for one in self.names[x] for other in self.names[y]]
        return bool(pairs) and all(
            (min(one, other), max(one, other)) in self.constraints.clashes
            and not {one, other} <= direct
            for one, other in pairs
        )

    def names_of(self, member: int) -> set[int]:
        """The name that a single profile holds, if any."""
        names = self.constraints.names
        return {int(names[member])} - {-1} if names is not None else set()

    def _absorb(self, x: int, y: int) -> None:
        self.parent[y] = x
        self.names[x] |= self.names.pop(y)
        for held in self.values.values():
            held[x] |= held.pop(y)
        self.camps[x] |= self.camps.pop(y)

"""What holds an entity together: the maximum spanning tree of its links.

Taken strongest first, as the engine takes them, so the tree is the very links that made the entity.
The strongest way between two members runs in it: no other way has a stronger weakest link.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A link between two profiles, a < b. weight: bits; `clusters.CERTAIN` for a decision."""

    a: int
    b: int
    weight: float


def tree(links: Iterable[Link]) -> list[Link]:
    """The maximum spanning tree (or forest), strongest link first; ties by profile number.

    >>> tree([Link(1, 2, 5.0), Link(2, 3, 9.0), Link(1, 3, 7.0)])
    [Link(a=2, b=3, weight=9.0), Link(a=1, b=3, weight=7.0)]
    """
    parent: dict[int, int] = {}

    def find(member: int) -> int:
        root = member
        while (above := parent.setdefault(root, root)) != root:
            root = above
        parent[member] = root
        return root

    taken = []
    for link in sorted(links, key=lambda one: (-one.weight, one.a, one.b)):
        x, y = find(link.a), find(link.b)
        if x != y:
            parent[y] = x
            taken.append(link)
    return taken


def path(spanning: Iterable[Link], start: int, end: int) -> list[Link]:
    """The links of a tree from one member to another, in order; empty where there is no way.

    >>> path([Link(2, 3, 9.0), Link(1, 3, 7.0)], 1, 2)
    [Link(a=1, b=3, weight=7.0), Link(a=2, b=3, weight=9.0)]
    """
    neighbours = _neighbours(spanning)
    came: dict[int, tuple[int, Link] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came:
        member = waiting.popleft()
        for other, link in neighbours[member]:
            if other not in came:
                came[other] = (member, link)
                waiting.append(other)
    way: list[Link] = []
    step = came.get(end)
    while step is not None:
        way.append(step[1])
        step = came[step[0]]
    return way[::-1]


def side(spanning: Iterable[Link], cut: Link) -> set[int]:
    """The members on the side of `cut.a` once that link of the tree is gone.

    >>> sorted(side([Link(2, 3, 9.0), Link(1, 3, 7.0)], Link(1, 3, 7.0)))
    [1]
    """
    neighbours = _neighbours(link for link in spanning if link != cut)
    found, waiting = {cut.a}, [cut.a]
    while waiting:
        reached = {other for other, _ in neighbours[waiting.pop()]} - found
        found |= reached
        waiting += reached
    return found


def _neighbours(links: Iterable[Link]) -> dict[int, list[tuple[int, Link]]]:
    found: dict[int, list[tuple[int, Link]]] = defaultdict(list)
    for link in links:
        found[link.a].append((link.b, link))
        found[link.b].append((link.a, link))
    return found

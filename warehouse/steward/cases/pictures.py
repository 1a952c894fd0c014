"""What the pictures of a case are made of: the time line of cars, and the graph of records."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from matching.explain.spanning import Link, side, tree
from warehouse.masking import MASKS
from warehouse.steward.cases.sides import Contact, Record

_LINKS = """
    SELECT record_a, record_b, match_weight FROM customer_link WHERE golden_id = ?
"""
#: How the id of a car begins that nobody knows by its VIN.
_BY_PLATE = "PLATE-"
#: More nodes make a graph that nobody reads, and more cars a line.
_SHOWN, _LANES = 14, 16


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened. at: its place on the line, 0 to 1. side: of which customer."""

    at: float
    side: int
    contact: Contact


@dataclass(frozen=True, slots=True)
class Lane:
    """A car, and what happened with it; None for what names no car."""

    vehicle_id: str | None
    marks: tuple[Mark, ...]

    @property
    def called(self) -> str | None:
        """The car by its VIN, masked where none of its contacts is in scope; or by its plate."""
        if self.vehicle_id is None:
            return None
        if self.vehicle_id.startswith(_BY_PLATE):
            return MASKS["plate"].one(self.vehicle_id.removeprefix(_BY_PLATE))
        is_own = any(mark.contact.is_own for mark in self.marks)
        return self.vehicle_id if is_own else MASKS["vin"].one(self.vehicle_id)

    @property
    def is_shared(self) -> bool:
        """Whether several customers have it."""
        return len({mark.side for mark in self.marks}) > 1


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Cars, those of both customers first. years: place -> year. left_out: cars not drawn."""

    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, int], ...]
    left_out: int


def time_line(contacts: Sequence[Contact], ids: Sequence[str]) -> TimeLine | None:
    """The time line of some customers; None where nothing has a day.

    Of a fleet it has the cars that both know, and of each customer those heard of last.
    """
    if not contacts:
        return None
    first = datetime.date(min(c.day for c in contacts).year, 1, 1)
    last = datetime.date(max(c.day for c in contacts).year + 1, 1, 1)
    span = (last - first).days
    cars: dict[str | None, list[Contact]] = {}
    for contact in contacts:
        cars.setdefault(contact.vehicle_id, []).append(contact)
    drawn = [
        Lane(car, tuple(Mark((c.day - first).days / span, ids.index(c.golden_id), c) for c in told))
        for car, told in _worth_drawing(cars)
    ]
    drawn.sort(key=lambda lane: (lane.vehicle_id is None, not lane.is_shared, lane.marks[0].at))
    step = max(1, (last.year - first.year) // 8)
    years = range(first.year, last.year + 1, step)
    placed = [((datetime.date(year, 1, 1) - first).days / span, year) for year in years]
    return TimeLine(tuple(drawn), tuple(placed), len(cars) - len(drawn))


def _worth_drawing(
    cars: Mapping[str | None, list[Contact]],
) -> list[tuple[str | None, list[Contact]]]:
    newest = sorted(cars.items(), key=lambda car: car[1][-1].day, reverse=True)
    places = Counter[str]()
    ranked = []
    for car in newest:
        sides = {contact.golden_id for contact in car[1]}
        side = car[1][0].golden_id
        ranked.append((len(sides) == 1, places[side], car))
        places[side] += 1
    return [car for *_, car in sorted(ranked, key=lambda one: one[:2])][:_LANES]


@dataclass(frozen=True, slots=True)
class Node:
    """Records, each the first of those of its content, at a place between 0 and 1.

    They hang together by links that are stronger than those drawn. name: the most frequent one.
    """

    x: float
    y: float
    records: tuple[Record, ...]

    @property
    def name(self) -> str | None:
        """Of most of them."""
        names = Counter(record.name for record in self.records if record.name)
        return names.most_common(1)[0][0] if names else None


@dataclass(frozen=True, slots=True)
class Edge:
    """A link. is_weakest: without it the customer would fall apart most easily."""

    start: Node
    end: Node
    weight: float
    is_weakest: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What holds a customer together: the weakest of the strongest links that reach every record.

    contents: how many different contents the records have. weakest: the weakest link; parts: the
    records of the smaller part that falls off without it.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    contents: int
    weakest: Edge | None
    parts: tuple[str, ...]

    def is_off(self, node: Node) -> bool:
        """Whether a node falls off without the weakest link."""
        return node.records[0].record_key in self.parts


def graph(con: duckdb.DuckDBPyConnection, golden_id: str, records: Sequence[Record]) -> Graph:
    """The graph of a customer's records; records of one content stand at the first of them.

    Of many, those between which the links are strongest are one node.
    """
    by_key = {record.record_key: record for record in records}
    rows = [row for row in con.execute(_LINKS, [golden_id]).fetchall()
            if row[0] in by_key and row[1] in by_key]  # fmt: skip
    faces = sorted({key for row in rows for key in row[:2]})
    number = {key: place for place, key in enumerate(faces)}
    spanning = tree(Link(number[a], number[b], weight) for a, b, weight in rows)
    ordered = sorted(spanning, key=lambda link: (link.weight, link.a, link.b))
    drawn, within = ordered[: _SHOWN - 1], ordered[_SHOWN - 1 :]
    group = _groups(len(faces), within)
    outer = [Link(group[link.a], group[link.b], link.weight) for link in drawn]
    order = _around(sorted(set(group)), outer)
    members: dict[int, list[Record]] = {one: [] for one in order}
    for place, one in enumerate(group):
        members[one].append(by_key[faces[place]])
    # a node of many stands in the middle of the others
    middle = max(order, key=lambda one: len(members[one]), default=None)
    if middle is not None and len(members[middle]) > 1 and len(order) > 2:
        order.remove(middle)
        nodes = {middle: Node(0.5, 0.5, tuple(members[middle]))}
    else:
        nodes = {}
    nodes |= {one: _node(members[one], at, len(order)) for at, one in enumerate(order)}
    edges = [
        Edge(nodes[link.a], nodes[link.b], link.weight, place == 0)
        for place, link in enumerate(outer)
    ]
    cut = side(spanning, ordered[0]) if ordered else set[int]()
    smaller = cut if 2 * len(cut) <= len(faces) else set(range(len(faces))) - cut
    return Graph(
        tuple(nodes.values()),
        tuple(edges),
        len(faces),
        edges[0] if edges else None,
        tuple(faces[place] for place in sorted(smaller)),
    )


def _groups(count: int, links: Iterable[Link]) -> list[int]:
    """For each member the lowest of those that it is linked with."""
    found = list(range(count))
    for link in links:
        one, other = sorted((found[link.a], found[link.b]))
        found = [one if group == other else group for group in found]
    return found


def _around(members: Sequence[int], links: Iterable[Link]) -> list[int]:
    """Members in an order in which linked ones are near each other."""
    near: dict[int, list[int]] = {}
    for link in links:
        near.setdefault(link.a, []).append(link.b)
        near.setdefault(link.b, []).append(link.a)
    found: dict[int, None] = {}
    for start in members:
        waiting = [start]
        while waiting:
            member = waiting.pop()
            if member not in found:
                found[member] = None
                waiting += near.get(member, [])
    return list(found)


def _node(records: Sequence[Record], place: int, count: int) -> Node:
    angle = 2 * math.pi * place / max(count, 1)
    return Node(0.5 + 0.38 * math.sin(angle), 0.5 - 0.38 * math.cos(angle), tuple(records))

"""Which decisions are in force, kept up while further ones are made.

A decision bears on another only over records or subjects that both name, or that decisions between
them name, and an undo on what it takes back. So a new one is judged with those of its group alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Set

from matching.decisions import Decision, Entry, Undo
from matching.standing import Standing, judge


class Standings:
    """What became of decisions so far: the same as `judge` says of all of them at once."""

    def __init__(self) -> None:
        """None is made yet."""
        self._standing: dict[int, Standing] = {}
        self._group: dict[Hashable, _Group] = {}

    def add(self, entries: Iterable[Entry], missing: Set[str] = frozenset()) -> dict[int, Standing]:
        """Judge further decisions; return what became of every one, by number, as a new mapping.

        missing: the keys of records that any of them names, and that are not there.
        """
        touched = {id(group): group for group in map(self._joined, entries)}
        told = self._standing.copy()
        for group in touched.values():
            if group.entries:  # those of another took its own
                told |= judge(group.entries, missing).standing
        self._standing = told
        return told

    def _joined(self, entry: Entry) -> _Group:
        """The group of a new decision, made one of all that it touches."""
        topics = list(_topics(entry.decision))
        met = {id(g): g for topic in topics if (g := self._group.get(topic))}
        largest, *others = sorted(met.values(), key=_Group.size, reverse=True) or [_Group()]
        for other in others:
            self._group |= dict.fromkeys(other.topics, largest)
            largest.topics |= other.topics
            largest.entries += other.entries
            other.entries = []
        self._group |= dict.fromkeys(topics, largest)
        largest.topics.update(topics)
        largest.entries.append(entry)
        return largest


class _Group:
    """Decisions that bear on each other, and what they are about."""

    def __init__(self) -> None:
        self.topics: set[Hashable] = set()
        self.entries: list[Entry] = []

    def size(self) -> int:
        return len(self.topics)


def _topics(decision: Decision) -> Iterator[Hashable]:
    """By what it meets others: records, a subject, and its name or that of what it undoes."""
    yield "uid", decision.uid
    if isinstance(decision, Undo):
        yield "uid", decision.undoes
    if decision.subject:
        yield decision.subject
    yield from decision.named

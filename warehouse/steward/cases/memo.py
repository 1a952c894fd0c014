"""What was found out of a version of the data, kept until there is another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Answers to one question, by who asks; those of former versions are forgotten."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._state: object = None
        self._known: dict[tuple[str, ...] | None, T] = {}

    def of(self, state: object, seen: list[str] | None, find: Callable[[], T]) -> T:
        """The answer at a state of things, for who sees these outlets; found out once."""
        who, known = None if seen is None else tuple(seen), self._known
        if self._state != state:
            known = {}
        if who not in known:
            known[who] = find()
            self._state, self._known = state, known
        return known[who]

"""What was found out of a version of the data, kept until there is another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Answers to one question, by who asks; those of former versions are forgotten."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = threading.Lock()
        self._state: object = None
        self._known: dict[tuple[str, ...] | None, T] = {}

    def of(self, state: object, seen: list[str] | None, find: Callable[[], T]) -> T:
        """The answer at a state of things, for who sees these outlets; found out once."""
        who = None if seen is None else tuple(seen)
        with self._lock:  # a morning begins with everybody asking at once
            if self._state != state:
                self._state, self._known = state, {}
            if who not in self._known:
                self._known[who] = find()
            return self._known[who]

"""Chance: a seeded stream with the few throws that the world needs, and weighted lists."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")


def seed_of(*parts: int) -> int:
    """One seed out of several numbers, well mixed, so that streams do not resemble each other."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0])


class Dice(random.Random):
    """A seeded stream of chance. Scalar throws of numpy cost ten times as much as these."""

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random() < probability

    def below(self, number: int) -> int:
        """A whole number from 0 to number - 1."""
        return int(self.random() * number)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all alike."""
        return items[int(self.random() * len(items))]

    def digits(self, count: int) -> str:
        """A string of random digits."""
        return str(int(self.random() * 10**count)).zfill(count)

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both included; first when last is before it."""
        return first + timedelta(days=self.below(max((last - first).days, 0) + 1))


class Weighted(Generic[T]):
    """A list whose items come up by their weights."""

    def __init__(self, items: Sequence[T], weights: Iterable[float]) -> None:
        self.items = items
        self.weights = list(weights)
        self._cumulative = list(accumulate(self.weights))

    @classmethod
    def falling(cls, items: Sequence[T], flat: float = 6.0) -> Weighted[T]:
        """Items in falling frequency: weight 1 / (rank + flat)."""
        return cls(items, [1 / (rank + flat) for rank in range(len(items))])

    def throw(self, dice: Dice) -> T:
        """One item by its weight."""
        return self.items[bisect_left(self._cumulative, dice.random() * self._cumulative[-1])]

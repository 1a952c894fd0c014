"""Like cases decided at once: of one reason, and one in how everything compared."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from warehouse.steward.cases.queue import Case

#: Fewer are quicker decided one by one.
LEAST = 5
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
    def records(self) -> int:
        """Records that hang on a decision on all."""
        return sum(case.records for case in self.cases)


def sets(cases: Iterable[Case]) -> list[Likes]:
    """The sets of like cases that are large enough, the largest first."""
    alike: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if not case.is_key_account:
            alike[case.pattern].append(case)
    found = [Likes(pattern, tuple(some)) for pattern, some in alike.items() if len(some) >= LEAST]
    return sorted(found, key=lambda likes: (-len(likes.cases), likes.pattern))

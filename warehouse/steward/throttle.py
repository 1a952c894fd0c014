"""How often one may ask, counted in this process."""

from __future__ import annotations

from enum import Enum

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from connectors.errors import GuiyiError


class TooMany(GuiyiError):
    """One has asked too often."""

    code = "too_many"


class Rate(Enum):
    """So often a minute. A quick steward asks some 60 times, with the pages that are preloaded.

    VISIT: one person or program. KNOCK: one address that has not signed in: an office of stewards
    behind one address signs in within a minute.
    """

    VISIT = RateLimitItemPerMinute(1200)
    KNOCK = RateLimitItemPerMinute(120)


class Throttle:
    """Counts who asked how often."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def ensure(self, rate: Rate, who: str) -> None:
        """Count a request. Raises TooMany."""
        item: RateLimitItem = rate.value
        if not self._limiter.hit(item, rate.name, who):
            raise TooMany(f"more than {item.amount} requests a minute")

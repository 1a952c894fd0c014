"""The waterfall of a pair: how its weight comes together, bar by bar, from the prior to the sum."""

from __future__ import annotations

from dataclasses import dataclass

from matching.explain.phrases import Phrase, phrases
from matching.explain.shapes import Pair


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from one sum of bits to the next. kind: prior, for, against or total."""

    called: Phrase
    says: Phrase | None
    kind: str
    start: float
    end: float

    @property
    def bits(self) -> float:
        """How far the bar moves the sum."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Scale:
    """Bits to places on a line of so many units."""

    low: float
    high: float
    width: float

    def at(self, bits: float) -> float:
        """The place of a weight, clipped to the line."""
        share = (bits - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * self.width, 1)

    def ticks(self) -> list[int]:
        """Round numbers of bits along the line: at most nine."""
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if (self.high - self.low) / n <= 9)
        first = -int(-self.low // step) * step
        return list(range(first, int(self.high) + 1, step))


def bars(pair: Pair) -> list[Bar]:
    """The bars of a pair that was weighed; a comparison that says nothing has none."""
    assert pair.prior is not None
    assert pair.weight is not None
    words = phrases().clauses
    found = [Bar(words["prior"], None, "prior", 0.0, pair.prior)]
    for one in pair.evidence:
        if one.level is not None:
            at = found[-1].end
            kind = "for" if one.bits >= 0 else "against"
            found.append(Bar(one.called, one.says, kind, at, at + one.bits))
    return [*found, Bar(words["total"], None, "total", 0.0, pair.weight)]


def scale(pair: Pair, drawn: list[Bar], width: float) -> Scale:
    """A line that has room for every bar and both thresholds."""
    reached = [0.0, pair.link, pair.review, *(bar.end for bar in drawn)]
    margin = 0.06 * (max(reached) - min(reached))
    return Scale(min(reached) - margin, max(reached) + margin, width)

"""What a picture is made of: shapes and words at pixels, which a template writes as SVG.

Words are in both languages at one place, and the page shows one. How wide they are is estimated
from their characters, so that a picture is the same on a machine without Chinese fonts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from warehouse.dashboard.wording import Text

#: Width in pixels on screens and paper, and on phones.
WIDE, NARROW = 940, 340
INK = "#1c2733"

Anchor = Literal["start", "middle", "end"]
#: tick: beside an axis; value: a number; title: of an axis; inside: a number within its shape.
Kind = Literal["tick", "value", "title", "inside"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle. says: what a pointer over it tells."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    says: Text | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line of an axis or a grid."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points with a dot at each. dash: of the line, in SVG's words."""

    points: list[tuple[float, float]]
    colour: str
    dash: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place."""

    x: float
    y: float
    text: Text
    kind: Kind
    anchor: Anchor = "start"
    fill: str = INK


@dataclass(slots=True)
class Picture:
    """Shapes in the order in which they are drawn: rules, rectangles, lines, labels."""

    width: int
    height: float = 0
    rules: list[Rule] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


#: Draws for a width in pixels.
Drawing = Callable[[int], Picture]


def extent(text: Text | str) -> float:
    """About how many pixels words of 12 pixels take, in the language that takes more.

    >>> extent("D0012"), extent(Text("网点", "outlet"))
    (35.0, 42.0)
    """
    if isinstance(text, Text):
        return max(extent(text.zh), extent(text.en))
    return float(sum(12.5 if ord(character) > 0x2E80 else 7 for character in text))


def widest(texts: Iterable[Text | str]) -> float:
    """The extent of the widest of them; 0 without any."""
    return max(map(extent, texts), default=0.0)


def ticks(most: float, whole: bool = True) -> list[float]:
    """Three to six round values from 0 up to `most`; whole: no fractions.

    >>> ticks(1747), ticks(0.5, whole=False), ticks(2)
    ([0, 500, 1000, 1500], [0.0, 0.1, 0.2, 0.3, 0.4, 0.5], [0, 1, 2])
    """
    if most <= 0:
        return [0]
    size = 10.0 ** math.floor(math.log10(most / 4))
    step = next(size * by for by in (1, 2, 2.5, 5, 10) if most / (size * by) <= 5.01)
    if whole:
        step = max(1, round(step)) if step < 10 else round(step)
    return [round(step * number, 6) for number in range(int(most / step + 1.001))]


def on(fill: str) -> str:
    """Black or white, whichever is read better on a colour.

    >>> on("#0072b2"), on("#e69f00")
    ('#ffffff', '#1c2733')
    """
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else INK


def between(low: str, high: str, share: float) -> str:
    """The colour that lies so far from one to the other.

    >>> between("#000000", "#ffffff", 0.5)
    '#808080'
    """
    ends = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (low, high)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends, strict=True))

"""How values are typed wrong: named channels, each outlet with its own mixture of them.

A channel is a function `(text, scene) -> typed`; it returns the text unchanged where it does not
apply. Of each list at most one channel touches a value, so rates add up and stay readable.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from connectors.sample.addresses import Address
from connectors.sample.cars import Party
from connectors.sample.dice import Dice
from connectors.sample.outlets import Outlet


@dataclass(slots=True)
class Scene:
    """What the person at the keyboard has before him while typing one row."""

    dice: Dice
    outlet: Outlet
    party: Party
    phone: str
    address: Address
    engine: str
    plate: str
    other: str  # the name of somebody else of the family or firm; "" when there is nobody


Change = Callable[[str, Scene], str]


@dataclass(frozen=True, slots=True)
class Channel:
    """A kind of noise and its share of values at an outlet of average care."""

    name: str
    rate: float
    change: Change


class Mixture:
    """One list of channels with one outlet's rates."""

    def __init__(self, channels: tuple[Channel, ...], dice: Dice, sloppiness: float) -> None:
        rates = [channel.rate * _factor(dice) * sloppiness for channel in channels]
        excess = max(sum(rates) / 0.7, 1.0)  # even the worst outlet types three values in ten well
        self._channels = channels
        self._cumulative = list(accumulate(rate / excess for rate in rates))

    def apply(self, text: str, scene: Scene) -> tuple[str, str]:
        """The text as typed, and the name of the channel; "" when nothing happened."""
        draw = scene.dice.random()
        if not self._cumulative or draw >= self._cumulative[-1]:
            return text, ""
        channel = self._channels[bisect_right(self._cumulative, draw)]
        typed = channel.change(text, scene)
        return (typed, channel.name) if typed != text else (text, "")


def _factor(dice: Dice) -> float:
    """An outlet's leaning to a channel: mostly little, now and then a habit; its mean is near 1."""
    return math.exp(dice.gauss(-0.6, 0.8)) * (12 if dice.chance(0.03) else 1)


def sprinkle(text: str, scene: Scene, what: str) -> str:
    """`text` with `what` put in between two of its characters."""
    if len(text) < 2:
        return text
    at = 1 + scene.dice.below(len(text) - 1)
    return text[:at] + what + text[at:]


def fullwidth(text: str, scene: Scene) -> str:
    """ASCII letters and digits in their full-width forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

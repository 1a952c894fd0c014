"""From weights to words: the bars of a waterfall and the clauses of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matching.compare import COMPARATORS
from matching.explain.phrases import Phrase, phrases
from matching.explain.shapes import Evidence, Word
from matching.explain.weighing import Weighed
from matching.model import Comparison, Model

#: So many comparisons on each side are told in a sentence: the rest is in the table.
_TOLD = 3

#: Comparators whose further columns tell the same more roughly, where the first is empty.
_STAND_IN = ("phones", "identity", "address")

_NOTHING = Phrase(zh="", en="")

#: A profile's columns and their values.
Row = Mapping[str, Any]


def evidence(model: Model, weighed: Weighed, left: Row, right: Row) -> tuple[Evidence, ...]:
    """The bars of a pair's waterfall, in the model's order. left, right: the profiles' rows."""
    words = phrases()
    return tuple(
        Evidence(
            name,
            words.comparison(name),
            level := weighed.levels[name],
            words.level(model, name, level) if level else None,
            weighed.bits[name],
            shown(comparison, left),
            shown(comparison, right),
        )
        for name, comparison in model.comparisons.items()
    )


def shown(comparison: Comparison, row: Row) -> str | None:
    """What a profile has for a comparison: its main column, or what stands in for it."""
    roles = COMPARATORS[comparison.compare].roles
    for role in roles if comparison.compare in _STAND_IN else roles[:1]:
        value = row[comparison.columns[role]]
        told = ", ".join(map(str, value)) if isinstance(value, list) else value
        if told not in (None, ""):
            return str(told)
    return None


def clauses(model: Model, weighed: Weighed) -> Phrase:
    """What speaks most for a pair and what against it, each with its bits, and the prior."""
    words = phrases().clauses
    heaviest = sorted(weighed.bits, key=lambda name: -abs(weighed.bits[name]))
    prior = signed(weighed.prior)
    zh, en = [f"{words['prior'].zh} {prior}"], [f"{words['prior'].en} {prior}"]
    for kind, sign in (("support", 1), ("against", -1)):
        told = [_clause(model, weighed, n) for n in heaviest if sign * weighed.bits[n] > 0][:_TOLD]
        if told:
            zh.append(f"{words[kind].zh}：{'、'.join(one.zh for one in told)}")
            en.append(f"{words[kind].en}: {', '.join(one.en for one in told)}")
    return Phrase(zh="；".join(zh), en="; ".join(en))


def _clause(model: Model, weighed: Weighed, name: str) -> Phrase:
    words = phrases()
    called = words.comparison(name)
    says = words.level(model, name, weighed.levels[name] or "")
    bits = signed(weighed.bits[name])
    return Phrase(zh=f"{called.zh}{says.zh}（{bits}）", en=f"{called.en} {says.en} ({bits})")


def sentence(first: Phrase, then: Phrase = _NOTHING) -> Phrase:
    """One or two parts as one sentence with its full stop."""
    return Phrase(
        zh=first.zh + (f"；{then.zh}" if then.zh else "") + "。",
        en=first.en + (f"; {then.en}" if then.en else "") + ".",
    )


def weight(bits: float | None) -> Phrase:
    """A link's weight, or that it is a decision."""
    words = phrases().clauses
    return words["decided"] if bits is None else words["bits"].filled(weight=plain(bits))


def signed(bits: float) -> str:
    """Bits with one decimal and their sign.

    >>> signed(12.77), signed(-1.72), signed(-0.01)
    ('+12.8', '−1.7', '0.0')
    """
    rounded = f"{bits:+.1f}"
    return "0.0" if float(rounded) == 0 else rounded.replace("-", "−")


def plain(bits: float) -> str:
    """Bits with one decimal, and a sign below zero only.

    >>> plain(12.77), plain(-1.72)
    ('12.8', '−1.7')
    """
    return signed(bits).removeprefix("+")


def among(words: Iterable[Word], *sides: set[str]) -> tuple[Word, ...]:
    """The decisions with one record in each of two sets, or both in the one, pending ones too."""
    one, other = sides[0], sides[-1]
    return tuple(
        w for w in words
        if (w.left in one and w.right in other) or (w.left in other and w.right in one)
    )  # fmt: skip

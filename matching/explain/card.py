"""A model laid open: what every level of every comparison is worth in bits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from matching.compare import COMPARATORS
from matching.explain.expected import Expected
from matching.explain.phrases import Phrase, phrases
from matching.model import Comparison, Level, Model

#: Share of profiles that hold a (common, ordinary, rare) value that comes out at a level.
Shares = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class LevelCard:
    """A level. bits: its match weight, of an ordinary value where `tf` counts how common it is.

    common, rare: what it is worth for a common and for a rare value; else the same as bits.
    """

    level: str
    says: Phrase
    m: float
    u: float
    tf: float
    bits: float
    common: float
    rare: float


@dataclass(frozen=True, slots=True)
class ComparisonCard:
    """A comparison. compare: its comparator; looks_at: what that one says of itself."""

    comparison: str
    called: Phrase
    compare: str
    looks_at: str
    levels: tuple[LevelCard, ...]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model among so many profiles; prior, link and review in bits.

    expected: what it expects of each threshold, where a run's pairs tell.
    """

    name: str
    version: int
    digest: str
    profiles: int
    prior: float
    link: float
    review: float
    comparisons: tuple[ComparisonCard, ...]
    expected: tuple[Expected, ...]


def lay_open(
    model: Model,
    profiles: int,
    shares: Mapping[str, Mapping[str, Shares]],
    expected: tuple[Expected, ...] = (),
) -> ModelCard:
    """Weigh every level among so many profiles.

    shares: comparison -> level -> how common its values are, as `weighing.frequencies` measures
    them; for one that is not there `u` stands for the share.
    """
    return ModelCard(
        model.name,
        model.version,
        model.digest,
        profiles,
        model.prior(profiles),
        model.thresholds.link,
        model.thresholds.review,
        tuple(
            _comparison(name, comparison, profiles, shares.get(name, {}))
            for name, comparison in model.comparisons.items()
        ),
        expected,
    )


def _comparison(
    name: str, comparison: Comparison, profiles: int, shares: Mapping[str, Shares]
) -> ComparisonCard:
    comparator, words = COMPARATORS[comparison.compare], phrases()
    return ComparisonCard(
        name,
        words.comparison(name),
        comparator.name,
        comparator.says,
        tuple(
            _level(level, words.levels[comparator.name][level], comparison.levels[level], profiles,
                   shares.get(level) if comparison.levels[level].tf else None)
            for level in comparator.levels
        ),
    )  # fmt: skip


def _level(
    name: str, says: Phrase, level: Level, profiles: int, shares: Shares | None
) -> LevelCard:
    u = level.chance(profiles)
    common, ordinary, rare = (
        math.log2(level.m) - (1 - level.tf) * math.log2(u) - level.tf * math.log2(share)
        for share in (shares or (u, u, u))
    )
    return LevelCard(name, says, level.m, u, level.tf, ordinary, common, rare)

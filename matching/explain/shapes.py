"""What an explanation holds; plain data, from which a terminal, JSON or a page is made.

Weights are match weights in bits. A record stands for its profile: the one asked for, or the
profile's first record key.
"""

from __future__ import annotations

from dataclasses import dataclass

from matching.explain.phrases import Phrase
from matching.explain.reach import SetAside, SharedKey


@dataclass(frozen=True, slots=True)
class Word:
    """A steward's decision on two records.

    pending: it was made after the last run began, which therefore did not know of it.
    """

    left: str
    right: str
    verdict: str
    who: str
    when: str
    note: str
    pending: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One bar of the waterfall: a comparison, how it came out, and what both sides have.

    level and says are None where it says nothing: a side lacks the value, or another comparison
    tells the same already.
    """

    comparison: str
    called: Phrase
    level: str | None
    says: Phrase | None
    bits: float
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two records. weight: None where it is a steward's decision."""

    left: str
    right: str
    weight: float | None
    says: Phrase


@dataclass(frozen=True, slots=True)
class Doubt:
    """A link between two customers that was refused, or waits for a steward.

    other: the golden id beyond `right`. reason: its code. left_values, right_values: what
    contradicts, where a constraint refused it.
    """

    left: str
    right: str
    other: str
    weight: float | None
    reason: str
    says: Phrase
    left_values: tuple[str, ...] = ()
    right_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Why two records are, or are not, one customer.

    outcome: a key of `outcomes` in phrases.yml; says: its sentence with the evidence.
    weight, prior: None where the two have the same content. band: after the rules; by_weight:
    without them. chain: the strongest way between the two, where their own link does not join
    them; weakest: its weakest link. between: other links between their two customers that were
    refused or wait.
    """

    left: str
    right: str
    left_id: str
    right_id: str
    outcome: str
    says: Phrase
    link: float
    review: float
    prior: float | None = None
    weight: float | None = None
    by_weight: str | None = None
    band: str | None = None
    rule: str | None = None
    rule_says: Phrase | None = None
    evidence: tuple[Evidence, ...] = ()
    refused: Doubt | None = None
    keys: tuple[SharedKey, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    chain: tuple[Tie, ...] = ()
    weakest: Tie | None = None
    between: tuple[Doubt, ...] = ()
    decisions: tuple[Word, ...] = ()

    @property
    def together(self) -> bool:
        """Whether the two are one customer."""
        return self.left_id == self.right_id


@dataclass(frozen=True, slots=True)
class Member:
    """A profile of an entity. values: what it has, by comparison, as (name of it, value)."""

    record: str
    records: tuple[str, ...]
    values: tuple[tuple[Phrase, str], ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """Why an entity holds together.

    links: its maximum spanning tree, strongest first. all_links: how many links there are in all.
    weakest: the weakest of the tree that is no decision; parts: the numbers of records that would
    part without it.
    """

    golden_id: str
    says: Phrase
    members: tuple[Member, ...]
    links: tuple[Tie, ...]
    all_links: int
    weakest: Tie | None
    parts: tuple[int, int] | None
    refused: tuple[Doubt, ...]
    waiting: tuple[Doubt, ...]
    decisions: tuple[Word, ...]

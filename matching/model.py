"""The model: a versioned YAML file of what is compared, how it is found and what it is worth.

The lists are the algorithm. `matching/models/customers.yml` is the shipped one; its comments say
where each number comes from.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from connectors.config import Config, read_yaml

MODELS = Path(__file__).parent / "models"
CUSTOMERS = MODELS / "customers.yml"


class Level(Config):
    """One outcome of a comparison.

    m: how often two records of one person come out so. u: how often two people's do; or
    holders: the same as a number of profiles, for values that a few hold however many there are.
    tf: how much of `u` the value's own frequency replaces, 0 (none of it) to 1 (all of it).
    """

    m: float = Field(gt=0, le=1)
    u: float | None = Field(default=None, gt=0, le=1)
    holders: float | None = Field(default=None, gt=0)
    tf: float = Field(default=0, ge=0, le=1)

    @model_validator(mode="after")
    def one_chance(self) -> Level:
        """Chance agreement is given in one way."""
        if (self.u is None) == (self.holders is None):
            raise ValueError("give either u or holders")
        return self

    def chance(self, profiles: int) -> float:
        """u, among so many profiles."""
        if self.u is not None:
            return self.u
        return min(1.0, (self.holders or 1.0) / max(profiles, 2))

    def bits(self, profiles: int) -> float:
        """The match weight of the level: log2(m / u)."""
        return math.log2(self.m / self.chance(profiles))


class Namesakes(Config):
    """How much commoner one value is among those of one place than among all.

    Counted from people who are known to be two: `who` is SQL over a profile that differs between
    them, NULL where it cannot be told. near: comparison -> its level -> the set column whose
    elements are the places that two profiles at that level share.
    """

    who: str
    near: dict[str, dict[str, str]]


class Comparison(Config):
    """Compare some columns of two profiles by a comparator of `matching.compare`.

    columns: the comparator's role -> profile column. unless: SQL over `l` and `r`; where it is
    true the comparison says nothing, because another one tells the same already. Of sets it
    may ask whether they are empty or equal: it is given hashes.
    frequency: the profile columns that make its value, for levels with `tf`. namesakes: what
    living near each other adds to that frequency.
    """

    compare: str
    columns: dict[str, str]
    levels: dict[str, Level]
    unless: str | None = None
    frequency: str | None = None
    namesakes: Namesakes | None = None


class BlockingKey(Config):
    """Profiles that agree on all of `columns` are compared; a list column gives a key per element.

    cap: in a block with more profiles each is compared with few neighbours; it is reported.
    """

    columns: tuple[str, ...]
    cap: int = Field(default=200, ge=2)


class Behaviour(Config):
    """How many people may hold a value of a column, counted as distinct values of `by`.

    shared: from so many holders on, agreement counts as shared. generic: from so many on, the
    value neither finds nor scores.
    """

    by: str
    shared: int = Field(ge=2)
    generic: int = Field(ge=2)


class Folding(Config):
    """When records that differ are one profile all the same.

    alike: the columns that tell who it is; records equal in all of them are one profile where
    `when` (SQL over the columns) holds, as it does for a full name with its own phone number.
    sets: profile column -> SQL over the columns; what else the records of a profile tell is
    gathered there as a set. Where `when` does not hold, records must be equal in the sets too.
    """

    alike: tuple[str, ...]
    when: str
    sets: dict[str, str]


class Rule(Config):
    """What weights cannot say: where `when` holds, the pair's band is at most `band`."""

    when: str
    band: Literal["review", "leave"]
    because: str


class Constraint(Config):
    """Two profiles that differ in a column are never one entity.

    ask: whether a steward is asked about a link that the constraint refuses: always, never, or SQL
    over the edge.
    """

    column: str
    because: str
    ask: bool | str = True


class Thresholds(Config):
    """Match weights in bits: at least `link` joins, at least `review` asks a steward."""

    link: float
    review: float

    @model_validator(mode="after")
    def ordered(self) -> Thresholds:
        """The review band lies below the link band."""
        if self.review > self.link:
            raise ValueError("review must not be above link")
        return self


class Costs(Config):
    """What a wrong outcome costs, where a steward's look at a pair costs 1.

    A pair is linked without a look where the false links saved cost less than the looks, and is
    shown where the matches found are worth more than the looks: so the review band is no wider
    than it pays.
    """

    false_link: float = Field(gt=1)
    missed_match: float = Field(gt=1)

    @property
    def thresholds(self) -> Thresholds:
        """The weights at which the expected costs are equal, in bits.

        >>> Costs(false_link=17, missed_match=1.125).thresholds
        Thresholds(link=4.0, review=3.0)
        """
        link = math.log2(self.false_link - 1)
        return Thresholds(link=link, review=min(link, -math.log2(self.missed_match - 1)))


class Slips(Config):
    """Levels of `names` that a slip of the hand explains as well as a family does.

    A slip is typed once, a brother is told again and again: two entities at such a level are shown
    to a steward only while one of them has at most so many `records`.
    """

    levels: tuple[str, ...]
    records: int = Field(ge=1)


class Bridges(Config):
    """When one weak link that holds two groups together is cut.

    weight: a link of fewer bits is weak. members: both groups have so many profiles at least.
    mean: all pairs across, scored at last, come to fewer bits on average.
    """

    weight: float
    members: int = Field(default=2, ge=1)
    mean: float


class Model(Config):
    """A whole model; see the fields' own classes.

    columns: column -> SQL over a record. folding: which of them make a profile; without it, all
    columns are the profile's, and records equal in all of them are one.
    matches_per_profile: how many other profiles of the same person a profile has on average, for
    the prior. names: the comparison that says which names contradict and so keep entities apart.
    over_names: SQL over an edge, true where its evidence stands above any name. full_name: SQL
    over a profile, false where it holds only a part of a name, which contradicts nobody and must
    not bring two people together. tied_by: the comparison whose best level alone tells one
    person, from whose pairs training begins.
    identifying: SQL over the columns, false where they say so little that two records of the same
    content need not be one person's; such records are not folded into one profile.
    The bands are given by `thresholds`, or by `costs` from which they follow.
    """

    name: str
    version: int
    columns: dict[str, str]
    folding: Folding | None = None
    matches_per_profile: float = Field(default=2.0, gt=0)
    behaviours: dict[str, Behaviour] = Field(default_factory=dict)
    blocking: dict[str, BlockingKey]
    comparisons: dict[str, Comparison]
    rules: dict[str, Rule] = Field(default_factory=dict)
    constraints: dict[str, Constraint] = Field(default_factory=dict)
    names: str | None = None
    slips: Slips | None = None
    bridges: Bridges | None = None
    over_names: str = "false"
    full_name: str = "true"
    tied_by: str | None = None
    identifying: str = "true"
    costs: Costs | None = None
    thresholds: Thresholds

    @model_validator(mode="before")
    @classmethod
    def bands_by_costs(cls, content: Any) -> Any:
        """Thresholds follow from the costs where these are given alone."""
        if not isinstance(content, dict) or "costs" not in content or "thresholds" in content:
            return content
        return content | {"thresholds": Costs.model_validate(content["costs"]).thresholds}

    @model_validator(mode="after")
    def one_word_on_bands(self) -> Model:
        """Thresholds beside costs are the ones that follow from them."""
        if self.costs is not None and self.costs.thresholds != self.thresholds:
            follow = self.costs.thresholds
            raise ValueError(
                f"thresholds: from costs follow link {follow.link:g} and review {follow.review:g};"
                " give one of the two"
            )
        return self

    @model_validator(mode="after")
    def known_columns(self) -> Model:
        """Every column that is used is a column of the profile."""
        used = {c for key in self.blocking.values() for c in key.columns}
        used |= {c for cmp in self.comparisons.values() for c in cmp.columns.values()}
        used |= {c.column for c in self.constraints.values()}
        described = set(self.behaviours) | {b.by for b in self.behaviours.values()}
        described |= set(self.alike)
        lacking = sorted(
            (used - {*self.alike, *self.sets, *(f"{c}_shared" for c in self.behaviours)})
            | (described - set(self.columns))
        )
        if lacking:
            raise ValueError(f"columns that the profile does not have: {', '.join(lacking)}")
        if self.names is not None and self.names not in self.comparisons:
            raise ValueError(f"names: no comparison is called {self.names}")
        if self.slips is not None and self.names is None:
            raise ValueError("slips: give the comparison of names, too")
        if self.tied_by is not None and self.tied_by not in self.comparisons:
            raise ValueError(f"tied_by: no comparison is called {self.tied_by}")
        return self

    @model_validator(mode="after")
    def own_rules(self) -> Model:
        """No rule is called like what the grouping says of links that it holds back."""
        from matching.engine import HELD_BACK

        if taken := sorted(set(self.rules) & set(HELD_BACK)):
            raise ValueError(f"rules: {', '.join(taken)} is the grouping's own word")
        return self

    @model_validator(mode="after")
    def own_names(self) -> Model:
        """A set is not called like a column."""
        if twice := sorted(set(self.sets) & set(self.columns)):
            raise ValueError(f"sets that are called like columns: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def known_levels(self) -> Model:
        """Every comparison names a comparator, gives all of its columns and all of its levels."""
        from matching.compare import COMPARATORS

        for name, comparison in self.comparisons.items():
            comparator = COMPARATORS.get(comparison.compare)
            if comparator is None:
                known = ", ".join(sorted(COMPARATORS))
                raise ValueError(f"{name}: unknown comparator {comparison.compare}; known: {known}")
            if set(comparison.levels) != set(comparator.levels):
                raise ValueError(f"{name}: levels must be {', '.join(comparator.levels)}")
            if set(comparison.columns) != set(comparator.roles):
                raise ValueError(f"{name}: columns must be {', '.join(comparator.roles)}")
            self._check_namesakes(name, comparison)
        return self

    def _check_namesakes(self, name: str, comparison: Comparison) -> None:
        """Namesakes belong to a frequency, and name levels and sets that there are."""
        if comparison.namesakes is None:
            return
        if comparison.frequency is None:
            raise ValueError(f"{name}: namesakes without frequency")
        for other, levels in comparison.namesakes.near.items():
            known = self.comparisons[other].levels if other in self.comparisons else {}
            lacking = {*levels} - {*known} | {*levels.values()} - {*self.sets}
            if lacking or not known:
                told = ", ".join(sorted(lacking)) or other
                raise ValueError(f"{name}: namesakes near what is not in the model: {told}")

    @property
    def alike(self) -> tuple[str, ...]:
        """The columns in which all records of a profile are equal."""
        return self.folding.alike if self.folding else tuple(self.columns)

    @property
    def sets(self) -> dict[str, str]:
        """The profile's columns that gather what its records tell: SQL over the columns."""
        return self.folding.sets if self.folding else {}

    @property
    def digest(self) -> str:
        """SHA-256 of the model's content: two models with one digest decide alike."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def prior(self, profiles: int) -> float:
        """Bits against two of `profiles` random profiles being one person."""
        return math.log2(self.matches_per_profile / max(profiles, 2))


def find(name: str) -> Path:
    """The file of a shipped model by its name, or else the file of that name.

    >>> find("customers") == CUSTOMERS
    True
    """
    shipped = MODELS / f"{name}.yml"
    return shipped if shipped.exists() else Path(name)


def load(path: Path = CUSTOMERS) -> Model:
    """Read a model file. Raises SettingError naming the file and every faulty key."""
    return read_yaml(path, Model)

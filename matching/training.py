"""Learn m and u from the records themselves, without labels; stewards' decisions help where given.

Four steps over the tables that the engine leaves (`profile`, and `candidate` for blocked pairs):

  chance   u of each level: how often random pairs of profiles come out so; pairs of equal values
           are counted exactly from the values' frequencies, the rest on a seeded sample
  ties     m to begin with: among pairs that `tied_by` says are one, what the other comparisons say
  EM       m and the share of matches in turn, with u fixed: every pair that no blocking key found
           counts as no match, so that a level which blocking itself looks for keeps its worth
  balance  where a weight follows the value's own frequency, m is set so that the level is worth
           over all values together what it is worth on average

Pairs that a rule leaves apart are no matches; decided pairs are what the steward said. A level too
rare to be counted keeps the model's own number. The same input and seed give the same model.

Source of the method: Fellegi and Sunter 1969; Winkler 1988 (EM); here with u fixed, as in Splink.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching import scoring
from matching.model import Level, Model
from matching.relations import count, number, pull

#: Random pairs that are compared for u, and blocked pairs at most for m.
RANDOM_PAIRS, BLOCKED_PAIRS = 600_000, 400_000
#: A level is counted when so many pairs show it; below, the model's own number stands.
_FEWEST = 30
#: The model's own m counts as so many pairs, so that a level nobody reached does not become zero.
_STRENGTH = 20.0
_ROUNDS, _SETTLED = 50, 1e-5
#: Frequencies are taken in steps of so many bits.
_STEP = 0.25
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trained:
    """model: with m and u learned. matches: pairs of profiles that are expected to be one person.

    pairs: blocked pairs learned from. rounds: of EM, until nothing changed.
    """

    model: Model
    matches: float
    pairs: int
    rounds: int


def train(con: duckdb.DuckDBPyConnection, model: Model, seed: int = 1) -> Trained:
    """Learn from `profile` and `candidate` (see the module); replaces `candidate` by a sample.

    A table `decided_pair` (a, b, same BOOLEAN; profiles, a < b) is taken for stewards' words where
    there is one. Raises ValueError where no pair of records was found to learn from.
    """
    scoring.share(con, model)
    profiles = count(con, "profile")
    blocked = count(con, "candidate")
    if not blocked:
        raise ValueError("no two records share a blocking key: there is nothing to learn from")
    con.execute("CREATE OR REPLACE TEMP TABLE blocked AS FROM candidate")
    _draw(con, profiles, seed)
    _sample(con, blocked, seed)
    # both at once: most of it is preparing the profiles' values
    con.execute("INSERT INTO candidate FROM drawn")
    scoring.compare(con, model)
    chance = _chance(con, model)
    patterns = _Patterns.count(con, model, blocked)
    start = _with_u(model, chance)
    learned, matches, rounds = _em(start, patterns, profiles, chance)
    con.execute("CREATE OR REPLACE TEMP TABLE candidate AS FROM blocked")
    for table in ("blocked", "drawn", "compared"):
        con.execute(f"DROP TABLE {table}")
    share = max(2 * matches / max(profiles, 1), 1e-6)
    fields = {"version": model.version + 1, "matches_per_profile": round(share, 4)}
    return Trained(learned.model_copy(update=fields), matches, patterns.total, rounds)


# --- u: what chance does ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chance:
    """Of random pairs: how many came out at a level, with how many known; 1 / frequency on average.

    seen: comparison -> level -> pairs (weighted). known: comparison -> pairs. lift: comparison ->
    level -> mean of frequency ** -tf, for levels whose weight follows the frequency.
    """

    seen: dict[str, dict[str, float]]
    known: dict[str, float]
    lift: dict[str, dict[str, float]]

    def u(self, name: str, level: str) -> float | None:
        """The share of random pairs at a level; None where too few were seen."""
        seen = self.seen[name].get(level, 0.0)
        return seen / self.known[name] if seen >= _FEWEST else None


def _draw(con: duckdb.DuckDBPyConnection, profiles: int, seed: int) -> None:
    """Fill `drawn` (a, b) with random pairs that no blocking key found."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE drawn AS
        SELECT DISTINCT CAST(least(x, y) AS INTEGER) AS a, CAST(greatest(x, y) AS INTEGER) AS b
        FROM (SELECT hash(i, {seed}, 'left') % {profiles} AS x,
                     hash(i, {seed}, 'right') % {profiles} AS y
              FROM range({RANDOM_PAIRS}) AS drawn (i))
        -- in a store where everybody stands ten times, random pairs too are often one person
        ANTI JOIN blocked ON blocked.a = least(x, y) AND blocked.b = greatest(x, y)
        WHERE x <> y
    """)


def _chance(con: duckdb.DuckDBPyConnection, model: Model) -> _Chance:
    con.execute("""
        CREATE OR REPLACE TEMP TABLE by_chance AS FROM compared SEMI JOIN drawn USING (a, b)
    """)
    seen: dict[str, dict[str, float]] = {}
    known, lift = {}, {}
    for name, comparison in model.comparisons.items():
        rows = con.execute(
            f"SELECT {name}::VARCHAR, count(*) FROM by_chance WHERE {name} IS NOT NULL GROUP BY 1"
        ).fetchall()
        seen[name] = {str(level): float(pairs) for level, pairs in rows}
        known[name] = max(sum(seen[name].values()), 1.0)
        lift[name] = _lifts(con, name, model) if comparison.frequency else {}
    con.execute("DROP TABLE by_chance")
    return _Chance(seen, known, lift)


def _lifts(con: duckdb.DuckDBPyConnection, name: str, model: Model) -> dict[str, float]:
    """Level -> mean of frequency ** -tf over the random pairs at that level."""
    found = {}
    for level, content in model.comparisons[name].levels.items():
        if content.tf:
            ((mean,),) = con.execute(
                f"SELECT avg({name}_frequency ** -{content.tf!r}) FROM by_chance WHERE {name} = ?",
                [level],
            ).fetchall()
            if mean is not None:
                found[level] = float(mean)
    return found


def _with_u(model: Model, chance: _Chance) -> Model:
    """The model with the u that was counted; `holders` are facts of life and stay."""

    def better(name: str, level_name: str, level: Level) -> Level:
        u = chance.u(name, level_name)
        if level.u is None or u is None:
            return level
        return level.model_copy(update={"u": _rounded(u)})

    return _changed(model, better)


# --- m: what one person's records do ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Blocked pairs that came out alike. level: [comparison] -> n level numbers, -1 for none.

    bits_of_frequency: [comparison] -> n, log2 of the values' frequency. pairs: n. fixed: n, the
    posterior that is known: 0, 1, or NaN. weight: blocked pairs in all / those counted.
    """

    level: dict[str, npt.NDArray[np.int64]]
    frequency: dict[str, Floats]
    pairs: Floats
    fixed: Floats
    tied: npt.NDArray[np.bool_]
    weight: float

    @property
    def total(self) -> int:
        """Pairs that were counted."""
        return int(self.pairs.sum())

    @classmethod
    def count(cls, con: duckdb.DuckDBPyConnection, model: Model, blocked: int) -> _Patterns:
        """Group what `compared` says of blocked pairs."""
        names = list(model.comparisons)
        tf = [name for name, c in model.comparisons.items() if c.frequency]
        steps = [f"round(log2({n}_frequency) / {_STEP}) * {_STEP} AS {n}_step" for n in tf]
        left = [f"coalesce({r.when}, false)" for r in model.rules.values() if r.band == "leave"]
        decided = bool(
            number(con, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'decided_pair'")
        )
        joined = "LEFT JOIN decided_pair USING (a, b)" if decided else ""
        columns = [*names, *steps, f"({' OR '.join(left) or 'false'}) AS is_left"]
        columns.append("same AS said" if decided else "CAST(NULL AS BOOLEAN) AS said")
        # a rule may ask for the weight, which is not known yet
        table = pull(
            con,
            f"""SELECT *, count(*) AS pairs FROM (
                    SELECT {", ".join(columns)}
                    FROM (SELECT *, 0.0 AS weight FROM compared ANTI JOIN drawn USING (a, b))
                    {joined}
                ) GROUP BY ALL ORDER BY ALL""",
        )
        fixed = np.where(np.array(table["is_left"]), 0.0, np.nan)
        said = _numbers(table["said"], ["false", "true"])
        fixed[said >= 0] = said[said >= 0]
        level = {
            name: _numbers(table[name], list(comparison.levels))
            for name, comparison in model.comparisons.items()
        }
        pairs = table["pairs"].to_numpy().astype(np.float64)
        tied = np.zeros(len(pairs), dtype=bool)
        if model.tied_by is not None:
            tied = (level[model.tied_by] == 0) & ~(fixed == 0)
        steps_of = {n: table[f"{n}_step"].to_numpy().astype(np.float64) for n in tf}
        return cls(level, steps_of, pairs, fixed, tied, blocked / max(pairs.sum(), 1))


def _numbers(values: pa.ChunkedArray[Any], words: list[str]) -> npt.NDArray[np.int64]:
    """The place of each value among the words, -1 where there is none."""
    place: Any = pc.index_in(values.cast(pa.string()), value_set=pa.array(words, pa.string()))
    return np.asarray(place.fill_null(-1)).astype(np.int64)


def _em(
    model: Model, patterns: _Patterns, profiles: int, chance: _Chance
) -> tuple[Model, float, int]:
    """m and the number of matches, until they settle; returned with the rounds that it took."""
    learned = _with_m(model, model, patterns, patterns.tied.astype(np.float64), chance, True)
    possible = max(profiles * (profiles - 1) / 2, 1)
    matches = model.matches_per_profile * profiles / 2
    rounds, before = 0, 0.0
    while rounds < _ROUNDS and abs(matches - before) > _SETTLED * before:
        rounds += 1
        weight = math.log2(matches / possible) + _bits(learned, patterns, profiles)
        posterior = 1 / (1 + np.exp2(-np.clip(weight, -500, 500)))
        posterior = np.where(np.isnan(patterns.fixed), posterior, patterns.fixed)
        before, matches = matches, float((posterior * patterns.pairs).sum()) * patterns.weight
        matches = max(matches, 1.0)
        learned = _with_m(model, learned, patterns, posterior, chance, False)
    return learned, matches, rounds


def _bits(model: Model, patterns: _Patterns, profiles: int) -> Floats:
    """The sum of the weights of each pattern."""
    total = np.zeros(len(patterns.pairs))
    size = scoring.population(profiles)
    for name, comparison in model.comparisons.items():
        at = patterns.level[name]
        for place, level in enumerate(comparison.levels.values()):
            here = at == place
            if comparison.frequency and level.tf:
                fixed = math.log2(level.m) - (1 - level.tf) * math.log2(level.chance(size))
                total[here] += fixed - level.tf * patterns.frequency[name][here]
            else:
                total[here] += level.bits(size)
    return total


def _with_m(
    start: Model,
    model: Model,
    patterns: _Patterns,
    posterior: Floats,
    chance: _Chance,
    tied: bool,
) -> Model:
    """The model with the m of pairs that are one person's with these posteriors.

    start: whose m stands where nothing was seen. tied: leave the comparison that ties as it is.
    """
    share = posterior * patterns.pairs
    seen = {
        name: np.bincount(
            patterns.level[name][patterns.level[name] >= 0],
            weights=share[patterns.level[name] >= 0],
            minlength=len(comparison.levels),
        )
        for name, comparison in start.comparisons.items()
    }

    def better(name: str, level_name: str, level: Level) -> Level:
        comparison = start.comparisons[name]
        own = comparison.levels[level_name]
        if tied and name == start.tied_by:
            return own
        told = seen[name].sum()
        whole = sum(one.m for one in comparison.levels.values())
        at = list(comparison.levels).index(level_name)
        m = (seen[name][at] + _STRENGTH * own.m / whole) / (told + _STRENGTH)
        if comparison.frequency and own.tf:
            balance = _balance(name, level_name, own, chance)
            if balance is None:
                return own
            m *= balance
        return level.model_copy(update={"m": _rounded(min(m, 1.0))})

    return _changed(model, better)


def _balance(name: str, level_name: str, level: Level, chance: _Chance) -> float | None:
    """What m is multiplied by, for the mean of m / u over chance pairs to be the level's own m / u.

    None where chance shows the level too seldom to tell.
    """
    u, lift = chance.u(name, level_name), chance.lift[name].get(level_name)
    if u is None or lift is None:
        return None
    own = level.u if level.u is not None else u
    return 1 / (u * lift * math.pow(own, level.tf - 1))


def _changed(model: Model, better: Any) -> Model:
    """The model with each level as `better(comparison, level name, level)` gives it."""
    comparisons = {
        name: comparison.model_copy(
            update={"levels": {n: better(name, n, lv) for n, lv in comparison.levels.items()}}
        )
        for name, comparison in model.comparisons.items()
    }
    return model.model_copy(update={"comparisons": comparisons})


def _rounded(value: float) -> float:
    """Four significant digits: what a file can be read by."""
    return float(f"{max(value, 1e-9):.4g}")


def _sample(con: duckdb.DuckDBPyConnection, blocked: int, seed: int) -> None:
    """Put blocked pairs into `candidate`, by chance where there are too many."""
    share = min(1.0, BLOCKED_PAIRS / blocked)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE candidate AS FROM blocked
        WHERE hash(a, b, {seed}) % 1000000 < {math.ceil(share * 1_000_000)}
    """)

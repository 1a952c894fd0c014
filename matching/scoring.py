"""Score the candidates: levels, match weights in bits, bands.

Three steps that can be called by themselves:
  share    `profile` -> `<comparison>_frequency`: how common each profile's value is, for the
           comparisons whose weight depends on it
  compare  `profile`, `candidate` -> `compared`: a, b, the level of each comparison (or NULL), and
           those frequencies
  weigh    `compared` -> `edge`: a, b, levels, weight (prior and bits), band, the rule that set it.
           Pairs below the review threshold are not kept.
Levels and bands are ENUMs: one byte each, and they read as words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from matching.compare import COMPARATORS, Comparator
from matching.compare.base import hashes_sql, set_sql, word_sql
from matching.model import Comparison, Model
from matching.relations import count, is_list, kept, pull, put

#: No name is held by fewer than one in ten million people as far as a single store can tell.
RAREST = 1e-7
#: A smaller store is judged as one of so many profiles, and a value's share as if so many others
#: had been seen: in twenty rows every name is common.
SMALLEST = 2_000
#: So many profiles may be one person's who is known under one name.
ONE_PERSONS = 10
#: Counts are used in classes, so many to a doubling: they change every night, and weights that
#: followed each change would have everything weighed anew. A quarter of a bit is no evidence.
_CLASSES = 2
#: Namesakes rarer than one pair in a million are not told from chance.
_FEWEST_NEAR = 1e-6
_BANDS = ("link", "review", "leave")


def score(con: duckdb.DuckDBPyConnection, model: Model, bits: bool = False) -> int:
    """Fill `edge` with the pairs in the link and review bands; return their number.

    bits: with a column `<comparison>_bits` each, to show how a weight comes about.
    """
    share(con, model)
    compare(con, model)
    kept = weigh(con, model, count(con, "profile"), bits)
    con.execute("DROP TABLE compared")
    return kept


def share(con: duckdb.DuckDBPyConnection, model: Model, profiles: str = "profile") -> None:
    """Fill `<comparison>_frequency` (profile_id, frequency) where a model asks for it.

    And `<comparison>_nearby` (place, rate), one row for each set column of its namesakes.
    """
    for name, comparison in model.comparisons.items():
        if comparison.frequency:
            _share_values(con, name, comparison.frequency, profiles)
        if comparison.namesakes:
            _count_namesakes(con, name, comparison, profiles)


def compare(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    pairs: str = "candidate",
    profiles: str = "profile",
) -> None:
    """Fill `compared` with the levels of every pair (a, b) of the table `pairs`.

    profiles: the table that holds them; each comparison with a frequency has been shared out.
    """
    for name, comparison in model.comparisons.items():
        if COMPARATORS[comparison.compare].bulk is not None:
            _compare_in_bulk(con, name, comparison, pairs, profiles)
    con.execute(f"CREATE OR REPLACE TEMP TABLE coded AS {_coded_sql(con, model, profiles)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {_compared_sql(model, pairs)}")
    con.execute("DROP TABLE coded")
    for name, comparison in model.comparisons.items():
        if COMPARATORS[comparison.compare].bulk is not None:
            con.execute(f"DROP TABLE {name}_pair")


def weigh(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    profiles: int,
    bits: bool = False,
    into: str = "edge",
) -> int:
    """Fill the table `into` from `compared`; return how many pairs are in link and review bands.

    profiles: how many there are in all, by which the prior and `holders` are judged.
    """
    profiles = population(profiles)
    names = list(model.comparisons)
    weights = [f"{_bits_sql(n, c, profiles)} AS {n}_bits" for n, c in model.comparisons.items()]
    total = " + ".join([_double(model.prior(profiles)), *(f"{n}_bits" for n in names)])
    told = "".join(
        f" WHEN coalesce({rule.when}, false) THEN '{name}'"
        for name, rule in model.rules.items() if rule.band == "review"
    )  # fmt: skip
    left = [f"coalesce({r.when}, false)" for r in model.rules.values() if r.band == "leave"]
    shown = [*names, *(f"{name}_bits" for name in names if bits)]
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT a, b, {", ".join(shown)}, weight,
               CASE WHEN weight >= {model.thresholds.link} AND rule IS NULL
               THEN {word_sql("link", _BANDS)} ELSE {word_sql("review", _BANDS)} END AS band, rule
        FROM (SELECT *, CASE WHEN weight < {model.thresholds.link} THEN NULL::VARCHAR{told} END
                        AS rule
              FROM (SELECT *, round({total}, 6) AS weight
                    FROM (SELECT *, {", ".join(weights)} FROM compared)))
        WHERE weight >= {model.thresholds.review} AND NOT ({" OR ".join(left) or "false"})
        ORDER BY a, b
    """)
    return count(con, into)


def itemise(con: duckdb.DuckDBPyConnection, model: Model, pairs: str, into: str) -> None:
    """Fill the table `into` (a, b, bits: JSON) with what the weights of kept pairs are made of.

    pairs: a table of a, b and their levels, by the kept names of profiles. bits: `prior`, and each
    comparison that says something -> its weight, to three decimals; together they are the pair's.
    """
    profiles = population(count(con, kept(con, "profile")))
    prior = _double(model.prior(profiles))
    joins, frequencies = [], []
    for name, comparison in model.comparisons.items():
        if comparison.frequency:
            table = kept(con, f"{name}_frequency")
            frequencies.append(
                f"greatest(l_{name}.frequency, r_{name}.frequency) AS {name}_frequency"
            )
            joins.append(f"JOIN {table} l_{name} ON l_{name}.profile_id = c.a")
            joins.append(f"JOIN {table} r_{name} ON r_{name}.profile_id = c.b")
    told = ", ".join(
        f"'{name}': CASE WHEN {name} IS NOT NULL THEN round({_bits_sql(name, c, profiles)}, 3) END"
        for name, c in model.comparisons.items()
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        SELECT a, b, to_json({{'prior': round({prior}, 3), {told}}}) AS bits
        FROM (SELECT * REPLACE ({_near_sql(model)})
              FROM (SELECT {", ".join(["c.*", *frequencies])} FROM {pairs} c {" ".join(joins)}))
    """)


def population(profiles: int) -> int:
    """The class of a number of profiles, by which the prior and `holders` are judged."""
    return round(2 ** (round(_CLASSES * math.log2(max(profiles, SMALLEST))) / _CLASSES))


def _classed(sql: str) -> str:
    """SQL: a share in its class."""
    return f"pow(2, round({_CLASSES} * log2({sql})) / {_CLASSES})"


def _share_values(con: duckdb.DuckDBPyConnection, name: str, frequency: str, profiles: str) -> None:
    """Fill `<comparison>_frequency`: the product of the shares of profiles that hold each part.

    Parts are taken as independent, as surname and given name nearly are; the measured
    concentration of the commonest name, 张伟, is 14 % above independence. Where more profiles hold
    all parts together than one person has, as where a region has names of its own (艾力), their
    share stands.
    """
    parts = [part.strip() for part in frequency.split(",")]
    shares = []
    for number, part in enumerate(parts):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE share_{number} AS
            SELECT {part} AS part, count(*) / (sum(count(*)) OVER () + {SMALLEST}) AS share
            FROM {profiles} WHERE {part} IS NOT NULL GROUP BY part
        """)
        shares.append(f"LEFT JOIN share_{number} s{number} ON s{number}.part = p.{part}")
    product = " * ".join(f"coalesce(s{number}.share, 1)" for number in range(len(parts)))
    known = " AND ".join(f"p.{part} IS NOT NULL" for part in parts)
    together = f"""
        CASE WHEN {known} THEN (count(*) OVER (PARTITION BY {", ".join(f"p.{p}" for p in parts)})
                                - {ONE_PERSONS}) / (count(*) OVER () + {SMALLEST}) ELSE 0 END
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_frequency AS
        SELECT profile_id, {_classed(f"greatest({product}, {together}, {RAREST})")} AS frequency
        FROM {profiles} p {" ".join(shares)}
    """)


def _count_namesakes(
    con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison, profiles: str
) -> None:
    """Fill `<comparison>_nearby`: how often two people of one place agree beyond the frequency.

    In a village of one clan, or where a clerk's file holds two of a name, agreement is worth less
    than the names' frequency says. Only what chance does not explain counts: a standard deviation
    of the pairs found is taken off.
    """
    assert comparison.namesakes is not None
    assert comparison.frequency is not None
    parts = comparison.frequency
    known = " AND ".join(f"{part.strip()} IS NOT NULL" for part in parts.split(","))
    columns = {c for levels in comparison.namesakes.near.values() for c in levels.values()}
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name}_nearby (place VARCHAR, rate DOUBLE)")
    for column in sorted(columns):
        con.execute(f"""
            INSERT INTO {name}_nearby
            WITH person AS (
                SELECT DISTINCT {parts}, frequency, unnest({column}) AS place,
                       ({comparison.namesakes.who}) AS who
                FROM {profiles} JOIN {name}_frequency USING (profile_id)
                WHERE {known} AND ({comparison.namesakes.who}) IS NOT NULL
            ), named AS (
                SELECT place, count(*) AS people, sum(frequency) AS frequency
                FROM person GROUP BY place, {parts}
            ), placed AS (
                SELECT sum(people * (people - 1)) / 2 AS namesakes, sum(people) AS people,
                       sum(frequency) AS frequency
                FROM named GROUP BY place
            ), counted AS (
                SELECT sum(namesakes) AS namesakes, sum(people * (people - 1)) / 2 AS pairs,
                       sum(frequency * (people - 1)) / 2 AS expected
                FROM placed
            )
            SELECT '{column}', CASE WHEN rate < {_FEWEST_NEAR} THEN 0 ELSE {_classed("rate")} END
            FROM (SELECT (namesakes - sqrt(namesakes) - expected) / pairs AS rate
                  FROM counted WHERE pairs > 0)
        """)


def _compare_in_bulk(
    con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison, of: str, profiles: str
) -> None:
    """Fill `<comparison>_pair` (x, y: numbers of values, level_no) for the pairs of `of`."""
    comparator = COMPARATORS[comparison.compare]
    number_values(con, name, comparison, profiles)
    pairs = pull(
        con,
        f"""
        SELECT DISTINCT least(l.value_no, r.value_no) AS x, greatest(l.value_no, r.value_no) AS y
        FROM {of} c
        JOIN {name}_value l ON l.profile_id = c.a JOIN {name}_value r ON r.profile_id = c.b
    """,
    )
    levels = bulk_levels(comparator, values_of(con, name, comparison, profiles), pairs)
    level_table = pairs.append_column("level_no", pa.array(levels, pa.int8()))
    put(con, f"{name}_pair", level_table)


def number_values(
    con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison, profiles: str
) -> None:
    """Number the distinct values that a comparison looks at.

    Fills `<comparison>_value` (profile_id, value_no) and `<comparison>_face` (value_no, face: a
    profile that holds it).
    """
    known = " OR ".join(f"{column} IS NOT NULL" for column in comparison.columns.values())
    key = ", ".join(f"coalesce(CAST({c} AS VARCHAR), chr(1))" for c in comparison.columns.values())
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_key AS
        SELECT profile_id, md5_number_lower(concat_ws(chr(0), {key})) AS key
        FROM {profiles} WHERE {known}
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_face AS
        SELECT key, CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS value_no,
               min(profile_id) AS face
        FROM {name}_key GROUP BY key
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_value AS
        SELECT profile_id, value_no FROM {name}_key JOIN {name}_face USING (key)
    """)
    con.execute(f"DROP TABLE {name}_key")


def values_of(
    con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison, profiles: str = "profile"
) -> pa.Table:
    """The distinct values of a comparison done in bulk, a column a role, in their order."""
    roles = ", ".join(f"{column} AS {role}" for role, column in comparison.columns.items())
    return pull(
        con,
        f"SELECT {roles} FROM {name}_face JOIN {profiles} ON profile_id = face ORDER BY value_no",
    )


def bulk_levels(comparator: Comparator, values: pa.Table, pairs: pa.Table) -> np.ndarray:
    """Level numbers of the pairs x, y of positions in `values`."""
    assert comparator.bulk is not None
    if not pairs.num_rows:
        return np.empty(0, dtype=np.int8)
    both = np.concatenate([pairs["x"].to_numpy(), pairs["y"].to_numpy()])
    used, place = np.unique(both, return_inverse=True)
    x, y = place.reshape(2, -1).astype(np.int64)
    return comparator.bulk(values.take(used), x, y)


def _coded_sql(con: duckdb.DuckDBPyConnection, model: Model, profiles: str) -> str:
    """A narrow twin of the profiles: what is only told equal or not is a hash there.

    Columns: profile_id, those that comparisons and conditions name, `<column>_hash`,
    `<comparison>_no` (the number of its value), `<comparison>_frequency`.
    """
    columns, joins = {"profile_id": "p.profile_id"}, []
    for name, comparison in model.comparisons.items():
        comparator = COMPARATORS[comparison.compare]
        if comparator.bulk is not None:
            columns[f"{name}_no"] = f"{name}_value.value_no AS {name}_no"
            joins.append(f"LEFT JOIN {name}_value USING (profile_id)")
        else:
            for role, column in comparison.columns.items():
                told = comparator.told(role, column)
                columns[told] = column if told == column else _hash_sql(con, column, told)
        if comparison.frequency:
            columns[f"{name}_frequency"] = f"{name}_frequency.frequency AS {name}_frequency"
            joins.append(f"LEFT JOIN {name}_frequency USING (profile_id)")
    for column in sorted(_mentioned(model)):
        is_set = is_list(con, "profile", column)
        columns.setdefault(column, f"{hashes_sql(column)} AS {column}" if is_set else column)
    return f"SELECT {', '.join(columns.values())} FROM {profiles} p {' '.join(joins)}"


def _hash_sql(con: duckdb.DuckDBPyConnection, column: str, name: str) -> str:
    if is_list(con, "profile", column):
        return set_sql(column, name)
    return f"CASE WHEN {column} IS NOT NULL THEN hash({column}) END AS {name}"


def _mentioned(model: Model) -> set[str]:
    """The profile columns that conditions on pairs name as l.<column> or r.<column>."""
    conditions = " ".join(c.unless or "" for c in model.comparisons.values())
    return set(re.findall(r"\b[lr]\.(\w+)", conditions)) & {*model.alike, *model.sets}


def _compared_sql(model: Model, pairs: str) -> str:
    levels = ", ".join(_level_sql(n, c) for n, c in model.comparisons.items())
    frequencies = "".join(
        f", greatest(l.{n}_frequency, r.{n}_frequency) AS {n}_frequency"
        for n, c in model.comparisons.items()
        if c.frequency
    )
    return f"""
        SELECT * REPLACE ({_near_sql(model)}) FROM (
            SELECT c.a, c.b, {levels}{frequencies}
            FROM {pairs} c JOIN coded l ON l.profile_id = c.a JOIN coded r ON r.profile_id = c.b
            {" ".join(_joins(model))}
        )
    """


def _near_sql(model: Model) -> str:
    """The frequencies, with what living near each other adds to them."""
    told = ["a AS a"]
    for name, comparison in model.comparisons.items():
        if comparison.namesakes:
            rates = ", ".join(
                f"CASE WHEN {other} = '{level}' THEN "
                f"(SELECT rate FROM {name}_nearby WHERE place = '{column}') END"
                for other, levels in comparison.namesakes.near.items()
                for level, column in levels.items()
            )
            told.append(f"{name}_frequency + coalesce(greatest({rates}), 0) AS {name}_frequency")
    return ", ".join(told)


def _joins(model: Model) -> Iterator[str]:
    for name, comparison in model.comparisons.items():
        if COMPARATORS[comparison.compare].bulk is not None:
            yield (
                f"LEFT JOIN {name}_pair p_{name} "
                # least and greatest pass over NULL
                f"ON l.{name}_no IS NOT NULL AND r.{name}_no IS NOT NULL "
                f"AND p_{name}.x = least(l.{name}_no, r.{name}_no) "
                f"AND p_{name}.y = greatest(l.{name}_no, r.{name}_no)"
            )


def _level_sql(name: str, comparison: Comparison) -> str:
    comparator = COMPARATORS[comparison.compare]
    own = {role: comparator.told(role, column) for role, column in comparison.columns.items()}
    said = f"({comparison.unless}) IS TRUE" if comparison.unless else "false"
    words = enumerate(word_sql(level, comparator.levels) for level in comparator.levels)
    level = (
        comparator.sql(own)
        if comparator.sql
        else f"CASE p_{name}.level_no {' '.join(f'WHEN {i} THEN {word}' for i, word in words)} END"
    )
    return f"CASE WHEN {said} THEN NULL ELSE {level} END AS {name}"


def _double(number: float) -> str:
    """A number in SQL: without an exponent DuckDB would read a DECIMAL of as many digits."""
    return f"{number:.17e}"


def _bits_sql(name: str, comparison: Comparison, profiles: int) -> str:
    """The weight of the level found: log2(m) - log2(u), with u mixed with the value's frequency."""
    branches = []
    for level_name, level in comparison.levels.items():
        if comparison.frequency and level.tf:
            fixed = math.log2(level.m) - (1 - level.tf) * math.log2(level.chance(profiles))
            weight = f"{_double(fixed)} - {level.tf!r} * log2({name}_frequency)"
        else:
            weight = _double(level.bits(profiles))
        branches.append(f"WHEN '{level_name}' THEN {weight}")
    return f"CASE {name} {' '.join(branches)} ELSE 0 END"

"""Score the candidates: levels, match weights in bits, bands.

Tables: in `profile`, `candidate`; out `edge`: a, b, one level (its name, or NULL) a comparison,
one weight a comparison (`<comparison>_bits`), weight (their sum with the prior), band, rule.
Pairs below the review threshold are not kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from matching.compare import COMPARATORS, Comparator
from matching.model import Comparison, Model
from matching.relations import count, pull, put

#: No name is held by fewer than one in ten million people as far as a single store can tell.
RAREST = 1e-7
#: A smaller store is judged as one of so many profiles, and a value's share as if so many others
#: had been seen: in twenty rows every name is common.
SMALLEST = 2_000


def score(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Fill `edge` with the pairs in the link and review bands; return their number."""
    for name, comparison in model.comparisons.items():
        if comparison.frequency:
            _add_frequency(con, name, comparison)
        if COMPARATORS[comparison.compare].bulk is not None:
            _compare_in_bulk(con, name, comparison)
    con.execute(f"CREATE OR REPLACE TEMP TABLE edge AS {_edge_sql(con, model)}")
    for rule, content in model.rules.items():
        con.execute(
            f"UPDATE edge SET band = ?, rule = ? WHERE ({content.when}) AND band IN ('link', ?)",
            [content.band, rule, "review" if content.band == "leave" else "link"],
        )
    con.execute("DELETE FROM edge WHERE band = 'leave'")
    return count(con, "edge")


def _add_frequency(con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison) -> None:
    """Give each profile `<comparison>_frequency`: the product of its parts' shares of profiles.

    Parts are taken as independent, as surname and given name nearly are; the measured
    concentration of the commonest name, 张伟, is 14 % above independence.
    """
    parts = [part.strip() for part in (comparison.frequency or "").split(",")]
    shares = []
    for number, part in enumerate(parts):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE share_{number} AS
            SELECT {part} AS part, count(*) / (sum(count(*)) OVER () + {SMALLEST}) AS share
            FROM profile WHERE {part} IS NOT NULL GROUP BY part
        """)
        shares.append(f"LEFT JOIN share_{number} s{number} ON s{number}.part = p.{part}")
    product = " * ".join(f"coalesce(s{number}.share, 1)" for number in range(len(parts)))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE profile AS
        SELECT p.*, greatest({product}, {RAREST}) AS {name}_frequency
        FROM profile p {" ".join(shares)} ORDER BY profile_id
    """)


def _compare_in_bulk(con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison) -> None:
    """Fill `<comparison>_value` (profile_id, value_no) and `<comparison>_pair` (x, y, level_no)."""
    comparator = COMPARATORS[comparison.compare]
    values = number_values(con, name, comparison)
    pairs = pull(
        con,
        f"""
        SELECT DISTINCT least(l.value_no, r.value_no) AS x, greatest(l.value_no, r.value_no) AS y
        FROM candidate c
        JOIN {name}_value l ON l.profile_id = c.a JOIN {name}_value r ON r.profile_id = c.b
    """,
    )
    levels = bulk_levels(comparator, values, pairs)
    level_table = pairs.append_column("level_no", pa.array(levels, pa.int8()))
    put(con, f"{name}_pair", level_table)


def number_values(con: duckdb.DuckDBPyConnection, name: str, comparison: Comparison) -> pa.Table:
    """Number the distinct values that a comparison looks at; return them in that order."""
    known = " OR ".join(f"{column} IS NOT NULL" for column in comparison.columns.values())
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name}_value AS
        SELECT profile_id, dense_rank() OVER (ORDER BY content) - 1 AS value_no, content
        FROM (SELECT profile_id, struct_pack({_packed(comparison)}) AS content
              FROM profile WHERE {known})
    """)
    return pull(
        con,
        f"""
        SELECT unnest(content) FROM (
            SELECT value_no, any_value(content) AS content FROM {name}_value GROUP BY value_no
        ) ORDER BY value_no
    """,
    )


def bulk_levels(comparator: Comparator, values: pa.Table, pairs: pa.Table) -> np.ndarray:
    """Level numbers of the value pairs x, y; a comparator's bulk function in bounded batches."""
    assert comparator.bulk is not None
    x, y = (pairs[column].to_numpy().astype(np.int64) for column in ("x", "y"))
    if not len(x):
        return np.empty(0, dtype=np.int8)
    return comparator.bulk(values, x, y)


def _packed(comparison: Comparison) -> str:
    return ", ".join(f"{role} := {column}" for role, column in comparison.columns.items())


def _edge_sql(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    names = list(model.comparisons)
    profiles = max(count(con, "profile"), SMALLEST)
    prior = model.prior(profiles)
    numbers = ",\n".join(f"{_level_sql(n, c)} AS {n}_no" for n, c in model.comparisons.items())
    frequencies = "".join(
        f", greatest(l.{n}_frequency, r.{n}_frequency) AS {n}_frequency"
        for n, c in model.comparisons.items()
        if c.frequency
    )
    bits = ",\n".join(
        f"{_bits_sql(n, c, profiles)} AS {n}_bits" for n, c in model.comparisons.items()
    )
    level_names = ",\n".join(f"{_named_sql(n, c)} AS {n}" for n, c in model.comparisons.items())
    total = " + ".join([_double(prior), *(f"{n}_bits" for n in names)])
    return f"""
        SELECT a, b, {", ".join(names)}, {", ".join(f"{n}_bits" for n in names)}, weight,
               CASE WHEN weight >= {model.thresholds.link} THEN 'link' ELSE 'review' END AS band,
               CAST(NULL AS VARCHAR) AS rule
        FROM (SELECT *, round({total}, 6) AS weight
              FROM (SELECT a, b, {level_names}, {bits}
                    FROM (SELECT c.a, c.b, {numbers}{frequencies}
                          FROM candidate c JOIN profile l ON l.profile_id = c.a
                          JOIN profile r ON r.profile_id = c.b {" ".join(_joins(model))})))
        WHERE weight >= {model.thresholds.review}
        ORDER BY a, b
    """


def _joins(model: Model) -> Iterator[str]:
    for name, comparison in model.comparisons.items():
        if COMPARATORS[comparison.compare].bulk is not None:
            yield (
                f"LEFT JOIN {name}_value lv_{name} ON lv_{name}.profile_id = c.a "
                f"LEFT JOIN {name}_value rv_{name} ON rv_{name}.profile_id = c.b "
                f"LEFT JOIN {name}_pair p_{name} "
                # least and greatest pass over NULL
                f"ON lv_{name}.value_no IS NOT NULL AND rv_{name}.value_no IS NOT NULL "
                f"AND p_{name}.x = least(lv_{name}.value_no, rv_{name}.value_no) "
                f"AND p_{name}.y = greatest(lv_{name}.value_no, rv_{name}.value_no)"
            )


def _level_sql(name: str, comparison: Comparison) -> str:
    comparator = COMPARATORS[comparison.compare]
    level = comparator.sql(comparison.columns) if comparator.sql else f"p_{name}.level_no"
    silent = f"({comparison.unless}) IS TRUE" if comparison.unless else "false"
    return f"CASE WHEN {silent} THEN NULL ELSE {level} END"


def _named_sql(name: str, comparison: Comparison) -> str:
    levels = COMPARATORS[comparison.compare].levels
    return (
        f"CASE {name}_no " + " ".join(f"WHEN {i} THEN '{v}'" for i, v in enumerate(levels)) + " END"
    )


def _double(number: float) -> str:
    """A number in SQL: without an exponent DuckDB would read a DECIMAL of as many digits."""
    return f"{number:.17e}"


def _bits_sql(name: str, comparison: Comparison, profiles: int) -> str:
    """The weight of the level found: log2(m) - log2(u), with u mixed with the value's frequency."""
    branches = []
    for number, level_name in enumerate(COMPARATORS[comparison.compare].levels):
        level = comparison.levels[level_name]
        if comparison.frequency and level.tf:
            fixed = math.log2(level.m) - (1 - level.tf) * math.log2(level.chance(profiles))
            branches.append(
                f"WHEN {number} THEN {_double(fixed)} - {level.tf!r} * log2({name}_frequency)"
            )
        else:
            branches.append(f"WHEN {number} THEN {_double(level.bits(profiles))}")
    return f"CASE {name}_no {' '.join(branches)} ELSE 0 END"

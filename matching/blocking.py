"""Blocking: which pairs of profiles are worth comparing.

All keys are hashed into one table, so that candidates are one self-join and each pair is made once.
A block above its key's cap pairs each profile with its next few neighbours only, in the order of
the profiles' numbers (which is by content): enough to hold a fleet of a thousand cars together,
and linear. What the cap drops is reported, never silent.
Tables: in `profile`; out `candidate` (a < b, profile ids), `block` (for the report).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from matching.model import BlockingKey, Model
from matching.relations import count

#: How many neighbours a profile is compared with in a block above the cap.
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What one blocking key makes: blocks of two or more, their pairs, the largest, those capped.

    capped_pairs: pairs that the capped blocks would have made.
    """

    key: str
    blocks: int
    pairs: int
    largest: int
    capped_blocks: int
    capped_pairs: int


def candidates(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Fill `candidate` with every pair that some block holds; return their number.

    Leaves `all_key` (key_no, hash, profile_id) behind.
    """
    make_keys(con, model)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE candidate AS
        SELECT DISTINCT a, b FROM (
            SELECT l.profile_id AS a, r.profile_id AS b
            FROM blocking_key l JOIN blocking_key r
                ON l.key_no = r.key_no AND l.hash = r.hash AND l.profile_id < r.profile_id
            WHERE NOT l.capped AND NOT r.capped
            UNION ALL
            SELECT a, unnest(neighbours) AS b FROM (
                SELECT profile_id AS a, list(profile_id) OVER (
                    PARTITION BY key_no, hash ORDER BY profile_id
                    ROWS BETWEEN 1 FOLLOWING AND {NEIGHBOURS} FOLLOWING) AS neighbours
                FROM blocking_key WHERE capped
            )
        ) ORDER BY a, b
    """)
    con.execute("DROP TABLE blocking_key")
    return count(con, "candidate")


def make_keys(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Fill `blocking_key` (key_no, hash, profile_id, capped) with the blocks of two or more.

    Leaves `all_key` (key_no, hash, profile_id), every key of every profile, behind.
    """
    described = con.execute("SELECT * FROM profile LIMIT 0").description or []
    lists = {name for name, kind, *_ in described if str(kind).endswith("[]")}
    selects = [_key_sql(number, key, lists) for number, key in enumerate(model.blocking.values())]
    con.execute(f"CREATE OR REPLACE TEMP TABLE all_key AS {' UNION ALL '.join(selects)}")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE block AS
        SELECT key_no, hash, count(*) AS profiles, count(*) > {cap_sql(model)} AS capped
        FROM all_key GROUP BY key_no, hash HAVING count(*) > 1
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE blocking_key AS
        SELECT key_no, hash, profile_id, capped FROM all_key JOIN block USING (key_no, hash)
    """)


def report(con: duckdb.DuckDBPyConnection, model: Model) -> list[KeyReport]:
    """What each key made, in the model's order; to be called after `candidates` or `make_keys`."""
    found = con.execute("""
        SELECT key_no, count(*), coalesce(sum(pairs) FILTER (NOT capped), 0),
               max(profiles), count(*) FILTER (capped), coalesce(sum(pairs) FILTER (capped), 0)
        FROM (SELECT *, profiles * (profiles - 1) // 2 AS pairs FROM block)
        GROUP BY key_no
    """).fetchall()
    rows = {number: tuple(int(value) for value in values) for number, *values in found}
    return [
        KeyReport(name, *rows.get(number, (0, 0, 0, 0, 0)))
        for number, name in enumerate(model.blocking)
    ]


def cap_sql(model: Model) -> str:
    """SQL: the cap of the key whose number is in `key_no`."""
    caps = " ".join(f"WHEN {i} THEN {k.cap}" for i, k in enumerate(model.blocking.values()))
    return f"CASE key_no {caps} END"


def _key_sql(number: int, key: BlockingKey, lists: Collection[str]) -> str:
    """One row for each profile and combination of its values in the key's columns.

    lists: columns that hold several values.
    """
    known = " AND ".join(f"{c} IS NOT NULL" for c in key.columns)
    columns = ", ".join(key.columns)
    source = f"(SELECT profile_id, {columns} FROM profile)"
    for column in (column for column in key.columns if column in lists):
        # one at a time: two lists unnested side by side would pair off, not combine
        source = f"(SELECT * REPLACE (unnest({column}) AS {column}) FROM {source})"
    return (
        f"SELECT DISTINCT CAST({number} AS UTINYINT) AS key_no, hash({columns}) AS hash, profile_id"
        f" FROM {source} WHERE {known}"
    )

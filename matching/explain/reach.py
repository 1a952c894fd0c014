"""Whether two profiles would find each other, and which common values were not allowed to help.

Tables, as the identity store keeps them: in `profile`, `generic_value`.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matching.blocking import NEIGHBOURS
from matching.model import BlockingKey, Model
from matching.relations import is_list


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A blocking key on which two profiles agree.

    block: how many profiles agree on it, with them. compared: whether this key has them compared;
    in a block above the cap only neighbours are.
    """

    key: str
    block: int
    cap: int
    compared: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A value that both records have and that counts for nothing, as too many people hold it.

    holders: how many different values of `by` it was seen with; from `limit` on it is generic.
    """

    column: str
    value: str
    holders: int
    by: str
    limit: int


def shared_keys(con: duckdb.DuckDBPyConnection, model: Model, a: int, b: int) -> list[SharedKey]:
    """The blocking keys on which profiles a < b agree, in the model's order."""
    kinds = _kinds(con)
    found = []
    for name, key in model.blocking.items():
        lists = {column for column in key.columns if kinds[column].endswith("[]")}
        block, compared = con.execute(_key_sql(key, lists), {"a": a, "b": b}).fetchall()[0]
        if block is not None:
            found.append(SharedKey(name, block, key.cap, compared))
    return found


def _key_sql(key: BlockingKey, lists: set[str]) -> str:
    """Of each combination of values that both hold, the block; in all, the smallest."""

    def common(column: str) -> str:
        if column in lists:
            return f"unnest(list_intersect(l.{column}, r.{column})) AS {column}"
        return f"unnest(CASE WHEN l.{column} = r.{column} THEN [l.{column}] END) AS {column}"

    values = "(SELECT l.profile_id AS a, r.profile_id AS b FROM profile l, profile r"
    values += " WHERE l.profile_id = $a AND r.profile_id = $b)"
    for column in key.columns:  # one at a time, so that they combine instead of pairing off
        values = (
            f"(SELECT v.*, {common(column)} FROM {values} v"
            " JOIN profile l ON l.profile_id = v.a JOIN profile r ON r.profile_id = v.b)"
        )
    agrees = " AND ".join(
        f"list_contains(p.{c}, v.{c})" if c in lists else f"p.{c} = v.{c}" for c in key.columns
    )
    combination = ", ".join(f"v.{column}" for column in key.columns)
    return f"""
        SELECT min(members), bool_or(members <= {key.cap} OR between_them <= {NEIGHBOURS})
        FROM (SELECT count(*) AS members,
                     count(*) FILTER (p.profile_id > v.a AND p.profile_id <= v.b) AS between_them
              FROM {values} v JOIN profile p ON {agrees} GROUP BY {combination})
    """


def set_aside(
    con: duckdb.DuckDBPyConnection, model: Model, records: str, left: str, right: str
) -> list[SetAside]:
    """The generic values that two records have in common.

    records: table or view that the model's columns read. left, right: record keys.
    """
    found = []
    for column, behaviour in model.behaviours.items():
        sql = model.columns[column]
        value = f"unnest({sql})" if is_list(con, records, f"({sql})") else sql
        rows = con.execute(
            f"""
            WITH told AS (
                SELECT DISTINCT record_key, {value} AS value FROM {records}
                WHERE record_key IN ($left, $right)
            )
            SELECT g.value, g.holders FROM generic_value g
            JOIN told ON CAST(told.value AS VARCHAR) = g.value
            WHERE g.column_name = $column AND g.verdict = 'generic'
            GROUP BY g.value, g.holders HAVING count(*) = 2 ORDER BY g.value
            """,
            {"left": left, "right": right, "column": column},
        ).fetchall()
        found += [SetAside(column, v, n, behaviour.by, behaviour.generic) for v, n in rows]
    return found


def _kinds(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Column of the profile -> its type in SQL."""
    return {row[0]: str(row[1]) for row in con.execute("DESCRIBE profile").fetchall()}

"""What a run would change, told while it is not committed: pairs by band, golden values, examples.

`remember` before the records are resolved, the others after it. Tables: `before`, `after`, `change`
as `membership.name_entities` and `matching.evaluate.runs` leave them.
"""

from __future__ import annotations

from typing import Any

import duckdb

from matching.relations import kept

#: So many record keys stand for the records that went from one customer to another.
_KEYS = 3

#: The pairs of profiles in the link and review bands, by the lowest record of each profile: a
#: profile may have another key in another model.
_BANDS = """
    WITH face AS (
        SELECT profile_id, min(record_key) AS record_key FROM {record_profile} GROUP BY profile_id
    )
    SELECT least(l.record_key, r.record_key) AS low, greatest(l.record_key, r.record_key) AS high,
           CAST(band AS VARCHAR) AS band
    FROM {edge} JOIN face l ON l.profile_id = a JOIN face r ON r.profile_id = b
"""


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Keep what is compared later, in temporary tables."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE trial_band AS {_bands(con)}")
    con.execute("CREATE OR REPLACE TEMP TABLE trial_review AS SELECT reason FROM review_pair")
    remember_values(con)


def remember_values(con: duckdb.DuckDBPyConnection) -> None:
    """Keep what `values` compares later."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE trial_value AS
        SELECT golden_id, attribute, value FROM golden_value WHERE chosen
    """)


def bands(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many pairs of profiles were in one band and are in another, or the same.

    before, after: link, review, or leave, which is told only of pairs that move.
    """
    return _rows(
        con,
        f"""
        SELECT coalesce(b.band, 'leave') AS before, coalesce(a.band, 'leave') AS after,
               count(*) AS pairs
        FROM trial_band b FULL JOIN ({_bands(con)}) a USING (low, high)
        GROUP BY ALL ORDER BY ALL
        """,
    )


def reviews(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many pairs of customers wait for a steward, by reason, before and after."""
    return _rows(
        con,
        """
        SELECT reason, coalesce(b.pairs, 0) AS before, coalesce(a.pairs, 0) AS after
        FROM (SELECT reason, count(*) AS pairs FROM trial_review GROUP BY reason) b
        FULL JOIN (SELECT reason, count(*) AS pairs FROM review_pair GROUP BY reason) a
            USING (reason)
        ORDER BY reason
        """,
    )


def values(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many golden values change, by attribute, of customers whose golden id goes on.

    Leaves the table `trial_change` (golden_id, attribute, before, after).
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE trial_change AS
        SELECT golden_id, attribute, b.value AS before, a.value AS after
        FROM trial_value b
        FULL JOIN (SELECT golden_id, attribute, value FROM golden_value WHERE chosen) a
            USING (golden_id, attribute)
        SEMI JOIN (SELECT golden_id FROM before INTERSECT SELECT golden_id FROM after)
            USING (golden_id)
        WHERE a.value IS DISTINCT FROM b.value
    """)
    return _rows(
        con,
        """
        SELECT attribute, count(*) FILTER (before IS NOT NULL AND after IS NOT NULL) AS changed,
               count(*) FILTER (before IS NULL) AS gained, count(*) FILTER (after IS NULL) AS lost
        FROM trial_change GROUP BY attribute ORDER BY attribute
        """,
    )


def customers(con: duckdb.DuckDBPyConnection, most: int, named: bool) -> list[dict[str, Any]]:
    """Examples of what becomes of customers: so many groups of each kind that is no mere growth.

    A group lists its flows: so many records went from one golden id to another, with the keys of
    some and, if `named`, the names in them. Golden ids have no meaning, so their order is chance.
    """
    names = ", list_sort(list_distinct(list(name))) AS names" if named else ""
    flows = _rows(
        con,
        f"""
        WITH picked AS (
            FROM change WHERE kind IN ('merged', 'split', 'rearranged')
            QUALIFY dense_rank() OVER (PARTITION BY kind ORDER BY group_no) <= {most}
        ), shown AS (
            SELECT b.golden_id AS golden_id_a, a.golden_id AS golden_id_b, record_key
            FROM before b JOIN after a USING (record_key)
            SEMI JOIN picked p ON p.golden_id_a = b.golden_id AND p.golden_id_b = a.golden_id
            QUALIFY row_number() OVER (
                PARTITION BY b.golden_id, a.golden_id ORDER BY record_key) <= {_KEYS}
        )
        SELECT kind, group_no, golden_id_a AS before, golden_id_b AS after,
               any_value(records) AS records, list(record_key ORDER BY record_key) AS keys{names}
        FROM picked JOIN shown USING (golden_id_a, golden_id_b) JOIN record USING (record_key)
        GROUP BY ALL ORDER BY kind, group_no, before, after
        """,
    )
    groups: dict[int, dict[str, Any]] = {}
    for flow in flows:
        group = groups.setdefault(flow.pop("group_no"), {"kind": flow["kind"], "flows": []})
        group["flows"].append({name: value for name, value in flow.items() if name != "kind"})
    return list(groups.values())


def changed_values(con: duckdb.DuckDBPyConnection, most: int, named: bool) -> list[dict[str, Any]]:
    """Examples of golden values that change, after `values`: so many of each attribute."""
    shown = ", before, after" if named else ""
    return _rows(
        con,
        f"""
        SELECT attribute, golden_id{shown} FROM trial_change
        QUALIFY row_number() OVER (PARTITION BY attribute ORDER BY golden_id) <= {most}
        ORDER BY ALL
        """,
    )


def _bands(con: duckdb.DuckDBPyConnection) -> str:
    tables = {table: kept(con, table) for table in ("record_profile", "edge")}
    return _BANDS.format(**tables)


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

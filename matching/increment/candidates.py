"""Which pairs of profiles a change makes, or makes anew.

A pair is a candidate where a block holds it; whether a block compares all its members depends on
its size, and beyond its key's cap on who stands near whom in it.
"""

from __future__ import annotations

import duckdb

from matching import blocking
from matching.blocking import NEIGHBOURS
from matching.model import Model
from matching.relations import count, kept


def update_keys(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Bring `profile_key` up to date; add to `touched_profile` those with other neighbours now.

    In: `changed_profile`, the kept `profile`; `touched_profile` (profile_id).
    """
    own = kept(con, "profile_key")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE left_key AS
        FROM {own} SEMI JOIN changed_profile USING (profile_id)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE profile AS
        FROM {kept(con, "profile")} SEMI JOIN changed_profile USING (profile_id)
    """)
    blocking.make_keys(con, model)
    con.execute("DROP TABLE temp.profile")
    con.execute(f"DELETE FROM {own} WHERE profile_id IN (FROM changed_profile)")
    con.execute(f"INSERT INTO {own} FROM all_key")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE block AS
        SELECT key_no, hash, coalesce(came, 0) AS came, coalesce(went, 0) AS went FROM
        (SELECT key_no, hash, count(*) AS came FROM all_key GROUP BY ALL) FULL JOIN
        (SELECT key_no, hash, count(*) AS went FROM left_key GROUP BY ALL) USING (key_no, hash)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT key_no, hash, profile_id, false AS went FROM {own} SEMI JOIN block
        USING (key_no, hash)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE crowded AS
        SELECT key_no, hash, members > {blocking.cap_sql(model)} AS capped,
               members - came + went > {blocking.cap_sql(model)} AS was_capped
        FROM (SELECT key_no, hash, count(*) AS members FROM placed GROUP BY ALL)
        JOIN block USING (key_no, hash) WHERE capped OR was_capped
    """)
    con.execute(f"""
        INSERT INTO touched_profile
        SELECT profile_id FROM placed JOIN crowded USING (key_no, hash) WHERE capped <> was_capped
        UNION
        SELECT profile_id FROM (
            SELECT profile_id, went, bool_or(other) OVER (
                PARTITION BY key_no, hash ORDER BY profile_id
                ROWS BETWEEN {NEIGHBOURS} PRECEDING AND {NEIGHBOURS} FOLLOWING) AS near
            FROM (
                SELECT *, profile_id IN (FROM changed_profile) AS other FROM (
                    FROM placed UNION ALL
                    SELECT key_no, hash, profile_id, true FROM left_key
                    ANTI JOIN all_key USING (key_no, hash, profile_id))
            ) JOIN crowded USING (key_no, hash) WHERE capped AND was_capped
        ) WHERE near AND NOT went
    """)
    for table in ("left_key", "all_key", "block", "blocking_key", "placed", "crowded"):
        con.execute(f"DROP TABLE temp.{table}")


def find(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Fill `candidate` with every pair that some block holds and a touched profile is in."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE seeking AS
        FROM {kept(con, "profile_key")} SEMI JOIN touched_profile USING (profile_id)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE met AS
        SELECT key_no, hash, profile_id, count(*) OVER (PARTITION BY key_no, hash)
               > {blocking.cap_sql(model)} AS capped
        FROM {kept(con, "profile_key")} SEMI JOIN seeking USING (key_no, hash)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE candidate AS
        SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b FROM (
            SELECT s.profile_id AS x, m.profile_id AS y
            FROM seeking s JOIN met m USING (key_no, hash)
            WHERE NOT capped AND s.profile_id <> m.profile_id
            UNION ALL
            SELECT x, unnest(near) FROM (
                SELECT profile_id AS x, list(profile_id) OVER (
                    PARTITION BY key_no, hash ORDER BY profile_id
                    ROWS BETWEEN {NEIGHBOURS} PRECEDING AND {NEIGHBOURS} FOLLOWING
                    EXCLUDE CURRENT ROW) AS near
                FROM met WHERE capped
            ) WHERE x IN (SELECT profile_id FROM touched_profile)
        ) ORDER BY a, b
    """)
    con.execute("DROP TABLE seeking")
    con.execute("DROP TABLE met")
    return count(con, "candidate")

"""How golden ids live on: which new entity keeps which old id, and what that means for each id.

An old id goes to the entity that holds most of its records (ties: the lowest record key), but
rather not to one that only holds what was merged into it and has parted again; an
entity that several old ids come to keeps the one with the most records (ties: the older), and the
others redirect to it. An entity that none comes to gets back the id that is no more and had most of
its records at its end (ties: the older), so that undoing a merge restores both; else a new one.

Tables of `assign`:  in  `belongs` (record_key, entity_no), `belonged` (record_key, golden_id,
                         since_run), `known_id` (golden_id, minted_run): every id ever given,
                         `former` (golden_id, record_key, redirect_to, retired_run): the records
                         that ids which are no more had at their end
                     out `entity_id` (entity_no, golden_id, records)
Tables of `changes`: in  `before`, `after` (record_key, golden_id), `known_id` as it was before
                     out `id_change` (number, kind, golden_id, other_id, records_before,
                         records_after, records_moved): what happened, numbered from 1 in the order
                         of `KINDS`
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from matching.ids import mint
from matching.relations import pull, put

#: What can happen to an id, in the order in which one run's events are told: an id is there before
#: anything moves to it. revived: a retired id that has records again.
KINDS = ("minted", "revived", "split", "merged", "grew", "shrank", "retired")


def assign(con: duckdb.DuckDBPyConnection) -> None:
    """Give every entity its golden id."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE claim AS
        SELECT entity_no, golden_id, count(*) AS records, min(m.record_key) AS first_key,
               any_value(minted_run) AS minted_run
        FROM belongs m JOIN belonged USING (record_key) JOIN known_id USING (golden_id)
        GROUP BY entity_no, golden_id
    """)
    con.execute(_CAME)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE home AS
        SELECT *, row_number() OVER (
            PARTITION BY entity_no ORDER BY records DESC, minted_run, golden_id) AS place
        FROM (
            SELECT claim.* FROM claim LEFT JOIN (
                SELECT DISTINCT entity_no, redirect_to AS golden_id, true AS parted
                FROM came WHERE parted
            ) USING (entity_no, golden_id)
            QUALIFY row_number() OVER (
                PARTITION BY golden_id ORDER BY coalesce(parted, false), records DESC, first_key
            ) = 1
        )
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE revived AS
        SELECT entity_no, golden_id FROM (
            FROM came QUALIFY row_number() OVER (
                PARTITION BY golden_id ORDER BY records DESC, first_key) = 1
        ) WHERE entity_no NOT IN (SELECT entity_no FROM home WHERE place = 1)
        QUALIFY row_number() OVER (
            PARTITION BY entity_no ORDER BY records DESC, minted_run, golden_id) = 1
    """)
    _mint_the_rest(con)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE entity_id AS
        SELECT entity_no, golden_id, records FROM (
            SELECT entity_no, golden_id FROM home WHERE place = 1
            UNION ALL SELECT entity_no, golden_id FROM revived
            UNION ALL SELECT entity_no, golden_id FROM minted
        ) JOIN (SELECT entity_no, count(*) AS records FROM belongs GROUP BY entity_no)
        USING (entity_no) ORDER BY golden_id
    """)


def changes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Tell what happened to each id; return how many changes there were of each kind."""
    order = ", ".join(f"'{kind}'" for kind in KINDS)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE id_change AS
        WITH {_CHANGES}
        SELECT row_number() OVER (
                   ORDER BY list_position([{order}], kind), golden_id, other_id) AS number,
               kind, golden_id, other_id, CAST(records_before AS BIGINT) AS records_before,
               CAST(records_after AS BIGINT) AS records_after,
               CAST(records_moved AS BIGINT) AS records_moved
        FROM told ORDER BY number
    """)
    # in order: they are part of a run's digest
    rows = con.execute("SELECT kind, count(*) FROM id_change GROUP BY kind ORDER BY kind")
    return {str(kind): int(count) for kind, count in rows.fetchall()}


def _mint_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    founders = pull(
        con,
        """
        SELECT entity_no, min(record_key) AS founder FROM belongs
        WHERE entity_no NOT IN (SELECT entity_no FROM home WHERE place = 1)
            AND entity_no NOT IN (SELECT entity_no FROM revived)
        GROUP BY entity_no ORDER BY founder
    """,
    )
    names = [str(founder) for founder in founders["founder"].to_pylist()]
    first = pa.table({"golden_id": pa.array([mint(name, ()) for name in names], pa.string())})
    put(con, "first_choice", first)
    clash = "SELECT golden_id FROM first_choice SEMI JOIN known_id USING (golden_id)"
    taken: set[str] = set()
    if con.execute(f"{clash} LIMIT 1").fetchall() or len(set(first["golden_id"])) < len(names):
        taken = {row[0] for row in con.execute("SELECT golden_id FROM known_id").fetchall()}
    ids = []
    for name in names:
        golden_id = mint(name, taken)
        taken.add(golden_id)
        ids.append(golden_id)
    minted = founders.append_column("golden_id", pa.array(ids, pa.string()))
    put(con, "minted", minted)


#: Where the former records of ids are that are no more. parted: there is none of those that the id
#: which they were merged into had before.
_CAME = """
    CREATE OR REPLACE TEMP TABLE came AS
    SELECT *, NOT EXISTS (
        FROM belongs m JOIN belonged d USING (record_key)
        WHERE m.entity_no = f.entity_no AND d.golden_id = f.redirect_to
            AND d.since_run < f.retired_run) AS parted
    FROM (
        SELECT entity_no, golden_id, redirect_to, retired_run, count(*) AS records,
               min(record_key) AS first_key, any_value(minted_run) AS minted_run
        FROM former JOIN belongs USING (record_key) JOIN known_id USING (golden_id)
        GROUP BY entity_no, golden_id, redirect_to, retired_run
    ) f
"""

#: records_moved: those that came (minted, revived, grew), left (shrank, retired), or went to
#: other_id (split, merged).
_CHANGES = """
    flow AS (
        SELECT b.golden_id AS old, a.golden_id AS new, count(*) AS records,
               min(record_key) AS first_key
        FROM before b JOIN after a USING (record_key) GROUP BY ALL
    ), life AS (
        SELECT golden_id, coalesce(was.records, 0) AS records_before,
               coalesce(is_.records, 0) AS records_after, coalesce(kept.records, 0) AS kept,
               golden_id IN (SELECT golden_id FROM known_id) AS known
        FROM (SELECT golden_id, count(*) AS records FROM before GROUP BY golden_id) was
        FULL JOIN (SELECT golden_id, count(*) AS records FROM after GROUP BY golden_id) is_
            USING (golden_id)
        LEFT JOIN (SELECT old AS golden_id, records FROM flow WHERE old = new) kept
            USING (golden_id)
    ), moved AS (
        -- an id that is no more redirects to the one that most of its records went to
        SELECT old AS golden_id, new AS other_id, records, records_before, records_after,
               records_after = 0 AND row_number() OVER (
                   PARTITION BY old ORDER BY flow.records DESC, first_key) = 1 AS heir
        FROM flow JOIN life ON golden_id = old WHERE old <> new
    ), told AS (
        SELECT CASE WHEN known THEN 'revived' ELSE 'minted' END AS kind, golden_id,
               NULL AS other_id, records_before, records_after, records_after AS records_moved
        FROM life WHERE records_before = 0
        UNION ALL
        SELECT CASE WHEN heir THEN 'merged' ELSE 'split' END, golden_id, other_id,
               records_before, records_after, records FROM moved
        UNION ALL
        SELECT CASE WHEN records_after > records_before THEN 'grew' ELSE 'shrank' END, golden_id,
               NULL, records_before, records_after,
               greatest(records_after, records_before) - kept
        FROM life WHERE records_after > 0 AND records_before > 0 AND records_after <> records_before
        UNION ALL
        SELECT 'retired', golden_id, NULL, records_before, 0, records_before
        FROM life WHERE records_after = 0 AND golden_id NOT IN (SELECT golden_id FROM moved)
    )
"""

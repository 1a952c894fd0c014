"""How golden ids live on: which new entity keeps which old id.

An old id goes to the entity that holds most of its records (ties: the lowest record key), but
rather not to one that only holds what was merged into it and has parted again; an
entity that several old ids come to keeps the one with the most records (ties: the older), and the
others redirect to it. An entity that none comes to gets back the id that was merged away and had
most of its records then (ties: the older), so that undoing a merge restores both; else a new one.

Tables: in  `belongs` (record_key, entity_no), `belonged` (record_key, golden_id, since_run),
            `known_id` (golden_id, minted_run), `former` (golden_id, record_key, redirect_to,
            retired_run): the records that merged ids had when they were merged away
        out `entity_id` (entity_no, golden_id, records), `id_change` (kind, golden_id,
            other_id, records): what happened, in a stable order
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from matching.ids import mint
from matching.relations import pull, put


def assign(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Give every entity its golden id; return how many changes there were of each kind."""
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
        SELECT entity_no, golden_id, redirect_to FROM (
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
    con.execute(f"CREATE OR REPLACE TEMP TABLE id_change AS {_CHANGES}")
    rows = con.execute("SELECT kind, count(*) FROM id_change GROUP BY kind").fetchall()
    return {str(kind): int(count) for kind, count in rows}


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
    taken = {row[0] for row in con.execute("SELECT golden_id FROM known_id").fetchall()}
    ids = []
    for founder in founders["founder"].to_pylist():
        golden_id = mint(str(founder), taken)
        taken.add(golden_id)
        ids.append(golden_id)
    minted = founders.append_column("golden_id", pa.array(ids, pa.string()))
    put(con, "minted", minted)


#: Where the former records of merged ids are. parted: there is none of those that the id which
#: they were merged into had before.
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

_CHANGES = """
    SELECT * FROM (
        SELECT 'minted' AS kind, golden_id, NULL AS other_id, records
        FROM minted JOIN entity_id USING (golden_id)
        UNION ALL
        SELECT 'revived', golden_id, redirect_to, records
        FROM revived JOIN entity_id USING (golden_id)
        UNION ALL
        SELECT 'merged', h.golden_id, e.golden_id, h.records
        FROM home h JOIN entity_id e USING (entity_no) WHERE h.place > 1
        UNION ALL
        SELECT 'split', c.golden_id, e.golden_id, c.records
        FROM claim c JOIN entity_id e USING (entity_no)
        JOIN home h ON h.golden_id = c.golden_id WHERE h.entity_no <> c.entity_no
        UNION ALL
        SELECT 'grew', e.golden_id, NULL, e.records
        FROM entity_id e JOIN (
            SELECT golden_id, count(*) AS before FROM belonged GROUP BY golden_id
        ) USING (golden_id) WHERE e.records > before
        UNION ALL
        SELECT 'retired', golden_id, NULL, 0
        FROM (SELECT DISTINCT golden_id FROM belonged)
        WHERE golden_id NOT IN (SELECT golden_id FROM claim)
    ) ORDER BY kind, golden_id, other_id
"""

"""How golden ids live on: which new entity keeps which old id.

An old id goes to the entity that holds most of its records (ties: the lowest record key); an
entity that several old ids come to keeps the one with the most records (ties: the older), and the
others redirect to it. An entity that none comes to gets a new id.

Tables: in  `belongs` (record_key, entity_no), `belonged` (record_key, golden_id),
            `known_id` (golden_id, minted_run)
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
    con.execute("""
        CREATE OR REPLACE TEMP TABLE home AS
        SELECT *, row_number() OVER (
            PARTITION BY entity_no ORDER BY records DESC, minted_run, golden_id) AS place
        FROM (SELECT * FROM claim QUALIFY row_number() OVER (
            PARTITION BY golden_id ORDER BY records DESC, first_key) = 1)
    """)
    _mint_the_rest(con)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE entity_id AS
        SELECT entity_no, golden_id, records FROM (
            SELECT entity_no, golden_id FROM home WHERE place = 1
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


_CHANGES = """
    SELECT * FROM (
        SELECT 'minted' AS kind, golden_id, NULL AS other_id, records
        FROM minted JOIN entity_id USING (golden_id)
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

"""The matcher's tables, kept from night to night in the database itself.

Within a run profiles are numbered from 0; kept, each is called by its content's key, which stays.
Both are in one order. `keep_all` replaces everything after a full run; `matched` says by what.
"""

from __future__ import annotations

from importlib import metadata

import duckdb

from matching import scoring
from matching.model import Model
from matching.relations import count, kept

#: A profile's name for ever: its key, in a signed number.
KEY = "CAST(profile_key >> 1 AS BIGINT)"

#: Kept tables as they are made of a run's temporary ones, where `name` turns a profile's number
#: into its key.
_KEPT = {
    "record_vehicle": "FROM record_vehicle",
    "vehicle": "FROM vehicle",
    "near_vin": "FROM near_vin",
    "vin_part": "FROM vin_part",
    "generic_value": "FROM generic_value",
    "record_profile": "SELECT record_key, key AS profile_id, base_key"
    " FROM record_profile JOIN name USING (profile_id)",
    "profile": f"SELECT {KEY} AS profile_id, * EXCLUDE (profile_id, profile_key) FROM profile",
    "profile_key": "SELECT key_no, hash, key AS profile_id FROM all_key"
    " JOIN name USING (profile_id)",
    "edge": "SELECT l.key AS a, r.key AS b, edge.* EXCLUDE (a, b) FROM edge"
    " JOIN name l ON l.profile_id = a JOIN name r ON r.profile_id = b",
    "component": "SELECT l.key AS profile_id, r.key AS label FROM component c"
    " JOIN name l ON l.profile_id = c.profile_id JOIN name r ON r.profile_id = c.label",
    "entity": "SELECT l.key AS profile_id, r.key AS entity_no FROM entity"
    " JOIN name l ON l.profile_id = entity.profile_id JOIN name r ON r.profile_id = entity_no",
    "refused_link": "SELECT l.key AS a, r.key AS b, weight, because FROM refused_link"
    " JOIN name l ON l.profile_id = a JOIN name r ON r.profile_id = b",
    "review_candidate": "SELECT x.key AS low, y.key AS high, l.key AS a, r.key AS b,"
    " c.* EXCLUDE (low, high, a, b) FROM review_candidate c"
    " JOIN name l ON l.profile_id = a JOIN name r ON r.profile_id = b"
    " JOIN name x ON x.profile_id = low JOIN name y ON y.profile_id = high",
    "steward_generic": "FROM steward_generic",
    "steward_unit": "FROM steward_unit",
    "steward_opposed": "FROM steward_opposed",
}  # fmt: skip


def keep_all(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Replace the kept tables by what a full run has left in temporary ones."""
    names(con)
    for table, sql in (_KEPT | statistics(model)).items():
        con.execute(f"CREATE OR REPLACE TABLE {kept(con, table)} AS {sql}")
    con.execute(f"""
        CREATE OR REPLACE TABLE {kept(con, "matched")} AS
        SELECT '{model.digest}' AS model_digest, '{_versions()}' AS versions,
               {scoring.population(count(con, "profile"))} AS population
    """)
    con.execute("DROP TABLE name")
    for table in (*_KEPT, *statistics(model), "all_key"):
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")


def knows(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether all is kept, as this model and these versions of Guiyi and DuckDB make it."""
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    if not {"matched", *_KEPT, *statistics(model)} <= {name for (name,) in rows}:
        return False
    known = con.execute(f"SELECT model_digest, versions FROM {kept(con, 'matched')}").fetchall()
    return known == [(model.digest, _versions())]


def _versions() -> str:
    return f"guiyi {metadata.version('guiyi')}, duckdb {duckdb.__version__}"


def names(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `name` (profile_id, key): what this run's numbers of profiles are called for ever."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE name AS SELECT profile_id, {KEY} AS key FROM profile"
    )


def of_run(table: str) -> str:
    """SQL: a temporary table of this run as it is kept, by the numbers that `name` knows."""
    return _KEPT[table]


def statistics(model: Model) -> dict[str, str]:
    """The tables that say how common values are, as they are kept."""
    found = {}
    for name, comparison in model.comparisons.items():
        if comparison.frequency:
            found[f"{name}_frequency"] = (
                f"SELECT key AS profile_id, frequency FROM {name}_frequency"
                " JOIN name USING (profile_id)"
            )
        if comparison.namesakes:
            found[f"{name}_nearby"] = f"FROM {name}_nearby"
    return found

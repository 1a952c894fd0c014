"""Which values turned generic, or are so no more, and the records that hold them."""

from __future__ import annotations

import duckdb

from matching import profiles
from matching.model import Model
from matching.relations import kept, put
from matching.steward import Steward


def update(con: duckdb.DuckDBPyConnection, model: Model, steward: Steward) -> None:
    """Count the values of changed records anew; bring `generic_value` up to date.

    In: `subject`, `changed_subject`. Out: `turned` (record_key), the holders of values whose
    verdict is another one now.
    """
    was = kept(con, "generic_value")
    put(con, "steward_generic", steward.generic)
    con.execute("CREATE OR REPLACE TEMP TABLE turned (record_key VARCHAR)")
    for column, behaviour in model.behaviours.items():
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE recounted AS
            SELECT CAST(value AS VARCHAR) AS value
            FROM ({profiles.told_sql(con, model, column, "changed_subject")})
            UNION SELECT value FROM steward_generic WHERE column_name = '{column}'
            UNION SELECT value FROM {kept(con, "steward_generic")} WHERE column_name = '{column}'
        """)
        records = "subject" if "vehicle_id" in model.columns[column] else "record"
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE told AS
            SELECT record_key, CAST(value AS VARCHAR) AS value, holder
            FROM ({profiles.told_sql(con, model, column, records, among="recounted")})
        """)
        con.execute("""
            CREATE OR REPLACE TEMP TABLE verdict (column_name VARCHAR, value VARCHAR,
                                                  holders BIGINT, verdict VARCHAR)
        """)
        con.execute(f"INSERT INTO verdict {profiles.generic_sql(column, behaviour, 'FROM told')}")
        con.execute(f"""
            INSERT INTO turned SELECT DISTINCT record_key FROM told WHERE value IN (
                SELECT value FROM recounted
                LEFT JOIN (FROM {was} WHERE column_name = '{column}') was USING (value)
                LEFT JOIN verdict now USING (value) WHERE was.verdict IS DISTINCT FROM now.verdict)
        """)
        con.execute(f"""
            DELETE FROM {was} WHERE column_name = '{column}' AND value IN (FROM recounted)
        """)
        con.execute(f"INSERT INTO {was} FROM verdict")
    con.execute(f"CREATE OR REPLACE TABLE {kept(con, 'steward_generic')} AS FROM steward_generic")
    for table in ("recounted", "told", "verdict", "steward_generic"):
        con.execute(f"DROP TABLE temp.{table}")

"""Profiles: records with the same identity content are one profile, and profiles are compared.

The tenth visit of a known customer costs nothing. Tables on the connection:
  in   records: record_key and whatever the model's columns read
  out  `record_profile`: record_key, profile_id
       `profile`: profile_id, records, then the model's columns; profiles are numbered from 0 in the
       order of their content's hash, so the numbers do not depend on the order of arrival
       `generic_value`: column_name, value, holders, verdict (shared or generic)
"""

from __future__ import annotations

import duckdb

from matching.model import Behaviour, Model
from matching.relations import count


def build(con: duckdb.DuckDBPyConnection, model: Model, records: str) -> int:
    """Make the profiles of all records in the table or view `records`; return their number."""
    columns = ",\n".join(f"({sql}) AS {name}" for name, sql in model.columns.items())
    content = ", ".join(f"coalesce(CAST({name} AS VARCHAR), chr(1))" for name in model.columns)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE described AS
        SELECT *, md5_number_lower(concat_ws(chr(0), {content},
                                             CASE WHEN NOT coalesce({model.identifying}, false)
                                                  THEN record_key END)) AS profile_key
        FROM (SELECT record_key, {columns} FROM {records})
    """)
    # only the narrow key is grouped and sorted; records of one key have one content
    con.execute("""
        CREATE OR REPLACE TEMP TABLE numbered AS
        SELECT profile_key, min(rowid) AS face, count(*) AS records,
               CAST(row_number() OVER (ORDER BY profile_key) - 1 AS INTEGER) AS profile_id
        FROM described GROUP BY profile_key
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE profile AS
        SELECT profile_id, d.profile_key, records, {", ".join(model.columns)}
        FROM described d JOIN numbered ON face = d.rowid
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE record_profile AS
        SELECT record_key, profile_id FROM described JOIN numbered USING (profile_key)
    """)
    con.execute("DROP TABLE described")
    con.execute("DROP TABLE numbered")
    find_generic(con, model)
    return count(con, "profile")


def find_generic(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Find the values that more people hold than should, and take them out of the profiles."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE generic_value
        (column_name VARCHAR, value VARCHAR, holders BIGINT, verdict VARCHAR)
    """)
    for column, behaviour in model.behaviours.items():
        is_list = _is_list(con, column)
        con.execute(_generic_sql(column, behaviour, is_list))
        _set_aside(con, column, is_list)


def _generic_sql(column: str, behaviour: Behaviour, is_list: bool) -> str:
    value = f"unnest({column})" if is_list else column
    return f"""
        INSERT INTO generic_value
        SELECT '{column}', CAST(value AS VARCHAR), holders,
               CASE WHEN holders >= {behaviour.generic} THEN 'generic' ELSE 'shared' END
        FROM (
            SELECT value, count(DISTINCT holder) AS holders
            FROM (SELECT {value} AS value, {behaviour.by} AS holder FROM profile)
            WHERE value IS NOT NULL GROUP BY value
        ) WHERE holders >= {behaviour.shared}
        ORDER BY value
    """


def _set_aside(con: duckdb.DuckDBPyConnection, column: str, is_list: bool) -> None:
    """Drop generic values from the column; a list's shared ones move to `<column>_shared`."""
    if is_list:
        con.execute(f"ALTER TABLE profile ADD COLUMN {column}_shared VARCHAR[] DEFAULT []")
        # only the few profiles that hold such a value are touched
        con.execute(f"""
            UPDATE profile SET {column} = kept.own, {column}_shared = kept.shared
            FROM (
                SELECT profile_id,
                       coalesce(list(value ORDER BY value) FILTER (verdict IS NULL), []) AS own,
                       coalesce(list(value ORDER BY value) FILTER (verdict = 'shared'), [])
                           AS shared
                FROM (SELECT profile_id, unnest({column}) AS value FROM profile)
                LEFT JOIN (FROM generic_value WHERE column_name = '{column}') USING (value)
                GROUP BY profile_id HAVING count(verdict) > 0
            ) kept WHERE kept.profile_id = profile.profile_id
        """)
    else:
        con.execute(
            f"UPDATE profile SET {column} = NULL WHERE CAST({column} AS VARCHAR) IN "
            f"(SELECT value FROM generic_value WHERE column_name = '{column}' "
            "AND verdict = 'generic')"
        )


def _is_list(con: duckdb.DuckDBPyConnection, column: str) -> bool:
    described = con.execute(f"SELECT {column} FROM profile LIMIT 0").description or []
    return str(described[0][1]).endswith("[]")

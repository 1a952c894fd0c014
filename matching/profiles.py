"""Profiles: records with the same identity content are one profile, and profiles are compared.

The tenth visit of a known customer costs nothing: records alike in what tells who it is are one
profile, and what else they tell (cars, outlets, addresses) is gathered there as sets.
Tables on the connection:
  in   records: record_key and whatever the model's columns read
  out  `record_profile`: record_key, profile_id
       `profile`: profile_id, records, then the columns in which its records are alike, then the
       sets; profiles are numbered from 0 in the order of their content's hash, so the numbers do
       not depend on the order of arrival
       `generic_value`: column_name, value, holders, verdict (shared or generic)
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from matching.model import Behaviour, Model
from matching.relations import count, is_list, put
from matching.steward import SILENT, Steward, contested, put_units


def build(
    con: duckdb.DuckDBPyConnection, model: Model, records: str, steward: Steward = SILENT
) -> int:
    """Make the profiles of all records in the table or view `records`; return their number.

    What stewards say of generic values goes above the counting, and no profile holds two records
    that they keep apart. Leaves `steward_unit`, `steward_opposed` and `steward_camp` behind.
    """
    put_units(con, steward)
    find_generic(con, model, records, steward)
    describe(con, model, records)
    contested(con, "keyed")
    fold(con, model)
    return count(con, "profile")


def find_generic(
    con: duckdb.DuckDBPyConnection, model: Model, records: str, steward: Steward
) -> None:
    """Fill `generic_value` with the values of `records` that more hold than should."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE generic_value {GENERIC_COLUMNS}")
    put(con, "steward_generic", steward.generic)
    for column, behaviour in model.behaviours.items():
        every = told_sql(con, model, column, records)
        told = f"SELECT CAST(value AS VARCHAR) AS value, holder FROM ({every})"
        con.execute(f"INSERT INTO generic_value {generic_sql(column, behaviour, told)}")


def describe(con: duckdb.DuckDBPyConnection, model: Model, records: str) -> None:
    """Fill `described`, the records by the model's columns, and `keyed` (record_key, place,
    profile_key): its row there, and a hash of what makes it one with others.

    By `generic_value` as it stands.
    """
    shared = _lists(con, model, records)
    for column in shared:
        told = told_sql(con, model, column, records)
        con.execute(f"CREATE OR REPLACE TEMP TABLE told AS {told}")
        con.execute(f"CREATE OR REPLACE TEMP TABLE {column}_kept AS {_kept_sql(column)}")
        con.execute("DROP TABLE told")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE described AS {_described_sql(model, records, shared)}"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE keyed AS {_keyed_sql(model, _alike(con, model))}")
    for column in shared:
        con.execute(f"DROP TABLE {column}_kept")


def fold(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `profile` and `record_profile` of `described` and `keyed`, which go.

    `contested`, which goes too, are the records whose camp has a profile of its own.
    """
    con.execute("ALTER TABLE keyed ADD COLUMN base_key UBIGINT")
    con.execute("UPDATE keyed SET base_key = profile_key")
    con.execute("""
        UPDATE keyed SET profile_key = md5_number_lower(concat_ws(chr(0), profile_key, name))
        FROM contested JOIN steward_camp USING (camp) WHERE contested.record_key = keyed.record_key
    """)
    # only the narrow key is grouped and sorted
    con.execute("""
        CREATE OR REPLACE TEMP TABLE numbered AS
        SELECT profile_key, min(place) AS face, count(*) AS records,
               CAST(row_number() OVER (ORDER BY profile_key) - 1 AS INTEGER) AS profile_id
        FROM keyed GROUP BY profile_key
    """)
    con.execute(f"CREATE OR REPLACE TEMP TABLE gathered AS {_gathered_sql(model)}")
    sql = _profile_sql(con, model, _alike(con, model))
    con.execute(f"CREATE OR REPLACE TEMP TABLE profile AS {sql}")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE record_profile AS
        SELECT record_key, profile_id, base_key FROM keyed JOIN numbered USING (profile_key)
    """)
    for table in ("described", "keyed", "numbered", "gathered", "contested"):
        con.execute(f"DROP TABLE {table}")


def _described_sql(model: Model, records: str, shared: list[str]) -> str:
    """The records by the model's columns, without their generic values.

    shared: the columns that hold lists; beside each stands one of its shared values.
    """
    joins, columns = [], []
    for name, sql in model.columns.items():
        if name in shared:
            joins.append(f"LEFT JOIN {name}_kept {name}_k USING (record_key)")
            columns.append(f"coalesce({name}_k.own, {sql}) AS {name}")
            columns.append(f"coalesce({name}_k.shared, []) AS {name}_shared")
        elif name in model.behaviours:
            own = f"CAST(({sql}) AS VARCHAR) NOT IN {_generic_of(name)}"
            columns.append(f"CASE WHEN {own} THEN ({sql}) END AS {name}")
        else:
            columns.append(f"({sql}) AS {name}")
    return f"SELECT record_key, {', '.join(columns)} FROM {records} {' '.join(joins)}"


def _keyed_sql(model: Model, alike: list[str]) -> str:
    """record_key, place (its row in `described`), profile_key (a hash of what makes it one)."""
    more = f"CASE WHEN NOT coalesce({model.identifying}, false) THEN record_key"
    if model.folding:
        gathered = _content(f"({sql})" for sql in model.sets.values())
        more += f" WHEN NOT coalesce({model.folding.when}, false) THEN {gathered}"
    return f"""
        SELECT record_key, rowid AS place,
               md5_number_lower(concat_ws(chr(0), {_content(alike)}, {more} END)) AS profile_key
        FROM described
    """


def _content(expressions: Iterable[str]) -> str:
    """All values as one text; nothing is told apart from an empty text."""
    parts = ", ".join(f"coalesce(CAST({sql} AS VARCHAR), chr(1))" for sql in expressions)
    return f"concat_ws(chr(0), {parts})"


def _profile_sql(con: duckdb.DuckDBPyConnection, model: Model, alike: list[str]) -> str:
    """The profiles; most have one record, whose sets need no aggregation.

    `gathered` is what the records of the others tell.
    """
    face = f"SELECT profile_id, profile_key, records, {', '.join(alike)}"
    if not model.sets:
        return f"{face} FROM described d JOIN numbered ON face = d.rowid"
    several = {n for n, sql in model.sets.items() if is_list(con, "described", f"({sql})")}
    one = ", ".join(
        f"coalesce(list_sort(list_distinct({sql})), []) AS {name}" if name in several
        else f"CASE WHEN ({sql}) IS NULL THEN [] ELSE [({sql})] END AS {name}"
        for name, sql in model.sets.items()
    )  # fmt: skip
    many = ", ".join(f"coalesce({name}_told.{name}, []) AS {name}" for name in model.sets)
    told = " ".join(_told_sql(name, name in several) for name in model.sets)
    return f"""
        {face}, {one} FROM described d JOIN numbered ON face = d.rowid WHERE records = 1
        UNION ALL
        {face}, {many} FROM described d JOIN numbered ON face = d.rowid {told} WHERE records > 1
    """


def _gathered_sql(model: Model) -> str:
    """What the records of profiles of several tell; a row that came ten million times is one."""
    told = "".join(f", ({sql}) AS {name}" for name, sql in model.sets.items())
    return f"""
        SELECT DISTINCT profile_id{told}
        FROM described d JOIN keyed ON place = d.rowid JOIN numbered USING (profile_key)
        WHERE records > 1
    """


def _told_sql(name: str, several: bool) -> str:
    """A join of every value that is told for a set: one narrow column is sorted out in no time."""
    value = f"unnest({name})" if several else name
    return f"""
        LEFT JOIN (
            SELECT profile_id, list(value ORDER BY value) AS {name}
            FROM (SELECT DISTINCT profile_id, {value} AS value FROM gathered)
            WHERE value IS NOT NULL GROUP BY profile_id
        ) {name}_told USING (profile_id)
    """


#: The table of values that more hold than should.
GENERIC_COLUMNS = "(column_name VARCHAR, value VARCHAR, holders BIGINT, verdict VARCHAR)"


def _lists(con: duckdb.DuckDBPyConnection, model: Model, records: str) -> list[str]:
    """The columns with a behaviour that hold lists."""
    return [c for c in model.behaviours if is_list(con, records, f"({model.columns[c]})")]


def _alike(con: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """The columns in which the records of a profile are alike; beside lists their shared values."""
    lists = [c for c in model.behaviours if is_list(con, "described", c)]
    return [*model.alike, *(f"{column}_shared" for column in lists)]


def told_sql(
    con: duckdb.DuckDBPyConnection, model: Model, column: str, records: str, among: str = ""
) -> str:
    """SQL: record_key, value, holder for every value that `records` tell of a column.

    among: a relation (value VARCHAR) of the values that are asked for; without it, of all.
    """
    value = model.columns[column]
    if is_list(con, records, f"({value})"):
        value = f"unnest({value})"
    holder = model.columns[model.behaviours[column].by]
    asked = f"SEMI JOIN {among} a ON a.value = CAST(told_value AS VARCHAR)" if among else ""
    # who holds it is worked out last, of what is asked for
    return f"""
        SELECT record_key, told_value AS value, {holder} AS holder
        FROM (SELECT *, {value} AS told_value FROM {records}) {asked}
    """


def generic_sql(column: str, behaviour: Behaviour, told: str) -> str:
    """SQL: the rows of `generic_value` for the values (value, holder) that `told` gives.

    `steward_generic` is what stewards say of them.
    """
    return f"""
        SELECT '{column}', t.value, holders,
               CASE WHEN coalesce(s.generic, holders >= {behaviour.generic}) THEN 'generic'
                    ELSE 'shared' END
        FROM (SELECT value, count(DISTINCT holder) AS holders
              FROM ({told}) WHERE value IS NOT NULL GROUP BY value) t
        LEFT JOIN steward_generic s ON s.column_name = '{column}' AND s.value = t.value
        WHERE holders >= {behaviour.shared} OR s.generic ORDER BY t.value
    """


def _kept_sql(column: str) -> str:
    return f"""
        SELECT record_key, coalesce(list(value ORDER BY value) FILTER (verdict IS NULL), []) AS own,
               coalesce(list(value ORDER BY value) FILTER (verdict = 'shared'), []) AS shared
        FROM told LEFT JOIN (FROM generic_value WHERE column_name = '{column}') USING (value)
        WHERE record_key IN (
            SELECT record_key FROM told JOIN generic_value USING (value)
            WHERE column_name = '{column}')
        GROUP BY record_key
    """


def _generic_of(column: str) -> str:
    return (
        f"(SELECT value FROM generic_value WHERE column_name = '{column}' AND verdict = 'generic')"
    )

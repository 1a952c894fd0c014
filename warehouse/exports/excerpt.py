"""The excerpt of the published warehouse for some outlets: cut to them, masked for a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import SettingError
from matching.relations import number
from warehouse import keyed
from warehouse.database import Limits, connect, quoted, run_script
from warehouse.exports.rules import TABLES, Role, Shown
from warehouse.masking import MASKS
from warehouse.tables import tables

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Tables of the schema `shown` in a database in memory. rows: table -> rows."""

    con: duckdb.DuckDBPyConnection
    run_id: int
    outlets: tuple[str, ...]
    customers: tuple[str, ...]
    rows: dict[str, int]


@contextmanager
def cut(
    published: Path,
    chosen: Mapping[str, tuple[str, ...]],
    role: Role,
    spill: Path,
    limits: Limits | None = None,
    key: bytes = b"",
) -> Iterator[Excerpt]:
    """Cut the published file to outlets, and hide from it what a role does not see.

    chosen: column of dim_outlet -> values; an outlet has one of each. spill: a folder for what does
    not fit into memory. key: of pseudonyms, for a role that `is_keyed`. Raises SettingError where
    no outlet is meant, or a code is unknown.
    """
    with connect(limits=limits, spill=spill) as con:
        con.execute(f"ATTACH '{quoted(published)}' AS published (READ_ONLY)")
        outlets = _choose(con, chosen)
        keyed.use(con, key)
        con.execute("SET VARIABLE network = $1", [role.values == "network"])
        con.execute("SET VARIABLE whole_cars = $1", [_whole_cars(role)])
        con.execute("CREATE SCHEMA cut")
        con.execute("CREATE SCHEMA shown")
        try:
            run_script(con, _FOLDER / "scope.sql")
            rows = {name: _make(con, name, role) for name in TABLES}
        except (duckdb.BinderException, duckdb.CatalogException):
            raise SettingError(
                f"{published}: was published by another version of Guiyi;"
                " `guiyi run` publishes it anew"
            ) from None
        run_id = number(con, "SELECT max(run_id) FROM published.run")
        ids = con.execute("SELECT golden_id FROM customer ORDER BY golden_id").fetchall()
        con.execute("DETACH published")
        yield Excerpt(con, run_id, outlets, tuple(str(one) for (one,) in ids), rows)


def _choose(
    con: duckdb.DuckDBPyConnection, chosen: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Fill `outlet`, and return its codes."""
    where = " AND ".join(f"CAST({column} AS VARCHAR) IN (SELECT unnest(?))" for column in chosen)
    con.execute(
        f"CREATE TEMP TABLE outlet AS SELECT outlet_code FROM published.dim_outlet WHERE {where}",
        [list(values) for values in chosen.values()],
    )
    found = con.execute("SELECT outlet_code FROM outlet ORDER BY outlet_code").fetchall()
    codes = tuple(str(code) for (code,) in found)
    if not codes:
        told = "; ".join(f"{column} {', '.join(values)}" for column, values in chosen.items())
        raise SettingError(f"no outlet of the published warehouse has {told}")
    everywhere = con.execute("SELECT outlet_code FROM published.dim_outlet").fetchall()
    unknown = set(chosen.get("outlet_code", ())) - {str(code) for (code,) in everywhere}
    if unknown:
        told = ", ".join(sorted(unknown))
        raise SettingError(f"{told}: no such outlet in the published warehouse (see dim_outlet)")
    return codes


def _whole_cars(role: Role) -> list[str]:
    """Which ids of cars are shown: VINs, and others, in which there may be a plate."""
    if role.shows("dim_vehicle", "vin") is not Shown.WHOLE:
        return []
    plates = role.values == "network" and role.shows("dim_vehicle", "plate") is Shown.WHOLE
    return ["vin", "other"] if plates else ["vin"]


def _make(con: duckdb.DuckDBPyConnection, name: str, role: Role) -> int:
    """Make `cut.name` with all values, and `shown.name` as the role sees it; return its rows."""
    select = (_FOLDER / "tables" / f"{name}.sql").read_text(encoding="utf-8")
    con.execute(f"CREATE TABLE cut.{name} AS {select}")
    columns = [row[0] for row in con.execute(f"DESCRIBE cut.{name}").fetchall()]
    made = {column: _shown_sql(name, column, role) for column in columns}
    listed = ", ".join(f"{sql} AS {column}" for column, sql in made.items() if sql)
    con.execute(f"CREATE TABLE shown.{name} AS SELECT {listed} FROM cut.{name}")
    _comment(con, name, made)
    return number(con, f"SELECT count(*) FROM shown.{name}")


def _shown_sql(table: str, column: str, role: Role) -> str | None:
    """SQL of what a role sees of a column of `cut`; None where it sees nothing."""
    shown = _treated_sql(column, column, role.shows(table, column))
    if (table, column) != ("dim_customer", "name"):
        return shown
    company = _treated_sql(column, "company", role.companies)
    if shown is None and company is None:
        return None
    return f"CASE WHEN kind = 'company' THEN {company or 'NULL'} ELSE {shown or 'NULL'} END"


def _treated_sql(column: str, mask: str, shown: Shown) -> str | None:
    if shown is Shown.WHOLE:
        return column
    if shown is Shown.KEYED:
        return f"keyed(CAST({column} AS VARCHAR))"
    if shown is Shown.HIDDEN or mask not in MASKS:
        return None
    return MASKS[mask].sql(f"CAST({column} AS VARCHAR)")


def _comment(con: duckdb.DuckDBPyConnection, name: str, made: Mapping[str, str | None]) -> None:
    """Say what tables and columns mean, in the words of the dictionary, and how they are shown."""
    table = next(table for table in tables() if table.name == name)
    texts = {f"TABLE shown.{name}": table.meaning}
    for column in table.columns:
        if sql := made.get(column.name):
            texts[f"COLUMN shown.{name}.{column.name}"] = column.meaning + _how(column.name, sql)
    for what, text in texts.items():
        con.execute(f"COMMENT ON {what} IS '{text.replace(chr(39), chr(39) * 2)}'")


def _how(column: str, sql: str) -> str:
    """What to say of a column's values beside their meaning."""
    if sql == column:
        return ""
    if "keyed(" in sql:
        return " (keyed: HMAC-SHA256)"
    return f" (masked: {MASKS[column].meaning})"

"""All that is held about one person, as tables: PIPL art. 45.

Published tables come in by the columns in which a golden id may stand, so that a new table is in it
without a word here; records and raw rows come cell by cell, for their columns differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from matching.relations import number
from quality import contract
from warehouse.database import Limits, connect, quoted
from warehouse.exports.excerpt import Excerpt
from warehouse.tables import tables

#: Columns of published tables that name customers.
_NAMING = ("golden_id", "other_id", "redirect_to", "golden_id_a", "golden_id_b")
#: Tables of a person's cars by their ids.
_CARS = ("fact_sale", "fact_service_visit", "bridge_ownership")


@contextmanager
def gather(
    published: Path,
    golden_ids: Sequence[str],
    versions: pa.Table,
    more: Mapping[str, pa.Table],
    spill: Path,
    limits: Limits | None = None,
) -> Iterator[Excerpt]:
    """An excerpt of what is held about a person; marts alone are masked.

    golden_ids: the one in use and those that lead to it. versions: his standard records, all
    versions. more: further tables by name, of what the warehouse does not have. spill: a folder for
    what does not fit into memory.
    """
    with connect(limits=limits, spill=spill) as con:
        con.execute(f"ATTACH '{quoted(published)}' AS published (READ_ONLY)")
        con.execute("CREATE SCHEMA shown")
        con.execute("CREATE TEMP TABLE own AS SELECT unnest($1) AS id", [list(golden_ids)])
        for table in tables():
            naming = [c.name for c in table.columns if c.name in _NAMING]
            if naming:
                his = " OR ".join(f"{column} IN (FROM own)" for column in naming)
                _show(con, table.name, f"SELECT * FROM published.{table.whole} WHERE {his}")
        cars = " UNION ".join(f"SELECT vehicle_id FROM shown.{table}" for table in _CARS)
        _show(con, "dim_vehicle", f"FROM published.pii.dim_vehicle WHERE vehicle_id IN ({cars})")
        con.register("version", versions)
        _show(con, "record_value", _values_sql())
        for name, content in more.items():
            con.register("content", content)
            _show(con, name, "FROM content")
        run_id = number(con, "SELECT max(run_id) FROM published.run")
        con.execute("DETACH published")
        names = [str(name) for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'shown'"
            " ORDER BY table_oid").fetchall()]  # fmt: skip
        rows = {name: number(con, f"SELECT count(*) FROM shown.{name}") for name in names}
        filled = {name: count for name, count in rows.items() if count}
        yield Excerpt(con, run_id, (), tuple(golden_ids), filled)


def write_json(excerpt: Excerpt, file: Path) -> None:
    """Write an object: table -> rows, each an object of its columns."""
    told = {}
    for name in excerpt.rows:
        found = excerpt.con.execute(f"FROM shown.{name}")
        columns = [column[0] for column in found.description or ()]
        told[name] = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    file.write_text(text, encoding="utf-8")


def _show(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"CREATE TABLE shown.{name} AS {select}")


def _values_sql() -> str:
    """A row for each filled column of each version of a record."""
    place = ("record_key", "file_id", "file_date", "sheet", "row_number")
    told = [name for name in contract.schema().names if name not in place]
    texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in told)
    return (
        f"UNPIVOT (SELECT {', '.join(place)}, {texts} FROM version) ON {', '.join(told)}"
        ' INTO NAME "column" VALUE value'
    )

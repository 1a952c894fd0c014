"""The forms of an export: a DuckDB file, a workbook, or a folder with a CSV file for each table.

A spreadsheet takes a text that begins with = + - or @ for a formula, and would run what an outlet
has typed into a name. In CSV an apostrophe goes before it; in a workbook it is marked as text, as
Excel marks what is typed after an apostrophe.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from warehouse.database import BI_STORAGE_VERSION, quoted
from warehouse.exports.excerpt import Excerpt

#: How a text begins that a spreadsheet may take for a formula; full-width signs count, too.
FORMULA = "^([\\t\\r\\n]|[ \\t\\r\\n\u00a0\u3000]*[=+\\-@＝＋－＠])"
#: Rows of a sheet, below its header.
SHEET_ROWS = 1_048_575
_BOM = b"\xef\xbb\xbf"
_BATCH = 10_000


def write_duckdb(excerpt: Excerpt, file: Path) -> None:
    """Write a database that today's BI clients read, with the comments of the dictionary."""
    con = excerpt.con
    con.execute(f"ATTACH '{quoted(file)}' AS made (STORAGE_VERSION '{BI_STORAGE_VERSION}')")
    for name in excerpt.rows:
        con.execute(f"CREATE TABLE made.{name} AS FROM shown.{name}")
    for kind, name, text in con.execute("""
        SELECT 'TABLE', table_name, comment FROM duckdb_tables()
        WHERE schema_name = 'shown' AND comment IS NOT NULL
        UNION ALL
        SELECT 'COLUMN', table_name || '.' || column_name, comment FROM duckdb_columns()
        WHERE schema_name = 'shown' AND comment IS NOT NULL
    """).fetchall():
        told = str(text).replace("'", "''")
        con.execute(f"COMMENT ON {kind} made.{name} IS '{told}'")
    con.execute("DETACH made")


def write_xlsx(excerpt: Excerpt, file: Path) -> None:
    """Write a workbook with a sheet for each table.

    Raises SettingError, before anything is written, where a table has more rows than a sheet holds.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    for name, rows in excerpt.rows.items():
        if rows > SHEET_ROWS:
            raise SettingError(
                f"{name} has {rows:,} rows, and a sheet of Excel holds {SHEET_ROWS:,}:"
                " write a .duckdb file or CSV, or name fewer outlets"
            )
    risky = re.compile(FORMULA)

    def cell(sheet: Any, value: object) -> object:
        if isinstance(value, list):
            value = ", ".join(str(one) for one in value)
        if not isinstance(value, str):
            return value
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        if not risky.match(text):
            return text
        marked = WriteOnlyCell(sheet, text)
        marked.data_type, marked.quotePrefix = "s", True
        return marked

    book = Workbook(write_only=True)
    for name in excerpt.rows:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in _rows(excerpt.con, name):
            sheet.append([cell(sheet, value) for value in row])
    book.save(file)


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[tuple[Any, ...]]:
    """The header, and the rows."""
    found = con.execute(f"FROM shown.{name}")
    yield tuple(column[0] for column in found.description or ())
    while batch := found.fetchmany(_BATCH):
        yield from batch


def write_csv(excerpt: Excerpt, folder: Path) -> None:
    """Write a folder with a CSV file for each table: UTF-8 with a mark by which Excel knows it."""
    folder.mkdir()
    for name in excerpt.rows:
        columns = excerpt.con.execute(f"DESCRIBE shown.{name}").fetchall()
        listed = ", ".join(
            f"{_harmless_sql(column)} AS {column}" if kind == "VARCHAR" else column
            for column, kind, *_ in columns
        )
        file, body = folder / f"{name}.csv", folder / f"{name}.body"
        excerpt.con.execute(
            f"COPY (SELECT {listed} FROM shown.{name}) TO '{quoted(body)}' (FORMAT csv, HEADER)"
        )
        with file.open("wb") as out, body.open("rb") as made:
            out.write(_BOM)
            shutil.copyfileobj(made, out)
        body.unlink()


def _harmless_sql(column: str) -> str:
    return (
        f"CASE WHEN regexp_matches({column}, '{FORMULA}') THEN '''' || {column} ELSE {column} END"
    )


#: Format -> what writes it.
FORMS: dict[str, Callable[[Excerpt, Path], None]] = {
    "duckdb": write_duckdb,
    "xlsx": write_xlsx,
    "csv": write_csv,
}


def form_of(output: Path, named: str | None) -> str:
    """The format that is named, else the one of the output's ending; a folder is CSV.

    Raises SettingError where it is none of FORMS.
    """
    found = named or output.suffix.lower().removeprefix(".") or "csv"
    if found not in FORMS or (not named and found == "csv" and output.suffix):
        raise SettingError(
            f"{output}: end it with .duckdb or .xlsx, or name a folder for CSV files;"
            f" or say --format {', '.join(FORMS)}"
        )
    return found

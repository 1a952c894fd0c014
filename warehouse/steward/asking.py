"""The queries of pages: one .sql file each in `queries/`, with named parameters."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
_FOLDER = Path(__file__).parent / "queries"


def ask(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> list[Row]:
    """Rows of `queries/<name>.sql`; `$value` in it is the value of that name."""
    asked = con.execute(_text(name), values)
    columns = [column[0] for column in asked.description or []]
    return [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")

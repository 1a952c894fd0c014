"""The queries of the pages: one .sql file each, over marts and `meta.version` alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from warehouse.dashboard.disclosure import LEAST
from warehouse.rules import load

_FOLDER = Path(__file__).parent / "queries"


def ask(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """Rows of `queries/<name>.sql`; `$name` in it is a number of the marts' rules,
    or `$least`, the fewest whom a page tells of.

    Raises duckdb.CatalogException or BinderException where a mart or a column of it is not there.
    """
    query = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    (statement,) = con.extract_statements(query)
    numbers = load().numbers() | {"least": LEAST}
    asked = con.execute(statement, {key: numbers[key] for key in statement.named_parameters})
    columns = [column[0] for column in asked.description or []]
    return [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]

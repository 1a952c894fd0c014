"""Polars: DuckDB's answers as data frames, without pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from tests.clients.readers.rounds import Ask, read_on


@contextmanager
def client(file: Path) -> Iterator[Ask]:
    with duckdb.connect(str(file), read_only=True) as con:
        yield lambda query: [list(row) for row in pl.DataFrame(con.sql(query)).rows()]


if __name__ == "__main__":
    read_on(client)

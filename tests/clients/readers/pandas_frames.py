"""pandas: DuckDB's answers as data frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tests.clients.readers.rounds import Ask, read_on


@contextmanager
def client(file: Path) -> Iterator[Ask]:
    with duckdb.connect(str(file), read_only=True) as con:
        yield lambda query: con.sql(query).df().values.tolist()


if __name__ == "__main__":
    read_on(client)

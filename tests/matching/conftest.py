"""A database in memory for each test of the matcher."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from warehouse.database import connect


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection

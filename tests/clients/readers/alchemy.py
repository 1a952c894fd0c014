"""SQLAlchemy by duckdb-sqlalchemy, which is how Superset and others read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.clients.readers.rounds import Ask, Rows, read_on


@contextmanager
def client(file: Path) -> Iterator[Ask]:
    # no pool: a pool keeps the file open, and with it the version
    engine = sa.create_engine(
        f"duckdb:///{file}", connect_args={"read_only": True}, poolclass=sa.NullPool
    )
    with engine.connect() as con:

        def ask(query: str) -> Rows:
            return [list(row) for row in con.execute(sa.text(query))]

        visit = sa.Table("fact_service_visit", sa.MetaData(), autoload_with=con)
        amount = visit.c.amount_cny.type
        assert isinstance(amount, sa.Numeric)
        assert (amount.precision, amount.scale) == (18, 2)
        yield ask
    engine.dispose()


if __name__ == "__main__":
    read_on(client)

"""The console's tables and the decisions live in one database, each with a schema of its own."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from matching.decisions import Pair
from warehouse.decision_migrations import SCHEMA as DECISIONS
from warehouse.decisions import DecisionLog
from warehouse.steward.access.scope import Scope
from warehouse.steward.migrations import SCHEMA
from warehouse.steward.services import Services
from warehouse.steward.site import Site
from warehouse.steward.tables import META

SAID = Pair(author="wang", decided_at=datetime.datetime(2024, 3, 1), left="hq//1", right="hq//2",
            verdict="same")  # fmt: skip


@pytest.mark.parametrize("decisions_first", [True, False])
def test_whichever_comes_first_both_are_there(tmp_path: Path, decisions_first: bool) -> None:
    url = f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    log, users = DecisionLog(url), Services.of(Site(tmp_path, url)).users
    if decisions_first:
        log.append(SAID)
    users.add("wang", "王", "steward", Scope())
    if not decisions_first:
        log.append(SAID)
    assert [entry.decision.author for entry in log.entries()] == ["wang"]
    assert [user.login for user in users.all()] == ["wang"]
    with create_engine(url).connect() as db:
        heads = {name: db.execute(text(f"SELECT version_num FROM {name}")).scalar_one()
                 for name in ("alembic_version", "steward_version")}  # fmt: skip
    assert heads == {"alembic_version": DECISIONS.head, "steward_version": SCHEMA.head}


def test_the_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    assert Services.of(Site(tmp_path, url)).users.is_empty
    found = inspect(create_engine(url))
    for table in META.sorted_tables:
        there = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(there) == set(table.columns.keys()), table.name
        for column in table.columns:
            assert there[column.name]["nullable"] == column.nullable, column
        indexed = {
            name for index in found.get_indexes(table.name) for name in index["column_names"]
        }
        assert indexed >= {column.name for column in table.columns if column.index}, table.name

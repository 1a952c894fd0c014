"""A home of another version: its records are understood anew, and nobody loses his golden id."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.pipelines.steps import one_night, small_home


def test_records_of_another_contract_are_understood_anew(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    before = members(home)
    with duckdb.connect(str(home / "identity.duckdb")) as con:
        con.execute("ALTER TABLE record DROP COLUMN address_zone")
        con.execute("ALTER TABLE record_version DROP COLUMN address_zone")
        con.execute("UPDATE record SET name = 'as another version understood it'")
    one_night(home, tmp_path / "landing")
    assert members(home) == before
    with duckdb.connect(str(home / "identity.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(DISTINCT name) > 1, count(*) FILTER (address_zone IS NULL)"
                           " > 0 FROM record").fetchone() == (True, True)  # fmt: skip


def members(home: Path) -> list[tuple[str, str]]:
    """Record keys with their golden ids."""
    with duckdb.connect(str(home / "identity.duckdb"), read_only=True) as con:
        return con.execute("SELECT record_key, golden_id FROM member ORDER BY ALL").fetchall()

"""A home of another version: its records are understood anew, and nobody loses his golden id."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.conftest import Once
from tests.e2e.homes import copy
from tests.pipelines.steps import one_night, small
from warehouse.manifest import read


def test_records_of_another_contract_are_understood_anew(once: Once, tmp_path: Path) -> None:
    home = copy(small(once).home, tmp_path / "home")
    before = members(home)
    with duckdb.connect(str(home / "identity.duckdb")) as con:
        con.execute("ALTER TABLE record DROP COLUMN address_zone")
        con.execute("ALTER TABLE record_version DROP COLUMN address_zone")
        con.execute("UPDATE record SET name = 'as another version understood it'")
    one_night(home, small(once).landing)
    assert members(home) == before
    with duckdb.connect(str(home / "identity.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(DISTINCT name) > 1, count(*) FILTER (address_zone IS NULL)"
                           " > 0 FROM record").fetchone() == (True, True)  # fmt: skip


def test_a_home_without_manifests_goes_on_and_has_them_from_then_on(
    once: Once, tmp_path: Path
) -> None:
    home = copy(small(once).home, tmp_path / "home")
    (home / "warehouse" / "manifest-000001.json").unlink()
    with duckdb.connect(str(home / "identity.duckdb")) as con:
        con.execute("DROP TABLE manifest")
        con.execute("UPDATE run SET counts = json_merge_patch(counts, '{\"measures\": null}')")
    with duckdb.connect(str((home / "warehouse.duckdb").resolve())) as con:
        con.execute("DROP TABLE run_table")
    one_night(home, small(once).landing)
    # its file lacked a table of today, and is published anew; what it stood on is not made up
    assert read(home, 1)["tables"]
    assert "files" not in read(home, 1)
    one_night(home, small(once).landing2)
    with duckdb.connect(str((home / "warehouse.duckdb").resolve()), read_only=True) as con:
        assert con.execute("SELECT max(run_id) FROM run_table").fetchall() == [(2,)]
    assert read(home, 2)["files"]


def members(home: Path) -> list[tuple[str, str]]:
    """Record keys with their golden ids."""
    with duckdb.connect(str(home / "identity.duckdb"), read_only=True) as con:
        return con.execute("SELECT record_key, golden_id FROM member ORDER BY ALL").fetchall()

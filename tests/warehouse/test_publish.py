"""Publishing switches from one whole version to the next, and readers never notice."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from matching.relations import count
from tests.warehouse.nights import Nights, file
from warehouse import publish as module
from warehouse import store
from warehouse.building import PublishRefused
from warehouse.database import connect
from warehouse.masked import relations
from warehouse.publish import FOLDER, LINK, publish, published_at
from warehouse.tables import tables

QUERY = "SELECT record_key FROM customer_xref ORDER BY ALL"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one merged night, not published."""
    home = tmp_path_factory.mktemp("made")
    Nights(home).night(file("f1", [{"source_key": "K1", "name": "李雷", "phone": "13912345678"}]))
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def quiet(home: Path, keep: int = 3) -> module.Published | None:
    return publish(home, keep=keep, report=lambda table: None)


def published_run(home: Path) -> int | None:
    found = published_at(home)
    return found[0] if found else None


def another_night(home: Path, number: int) -> None:
    rows = [{"source_key": f"K{number}", "name": "韩梅"}]
    Nights(home).load(file(f"f{number}", rows, seq=number))


def read(path: Path) -> list[Any]:
    with connect(path.resolve(), read_only=True) as con:
        return con.execute(QUERY).fetchall()


def files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / FOLDER).iterdir() if path.suffix != ".json")


def test_what_is_published_is_every_table_with_its_comments(home: Path) -> None:
    done = quiet(home)
    assert done is not None
    assert sorted(done.rows) == sorted(table.name for table in tables())
    with connect((home / LINK).resolve(), read_only=True) as con:
        names = "replace(schema_name || '.', 'main.', '')"
        told = dict(con.execute(
            f"SELECT {names} || table_name, comment FROM duckdb_tables() UNION ALL"
            f" SELECT {names} || view_name, comment FROM duckdb_views() WHERE NOT internal"
        ).fetchall())  # fmt: skip
        said = con.execute(
            f"SELECT {names} || table_name, column_name, comment FROM duckdb_columns()"
        )
        columns = {(table, column): comment for table, column, comment in said.fetchall()}
        for table in relations():
            assert told[table.whole] == table.meaning
            for column in table.columns:
                assert columns[table.whole, column.name] == column.meaning
            assert done.rows[table.name] == count(con, table.whole)


def test_the_file_is_one_that_todays_clients_can_open(home: Path) -> None:
    quiet(home)
    with connect((home / LINK).resolve(), read_only=True) as con:
        ((tags,),) = con.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name LIKE 'warehouse%'"
        ).fetchall()
    assert tags["storage_version"].startswith("v1.4")


def test_whoever_reads_goes_on_with_the_old_version(home: Path) -> None:
    quiet(home)
    reader = connect((home / LINK).resolve(), read_only=True)
    before = reader.execute(QUERY).fetchall()
    another_night(home, 2)
    quiet(home, keep=1)
    assert reader.execute(QUERY).fetchall() == before
    reader.close()
    assert files(home) == ["warehouse-000002.duckdb"]
    with connect((home / LINK).resolve(), read_only=True) as con:
        assert con.execute("SELECT max(run_id) FROM run").fetchall() == [(2,)]


def test_publishing_twice_is_publishing_once(home: Path) -> None:
    quiet(home)
    before = (home / LINK).stat()
    assert quiet(home) is None
    after = (home / LINK).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files(home) == ["warehouse-000001.duckdb"]


def test_a_former_versions_warehouse_is_published_anew(home: Path) -> None:
    quiet(home)
    with connect((home / LINK).resolve()) as con:
        con.execute("ALTER TABLE run DROP COLUMN undone_by")
    assert quiet(home) is not None
    assert quiet(home) is None


def test_so_many_versions_are_kept(home: Path) -> None:
    for number in (2, 3):
        quiet(home, keep=2)
        another_night(home, number)
    quiet(home, keep=2)
    assert files(home) == ["warehouse-000002.duckdb", "warehouse-000003.duckdb"]
    assert published_run(home) == 3


def test_nothing_is_published_before_the_first_run(tmp_path: Path) -> None:
    Nights(tmp_path).stage()
    store.open_store(tmp_path).close()
    assert quiet(tmp_path) is None
    assert published_at(tmp_path) is None
    assert not (tmp_path / LINK).exists()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("INSERT INTO member SELECT * FROM member", "customer_record.*repeat the key"),
        (
            "INSERT INTO golden_id VALUES ('CX', 1, 2, 'CNOWHERE', 'CNOWHERE')",
            r"golden_id_redirect\.redirect_to: 1 values are not in dim_customer",
        ),
    ],
)
def test_what_fails_a_check_is_not_switched_to(home: Path, spoil: str, told: str) -> None:
    quiet(home)
    before = read(home / LINK)
    another_night(home, 2)
    with store.open_store(home) as con:
        con.execute(spoil)
    with pytest.raises(PublishRefused, match=told):
        quiet(home)
    assert published_run(home) == 1
    assert read(home / LINK) == before


def test_a_killed_build_is_cleared_away_and_made_anew(home: Path) -> None:
    folder = home / FOLDER
    folder.mkdir()
    for name in ("warehouse-000001.building", "warehouse-000001.building.wal"):
        (folder / name).write_bytes(b"half")
    (home / f"{LINK}.next").symlink_to("warehouse/nowhere.duckdb")
    quiet(home)
    assert files(home) == ["warehouse-000001.duckdb"]
    assert not (home / f"{LINK}.next").is_symlink()
    assert read(home / LINK) == [("dealer/D0012/K1",)]


def test_a_build_that_was_not_switched_to_is_published_by_the_next_call(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(home: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_switch", killed)
        with pytest.raises(KeyboardInterrupt):
            quiet(home)
    assert published_at(home) is None
    assert quiet(home) is not None
    assert published_run(home) == 1


def test_the_published_file_needs_no_other(home: Path, tmp_path: Path) -> None:
    quiet(home)
    copy = tmp_path / "sent.duckdb"
    shutil.copy((home / LINK).resolve(), copy)
    shutil.rmtree(home)
    assert read(copy) == [("dealer/D0012/K1",)]
    with connect() as con:
        # whatever name a client attaches it under
        con.execute(f"ATTACH '{copy}' AS elsewhere (READ_ONLY)")
        for table in tables():
            con.execute(f"SELECT count(*) FROM elsewhere.{table.name}").fetchall()
    with pytest.raises(duckdb.Error), connect(copy, read_only=True) as con:
        con.execute("DELETE FROM run").fetchall()

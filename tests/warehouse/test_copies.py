"""The Parquet copies are those of one whole version, and go where the published file goes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.warehouse.nights import NOW, Nights, file
from warehouse import copies, publish
from warehouse.database import connect
from warehouse.masked import relations
from warehouse.publish import FOLDER, LINK

OWN = {"name": "李雷", "phone": "13912345678", "vin": "LSVAA49J132047371"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of a customer who came in two years and on a day that nobody wrote, with copies."""
    home = tmp_path_factory.mktemp("copied")
    days = ("2020-07-01", "2021-07-01", None)
    visits = [{**OWN, "source_key": f"K{n}", "visited_on": day} for n, day in enumerate(days)]
    Nights(home).night(file("f1", visits, source="station", folder_outlet="S0007"))
    put_out(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home", symlinks=True))


def put_out(home: Path, parquet: bool = True, keep: int = 3) -> publish.Published | None:
    return publish.publish(home, keep, report=lambda table: None, parquet=parquet)


def another_version(home: Path, *changes: str) -> Path:
    """The published file with some changes, as that of the next run; it is not linked to."""
    present = (home / LINK).resolve()
    later = present.with_name(f"warehouse-{int(present.stem.split('-')[1]) + 1:06d}.duckdb")
    shutil.copyfile(present, later)
    with connect(later) as con:
        for change in changes:
            con.execute(change)
    return later


def files(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.parquet"))}


def folders(home: Path) -> list[str]:
    return sorted(path.name for path in (home / FOLDER).glob("parquet-*"))


def written_anew(home: Path, later: Path) -> set[str]:
    """Copies of a later version that are no second name of a file of the version in force."""
    before = files((home / copies.LINK).resolve())
    copies.write(home, later)
    copies.switch(home, later)
    after = files((home / copies.LINK).resolve())
    return {name for name in after if not os.path.samefile(after[name], before.get(name, __file__))}


def test_every_table_and_mart_is_there_with_its_rows_types_and_comments(made: Path) -> None:
    with connect((made / LINK).resolve(), read_only=True) as con:
        for table in relations():
            path = made / copies.LINK / table.whole.replace(".", "/")
            copy = f"'{path}/*/*.parquet'" if table.by_year else f"'{path}.parquet'"
            columns = ", ".join(column.name for column in table.columns)
            rows, copied = (
                con.execute(f"SELECT {columns} FROM {name} ORDER BY ALL").fetchall()
                for name in (table.whole, f"read_parquet({copy})")
            )
            assert copied == rows, table.name
            types, kept = (
                con.execute(f"DESCRIBE SELECT {columns} FROM {name}").fetchall()
                for name in (table.whole, f"read_parquet({copy})")
            )
            plain = [(row[0], "VARCHAR" if "ENUM" in row[1] else row[1]) for row in types]
            assert [row[:2] for row in kept] == plain, table.name
            one = next(iter(path.rglob("*.parquet")), path.with_suffix(".parquet"))
            told = pq.read_metadata(one).metadata or {}
            assert told[b"comment"].decode() == table.meaning
            for column in table.columns:
                assert told[f"comment.{column.name}".encode()].decode() == column.meaning


def test_a_large_table_is_told_apart_by_year_and_an_empty_one_is_there(made: Path) -> None:
    names = files(made / copies.LINK)
    visits, sales = (
        [name for name in names if name.startswith(table)]
        for table in ("fact_service_visit", "fact_sale")
    )
    none = "year=__HIVE_DEFAULT_PARTITION__"
    years = ["year=2020", "year=2021", none]
    assert visits == [f"fact_service_visit/{y}/fact_service_visit.parquet" for y in years]
    assert sales == [f"fact_sale/{none}/fact_sale.parquet"]


def test_a_reader_takes_no_number_for_a_table(made: Path) -> None:
    """Arrow, and with it pandas, reads Parquet's enumerations as bytes."""
    schema = pq.read_schema(made / copies.LINK / "review_pair.parquet")
    assert not [f.name for f in schema if "binary" in str(f.type) or "dictionary" in str(f.type)]


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        ("SELECT 1", set[str]()),
        ("UPDATE run_step SET seconds = 7", {"run_step.parquet"}),
        (
            "UPDATE fact_service_visit SET mileage_km = 7 WHERE year(visited_on) = 2021",
            {"fact_service_visit/year=2021/fact_service_visit.parquet"},
        ),
        # two rows alike, which an exclusive or alone would not see
        (
            "INSERT INTO pii.customer_name SELECT a.* FROM pii.customer_name a, range(2)",
            {"customer_name.parquet", "pii/customer_name.parquet"},
        ),
        ("ALTER TABLE run_step ALTER seconds TYPE FLOAT", {"run_step.parquet"}),
    ],
)
def test_what_is_as_it_was_is_not_written_again(home: Path, change: str, anew: set[str]) -> None:
    assert written_anew(home, another_version(home, change)) == anew


def test_a_copy_that_somebody_took_away_is_written_again(home: Path) -> None:
    (home / copies.LINK / "run.parquet").unlink()
    assert written_anew(home, another_version(home)) == {"run.parquet"}


def test_whoever_reads_goes_on_in_the_old_folder(home: Path) -> None:
    old, later = (home / copies.LINK).resolve(), another_version(home, "DELETE FROM run_step")
    copies.write(home, later)
    assert (home / copies.LINK).resolve() == old
    copies.switch(home, later)
    assert (home / copies.LINK).resolve() != old
    assert pq.read_table(home / copies.LINK / "run_step.parquet").num_rows == 0
    assert pq.read_table(old / "run_step.parquet").num_rows > 0


def test_a_killed_writer_leaves_nothing_that_is_taken_for_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = another_version(home, "DELETE FROM run_step")

    def killed(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(copies, "_copy", killed)
        with pytest.raises(KeyboardInterrupt):
            copies.write(home, later)
    copies.switch(home, later)
    assert not (home / copies.LINK).exists()
    copies.write(home, later)
    copies.switch(home, later)
    assert pq.read_table(home / copies.LINK / "run_step.parquet").num_rows == 0
    copies.forget(home / FOLDER)
    assert not [name for name in folders(home) if "building" in name]


def test_copies_are_brought_up_with_their_version_and_forgotten_with_it(home: Path) -> None:
    first, copied = (home / LINK).resolve(), folders(home)
    later = another_version(home, "UPDATE run SET run_id = 2")
    copies.write(home, later)
    publish._switch(home, later)
    assert publish.bring_up(home, 1, NOW)
    assert [(home / copies.LINK).resolve().name] == copied
    publish._switch(home, later)
    publish._forget_old(home, later, keep=1)
    assert not first.exists()
    assert [(home / copies.LINK).resolve().name] == folders(home)
    bare = another_version(home)
    publish._switch(home, bare)
    assert not (home / copies.LINK).is_symlink()


def test_the_setting_makes_and_takes_away_copies_of_what_stands(home: Path) -> None:
    before = (home / LINK).resolve().stat()
    assert put_out(home, parquet=False) is None
    assert not (home / copies.LINK).is_symlink()
    assert not folders(home)
    assert put_out(home) is None
    assert "dim_customer.parquet" in files(home / copies.LINK)
    after = (home / LINK).resolve().stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_is_published_takes_the_room_of_both(home: Path) -> None:
    both = publish.published_size(home)
    put_out(home, parquet=False)
    assert both > publish.published_size(home) > 0

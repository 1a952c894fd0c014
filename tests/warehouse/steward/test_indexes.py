"""An index is made once for a version, answers until the next one is there, and goes with it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from warehouse import publish
from warehouse.database import Limits
from warehouse.steward.indexes import BeingMade, Indexes
from warehouse.steward.published import NotPublished, PublishedFile, version_of
from warehouse.steward.search.finding import find


def files(home: Path) -> list[str]:
    return sorted(file.name for file in (home / publish.INDEXES).glob("warehouse-*"))


def test_an_index_is_made_at_the_first_question_and_kept(home: Path) -> None:
    indexes = Indexes(home)
    with indexes.reading() as con:
        ((name,),) = con.execute(
            "SELECT name FROM customer WHERE kind = 'person' LIMIT 1"
        ).fetchall()
        assert find(con, name, None).hits
    made = files(home)
    assert [name.startswith("warehouse-000001-") for name in made] == [True, True]
    before = [(home / publish.INDEXES / name).stat().st_ino for name in made]
    again = Indexes(home)
    with again.reading():
        assert again.dossiers().of("C0") is None
        assert [(home / publish.INDEXES / name).stat().st_ino for name in made] == before
    for one in (indexes, again):
        one.close()


def test_the_one_before_answers_while_a_new_one_is_made(home: Path) -> None:
    indexes = Indexes(home)
    with indexes.reading():
        before = files(home)
    os.utime((home / publish.LINK).resolve())  # published anew
    with indexes.reading() as con:
        assert con.execute("SELECT count(*) > 0 FROM customer").fetchall() == [(True,)]
        indexes.close()
        assert len(files(home)) == 2
        assert not set(files(home)).intersection(before)
        assert con.execute("SELECT count(*) > 0 FROM customer").fetchall() == [(True,)]


def test_publishing_removes_the_indexes_of_former_versions(home: Path) -> None:
    indexes = Indexes(home)
    with indexes.reading():
        pass
    indexes.close()
    current = (home / publish.LINK).resolve()
    publish._forget_old(home, current, keep=3)
    assert files(home)
    publish._forget_old(home, current.with_name("warehouse-000002.duckdb"), keep=3)
    assert not files(home)


def test_without_an_index_people_are_asked_to_wait(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.steward.indexes._PATIENCE", 0.0)
    monkeypatch.setattr("warehouse.steward.indexes._Files.build", lambda *_: time.sleep(0.2))
    os.utime((home / publish.LINK).resolve())
    indexes = Indexes(home)
    with pytest.raises(BeingMade), indexes.reading():
        pass
    indexes.close()


def test_without_a_warehouse_there_is_none_to_make(tmp_path: Path) -> None:
    with pytest.raises(NotPublished), Indexes(tmp_path).reading():
        pass


def test_an_index_that_is_only_half_there_is_made_whole(home: Path) -> None:
    indexes = Indexes(home)
    indexes.dossiers()
    indexes.close()
    (gone,) = (home / publish.INDEXES).glob("warehouse-*.sqlite")
    gone.unlink()
    again = Indexes(home)
    assert again.dossiers().of("C0") is None
    again.close()


def test_the_version_before_is_read_until_the_index_of_the_new_one_is_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes = Indexes(home)
    published = PublishedFile(home, Limits(threads=1), indexes.is_ready)
    with published.reading() as con:
        before = version_of(con)
    monkeypatch.setattr("warehouse.steward.indexes._PATIENCE", 0.0)
    os.utime((home / publish.LINK).resolve())  # published anew
    for file in (home / publish.INDEXES).glob("warehouse-*"):
        file.unlink()  # as a publish does
    with published.reading() as con:
        assert version_of(con) == before
        asked = "SELECT golden_id FROM pii.dim_customer LIMIT 1"
        ((golden_id,),) = con.execute(asked).fetchall()
        assert indexes.dossiers().seen(golden_id, None).golden_id == golden_id
    indexes.close()
    with published.reading() as con:
        assert version_of(con) != before
    published.close()


def test_an_index_that_cannot_be_made_holds_up_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("warehouse.steward.indexes._Files.build", fail)
    os.utime((home / publish.LINK).resolve())
    indexes = Indexes(home)
    published = PublishedFile(home, Limits(threads=1), indexes.is_ready)
    with published.reading():
        pass
    assert indexes.is_ready()
    with pytest.raises(BeingMade):
        indexes.dossiers()
    published.close()

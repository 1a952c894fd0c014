"""An index is made once for a version, answers until the next one is there, and goes with it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from warehouse import publish
from warehouse.steward.published import NotPublished
from warehouse.steward.search.finding import find
from warehouse.steward.search.keeping import BeingMade, Indexes


def files(home: Path) -> list[str]:
    return sorted(file.name for file in (home / publish.INDEXES).glob("warehouse-*"))


def test_an_index_is_made_at_the_first_question_and_kept(home: Path) -> None:
    indexes = Indexes(home)
    with indexes.reading() as con:
        ((name,),) = con.execute(
            "SELECT name FROM customer WHERE kind = 'person' LIMIT 1"
        ).fetchall()
        assert find(con, name, None).hits
    (made,) = files(home)
    assert made.startswith("warehouse-000001-")
    before = (home / publish.INDEXES / made).stat()
    again = Indexes(home)
    with again.reading():
        assert (home / publish.INDEXES / made).stat() == before
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
        assert len(files(home)) == 1
        assert files(home) != before
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
    monkeypatch.setattr("warehouse.steward.search.keeping._PATIENCE", 0.0)
    monkeypatch.setattr("warehouse.steward.search.keeping.build", lambda *_: time.sleep(0.2))
    os.utime((home / publish.LINK).resolve())
    indexes = Indexes(home)
    with pytest.raises(BeingMade), indexes.reading():
        pass
    indexes.close()


def test_without_a_warehouse_there_is_none_to_make(tmp_path: Path) -> None:
    with pytest.raises(NotPublished), Indexes(tmp_path).reading():
        pass

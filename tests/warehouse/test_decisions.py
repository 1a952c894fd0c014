"""The database of decisions: appended to, never edited, and older ones go on."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from connectors.errors import SettingError
from matching.decisions import Decision
from matching.standing import State, judge
from tests.matching.said import NOON, entries, generic, merge, pair, split, undo, value
from warehouse.decision_migrations import SCHEMA
from warehouse.decisions import DEFAULT_URL, DecisionLog, place
from warehouse.log_database import Schema

FILE = "decisions.sqlite"
FIRST = pair("dealer/D1/a", "hq//b", "same")
EVERY: list[Decision] = [
    FIRST,
    merge("a b", "c", minute=1),
    split("a", "b c", minute=2),
    generic("phones", "+8613912345678", True, minute=3),
    value("a", "name", "欧阳娜娜", minute=4),
    undo(FIRST, minute=5),
]


@pytest.fixture
def log(tmp_path: Path) -> DecisionLog:
    return DecisionLog(place(DEFAULT_URL, tmp_path))


def test_before_the_first_there_is_none_and_asking_makes_no_file(
    log: DecisionLog, tmp_path: Path
) -> None:
    assert log.entries() == []
    assert not (tmp_path / FILE).exists()


def test_what_was_said_is_kept_as_it_was_said_and_in_its_order(log: DecisionLog) -> None:
    written = [log.append(decision) for decision in EVERY]
    assert log.entries() == written == entries(*EVERY)


def test_later_is_what_was_written_later_whatever_a_clock_says(log: DecisionLog) -> None:
    log.append(pair("a", "b", "same", minute=5))
    log.append(pair("a", "b", "different", minute=0))
    found = log.entries()
    assert [entry.decision.decided_at - NOON for entry in found] == [
        datetime.timedelta(minutes=5)
    ] * 2
    assert judge(found).standing[1].state is State.OVERRULED


def test_what_is_written_twice_is_there_once(log: DecisionLog) -> None:
    """By its name: a form was sent twice."""
    first = log.append(pair("a", "b", "same", uid="once"))
    assert log.append(pair("a", "b", "different", uid="once")) == first
    second = log.append(pair("a", "b", "unsure"))
    assert log.entries() == [first, second]
    assert log.entries(after=first.number) == [second]


def test_what_is_taken_in_keeps_its_time_and_is_taken_once(log: DecisionLog) -> None:
    log.append(pair("a", "b", "same", minute=9))
    assert [entry.number for entry in log.take_in(EVERY)] == [2, 3, 4, 5, 6, 7]
    assert log.take_in(EVERY) == []
    assert [entry.decision for entry in log.entries()][1:] == EVERY


def test_decisions_can_be_made_while_a_night_reads_them(log: DecisionLog, tmp_path: Path) -> None:
    log.append(FIRST)
    reader = sqlite3.connect(tmp_path / FILE)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM decision").fetchone()
    log.append(EVERY[1])
    assert reader.execute("SELECT count(*) FROM decision").fetchone() == before == (1,)
    reader.close()
    assert len(log.entries()) == 2


def former(tmp_path: Path) -> None:
    """A database as the former version made it."""
    with sqlite3.connect(tmp_path / FILE) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("""
            CREATE TABLE decision (decision_id INTEGER NOT NULL, decided_at DATETIME NOT NULL,
                author VARCHAR NOT NULL, verdict VARCHAR NOT NULL, left_key VARCHAR NOT NULL,
                right_key VARCHAR NOT NULL, note VARCHAR NOT NULL, PRIMARY KEY (decision_id))
        """)
        rows = [
            (1, "2024-03-01 12:00:00.000000", "wang", "same", "a", "b", "兄弟"),
            (4, "2024-03-01 12:07:00.000000", "wang", "unsure", "a", "c", ""),
        ]
        old.executemany("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    old.close()


def test_a_database_of_the_former_version_goes_on(log: DecisionLog, tmp_path: Path) -> None:
    former(tmp_path)
    found = log.entries()
    assert [entry.number for entry in found] == [1, 4]
    uids = [entry.decision.uid for entry in found]
    assert [entry.decision for entry in found] == [
        pair("a", "b", "same", uid=uids[0], why="兄弟"),
        pair("a", "c", "unsure", minute=7, uid=uids[1]),
    ]
    assert log.append(undo(found[0].decision, minute=8)).number == 5
    assert len(DecisionLog(place(DEFAULT_URL, tmp_path)).entries()) == 3


def test_a_database_and_its_copy_come_to_name_decisions_alike(tmp_path: Path) -> None:
    uids = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        former(folder)
        log = DecisionLog(place(DEFAULT_URL, folder))
        uids.append([entry.decision.uid for entry in log.entries()])
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 2


def test_a_migration_that_dies_leaves_the_former_version(
    log: DecisionLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former(tmp_path)
    before = dump(tmp_path)

    whole = Schema.upgrade

    def dies(schema: Schema, connection: Connection) -> None:
        whole(schema, connection)
        raise KeyError

    with monkeypatch.context() as broken:
        broken.setattr(Schema, "upgrade", dies)
        with pytest.raises(KeyError):
            log.entries()
    assert dump(tmp_path) == before
    assert len(log.entries()) == 2


def dump(home: Path) -> list[str]:
    with sqlite3.connect(home / FILE) as db:
        lines = list(db.iterdump())
    db.close()
    return lines


def test_the_newest_version_is_the_one_that_is_named() -> None:
    script = ScriptDirectory(str(SCHEMA.folder))
    assert script.get_heads() == [SCHEMA.head]


def test_the_migrations_come_to_the_table_that_is_read(tmp_path: Path) -> None:
    """In plain SQL, so that another database than SQLite can follow."""
    engine = create_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.begin() as connection:
        SCHEMA.upgrade(connection)
        assert SCHEMA.version_of(connection) == SCHEMA.head


def test_a_database_of_a_newer_version_is_left_alone(log: DecisionLog, tmp_path: Path) -> None:
    log.append(FIRST)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(SettingError, match="newer version"):
        log.entries()


def test_what_is_no_database_is_told(log: DecisionLog, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("not a database, but long enough to be taken for its header" * 9)
    with pytest.raises(SettingError, match="cannot be read or written"):
        log.entries()


def test_a_missing_driver_is_told_without_the_password() -> None:
    with pytest.raises(SettingError) as caught:
        DecisionLog("postgresql+nosuchdriver://wang:secret@host/db")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["decisions.sqlite", "sqlite://", "sqlite:///:memory:"])
def test_what_keeps_nothing_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"URL|lost"):
        place(url, tmp_path)

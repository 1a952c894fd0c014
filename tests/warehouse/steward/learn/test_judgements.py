"""What is kept beside decisions, and what an erasure takes out of it."""

from __future__ import annotations

import datetime
from pathlib import Path

from sqlalchemy import create_engine, inspect

from matching.decisions import Pair
from warehouse.decisions import DecisionLog
from warehouse.log_database import LogDatabase
from warehouse.steward.learn.judgements import Facts, Judgements, forget
from warehouse.steward.migrations import SCHEMA

NOW = datetime.datetime(2024, 3, 1, 9)


def test_an_erasure_takes_the_notes_of_opinions_and_leaves_what_was_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'd.sqlite'}"
    kept = Judgements(LogDatabase(url, SCHEMA, "database"), lambda: NOW)
    for number in (1, 2):
        kept.note(number, f"C{number}~D", "queue", "wang", "same", Facts("grey_zone", 3.5, "p"))
        kept.say(number, "answer", "li", "different", "made up: his sister")
    forget(url, [1])
    told = {number: (one.verdict, one.why) for number, one in kept.opinions().items()}
    assert told == {1: ("different", ""), 2: ("different", "made up: his sister")}
    kept.note(1, "C1~D", "queue", "zhao", "different", Facts("bridge", 9.0))  # noted already
    assert [(one.login, one.facts.match_weight) for one in kept.all()] == [("wang", 3.5)] * 2
    assert kept.patterns() == {"p": 2}


def test_where_there_is_no_console_nothing_is_made(tmp_path: Path) -> None:
    file = tmp_path / "d.sqlite"
    url = f"sqlite:///{file}"
    forget(url, [1])
    assert not file.exists()
    DecisionLog(url).append(
        Pair(author="wang", decided_at=NOW, left="hq//1", right="hq//2", verdict="same")
    )
    forget(url, [1])
    assert "second_opinion" not in inspect(create_engine(url)).get_table_names()

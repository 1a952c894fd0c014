"""Decisions are appended, never edited; of two on the same records the later one holds."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from matching.engine import Decision
from warehouse.decisions import FILE, VERDICTS, Entry, decide, history, in_force

NOW = datetime.datetime(2024, 3, 1, 9)


def say(home: Path, left: str, right: str, verdict: str, minute: int = 0) -> None:
    moment = NOW + datetime.timedelta(minutes=minute)
    decide(home, Entry(moment, "steward", Decision(left, right, verdict), "why"))


def test_before_the_first_there_is_none_and_asking_makes_no_file(tmp_path: Path) -> None:
    assert (history(tmp_path), in_force(tmp_path)) == ([], ())
    assert not (tmp_path / FILE).exists()


def test_what_was_said_is_kept_as_it_was_said(tmp_path: Path) -> None:
    say(tmp_path, "a", "b", "same")
    assert history(tmp_path) == [Entry(NOW, "steward", Decision("a", "b", "same"), "why")]


def test_the_later_word_holds_and_the_earlier_stays_written(tmp_path: Path) -> None:
    for minute, verdict in enumerate(("same", "different", "unsure")):
        say(tmp_path, "a", "b", verdict, minute)
        assert in_force(tmp_path) == (Decision("a", "b", verdict),)
    assert [entry.decision.verdict for entry in history(tmp_path)] == [
        "same", "different", "unsure",
    ]  # fmt: skip


def test_later_is_what_was_written_later_whatever_a_clock_says(tmp_path: Path) -> None:
    say(tmp_path, "a", "b", "same", minute=5)
    say(tmp_path, "a", "b", "different", minute=0)
    assert in_force(tmp_path) == (Decision("a", "b", "different"),)


def test_the_order_of_the_two_records_tells_nothing(tmp_path: Path) -> None:
    say(tmp_path, "b", "a", "same")
    say(tmp_path, "a", "b", "different")
    say(tmp_path, "c", "a", "same")
    assert in_force(tmp_path) == (Decision("a", "b", "different"), Decision("a", "c", "same"))


@pytest.mark.parametrize(
    ("left", "right", "verdict", "told"),
    [("a", "b", "maybe", ", ".join(VERDICTS)), ("a", "a", "same", "against itself")],
)
def test_what_is_no_decision_is_refused(
    tmp_path: Path, left: str, right: str, verdict: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        say(tmp_path, left, right, verdict)
    assert history(tmp_path) == []


def test_decisions_can_be_made_while_a_night_reads_them(tmp_path: Path) -> None:
    say(tmp_path, "a", "b", "same")
    reader = sqlite3.connect(tmp_path / FILE)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM decision").fetchone()
    say(tmp_path, "c", "d", "same")
    assert reader.execute("SELECT count(*) FROM decision").fetchone() == before == (1,)
    reader.close()
    assert len(in_force(tmp_path)) == 2

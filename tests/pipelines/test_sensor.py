"""The sensor asks for a night once new files stand still, and not again for the same ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dagster import RunRequest, SensorResult, SkipReason, build_sensor_context

from connectors.intake import take_in
from pipelines.definitions import new_files
from pipelines.settings import FILE

CONTENT = "客户编号,客户姓名,手机\nA1,李雷,13912345678\n"


class Ticks:
    """The sensor, asked again and again as Dagster does."""

    def __init__(self) -> None:
        self.cursor: str | None = None

    def next(self) -> RunRequest | str:
        """The run that it asks for, or why it asks for none."""
        context = build_sensor_context(cursor=self.cursor)
        found = new_files(context)
        if isinstance(found, SkipReason):
            return found.skip_message or ""
        assert isinstance(found, SensorResult)
        self.cursor = found.cursor or self.cursor
        if found.run_requests:
            (request,) = found.run_requests
            return request
        return (found.skip_reason.skip_message if found.skip_reason else None) or ""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / FILE).write_text("landing: landing\n")
    monkeypatch.setenv("GUIYI_HOME", str(tmp_path))
    return tmp_path


def put(home: Path, name: str, content: str = CONTENT, age: int = 0) -> None:
    file = home / "landing" / "dealers" / "D0012" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))


def test_a_missing_folder_is_told(home: Path) -> None:
    assert "landing is missing" in str(Ticks().next())


def test_an_empty_folder_holds_nothing_new(home: Path) -> None:
    (home / "landing").mkdir()
    assert Ticks().next() == "nothing new"


def test_it_waits_until_the_files_stand_still_and_then_asks(home: Path) -> None:
    ticks = Ticks()
    put(home, "customers_20240301.csv")
    assert "still arriving" in str(ticks.next())
    put(home, "customers_20240302.csv", CONTENT * 2)
    assert "2 new files; still arriving" in str(ticks.next())
    put(home, "customers_20240302.csv", CONTENT * 3, age=9)
    assert "still arriving" in str(ticks.next())
    request = ticks.next()
    assert isinstance(request, RunRequest)
    again = ticks.next()
    assert isinstance(again, RunRequest)
    assert again.run_key == request.run_key, "Dagster starts a run key once only"


def test_files_that_are_in_are_not_asked_for(home: Path) -> None:
    put(home, "customers_20240301.csv")
    take_in(home / "landing", home)
    ticks = Ticks()
    assert ticks.next() == "nothing new"
    put(home, "customers_20240302.csv", CONTENT * 2)
    assert "1 new files" in str(ticks.next())


def test_a_file_that_stays_half_written_starts_one_night_and_no_more(home: Path) -> None:
    put(home, "customers_20240301.csv.part")
    take_in(home / "landing", home)
    ticks = Ticks()
    assert "still arriving" in str(ticks.next())
    keys = {
        request.run_key
        for request in (ticks.next(), ticks.next())
        if isinstance(request, RunRequest)
    }
    assert len(keys) == 1

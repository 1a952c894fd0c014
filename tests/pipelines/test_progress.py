"""Steps are timed, and told to whoever listens."""

from __future__ import annotations

import pytest
from rich.console import Console

from pipelines.cli.display import _SAYS, Steps
from pipelines.progress import detail, listening, step
from warehouse.store import STEPS


class Diary:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def started(self, step: str) -> None:
        self.lines.append(f"> {step}")

    def detail(self, text: str) -> None:
        self.lines.append(text)

    def finished(self, step: str, seconds: float) -> None:
        self.lines.append(f"< {step}")


def test_a_listener_hears_what_happens_inside_and_nothing_after() -> None:
    diary, seconds = Diary(), dict[str, float]()
    with listening(diary), step("load", seconds):
        detail("1 of 2")
    with step("later", seconds):
        detail("unheard")
    assert diary.lines == ["> load", "1 of 2", "< load"]
    assert list(seconds) == ["load", "later"]
    assert all(value >= 0 for value in seconds.values())


def test_a_step_that_fails_has_ended_too() -> None:
    diary, seconds = Diary(), dict[str, float]()
    with pytest.raises(KeyError), listening(diary), step("load", seconds):
        raise KeyError
    assert diary.lines == ["> load", "< load"]
    assert "load" in seconds


def test_the_terminal_shows_each_step_in_peoples_words() -> None:
    out = Console(record=True, width=80)
    with Steps(out) as steps, listening(steps), step("vehicles", {}):
        detail("12 of 13")
    assert "Recognising cars" in out.export_text()
    assert list(steps.seconds) == ["vehicles"]


def test_a_quiet_display_only_measures() -> None:
    out = Console(record=True)
    with Steps(out, quiet=True) as steps, listening(steps), step("vehicles", {}):
        pass
    assert out.export_text() == ""
    assert list(steps.seconds) == ["vehicles"]


def test_every_step_of_a_night_has_words() -> None:
    assert {*STEPS, "files", "standard_records", "expectations", "load", "warehouse"} <= set(_SAYS)

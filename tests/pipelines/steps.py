"""A night without its orchestrator, and a home that one has run in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.sample import SampleOptions, write_world
from pipelines import night as steps
from pipelines.night import Night
from tests.conftest import Once
from tests.e2e.homes import copy


def one_night(home: Path, landing: Path) -> Night:
    """Run every step of a night on whatever is new in the landing area.

    In one thread, for there are as many test processes as cores.
    """
    home.mkdir(parents=True, exist_ok=True)
    night = Night.begin(home, "test", landing)
    night = replace(night, settings=night.settings.model_copy(update={"threads": 1}))
    steps.arrive(night)
    steps.understand(night)
    for _ in steps.identify(night):
        pass
    steps.publish_night(night)
    return night


@dataclass(frozen=True)
class Small:
    """A published world of 50 customers, to be read only.

    home, landing, truth: after its first night; home2, landing2, truth2: after the second.
    """

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / name


def small(once: Once) -> Small:
    """The small world, made once for all test processes."""
    return Small(once("small", _make))


def _make(folder: Path) -> None:
    options = SampleOptions(customers=50, seed=3)
    write_world(folder / "landing", folder / "truth", options)
    one_night(folder / "home", folder / "landing")
    for part in ("landing", "truth"):
        shutil.copytree(folder / part, folder / f"{part}2")
    write_world(folder / "landing2", folder / "truth2", options, night=2)
    one_night(copy(folder / "home", folder / "home2"), folder / "landing2")

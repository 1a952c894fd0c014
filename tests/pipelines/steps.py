"""A night without its orchestrator, and a home that one has run in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.sample import SampleOptions, write_world
from pipelines import night as steps
from pipelines.night import Night


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


def small_home(folder: Path) -> Path:
    """A home in `folder` with a published world of 50 customers, its truth beside it."""
    options = SampleOptions(customers=50, seed=3)
    write_world(folder / "landing", folder / "truth", options)
    one_night(folder / "home", folder / "landing")
    return folder / "home"

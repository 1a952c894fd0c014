"""Killed at any point, a night loses nothing: the next comes to what an undisturbed one does."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.sample import SampleOptions, write_world
from tests.e2e.homes import copy, digests
from tests.e2e.nights import Ended, Event, Nights

OPTIONS = SampleOptions(customers=50, seed=3)
KILLS = 10  # in each of five shares; every fifth of them is the job, else its steps alone
SEED = int(os.environ.get("GUIYI_TEST_SEED", "5"))

#: Every step of a night; only the job has expectations.
STEPS = ["files", "standard_records", "expectations", "load", "vehicles", "profiles", "edges",
         "entities", "golden_records", "warehouse"]  # fmt: skip


@dataclass(frozen=True)
class World:
    """before: a home after its first night; landing: with the second's files; whole: after it.

    undisturbed: the second night, by whether it was the job.
    """

    nights: Nights
    before: Path
    landing: Path
    whole: Path
    undisturbed: dict[bool, Ended]


@pytest.fixture(scope="module")
def world(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("killed")
    landing, home = folder / "landing", folder / "home"
    write_world(landing, folder / "truth", OPTIONS)
    home.mkdir()
    assert nights.night(home, landing).code == 0
    write_world(landing, folder / "truth", OPTIONS, night=2)
    wholes = {job: copy(home, folder / f"whole{job}") for job in (True, False)}
    ended = {job: nights.night(whole, landing, job) for job, whole in wholes.items()}
    assert {night.code for night in ended.values()} == {0}
    assert digests(wholes[True]) == digests(wholes[False]) != digests(home)
    return World(nights, home, landing, wholes[True], ended)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(5))
def test_a_killed_night_is_taken_up_again(world: World, tmp_path: Path, share: int) -> None:
    expected, left = digests(world.whole), files(world.whole)
    chosen = {
        job: moments(night.events, random.Random(SEED + share), share)
        for job, night in world.undisturbed.items()
    }
    hit = 0
    for number in range(KILLS):
        job = number % 5 == 0
        place, delay = chosen[job][number]
        home = copy(world.before, tmp_path / f"home{number}")
        at = world.undisturbed[job].events[place].name
        told = f"seed {SEED}, share {share}, kill {number}: {delay:.3f} s after {at}"
        killed = world.nights.night(home, world.landing, job, place, delay)
        # near its end a night may be done before the signal reaches it
        assert killed.code in (-signal.SIGKILL, 0), f"{told}: {killed}"
        hit += killed.code == -signal.SIGKILL
        resumed = world.nights.night(home, world.landing, job=False)
        assert resumed.code == 0, f"{told}: {resumed.told}"
        assert digests(home) == expected, told
        assert files(home) == left, told
        shutil.rmtree(home)
    assert hit >= KILLS - 2


def test_a_night_has_all_steps(world: World) -> None:
    for job, night in world.undisturbed.items():
        told = [event.step for event in night.events if event.step]
        assert told == [step for step in STEPS if job or step != "expectations"]


def moments(events: tuple[Event, ...], dice: random.Random, share: int) -> list[tuple[int, float]]:
    """Where to kill, and how many seconds later: about as many moments in every step, half of them
    at an event and half at any time before the next.
    """
    places = defaultdict[str, list[int]](list)
    step = "before"
    for place, event in enumerate(events[:-1]):
        step = event.step or step
        places[step].append(place)
    chosen = []
    for number in range(KILLS):
        place = dice.choice(places[[*places][(share * KILLS + number) % len(places)]])
        gap = events[place + 1].at - events[place].at
        chosen.append((place, dice.choice([0, dice.uniform(0, gap)])))
    return chosen


def files(home: Path) -> set[str]:
    """Everything in the home, but for Dagster's own."""
    return {
        str(path.relative_to(home))
        for path in home.rglob("*")
        if "dagster" not in path.relative_to(home).parts
    }

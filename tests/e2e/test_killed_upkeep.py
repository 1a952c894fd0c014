"""Killed at any point, a rebuild, a rollback or a promotion loses nothing: done again, it comes to
what an undisturbed one does. What another model would change is looked at without a trace."""

from __future__ import annotations

import random
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from matching.model import CUSTOMERS
from tests.conftest import Once
from tests.e2e.homes import ask, copy, digests
from tests.e2e.nights import Ended, Nights
from tests.e2e.test_killed import KILLS, SEED, moments
from tests.pipelines.steps import small
from warehouse.store import FILE as STORE

WORKS = ("rebuild", "rollback", "promote", "diff")
#: Each is killed at every fifth of the moments at which a night is.
_EACH = 5
#: Of these nothing is to be seen in what is published.
SAME = ("rebuild", "diff")
#: What only a run that was killed leaves behind.
LEFT = ("*.tmp", "*.building*", "*.next", "staging*")


@dataclass(frozen=True)
class World:
    """landing: of two nights. before: a home after both, and a promotion before a rollback.

    given: of each work, the run or the model. whole, ended: the home after it, and how it went.
    """

    nights: Nights
    landing: Path
    before: dict[str, Path]
    given: dict[str, object]
    whole: dict[str, Path]
    ended: dict[str, Ended]


@pytest.fixture(scope="module")
def world(once: Once, nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder, home = tmp_path_factory.mktemp("killed_upkeep"), small(once).home2
    model = folder / "model.yml"
    content = yaml.safe_load(CUSTOMERS.read_text(encoding="utf-8"))
    del content["costs"]
    model.write_text(yaml.safe_dump(content | {"thresholds": {"link": 14.0, "review": 13.0}}))
    promoted = copy(home, folder / "promoted")
    assert nights.work("promote", promoted, model).code == 0
    before = dict.fromkeys(WORKS, home) | {"rollback": promoted}
    given: dict[str, object] = {"rebuild": "", "rollback": 2, "promote": model, "diff": model}
    whole = {work: copy(before[work], folder / work) for work in WORKS}
    ended = {work: nights.work(work, whole[work], given[work]) for work in WORKS}
    assert {one.code for one in ended.values()} == {0}
    return World(nights, small(once).landing2, before, given, whole, ended)


@pytest.mark.slow
@pytest.mark.parametrize("work", WORKS)
def test_what_is_killed_is_done_again(world: World, tmp_path: Path, work: str) -> None:
    events, expected = world.ended[work].events, digests(world.whole[work])
    assert (expected == digests(world.before[work])) is (work in SAME)
    hit = 0
    for number, (place, delay) in enumerate(moments(events, random.Random(SEED), 0)[::_EACH]):
        home = copy(world.before[work], tmp_path / f"home{number}")
        told = f"seed {SEED}, {work} {number}: {delay:.3f} s after {events[place].name}"
        killed = world.nights.work(work, home, world.given[work], place, delay)
        assert killed.code in (-signal.SIGKILL, 0), f"{told}: {killed}"
        hit += killed.code == -signal.SIGKILL
        if work == "diff":
            assert (home / STORE).read_bytes() == (world.before[work] / STORE).read_bytes(), told
        again = world.nights.work(work, home, world.given[work])
        # near its end there may be nothing left to promote
        done = again.code == 0 or "by this model and these rules already" in again.told
        assert done, f"{told}: {again.told}"
        assert digests(home) == expected, told
        runs = ask(home, "SELECT max(run_id) FROM run")
        assert world.nights.night(home, world.landing, job=False).code == 0, told
        assert ask(home, "SELECT max(run_id) FROM run") == runs, f"{told}: a night had news"
        assert [*(path for pattern in LEFT for path in home.rglob(pattern))] == [], told
        shutil.rmtree(home)
    assert hit >= KILLS // _EACH - 1

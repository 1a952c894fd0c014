"""Two stewards never get the same case, and none is decided twice."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.log_database import LogDatabase
from warehouse.steward.cases.claims import HOLD, SKIP, Claims, Taken
from warehouse.steward.migrations import SCHEMA

KEYS = [f"C{number}~D{number}" for number in range(120)]


class Clock:
    """A clock that is set by hand."""

    now = datetime.datetime(2024, 3, 2, 9)

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def claims(tmp_path: Path, clock: Clock) -> Claims:
    return Claims(LogDatabase(f"sqlite:///{tmp_path / 'd.sqlite'}", SCHEMA, "database"), clock)


def test_the_first_open_case_is_given_and_stays_with_its_steward(claims: Claims) -> None:
    assert claims.take("wang", KEYS) == KEYS[0]
    assert claims.take("li", KEYS) == KEYS[1]
    assert claims.take("wang", KEYS) == KEYS[0]
    with pytest.raises(Taken, match="claimed by wang"):
        claims.hold("li", KEYS[0])


def test_many_at_once_get_different_cases(claims: Claims) -> None:
    claims.take("first", KEYS)  # makes the database
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: claims.take(f"steward{n}", KEYS), range(60)))
    assert len(set(given)) == 60


def test_a_claim_that_nobody_ends_runs_out(claims: Claims, clock: Clock) -> None:
    claims.take("wang", KEYS)
    clock.now += HOLD + datetime.timedelta(seconds=1)
    assert claims.of(KEYS) == {}
    assert claims.take("li", KEYS) == KEYS[0]


def test_a_skipped_case_is_for_the_others_until_tomorrow(claims: Claims, clock: Clock) -> None:
    claims.settle("wang", KEYS[0], "skipped")
    assert claims.take("wang", KEYS) == KEYS[1]
    assert claims.take("li", KEYS[:1]) == KEYS[0]
    claims.settle("wang", KEYS[2], "skipped")
    clock.now += SKIP + datetime.timedelta(seconds=1)
    assert claims.take("zhao", KEYS[2:]) == KEYS[2]


def test_a_settled_case_is_nobodys_until_its_decision_is_taken_back(
    claims: Claims, clock: Clock
) -> None:
    claims.settle("wang", KEYS[0], "decided", 7)
    clock.now += HOLD * 100
    assert claims.take("li", KEYS[:1]) is None
    with pytest.raises(Taken, match="decided by wang"):
        claims.held("wang", KEYS[0])
    assert [work.number for work in claims.last("wang")] == [7]
    claims.reopen(7)
    assert claims.take("li", KEYS[:1]) == KEYS[0]


def test_the_days_progress_is_counted_by_steward(claims: Claims, clock: Clock) -> None:
    claims.settle("wang", KEYS[0], "decided", 1)
    clock.now += datetime.timedelta(days=1)
    for key, login in zip(KEYS[1:5], ("wang", "wang", "li", "li"), strict=True):
        claims.settle(login, key, "unsure", 2)
    claims.settle("li", KEYS[5], "skipped")
    assert claims.settled_since(clock.now) == {"wang": 2, "li": 2}


def test_a_claim_keeps_its_moment_until_the_case_is_opened_anew(
    claims: Claims, clock: Clock
) -> None:
    """By the moment a form that is sent twice is recognised."""
    opened = claims.hold("wang", KEYS[0])
    clock.now += HOLD / 2
    assert claims.held("wang", KEYS[0]) == opened
    assert claims.hold("wang", KEYS[0]).at == clock.now

"""What is kept in SQLite by default is kept in PostgreSQL as well, by many at once."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.matching.said import pair
from tests.postgresql import postgresql
from tests.warehouse.steward.conftest import Clock, Console, staffed
from tests.warehouse.steward.test_permissions import DOORS
from tests.warehouse.test_decisions import EVERY
from warehouse.decisions import DecisionLog
from warehouse.log_database import LogDatabase
from warehouse.steward.access.scope import Scope
from warehouse.steward.cases.claims import Claims
from warehouse.steward.migrations import SCHEMA
from warehouse.steward.services import Services
from warehouse.steward.site import Site, now

KEYS = [f"C{number}~D{number}" for number in range(120)]
_SECONDS = 30


@pytest.fixture(scope="module")
def new_database() -> Iterator[Callable[[], str]]:
    """Makes an empty database; its URL."""
    with postgresql() as server:
        engine = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
        _wait_for(engine.connect)
        names = (f"guiyi_{number}" for number in itertools.count())

        def make() -> str:
            name = next(names)
            with engine.connect() as db:
                db.execute(text(f"CREATE DATABASE {name}"))
            return f"{server}{name}"

        yield make
        engine.dispose()


def _wait_for(connect: Callable[[], object]) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            connect()
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture(scope="module")
def console(home: Path, new_database: Callable[[], str]) -> Iterator[Console]:
    with staffed(home, Clock(), url=new_database()) as found:
        yield found


def test_decisions_are_kept_as_they_were_said(url: str) -> None:
    log = DecisionLog(url)
    assert log.entries() == []
    written = [log.append(decision) for decision in EVERY]
    assert log.entries() == written
    assert DecisionLog(url).take_in(EVERY) == []


def test_decisions_of_many_at_once_are_all_there(url: str) -> None:
    said = [pair(f"a{number}", "b", "same") for number in range(60)]
    logs = [DecisionLog(url) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:  # they make the tables, too
        written = list(
            pool.map(lambda one: logs[one[0] % 4].append(one[1]).number, enumerate(said))
        )
    assert sorted(written) == [entry.number for entry in logs[0].entries()]
    assert len(set(written)) == 60


def test_many_at_once_get_different_cases(url: str) -> None:
    several = [Claims(LogDatabase(url, SCHEMA, "database"), now) for _ in range(4)]

    def take(number: int) -> str | None:
        return several[number % 4].take(f"steward{number}", KEYS)

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(take, range(40)))
    assert len(set(given)) == 40


def test_accounts_are_kept(url: str, tmp_path: Path) -> None:
    services = Services.of(Site(tmp_path, url))
    assert services.users.is_empty
    user = services.users.add("wang", "王", "steward", Scope.of(["D0012"]))
    (found,) = Services.of(Site(tmp_path, url)).users.all()
    assert (found.number, found.scope) == (user.number, Scope.of(["D0012"]))


@pytest.mark.parametrize("role", ["steward", "lead", "admin"])
def test_every_page_is_answered(console: Console, role: str) -> None:
    values = dict.fromkeys(
        ("golden_id", "other_id", "outlet", "pattern", "name", "link_id"), "none"
    )
    values |= {"number": "1", "run_id": "1", "secret": "none", "language": "zh"}
    person = console.sign_in(role)
    for door in DOORS:
        if door.method == "GET" and door.action:
            assert person.get(door.of(values)).status_code < 500, door


def test_a_case_is_decided_and_taken_back(console: Console) -> None:
    lead = console.sign_in("lead")
    path = lead.get("/review/next?kind=pair").headers["location"].split("?")[0]
    answer = lead.post(path, path, verdict="different", why="not the same")
    assert "said=decided_different" in answer.headers["location"]
    (entry,) = console.services.decisions.entries()
    assert lead.post("/review/undo", number=str(entry.number)).status_code == 303
    assert len(console.services.decisions.entries()) == 2
    assert "review.decide" in console.sign_in("admin").get("/audit").text

"""What the console's tests share: a published home, made once, and people of each role in it."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import argon2
import duckdb
import pytest
from fastapi import FastAPI
from httpx2 import Response
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from connectors.sample import SampleOptions, write_world
from tests.conftest import Once
from tests.pipelines.steps import one_night
from tests.warehouse.steward.browsing import Tab, chromium, served, tab
from warehouse.database import Limits, connect
from warehouse.publish import LINK
from warehouse.steward import indexes
from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts import passwords
from warehouse.steward.app import create_app
from warehouse.steward.dossiers.building import build
from warehouse.steward.dossiers.reading import Dossiers
from warehouse.steward.services import Services
from warehouse.steward.site import ConsoleSettings, Site, now

PASSWORD = "made up for tests"
#: With some thirty pairs in doubt.
OPTIONS = SampleOptions(customers=600, seed=1, hard=True)


@pytest.fixture(scope="session")
def world(once: Once) -> Path:
    """A home after its first night, for all test processes; read only."""

    def make(folder: Path) -> None:
        write_world(folder / "landing", folder / "truth", OPTIONS)
        one_night(folder / "home", folder / "landing")

    return once("steward_world", make) / "home"


@pytest.fixture(scope="module")
def con(world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The world's published warehouse."""
    with connect((world / LINK).resolve(), read_only=True) as found:
        yield found


@pytest.fixture(scope="module")
def dossiers(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dossiers]:
    """The world's dossiers."""
    file = tmp_path_factory.mktemp("dossiers") / "made.sqlite"
    build((world / LINK).resolve(), file, Limits(threads=1))
    found = Dossiers(file)
    yield found
    found.close()


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords of tests are hashed in no time: nobody wants them."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", quick)
        patch.setattr(passwords, "_NOBODYS", quick.hash("nobody's"))
        yield


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """An index is waited for, however slow the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "_PATIENCE", 120.0)
        yield


@dataclass
class Clock:
    """A clock that tests set forward. ahead: of the machine's."""

    ahead: datetime.timedelta = field(default_factory=datetime.timedelta)

    def __call__(self) -> datetime.datetime:
        return now() + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += datetime.timedelta(**by)


@dataclass(frozen=True)
class Person:
    """Somebody's browser, with a session."""

    client: TestClient

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(path, **options)

    def post(self, path: str, page: str = "/account", **data: Any) -> Response:
        """Send a form as a page would, with what that page brings along against forgery."""
        return self.client.post(path, data={"csrf": self.csrf(page)} | data)

    def csrf(self, page: str = "/account") -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(page).text)
        assert found, page
        return found[1]


@dataclass(frozen=True)
class Console:
    """A console with a database of its own. Its people have their role as login."""

    app: FastAPI
    services: Services
    clock: Clock

    def stranger(self) -> TestClient:
        """A browser that nobody has signed in with."""
        return TestClient(self.app, follow_redirects=False)

    def sign_in(self, login: str, password: str = PASSWORD) -> Person:
        """A browser of its own with a session of this login."""
        client = self.stranger()
        answer = client.post("/sign-in", data={"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return Person(client)

    def employ(self, login: str, role: str, scope: Scope | None = None) -> Person:
        """Somebody new, signed in."""
        user = self.services.users.add(login, login.title(), role, scope or Scope())
        self.services.users.set_password(user.number, PASSWORD)
        return self.sign_in(login)


@pytest.fixture(scope="module")
def home(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the world's home that a module may write in."""
    folder = tmp_path_factory.mktemp("console") / "home"
    return Path(shutil.copytree(world, folder, symlinks=True))


@contextmanager
def staffed(
    home: Path,
    clock: Clock,
    settings: ConsoleSettings | None = None,
    url: str = "",
    **given: Any,
) -> Iterator[Console]:
    """A console on a home, with a person of each role, who sees all. url: of another database.

    given: what else its site is given.
    """
    url = url or f"sqlite:///{home / 'decisions.sqlite'}"
    app = create_app(Site(home, url, settings or ConsoleSettings(), clock=clock, **given))
    services: Services = app.state.services
    for role in ROLES:
        user = services.users.add(role, role.title(), role, Scope())
        services.users.set_password(user.number, PASSWORD)
    yield Console(app, services, clock)
    services.indexes.close()
    services.published.close()


@pytest.fixture(scope="module")
def console(home: Path) -> Iterator[Console]:
    """A console with a person of each role."""
    with staffed(home, Clock()) as found:
        yield found


@pytest.fixture(scope="module")
def address(console: Console) -> Iterator[str]:
    """Where the console is served, for browsers."""
    with served(console.app) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all tests of a process."""
    with chromium() as found:
        yield found


@pytest.fixture
def browsing(browser: Browser, address: str) -> Iterator[Tab]:
    """A tab on the console; nothing may have gone wrong in its pages."""
    with tab(browser, address) as found:
        yield found
    assert found.faults == []

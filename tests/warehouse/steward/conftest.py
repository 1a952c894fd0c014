"""What the console's tests share: a published home, made once, and people of each role in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from connectors.sample import SampleOptions, write_world
from tests.conftest import plain_environment
from tests.pipelines.steps import one_night
from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import create_app
from warehouse.steward.services import Services
from warehouse.steward.site import Site

PASSWORD = "made up for tests"
OPTIONS = SampleOptions(customers=300, seed=5)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home after its first night, for all test processes; read only."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "steward_world"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            making = folder.with_name("steward_world.making")
            with plain_environment():
                write_world(making / "landing", making / "truth", OPTIONS)
                one_night(making / "home", making / "landing")
            making.rename(folder)
    return folder / "home"


@dataclass(frozen=True)
class Console:
    """A console with a database of its own. Its people have their role as login."""

    client: TestClient
    services: Services

    def sign_in(self, login: str) -> TestClient:
        """A client of its own with a session of this login."""
        client = TestClient(self.client.app, follow_redirects=False)
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


@pytest.fixture(scope="module")
def home(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the world's home that a module may write in."""
    folder = tmp_path_factory.mktemp("console") / "home"
    return Path(shutil.copytree(world, folder, symlinks=True))


@pytest.fixture(scope="module")
def console(home: Path) -> Iterator[Console]:
    """A console with a person of each role, who sees all."""
    app = create_app(Site(home, f"sqlite:///{home / 'decisions.sqlite'}"))
    services: Services = app.state.services
    for role in ROLES:
        user = services.users.add(role, role.title(), role, Scope())
        services.users.set_password(user.number, PASSWORD)
    with TestClient(app, follow_redirects=False) as client:
        yield Console(client, services)

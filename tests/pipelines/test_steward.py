"""`guiyi steward` as people start it, and `guiyi steward add-user`."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from connectors.errors import SettingError
from pipelines.cli import app
from pipelines.settings import ROOT, oidc_secret
from warehouse.steward.accounts.problems import LoginTaken
from warehouse.steward.services import Services
from warehouse.steward.site import Site


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a decisions database that is not the home's."""
    url = f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    monkeypatch.setenv("GUIYI_DECISIONS", url)
    return url


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_an_account_is_made_with_a_link(published: Path, database: str) -> None:
    line = ["steward", "add-user", "Wang", "--name", "王芳", "--role", "lead", "--outlet", "D0012",
            "--province", "苏", "--home", str(published), "--json"]  # fmt: skip
    told = json.loads(CliRunner().invoke(app, line).stdout)
    assert told["login"] == "wang"
    services = Services.of(Site(published, database))
    user = services.links.find(told["link"].rsplit("/", 1)[1]).user
    assert user
    assert (user.name, user.role, user.scope.outlets, user.scope.provinces) == (
        "王芳", "lead", ("D0012",), ("苏",))  # fmt: skip
    again = CliRunner().invoke(app, line)
    assert isinstance(again.exception, LoginTaken)


@pytest.mark.parametrize(
    ("workers", "end"),
    [("1", signal.SIGTERM), ("2", signal.SIGTERM), ("2", signal.SIGKILL)],
    ids=["alone", "side by side", "side by side, killed"],
)
def test_the_console_is_served_until_a_signal_ends_it(
    published: Path, database: str, workers: str, end: signal.Signals
) -> None:
    port = free_port()
    command = [sys.executable, "-c", "from pipelines.cli import main; main()",
               "steward", "--home", str(published), "--port", str(port),
               "--workers", workers]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, env=os.environ | {"COLUMNS": "300"}
    ) as process:
        assert process.stdout
        told = process.stdout.readline() + process.stdout.readline()
        link = re.search(rf"http://127\.0\.0\.1:{port}/link/\S+", told)
        assert link, told
        transport = httpx2.HTTPTransport(retries=8)  # it is printed before the console listens
        with httpx2.Client(transport=transport) as client:
            assert client.get(f"http://127.0.0.1:{port}/health").json() == {"status": "ok"}
            page = client.get(link[0])
            assert page.status_code == 200
            assert "server" not in page.headers
        process.send_signal(end)
        assert process.wait(20) in (0, -end)
    assert is_silent(port)


def is_silent(port: int) -> bool:
    """Whether soon nobody answers any more; workers end when whoever watches over them has."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.1)
    return False


def test_a_port_that_is_taken_is_told(published: Path, database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = CliRunner().invoke(app, ["steward", "--home", str(published), "--port", port])
    assert isinstance(ended.exception, SettingError)


def test_the_secret_of_the_client_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="GUIYI_OIDC_SECRET"):
        oidc_secret()
    monkeypatch.setenv("GUIYI_OIDC_SECRET", "s")
    assert oidc_secret() == "s"

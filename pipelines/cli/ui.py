"""`guiyi ui`: Dagster's page."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import SettingError
from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    LandingOption,
    check_free,
    console,
    example,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi ui --home data/home --port 3000"))(ui)


def ui(
    home: HomeOption = DEFAULT_HOME,
    landing: LandingOption = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open Dagster's page on this home, with the 02:00 schedule running.

    The sensor on the landing area is switched on there, under Automation."""
    from pipelines.settings import pass_on, read_settings, use_dagster_home

    settings = read_settings(home, landing)
    if not settings.landing.is_dir():
        raise SettingError(f"{settings.landing}: the landing folder does not exist")
    check_free(host, port)
    use_dagster_home(home)
    pass_on(home, settings.landing)
    console().print(f"Dagster's page: http://{host}:{port} (ready in half a minute; Ctrl-C ends)")
    command = [str(Path(sys.executable).parent / "dagster"), "dev", "-m", "pipelines.definitions"]
    os.chdir(home)  # away from the repository's dagster.yaml, of which Dagster would warn
    # in place of this process, so that signals reach Dagster itself; a shell's & has them ignored
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.execv(command[0], [*command, "-h", host, "-p", str(port)])

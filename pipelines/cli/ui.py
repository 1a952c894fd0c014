"""`guiyi ui`: Dagster's page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, HomeOption, LandingOption, console, example


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi ui --home data/home --port 3000"))(ui)


def ui(
    home: HomeOption = DEFAULT_HOME,
    landing: LandingOption = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open Dagster's page on this home, with the schedule and the sensor running."""
    from pipelines.settings import pass_on, read_settings, use_dagster_home

    settings = read_settings(home, landing)
    use_dagster_home(home)
    pass_on(home, settings.landing)
    console().print(f"Dagster's page: http://{host}:{port} (ready in half a minute; Ctrl-C ends)")
    command = [str(Path(sys.executable).parent / "dagster"), "dev", "-m", "pipelines.definitions"]
    ended = subprocess.run([*command, "-h", host, "-p", str(port)], cwd=home, check=False)
    raise typer.Exit(ended.returncode)

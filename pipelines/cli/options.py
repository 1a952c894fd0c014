"""Options that several commands share, and how results are shown."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from connectors.errors import SettingError

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="GUIYI_HOME", help="The home folder of the deployment.")
]
LandingOption = Annotated[
    Path | None,
    typer.Option("--landing", help="The landing area, in place of the one in guiyi.yml."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

DEFAULT_HOME = Path("data/home")


def console() -> Console:
    """Where results go."""
    return Console(highlight=False)


def print_json(value: Any) -> None:
    """Print a result for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def example(text: str) -> str:
    """An example for a command's help."""
    return f"Example: [bold]{text}[/bold]"


ExamplesOption = Annotated[int, typer.Option(min=0, help="How many examples of each kind.")]
ValuesOption = Annotated[
    bool, typer.Option("--values", help="Show names and golden values in the examples too.")
]


def check_free(host: str, port: int) -> None:
    """Raise SettingError where nothing can listen."""
    try:
        with socket.create_server((host, port)):
            pass
    except (OSError, OverflowError) as error:
        raise SettingError(f"--port {port}: cannot listen there ({error})") from None

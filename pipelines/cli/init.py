"""`guiyi init`: a home folder with its settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, HomeOption, JsonOption, console, example, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi init --home data/home --landing data/landing"))(init)


def init(
    home: HomeOption = DEFAULT_HOME,
    landing: Annotated[
        Path | None, typer.Option(help="The landing area; by default `landing` beside the home.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a home folder with a commented guiyi.yml; what is there already stays."""
    from pipelines.settings import FILE, init_home

    made = init_home(home, landing or home.parent / "landing")
    if as_json:
        print_json({"settings": str(home / FILE), "made": made})
    elif made:
        console().print(f"Made {home / FILE}; every setting is explained in it.")
    else:
        console().print(f"{home / FILE} is there already and stays as it is.")

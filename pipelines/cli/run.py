"""`guiyi run`: one night."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    LandingOption,
    console,
    example,
    print_json,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi run --landing data/landing --home data/home"))(run)


def run(
    home: HomeOption = DEFAULT_HOME,
    landing: LandingOption = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="Known truth to judge the result by; it is not used in merging."),
    ] = None,
    retry: Annotated[
        bool,
        typer.Option("--retry", help="Take dropped and rolled-back files in again."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Merge whatever is new in the landing area, and publish the warehouse.

    Executes the same Dagster job that the schedule runs. With nothing new, nothing changes. A night
    that changes more than its input explains is held: exit code 3, and the reasons.
    """
    from pipelines.cli.display import Steps, show_summary
    from pipelines.execution import run_nightly
    from pipelines.operation import take_up
    from pipelines.progress import listening
    from pipelines.summary import summarise
    from warehouse.publish import published_at

    if retry:
        take_up(home)
    before = published_at(home)
    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        finished = run_nightly(home, landing)
    if published_at(home) is None:
        raise _nothing(home, landing)
    summary = summarise(home) | {
        "changed": published_at(home) != before,
        "warnings": list(finished.warnings),
        "seconds": steps.seconds,
        "accuracy": _accuracy(home, truth),
    }
    if as_json:
        print_json(summary)
    else:
        show_summary(out, home, summary)


def _accuracy(home: Path, truth: Path | None) -> dict[str, Any] | None:
    """The measures against truth, where there is any: `make run` names a folder that may lack."""
    from pipelines.evaluation import evaluate

    return evaluate(home, truth) if truth is not None and truth.exists() else None


def _nothing(home: Path, landing: Path | None) -> Exception:
    from connectors.errors import SettingError
    from pipelines.settings import read_settings

    place = read_settings(home, landing).landing
    return SettingError(f"{place}: no file could be taken in yet, so there is nothing to publish")

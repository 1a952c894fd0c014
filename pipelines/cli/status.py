"""`guiyi status`: what the home holds, and what waits for somebody."""

from __future__ import annotations

import typer

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi status --home data/home --json"))(status)


def status(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show files, rows, customers, what was set aside and why, and how long the last run took."""
    from pipelines.cli.display import show_summary
    from pipelines.summary import summarise

    summary = summarise(home)
    if as_json:
        print_json(summary)
    else:
        show_summary(console(), home, summary)

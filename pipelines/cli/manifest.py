"""`guiyi manifest`: what a run stood on, and what it published."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

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
    app.command(epilog=example("guiyi manifest 7 --home data/home --json"))(manifest)


def manifest(
    run: Annotated[
        int | None, typer.Argument(help="Number of a run; by default the published one.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show what a run stood on (files, model, rules, decisions, versions) and what it published.

    Tables with the same digest have the same content, on whatever machine they were made.
    """
    from pipelines.summary import published_run
    from warehouse.manifest import read

    found = read(home, published_run(home) if run is None else run)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    out = console()
    out.print(f"[bold]Run {found['run']}[/bold], by {found['cause']}, "
              f"from {found['started_at']} to {found['finished_at']}")  # fmt: skip
    if "model" in found:
        files = found["files"]
        rows = sum(file["rows"] for file in files)
        versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
        out.print(f"Inputs: {len(files):,} files with {rows:,} rows, "
                  f"{found['decisions']['made']:,} decisions made")  # fmt: skip
        for kind in ("model", "rules"):
            told = " ".join(found[kind][name] for name in ("name", "digest") if name in found[kind])
            promoted = ", promoted" if found[kind].get("promoted") else ""
            out.print(f"{kind.capitalize()} {told}{promoted}", soft_wrap=True)
        out.print(f"Versions: {versions}")
    table = Table()
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("digest", no_wrap=True)
    for name, one in sorted(found["tables"].items()):
        table.add_row(name, f"{one['rows']:,}", one["digest"])
    out.print(table)

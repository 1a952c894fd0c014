"""`guiyi sample`: made-up source files with known truth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.options import JsonOption, console, example, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=example("guiyi sample --landing data/landing --truth data/truth --customers 2000")
    )(sample)


def sample(
    landing: Annotated[Path, typer.Option(help="Where to write the files.")] = Path("data/landing"),
    truth: Annotated[Path, typer.Option(help="Where to write who every record really is.")] = Path(
        "data/truth"
    ),
    customers: Annotated[int, typer.Option(min=50, help="Customers in the world.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files.")] = 1,
    night: Annotated[
        int, typer.Option(min=1, help="1: all of history; 2, 3, …: what one more day brings.")
    ] = 1,
    hard: Annotated[
        bool, typer.Option("--hard", help="A world of fathers and sons, namesakes and fleets.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the files that outlets of a made-up world would send, and the truth beside them.

    The truth is for `guiyi evaluate`; the pipeline never reads it.
    """
    from connectors.sample import SampleOptions, write_world

    options = SampleOptions(customers=customers, seed=seed, hard=hard)
    out = console()
    if as_json:
        print_json(asdict(_write(write_world, landing, truth, options, night)))
        return
    with out.status(f"Making a world of {customers:,} customers"):
        summary = _write(write_world, landing, truth, options, night)
    out.print(
        f"Wrote {summary.files + summary.bad_files:,} files with {summary.rows:,} rows to {landing}"
        f" ({summary.bad_files} of them broken on purpose), and the truth to {truth}."
    )


def _write(write_world: Any, landing: Path, truth: Path, options: Any, night: int) -> Any:
    """Write into the landing area whole or not at all on a first night."""
    import shutil
    import tempfile

    if night > 1 or any(landing.glob("**/*")):
        return write_world(landing, truth, options, night)
    landing.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=landing.parent, prefix=".sample-") as beside:
        made = Path(beside) / "landing"
        summary = write_world(made, truth, options, night)
        shutil.rmtree(landing, ignore_errors=True)
        made.rename(landing)
    return summary

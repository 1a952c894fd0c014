"""`guiyi train`: learn the matching model's numbers from the records themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from pipelines.learning import Learned


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi train --home data/home --output model.yml"))(train)


def train(
    output: Annotated[Path, typer.Option(help="The model file to write.")],
    home: HomeOption = DEFAULT_HOME,
    model: Annotated[
        Path | None, typer.Option(help="A model file to begin from, in place of the home's.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and records give the same model.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Learn how much each comparison is worth from the home's records and stewards' decisions.

    Nothing changes until `guiyi model promote` puts the file in force, or guiyi.yml names it.
    """
    from pipelines.learning import train as learn

    found = learn(home, output, model, seed)
    if as_json:
        print_json(
            {
                "model": str(output),
                "digest": found.after.digest,
                "profiles": found.profiles,
                "pairs": found.pairs,
                "matches": found.matches,
                "decided": found.decided,
            }
        )
        return
    out = console()
    out.print(_table(found))
    out.print(
        f"Learned from {found.pairs:,} pairs of {found.profiles:,} profiles, {found.decided:,} of "
        f"them decided by stewards. Written to {output}; `guiyi model diff` shows what it "
        "would change, `guiyi model promote` puts it in force."
    )


def _table(found: Learned) -> Table:
    table = Table(title="Bits of each level, before and after")
    for column in ("comparison", "level", "before", "after"):
        table.add_column(column, justify="right" if column in ("before", "after") else "left")
    for name, comparison in found.after.comparisons.items():
        for level, content in comparison.levels.items():
            before = found.before.comparisons[name].levels[level]
            bits = (f"{one.bits(found.profiles):+.1f}" for one in (before, content))
            table.add_row(name, level, *bits)
    return table

"""`guiyi blocking preview`: what blocking would cost, before anything is compared."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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


class Action(StrEnum):
    """What can be done with blocking."""

    PREVIEW = "preview"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi blocking preview --home data/home --model model.yml"))(
        blocking
    )


def blocking(
    action: Annotated[Action, typer.Argument(help="preview: count, and compare nothing.")],
    home: HomeOption = DEFAULT_HOME,
    model: Annotated[
        Path | None, typer.Option(help="A model file, in place of the home's.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how many pairs each blocking key would make of the home's records, and what it costs.

    Nothing is written. Blocks are told by their sizes only, as the values in them are personal.
    """
    from pipelines.preview import preview

    found = preview(home, model)
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(_table(found["keys"]))
    about = "counted" if found["exact"] else f"estimated from one profile in {found['sampled']}"
    out.print(
        f"{found['records']:,} records in {found['profiles']:,} profiles: {found['pairs']:,} "
        f"different pairs in all ({about}), about {found['memory_bytes'] / 1e9:.2f} GB at "
        f"{found['bytes_per_pair']} bytes a pair."
    )


def _table(keys: list[dict[str, Any]]) -> Table:
    columns = ("cap", "blocks", "profiles", "pairs", "capped_blocks", "dropped")
    table = Table(title="Blocking keys", title_justify="left")
    table.add_column("key")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    table.add_column("largest blocks")
    for key in keys:
        sizes = " ".join(f"{size:,}" for size in key["largest"])
        table.add_row(key["key"], *(f"{key[column]:,}" for column in columns), sizes)
    return table

"""`guiyi compare`: what became of the customers from one run to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.options import JsonOption, console, example, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi compare data/home data/trial --changes changes.csv"))(compare)


def compare(
    before: Annotated[
        Path, typer.Argument(help="A home, or the file of a version in its folder `warehouse`.")
    ],
    after: Annotated[Path, typer.Argument(help="Another one.")],
    changes: Annotated[
        Path | None, typer.Option(help="Write every customer that is not unchanged to this CSV.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two published runs: customers unchanged, merged, split, rearranged, new and gone."""
    from pipelines.comparison import compare as compare_runs

    found = compare_runs(before, after, changes)
    if as_json:
        print_json(found)
        return
    table = Table(title="Customers", title_justify="left")
    table.add_column("")
    for column in ("before", "after", "records"):
        table.add_column(column, justify="right")
    for kind, counts in found["changes"].items():
        table.add_row(kind, *(f"{counts[name]:,}" for name in ("before", "after", "records")))
    out = console()
    out.print(table)
    out.print(
        f"Of the {found['records_in_both']:,} records that both know: {found['pairs_kept']:.2%} of "
        f"the pairs that were one customer still are, {found['pairs_old']:.2%} of those that are "
        "one now were one before."
    )

"""`guiyi match`: dedupe any table by a model file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import JsonOption, console, example, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=example(
            "guiyi match --model people --input people.csv --id rec_id --output clusters.parquet"
        )
    )(match)


def match(
    model: Annotated[
        str, typer.Option(help="A model file, or the name of a shipped one: customers, people.")
    ],
    file: Annotated[Path, typer.Option("--input", help="A Parquet or CSV file.")],
    key: Annotated[str, typer.Option("--id", help="The column that names a row.")],
    output: Annotated[Path, typer.Option(help="Parquet with the id and its cluster.")],
    pairs: Annotated[
        Path | None, typer.Option(help="Parquet with every link and doubtful pair, weighed.")
    ] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Learn the model's numbers from the table first.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find which rows of a table are one person or thing, by the columns that a model names."""
    from dataclasses import asdict

    from pipelines.anytable import match_table

    found = match_table(model, file, key, output, pairs, train)
    if as_json:
        print_json(asdict(found))
    else:
        console().print(
            f"{found.rows:,} rows are {found.clusters:,} clusters; {found.links:,} links, "
            f"{found.for_review:,} pairs in doubt. Written to {output}."
        )

"""`guiyi evaluate`: how right the published customers are."""

from __future__ import annotations

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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi evaluate --home data/home --truth data/truth"))(evaluate)


def evaluate(
    home: HomeOption = DEFAULT_HOME,
    truth: Annotated[
        Path,
        typer.Option(
            help="A folder as `guiyi sample` writes it, or a Parquet or CSV file with source, "
            "outlet_code, source_key, entity_id."
        ),
    ] = Path("data/truth"),
    as_json: JsonOption = False,
) -> None:
    """Compare the published customers with known truth: pairs, B³, mixed and exact entities."""
    from pipelines.evaluation import evaluate as compare

    found = compare(home, truth)
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(_table(found))
    if found["without_truth"] or found["not_found"]:
        out.print(
            f"{found['without_truth']:,} records have no truth, {found['not_found']:,} true ones "
            "are not in the warehouse; neither is judged."
        )


def _table(found: dict[str, Any]) -> Table:
    table = Table(title="Against known truth")
    table.add_column("")
    parts = {"all": found, **found["by_source"]}
    for name in parts:
        table.add_column(name, justify="right")
    for measure in (
        "records", "entities_true", "entities_found", "precision", "recall", "f1",
        "b3_precision", "b3_recall", "b3_f1", "mixed", "exact",
    ):  # fmt: skip
        table.add_row(measure, *(_number(part[measure]) for part in parts.values()))
    return table


def _number(value: float | int) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"

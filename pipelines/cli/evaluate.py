"""`guiyi evaluate`: how right the published customers are, and where they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
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
        Path | None,
        typer.Option(
            help="A folder as `guiyi sample` writes it, or a Parquet or CSV file with source, "
            "outlet_code, source_key, entity_id; by default data/truth."
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="In place of a truth, single pairs: a Parquet or CSV file with left and right "
            "(record keys) and verdict (same, different, unsure)."
        ),
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Write the wrong and the missed pairs to this CSV file.")
    ] = None,
    with_values: Annotated[
        bool, typer.Option("--with-values", help="Add names and phones to the CSV file.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the published customers with known truth, or with labels, and tell the errors.

    Pairs, B³, mixed and exact customers; what blocking finds; errors by kind; the link threshold.
    """
    from connectors.errors import SettingError
    from pipelines.evaluation import examine

    if truth is not None and labels is not None:
        raise SettingError("give either --truth or --labels")
    found = examine(home, truth, labels, errors, with_values)
    if as_json:
        print_json(found)
        return
    _show(console(), found)


def _show(out: Console, found: dict[str, Any]) -> None:
    out.print(_measures(found))
    if found["without_truth"] or found["not_found"]:
        out.print(
            f"{found['without_truth']:,} records have no truth, {found['not_found']:,} true ones "
            "are not in the warehouse; neither is judged."
        )
    if found.get("contradicting_labels"):
        out.print(
            f"{found['contradicting_labels']:,} labels say different of what others make the same."
        )
    if "untold" in found:
        out.print(f"Only this much can be told: {found['untold']}")
    else:
        _show_why(out, found)
    waiting = found["stewards"]
    out.print(
        f"{waiting['pairs']:,} pairs wait for a steward; {waiting['same']:,} of the "
        f"{waiting['judged']:,} whose truth is known are one. Once these are joined, F1 is "
        f"{waiting['after']['f1']:.4f}."
    )


def _show_why(out: Console, found: dict[str, Any]) -> None:
    out.print(_between(found))
    step = found["errors"]["one_profile_in"]
    for error, title in (("wrong", "Wrongly joined"), ("missed", "Missed")):
        about = f", estimated from one profile in {step}" if step > 1 else ""
        out.print(_kinds(f"{title}{about}", found["errors"][error]))
    out.print(_curve(found["curve"]))


def _measures(found: dict[str, Any]) -> Table:
    table = _table("How right it is", "")
    parts = {"all": found, **found["by_source"]}
    for name in parts:
        table.add_column(name, justify="right")
    for measure in (
        "records", "entities_true", "entities_found", "precision", "recall", "f1",
        "b3_precision", "b3_recall", "b3_f1", "mixed", "exact",
    ):  # fmt: skip
        table.add_row(measure, *(_number(part[measure]) for part in parts.values()))
    return table


def _between(found: dict[str, Any]) -> Table:
    columns = ("pairs", "recall", "blocking_recall", "ceiling")
    table = _table("True pairs of records, by their sources", "", *columns)
    for name, part in {"all": found["blocking"], **found["by_source_pair"]}.items():
        table.add_row(name, *(_number(part[column]) for column in columns))
    return table


def _kinds(title: str, kinds: dict[str, dict[str, int]]) -> Table:
    columns = ("pairs", "entity_pairs", "compared", "waiting")
    table = _table(title, "kind", *columns)
    for kind, counts in kinds.items():
        table.add_row(kind.replace("_", " "), *(f"{counts[column]:,}" for column in columns))
    return table


def _curve(points: list[dict[str, Any]]) -> Table:
    columns = ("links", "precision", "recall", "f1", "mixed", "exact")
    table = _table("If the link threshold were", "bits", *columns)
    for point in points:
        table.add_row(f"{point['threshold']:g}", *(_number(point[column]) for column in columns))
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    return table


def _number(value: float | int) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"

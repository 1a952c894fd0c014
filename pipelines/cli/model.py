"""`guiyi model`: what the matching model weighs, what another would change, and promoting it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from connectors.errors import SettingError
from pipelines.cli import promotion
from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

if TYPE_CHECKING:
    from matching.explain.card import LevelCard, ModelCard

_WIDTH = 32


def register(app: typer.Typer) -> None:
    """Add the command and those within it."""
    group = typer.Typer(
        invoke_without_command=True,
        callback=model,
        epilog=example("guiyi model --home data/home --html model.html"),
    )
    promotion.register(group)
    app.add_typer(group, name="model")


def model(
    context: typer.Context,
    home: HomeOption = DEFAULT_HOME,
    name: Annotated[
        str | None,
        typer.Option("--model", help="A model file or a shipped one's name; else the home's."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with the chart to this file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the model that decides who is one customer: every level's weight, and the thresholds.

    Weights are those among the profiles of the home, or among 100,000 where nothing is matched yet.
    """
    if context.invoked_subcommand is not None:
        _refuse_misplaced(context)
        return
    from pipelines.explanation import model_card

    card = model_card(home, name)
    if html is not None:
        from pipelines.cli.pages import write_model

        write_model(html, card)
    if as_json:
        from pydantic import TypeAdapter

        print_json(TypeAdapter(type(card)).dump_python(card, mode="json"))
    elif html is not None:
        console().print(f"Written to {html}.")
    else:
        console().print(_table(card))
        if card.expected:
            console().print("\nWhat the model itself expects of a link threshold")
            console().print(_expected(card))


def _refuse_misplaced(context: typer.Context) -> None:
    """Options before a command within the group would be lost on it."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise SettingError(
                f"options of `guiyi model {context.invoked_subcommand}` are given after its name"
            )


def _expected(card: ModelCard) -> Table:
    table = Table(box=None)
    for column in ("bits", "pairs", "right", "of all matches"):
        table.add_column(column, justify="right")
    for one in card.expected:
        style = "bold" if one.threshold == card.link else ""
        table.add_row(f"{one.threshold:g}", f"{one.pairs:,}", f"{one.precision:.4%}",
                      f"{one.recall:.2%}", style=style)  # fmt: skip
    return table


def _table(card: ModelCard) -> Table:
    from matching.explain import telling
    from matching.explain.waterfall import Scale

    levels = [level for comparison in card.comparisons for level in comparison.levels]
    line = Scale(min(one.bits for one in levels), max(one.bits for one in levels), _WIDTH)
    table = Table(
        title=f"{card.name}, version {card.version}, among {card.profiles:,} profiles: prior "
        f"{telling.signed(card.prior)} bits, link from {card.link:g}, review from {card.review:g}",
        title_justify="left", box=None,
    )  # fmt: skip
    for column in ("comparison", "level", "bits", ""):
        table.add_column(column, justify="right" if column == "bits" else "left")
    for comparison in card.comparisons:
        called = f"{comparison.called.zh}  {comparison.called.en}"
        for number, level in enumerate(comparison.levels):
            shown = Text(_range(level), style="green" if level.bits >= 0 else "red")
            begin, end = sorted((round(line.at(0)), round(line.at(level.bits))))
            bar = Text(" " * begin + "█" * max(end - begin, 1), style=shown.style)
            table.add_row(Text("" if number else called, "bold"), level.level, shown, bar)
    return table


def _range(level: LevelCard) -> str:
    """The bits of a level, and from a common to a rare value where that matters."""
    from matching.explain.telling import signed

    if level.common == level.rare:
        return signed(level.bits)
    return f"{signed(level.common)} … {signed(level.bits)} … {signed(level.rare)}"

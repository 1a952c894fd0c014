"""`guiyi survivorship preview`: what other rules of golden records would alter."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.options import (
    DEFAULT_HOME,
    ExamplesOption,
    HomeOption,
    JsonOption,
    ValuesOption,
    console,
    example,
    print_json,
)
from pipelines.cli.tables import show_values


def register(app: typer.Typer) -> None:
    """Add the command and those within it."""
    group = typer.Typer(no_args_is_help=True, help="Rules by which golden values are chosen.")
    group.command(epilog=example("guiyi survivorship preview rules.yml --home data/home"))(preview)
    app.add_typer(group, name="survivorship")


def preview(
    rules: Annotated[
        str, typer.Argument(metavar="RULES", help="The new rules: a file, or `shipped`.")
    ],
    examples: ExamplesOption = 5,
    values: ValuesOption = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show which golden values other rules would choose. Nothing is changed.

    The customers stay who they are, so this is quick; `guiyi model diff --survivorship` matches all
    records anew, too, and `guiyi model promote --survivorship` puts the rules in force.
    """
    from pipelines import survivorship
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        found = survivorship.preview(home, rules, examples, values)
    if as_json:
        print_json(asdict(found))
        return
    count = found.golden_records
    out.print(
        f"\n[bold]Compared with run {found.run}[/bold]  rules {found.digest[:12]}:"
        f" {count['changed']:,} of {count['all']:,} golden records change",
        soft_wrap=True,
    )
    show_values(out, found.values, found.changed_values)

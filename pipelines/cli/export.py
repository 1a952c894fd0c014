"""`guiyi export`: what outlets may see of the warehouse, as a file for them."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from connectors.errors import SettingError
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
    app.command(epilog=example("guiyi export --outlet D0012 --output d0012.xlsx"))(export)


def export(
    outlet: Annotated[
        list[str] | None, typer.Option(help="Code of an outlet; may be given several times.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="A group of outlets in exports.yml.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="FILE.duckdb, FILE.xlsx, or a folder for CSV; must not be there yet."),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="Who it is for, as exports.yml says; by default its default.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="duckdb, xlsx or csv, whatever the ending.")
    ] = None,
    encrypt_for: Annotated[
        Path | None,
        typer.Option(help="File with the receiver's public key, of age or SSH: writes .age."),
    ] = None,
    author: Annotated[str, typer.Option(help="Who asks; by default the system user.")] = "",
    listed: Annotated[
        bool, typer.Option("--list", help="Show what was exported to whom, and write nothing.")
    ] = False,
    customer: Annotated[
        str | None, typer.Option(help="With --list: only exports that have this golden id.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write the customers that outlets sold to or served, masked as the role says, and enter it.

    Nothing of other outlets is in the file. Every export is kept in a register with its receivers.
    """
    from pipelines import exporting

    if listed or customer:
        found = exporting.exported(home, customer)
        if as_json:
            print_json(found)
        else:
            _list(found)
        return
    if output is None:
        raise SettingError("name the file to write by --output; --list shows what was exported")
    asked = exporting.Asked(
        output, author or getpass.getuser(), tuple(outlet or ()), group, role, form, encrypt_for
    )
    made = exporting.export(home, asked)
    if as_json:
        print_json(made)
    else:
        _show(made)


def _show(made: dict[str, Any]) -> None:
    out = console()
    to = made["group"] or ", ".join(made["outlets"])
    out.print(
        f"Export {made['number']} for {escape(to)} as {escape(made['role'])}, of run"
        f" {made['run_id']}: {escape(made['file'])}",
        soft_wrap=True,
    )
    for name, rows in made["tables"].items():
        out.print(f"  {name:<20}{rows:>10,}")


def _list(found: list[dict[str, Any]]) -> None:
    out = console()
    if not found:
        out.print("Nothing was exported.")
        return
    table = Table()
    for name in ("no.", "when", "who asked", "role", "for", "customers", "run", "file"):
        table.add_column(name, overflow="fold")
    for one in found:
        to = one.get("given_to") or one["group"] or ", ".join(one["outlets"])
        cells = (one["number"], one["asked_at"], one["asked_by"], one["role"], to,
                 one["tables"]["dim_customer"], one["run_id"], one["file"])  # fmt: skip
        table.add_row(*(escape(str(cell)) for cell in cells))
    out.print(table)

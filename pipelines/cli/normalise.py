"""`guiyi normalise`: what a typed value is understood as, and why."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from connectors.errors import SettingError
from connectors.intake import SHANGHAI
from pipelines.cli.options import JsonOption, console, example, print_json

#: Field of the command line -> normaliser.
FIELDS = ("name", "company", "phone", "vin", "plate", "identity", "address", "date")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=example("guiyi normalise phone '138 0013 8001' 0512-65123456 --json"))(
        normalise
    )


def normalise(
    field: Annotated[str, typer.Argument(help=f"One of: {', '.join(FIELDS)}.")],
    values: Annotated[list[str], typer.Argument(help="What was typed, one or more.")],
    area_code: Annotated[
        str, typer.Option(help="The outlet's area code, to complete a landline.")
    ] = "",
    province: Annotated[
        str, typer.Option(help="The outlet's plate character, to complete a plate.")
    ] = "",
    latest: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The last day that a date can mean; today, unless given. 9999-12-31: any day.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the clean value, its status and the reason, and whatever can be derived from it.

    JSON is a list with an object a value: typed, value, status, reason, and what the field has.
    """
    if field not in FIELDS:
        raise SettingError(f"{field}: not a field; use one of {', '.join(FIELDS)}")
    from quality.normalise import Near

    day = latest or datetime.datetime.now(SHANGHAI)
    near = Near(area_code, province, day.date())
    understood = [_understand(field, value, near) for value in values]
    if as_json:
        print_json(understood)
        return
    for one in understood:
        console().print(_table(one))


def _understand(field: str, typed: str, near: Any) -> dict[str, Any]:
    from quality.normalise.registry import MODULES

    found = asdict(MODULES[field].scalar(typed, near))
    if field == "name":
        company = MODULES["company"].scalar(found["value"], near)
        found["company"] = asdict(company) if found["kind"] == "company" else None
    return found


def _table(found: dict[str, Any]) -> Table:
    table = Table(title=repr(found["typed"]), title_justify="left", show_header=False)
    for name, value in found.items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for part, shown in inner:
            if name != "typed" and shown not in (None, "", (), False):
                table.add_row(f"{name} {part}".strip().replace("_", " "), _said(shown))
    return table


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""`guiyi dashboard`: pages over the marts for sales and service directors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

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
    app.command(epilog=example("guiyi dashboard --out data/dashboard"))(dashboard)


def dashboard(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the pages; new, or of an earlier dashboard.")
    ],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write pages with pictures of retention, lifecycle, lost customers and data quality.

    They hold aggregates of the published warehouse and no personal data, and need no network.
    """
    from pipelines.summary import open_published
    from warehouse.dashboard import site

    with open_published(home) as con:
        written = site.write(con, out)
    if as_json:
        print_json({"folder": str(out), "pages": [file.name for file in written]})
    else:
        first = escape(str(written[0]))
        console().print(f"Wrote {len(written)} pages; open {first}", soft_wrap=True)

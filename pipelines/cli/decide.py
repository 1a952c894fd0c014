"""`guiyi review` and `guiyi decide`: what waits for a steward, and his word on it."""

from __future__ import annotations

import datetime
import getpass
from typing import Annotated, Any

import typer
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

_QUERY = """
    SELECT golden_id_a, golden_id_b, record_a, record_b, match_weight, reason, name, phone,
           identity, vehicle, address
    FROM review_pair ORDER BY match_weight DESC, golden_id_a, golden_id_b LIMIT ?
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=example("guiyi review --home data/home --limit 20"))(review)
    app.command(
        epilog=example(
            "guiyi decide hq//HQ0012345 dealer/D0012/K-77 different --why 'two brothers'"
        )
    )(decide)


def review(
    home: HomeOption = DEFAULT_HOME,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs to show.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the pairs of customers that the merge was not sure of, the heaviest first.

    Shows how the values agree, not the values; those are in the warehouse under the record keys.
    """
    from pipelines.summary import open_published

    with open_published(home) as con:
        cursor = con.execute(_QUERY, [limit])
        names = [column[0] for column in cursor.description or ()]
        pairs = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if as_json:
        print_json(pairs)
    elif pairs:
        console().print(_table(pairs))
    else:
        console().print("Nothing waits.")


def decide(
    left: Annotated[str, typer.Argument(help="Record key: source/outlet/source key.")],
    right: Annotated[str, typer.Argument(help="The other record's key.")],
    verdict: Annotated[str, typer.Argument(help="same, different or unsure.")],
    why: Annotated[str, typer.Option(help="A note for whoever looks at it later.")] = "",
    author: Annotated[str, typer.Option(help="Who decides; by default the system user.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say whether two records are one customer. It applies at the next run, and beats any score.

    A later decision on the same two records replaces this one; nothing is ever erased.
    """
    from connectors.intake import SHANGHAI
    from matching.engine import Decision
    from warehouse.decisions import Entry
    from warehouse.decisions import decide as write

    _known(home, left, right)
    now = datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
    who = author or getpass.getuser()
    try:
        write(home, Entry(now, who, Decision(left, right, verdict), why))
    except ValueError as error:
        raise SettingError(str(error)) from None
    if as_json:
        print_json({"left": left, "right": right, "verdict": verdict, "author": who})
    else:
        console().print(f"Noted: {verdict}. It applies at the next run.")


def _known(home: Any, *record_keys: str) -> None:
    from pipelines.summary import open_published

    with open_published(home) as con:
        for key in record_keys:
            found = con.execute(
                "SELECT count(*) FROM customer_xref WHERE record_key = ?", [key]
            ).fetchall()
            if not found[0][0]:
                raise SettingError(f"{key}: no such record; keys are in customer_xref.record_key")


def _table(pairs: list[dict[str, Any]]) -> Table:
    table = Table(title="Waiting for a steward")
    for name in ("customers", "records", "bits", "reason", "name", "phone", "id", "car", "address"):
        table.add_column(name, justify="right" if name == "bits" else "left")
    for p in pairs:
        levels = (p["name"], p["phone"], p["identity"], p["vehicle"], p["address"])
        table.add_row(
            f"{p['golden_id_a']}\n{p['golden_id_b']}",
            f"{p['record_a']}\n{p['record_b']}",
            f"{p['match_weight']:.1f}",
            p["reason"],
            *((level or "-").replace("_", " ") for level in levels),
        )
    return table

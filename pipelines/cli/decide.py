"""`guiyi review` and `guiyi decide`: what waits for a steward, and his word on it."""

from __future__ import annotations

import getpass
from typing import Annotated, Any

import typer
from rich.markup import escape

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
    SELECT r.*, a.name AS name_a, a.phone AS phone_a, a.address AS address_a,
           b.name AS name_b, b.phone AS phone_b, b.address AS address_b
    FROM review_pair r JOIN pii.dim_customer a ON a.golden_id = r.golden_id_a
    JOIN pii.dim_customer b ON b.golden_id = r.golden_id_b
    ORDER BY match_weight DESC, golden_id_a, golden_id_b LIMIT ?
"""
VERDICTS = ("same", "different", "unsure")
APPLIES = "It applies at the next run."
WhyOption = Annotated[str, typer.Option(help="A note for whoever looks at it later.")]
AuthorOption = Annotated[str, typer.Option(help="Who decides; by default the system user.")]
_VALUES = ("name", "phone", "address")
_LEVELS = {"name": "name", "phone": "phone", "identity": "id number", "vehicle": "car",
           "address": "address"}  # fmt: skip


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
    values: Annotated[
        bool, typer.Option("--values", help="Show names, phones and addresses too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the pairs of customers that the merge was not sure of, the heaviest first.

    Shows how the values agree; the values themselves, which are personal, only with --values.
    """
    from pipelines.summary import open_published

    with open_published(home) as con:
        cursor = con.execute(_QUERY, [limit])
        names = [column[0] for column in cursor.description or ()]
        pairs = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    hidden = set() if values else {f"{name}_{side}" for name in _VALUES for side in "ab"}
    pairs = [{name: v for name, v in pair.items() if name not in hidden} for pair in pairs]
    if as_json:
        print_json(pairs)
        return
    out = console()
    for pair in pairs:
        out.print(_told(pair), soft_wrap=True)
    out.print("Nothing waits." if not pairs else _HOW, soft_wrap=True)


def decide(
    left: Annotated[str, typer.Argument(help="Record key: source/outlet/source key.")],
    right: Annotated[str, typer.Argument(help="The other record's key.")],
    verdict: Annotated[str, typer.Argument(help="same, different or unsure.")],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say whether two records are one customer. It applies at the next run, and beats any score.

    A later decision on the same two records replaces this one; nothing is ever erased.
    """
    from pipelines.deciding import desk

    if verdict not in VERDICTS:
        raise SettingError(f"a verdict is one of {', '.join(VERDICTS)}")
    entry = desk(home, author or getpass.getuser(), why).pair(left, right, verdict)
    who = entry.decision.author
    if as_json:
        print_json({"left": left, "right": right, "verdict": verdict, "author": who,
                    "number": entry.number})  # fmt: skip
    else:
        console().print(f"Noted as decision {entry.number}: {verdict}. {APPLIES}")


_HOW = "Decide with: guiyi decide RECORD RECORD same|different|unsure --why NOTE"


def _told(pair: dict[str, Any]) -> str:
    """A pair in a few lines: how sure, why it waits, how it agrees, and the two sides."""
    agrees = "; ".join(
        f"{label}: {pair[name].replace('_', ' ')}" for name, label in _LEVELS.items() if pair[name]
    )
    because = pair["reason"].replace("_", " ")
    lines = [f"[bold]{pair['match_weight']:.1f} bits[/bold], {because}: {agrees}"]
    for side in "ab":
        shown = [str(pair[f"{name}_{side}"] or "-") for name in _VALUES if f"{name}_{side}" in pair]
        told = "  ".join([pair[f"golden_id_{side}"], pair[f"record_{side}"], *shown])
        lines.append(f"  {escape(told)}")
    return "\n".join(lines)

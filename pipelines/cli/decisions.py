"""`guiyi decisions`: what stewards decide beside pairs, what became of it, and carrying it over."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipelines.cli.decide import APPLIES, AuthorOption, WhyOption
from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

#: So many record keys are shown of one side of a decision.
_SHOWN = 3


class Verdict(StrEnum):
    """Whether a value is generic."""

    YES = "yes"
    NO = "no"


class Kind(StrEnum):
    """Kinds of decision."""

    PAIR = "pair"
    MERGE = "merge"
    SPLIT = "split"
    GENERIC = "generic"
    VALUE = "value"
    UNDO = "undo"


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(
        help="Decide on customers and values, see what became of decisions, carry them over.",
        epilog=example("guiyi decisions list --home data/home --overruled"),
        no_args_is_help=True,
    )
    for command, line in (
        (merge, "merge CJ6HXJH1QH hq//HQ000376 --why 'one man, two phones'"),
        (split, "split dealer/D0012/000089 dealer/D0012/000090 --why 'his brother'"),
        (generic, "generic phones 0512-65123456 yes --why 'our own switchboard'"),
        (value, "value CJ6HXJH1QH birth_date 1990-01-02 --why 'seen his id card'"),
        (undo, "undo 17 --why 'wrong file'"),
        (list_, "list --home data/home --author wang --overruled"),
        (export, "export decisions.jsonl --home data/home"),
        (import_, "import decisions.jsonl --home data/home --dry-run"),
    ):
        name = command.__name__.rstrip("_")
        group.command(name, epilog=example(f"guiyi decisions {line}"))(command)
    app.add_typer(group, name="decisions")


def merge(
    customers: Annotated[
        list[str], typer.Argument(help="Two or more golden ids, or record keys of the customers.")
    ],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Make several customers one. It is remembered by their records, as they are today."""
    _told(_desk(home, author, why).merge(customers), as_json)


def split(
    records: Annotated[list[str], typer.Argument(help="Keys of the records to take off.")],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Split records off their customer: they never come back to the rest of it.

    Whether they stay together among themselves is left to what they tell.
    """
    _told(_desk(home, author, why).split(records), as_json)


def generic(
    column: Annotated[str, typer.Argument(help="A column of the model, such as phones.")],
    what: Annotated[str, typer.Argument(metavar="VALUE", help="The value, as people type it.")],
    verdict: Annotated[Verdict, typer.Argument(help="yes: many hold it. no: they do not.")],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say that a value is generic, so that it tells nobody apart, or that it is not.

    It goes above the counting of who holds the value.
    """
    _told(_desk(home, author, why).generic(column, what, verdict is Verdict.YES), as_json)


def value(
    customer: Annotated[str, typer.Argument(help="Golden id, or key of a record of his.")],
    attribute: Annotated[str, typer.Argument(help="An attribute of golden records: phone, name.")],
    what: Annotated[str, typer.Argument(metavar="VALUE", help="What it is, as people type it.")],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say what an attribute of a customer is, above every rule of golden records."""
    _told(_desk(home, author, why).value(customer, attribute, what), as_json)


def undo(
    number: Annotated[int, typer.Argument(help="Number of the decision.")],
    why: WhyOption = "",
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take a decision back, by a further one. The parts of an undone merge stay apart."""
    entry = _desk(home, author, why).undo(number)
    _told(entry, as_json, {entry.decision.undoes: number})


def list_(
    author: Annotated[str, typer.Option(help="Only decisions of this author.")] = "",
    kind: Annotated[Kind | None, typer.Option(help="Only decisions of this kind.")] = None,
    overruled: Annotated[
        bool, typer.Option("--overruled", help="Only those that newer ones contradict.")
    ] = False,
    values: Annotated[
        bool, typer.Option("--values", help="Show the values that were decided on, too.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show every decision and what became of it: in force, overruled, undone or waiting.

    Of an overruled or undone one, the newer decision's number and author. Waiting are those on
    records that the warehouse does not know. Values, which are personal, only with --values.
    """
    from pipelines.deciding import listed

    found = listed(home)
    authors = {entry.number: entry.decision.author for entry, _ in found}
    numbers = {entry.decision.uid: entry.number for entry, _ in found}
    rows = [
        _row(entry, standing, values)
        | {
            "by_author": authors[standing.by] if standing.by else None,
            "says": _what(entry.decision, values, numbers),
        }
        for entry, standing in found
        if author in ("", entry.decision.author)
        and kind in (None, entry.decision.kind)
        and (not overruled or standing.state == "overruled")
    ]
    if as_json:
        print_json(rows)
    else:
        console().print(_table(rows) if rows else "No such decision.")


def export(
    file: Annotated[Path, typer.Argument(help="Where to write; - is the standard output.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write all decisions as JSON lines. They hold the values that were decided on."""
    from pipelines.settings import read_settings
    from warehouse.decision_lines import write

    entries = read_settings(home).log.entries()
    lines = write(entry.decision for entry in entries)
    if str(file) == "-":
        print(*lines, sep="", end="")
        return
    file.write_text("".join(lines), encoding="utf-8")
    if as_json:
        print_json({"file": str(file), "decisions": len(entries)})
    else:
        console().print(f"{len(entries):,} decisions written to {file}.", soft_wrap=True)


def import_(
    file: Annotated[Path, typer.Argument(help="JSON lines, as export writes them.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and count, and write nothing.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take in decisions made elsewhere; those that are known already are passed over.

    All lines are checked first: where one is wrong, none is taken in.
    """
    new, known = _desk(home, "", "").take_in(file, dry_run)
    if as_json:
        print_json({"new": new, "known": known, "written": not dry_run})
        return
    would = "would be" if dry_run else "are"
    console().print(f"{new:,} decisions {would} new, {known:,} were known. {APPLIES}")


def _desk(home: Path, author: str, why: str) -> Any:
    from pipelines.deciding import desk

    return desk(home, author or getpass.getuser(), why)


def _told(entry: Any, as_json: bool, numbers: dict[str, int] | None = None) -> None:
    """Say what was noted, to him who said it."""
    said = entry.decision.model_dump(mode="json")
    if as_json:
        print_json({"number": entry.number} | said)
    else:
        what = escape(_what(entry.decision, True, numbers or {}))
        out = f"Noted as decision {entry.number}: {what}. {APPLIES}"
        console().print(out, soft_wrap=True)


def _row(entry: Any, standing: Any, values: bool) -> dict[str, Any]:
    """A decision for the list."""
    said: dict[str, Any] = entry.decision.model_dump(mode="json")
    if not values:
        said.pop("value", None)
    told = {"number": entry.number, "state": str(standing.state), "by": standing.by}
    return told | said


def _what(decision: Any, values: bool, numbers: dict[str, int]) -> str:
    """What was decided, in a few words. numbers: of decisions by their uid."""
    shown = f": {decision.value}" if values and hasattr(decision, "value") else ""
    match decision.kind:
        case "pair":
            return f"{decision.left} and {decision.right} {decision.verdict}"
        case "merge":
            return " with ".join(p.golden_id or _keys(p.records) for p in decision.parts)
        case "split":
            return f"{_keys(decision.records)} off {decision.golden_id or _keys(decision.rest)}"
        case "generic":
            verdict = "generic" if decision.generic else "not generic"
            return f"a value of {decision.column} is {verdict}{shown}"
        case "value":
            return f"{decision.attribute} of {decision.record}{shown}"
    return f"takes back decision {numbers[decision.undoes]}"


def _keys(records: tuple[str, ...]) -> str:
    more = len(records) - _SHOWN
    return ", ".join(records[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Decisions", title_justify="left")
    for name in ("number", "when", "author", "kind", "what", "why", "state"):
        table.add_column(name, overflow="fold", justify="right" if name == "number" else "left")
    for row in rows:
        by = f" by {row['by']} ({row['by_author']})" if row["by"] else ""
        cells = (str(row["number"]), row["decided_at"][:10], row["author"], row["kind"])
        told = (row["says"], row["why"], f"{row['state'].replace('_', ' ')}{by}")
        table.add_row(*map(escape, (*cells, *told)))
    return table

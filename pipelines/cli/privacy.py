"""`guiyi person` and `guiyi erase`: what is held about one person, and taking him out of it."""

from __future__ import annotations

import datetime
import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
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

if TYPE_CHECKING:
    from pipelines.erasing import Preview

KeyArgument = Annotated[
    str | None,
    typer.Argument(help="A golden id, also a retired one, or the key of a record.", metavar="KEY"),
]
PhoneOption = Annotated[
    str | None, typer.Option("--phone", help="In place of KEY: his number, in any writing.")
]
IdOption = Annotated[
    str | None, typer.Option("--id-number", help="In place of KEY: his id number.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=example("guiyi person CG58N37J1E --output data/person --to himself"))(person)
    app.command(epilog=example("guiyi erase CG58N37J1E --who wang --why 'his letter no. 12'"))(
        erase
    )
    app.command(epilog=example("guiyi retention --dry-run --home data/home"))(retention)


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count the records; nothing is changed.")
    ] = False,
    author: Annotated[str, typer.Option(help="Who asks; by default the system user.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take the records out that are older than `retention` in guiyi.yml lets them be, for good.

    A period is reckoned from the last day that a record tells of. Rows that are older when they
    come are held off by every night.
    """
    from pipelines import erasing
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    out = console()
    if dry_run:
        found = erasing.expired(home)
        done = None
    else:
        with Steps(out, quiet=as_json) as steps, listening(steps):
            done = erasing.expire(home, author or getpass.getuser())
        found = done["by_source"] if done else {}
    if as_json:
        print_json(found if dry_run else done)
        return
    for name, count in found.items():
        out.print(f"{escape(name)}: {count:,} records are past their period")
    if not dry_run:
        out.print(f"Erasure {done['number']}: they are gone." if done else "None is past it.")


def person(
    key: KeyArgument = None,
    output: Annotated[
        Path | None, typer.Option(help="A new folder for person.json and person.xlsx.")
    ] = None,
    to: Annotated[str, typer.Option(help="Who gets it.")] = "",
    phone: PhoneOption = None,
    id_number: IdOption = None,
    encrypt_for: Annotated[
        Path | None,
        typer.Option(help="File with the receiver's public key, of age or SSH: writes .age."),
    ] = None,
    author: Annotated[str, typer.Option(help="Who asks; by default the system user.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write all that is held about one person, in clear, and enter it in the register of exports.

    That is what is published, every version of his records, his rows as they came, the stewards'
    decisions on them, and the exports that he was in. Only the owner of the files can read them.
    """
    from pipelines import person as people
    from pipelines.people import Named

    if output is None or not to:
        raise SettingError("name the folder to write by --output, and who gets it by --to")
    who = Named(key, phone, id_number)
    asked = people.Asked(who, output, author or getpass.getuser(), to, encrypt_for)
    made = people.write(home, asked)
    if as_json:
        print_json(made)
        return
    out = console()
    out.print(f"Export {made['number']}: {escape(made['file'])}", soft_wrap=True)
    for name, rows in made["tables"].items():
        out.print(f"  {name:<24}{rows:>8,}")


def erase(
    key: KeyArgument = None,
    who: Annotated[str, typer.Option(help="Who says that he is to be erased.")] = "",
    why: Annotated[
        str, typer.Option(help="The reason, such as the number of a letter; no personal data.")
    ] = "",
    phone: PhoneOption = None,
    id_number: IdOption = None,
    record: Annotated[
        list[str] | None,
        typer.Option(help="Only this record of his; may be given several times."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Show the erasures that there were, and do nothing.")
    ] = False,
    lifted: Annotated[
        int | None,
        typer.Option(
            "--lift",
            help="In place of KEY: the number of an erasure whose person is a"
            " customer again; his new rows come in from now on.",
            metavar="NO",
        ),
    ] = None,
    since: Annotated[
        datetime.datetime | None,
        typer.Option(
            help="With --lift: rows of this day and later come in; by default today.",
            formats=["%Y-%m-%d"],
        ),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take one person out of raw rows, store, warehouse, decisions and register, for good.

    First shows what would go. His rows in files to come are held off, by keyed hashes that tell
    nothing without their key. With --json and without --yes it shows, and does nothing.
    """
    from pipelines import erasing
    from pipelines.cli.display import Steps
    from pipelines.people import Named
    from pipelines.progress import listening

    if listed:
        found = erasing.erased(home)
        if as_json:
            print_json(found)
        else:
            _list(found)
        return
    if not who or not why:
        raise SettingError("name who says so by --who, and the reason by --why")
    out = console()
    if lifted is not None:
        done = _lift(home, lifted, who, why, since)
        if as_json:
            print_json(done)
        else:
            out.print(
                f"Erasure {lifted}: rows of {done['since']} and later come in from now on. What was"
                " held off before is empty; the outlet has to send it again."
            )
        return
    asked = erasing.Asked(Named(key, phone, id_number), who, why, tuple(record or ()))
    if not yes:
        preview = erasing.preview(home, asked)
        if as_json:
            print_json(asdict(preview))
            return
        _show(out, preview)
        if not sys.stdin.isatty():
            raise SettingError("nothing was done: say --yes")
        typer.confirm("Erase all this? It cannot be undone", abort=True)
    with Steps(out, quiet=as_json) as steps, listening(steps):
        done = erasing.erase(home, asked)
    if as_json:
        print_json(done)
        return
    out.print(f"Erasure {done['number']}: {done['records']:,} records are gone.")
    if done["exports"]:
        numbers = ", ".join(map(str, done["exports"]))
        out.print(f"He was in exports {numbers}; `guiyi export --list` says who has them.")


def _lift(
    home: Path, number: int, who: str, why: str, since: datetime.datetime | None
) -> dict[str, Any]:
    """Enter that an erasure is lifted; return the entry with its `number`."""
    from connectors.intake import SHANGHAI
    from pipelines import erasing
    from warehouse.erasure.log import Lifting

    now = datetime.datetime.now(SHANGHAI)
    lifting = Lifting(asked_by=who, asked_at=now, why=why, since=(since or now).date())
    erasing.lift(home, number, lifting)
    return {"number": number, **lifting.model_dump(mode="json")}


def _show(out: Console, found: Preview) -> None:
    out.print(f"[bold]{found.golden_id}[/bold]: what would go")
    told = asdict(found) | {"records": len(found.records), "exports": len(found.exports)}
    for name, count in told.items():
        if isinstance(count, int):
            out.print(f"  {name:<12}{count:>8,}")


def _list(found: list[dict[str, Any]]) -> None:
    out = console()
    if not found:
        out.print("Nobody was erased.")
        return
    table = Table()
    for name in ("no.", "when", "who", "why", "golden ids", "records", "exports", "finished"):
        table.add_column(name, overflow="fold")
    for one in found:
        ids, exports = (", ".join(map(str, one[name])) for name in ("golden_ids", "exports"))
        state = str(one["finished_at"] or "to be finished")
        if one["liftings"]:
            state += f"; lifted since {one['liftings'][-1]['since']}"
        cells = (one["number"], one["asked_at"], one["asked_by"], one["why"], ids, one["records"],
                 exports, state)  # fmt: skip
        table.add_row(*(escape(str(cell)) for cell in cells))
    out.print(table)

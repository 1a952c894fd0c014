"""`guiyi model diff` and `guiyi model promote`: other models and rules, tried and put in force."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from connectors.errors import SettingError
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
from pipelines.cli.tables import show_table, show_values

if TYPE_CHECKING:
    from pipelines.promotion import Diff

#: So many digits of a digest are no accident.
_DIGITS = 8

NewArgument = Annotated[
    str | None,
    typer.Argument(metavar="NEW", help="The new model: a file, or a shipped one's name."),
]
RulesOption = Annotated[
    str | None,
    typer.Option(
        "--survivorship",
        help="New rules of golden records, with a new model or alone: a file, or `shipped`.",
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(epilog=example("guiyi model diff model.yml --home data/home --html diff.html"))(
        diff
    )
    group.command(epilog=example("guiyi model promote model.yml --home data/home"))(promote)


def diff(
    new: NewArgument = None,
    survivorship: RulesOption = None,
    examples: ExamplesOption = 5,
    values: ValuesOption = False,
    changes: Annotated[
        Path | None, typer.Option(help="Write every customer that is not unchanged to this CSV.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with all of it to this file.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show what a new model, or new rules, would do to the home. Nothing is changed.

    All records are matched by it as by a rebuild, and the outcome is thrown away: customers merged,
    split and rearranged, golden ids, pairs by band, golden values. Examples are told by record
    keys; names and values, which are personal, only with --values.
    """
    from pipelines import promotion
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    offer = _offer(new, survivorship, most=examples, named=values, changes=changes)
    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        found = promotion.diff(home, offer)
    if html is not None:
        from pipelines.cli.pages import write_diff

        write_diff(html, found)
    if as_json:
        print_json(asdict(found))
    elif html is not None:
        out.print(f"Written to {html}.")
    else:
        _show(out, found)


def promote(
    new: NewArgument = None,
    survivorship: RulesOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    expect: Annotated[
        str | None,
        typer.Option(help="In place of asking: only if the diff has this digest, or begins so."),
    ] = None,
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Let it stand even if the guards would hold it.")
    ] = False,
    examples: ExamplesOption = 5,
    values: ValuesOption = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Put a new model, or new rules, in force: show what changes, ask, match all by it and publish.

    Golden ids live on; what happens to them is told with the cause model_change. The home keeps a
    copy, so changing the file later does nothing. `guiyi rollback` brings the former model back. A
    promotion that changes out of proportion is held: exit code 3, and all stays as it was.
    """
    from pipelines import promotion
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    if as_json and not yes and expect is None:
        raise SettingError("--json cannot ask: say --yes, or --expect with the digest of the diff")
    if expect is not None and len(expect) < _DIGITS:
        raise SettingError(f"--expect: give {_DIGITS} digits of the diff's digest at least")
    offer = _offer(new, survivorship, most=examples, named=values)
    out = console()

    def ask(found: Diff) -> None:
        with steps.paused():
            if not as_json:
                _show(out, found)
            if expect is not None and not found.digest.startswith(expect):
                raise SettingError(
                    f"the diff has the digest {found.digest}, not {expect}: the home, the model or"
                    " the rules have changed since; look at it again"
                )
            if not (yes or expect or (found.held_because and not unguarded)):
                typer.confirm("Put it in force?", abort=True)

    with Steps(out, quiet=as_json) as steps, listening(steps):
        run, found = promotion.promote(home, offer, ask, unguarded)
    if as_json:
        print_json({"run": run, "diff": asdict(found) if found else None})
    elif found is None:
        out.print(f"Run {run} had put it in force already, and is published now.")
    else:
        out.print(f"Run {run} has put it in force. `guiyi rollback {found.run}` takes it back.")


def _offer(new: str | None, rules: str | None, **more: Any) -> Any:
    from pipelines.promotion import Offer

    if new is None and rules is None:
        raise SettingError("name a new model, or new rules by --survivorship")
    return Offer(new, rules, **more)


def _show(out: Console, found: Diff) -> None:
    out.print(
        f"\n[bold]Compared with run {found.run}[/bold]  digest {found.digest}", soft_wrap=True
    )
    for kind in ("model", "rules"):
        one, other = (_called(side[kind]) for side in (found.before, found.after))
        out.print(f"{kind.capitalize():<6} {one}" + ("" if one == other else f" → {other}"))
    for what in found.besides:
        out.print(f"[yellow]Since run {found.run} {what} have changed: that is in it, too[/yellow]")
    changes = ((kind, *_counts(one)) for kind, one in found.partition.items() if any(_counts(one)))
    show_table(out, "Customers", ("", "before", "after", "records"), changes)
    ids = ", ".join(f"{count:,} {kind}" for kind, count in found.golden_ids.items() if count)
    out.print(f"Golden ids: {ids or 'all as they were'}")
    show_table(out, "Pairs of profiles by band", ("before", "after", "pairs"),
           ((one["before"], one["after"], one["pairs"]) for one in found.bands))  # fmt: skip
    show_table(out, "Pairs of customers for a steward", ("reason", "before", "after"),
           ((one["reason"], one["before"], one["after"]) for one in found.reviews))  # fmt: skip
    for group in found.customers:
        out.print(f"\n[bold]{group['kind']}[/bold], for example")
        for flow in group["flows"]:
            out.print(f"  {escape(_flow(flow))}", soft_wrap=True)
    show_values(out, found.values, found.changed_values)
    for reason in found.held_because:
        out.print(f"[red]The guards would hold it:[/red] {escape(reason)}", soft_wrap=True)


def _counts(one: dict[str, int]) -> tuple[int, int, int]:
    return one["before"], one["after"], one["records"]


def _called(one: dict[str, str]) -> str:
    """A model or rules by name and the first digits of the digest."""
    return " ".join([*filter(None, [one.get("name")]), one.get("digest", "unknown")[:12]])


def _flow(flow: dict[str, Any]) -> str:
    more = "" if flow["records"] == len(flow["keys"]) else ", …"
    names = f" ({', '.join(flow['names'])})" if flow.get("names") else ""
    return (
        f"{flow['before']} → {flow['after']}  {flow['records']:,} records: "
        f"{', '.join(flow['keys'])}{more}{names}"
    )

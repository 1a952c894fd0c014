"""`guiyi rebuild` and `guiyi rollback`: runs that are no nights."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

#: What happens to customers of which the records stay the same; the rest only where they do not.
_ALWAYS = ("unchanged", "merged", "split", "rearranged")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=example("guiyi rebuild --home data/home"))(rebuild)
    app.command(epilog=example("guiyi rollback 17 --home data/home"))(rollback)


def rebuild(
    from_raw: Annotated[
        bool,
        typer.Option(
            "--from-raw",
            help="Understand all raw rows anew before, their"
            " columns by the headers and sources of today.",
        ),
    ] = False,
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Let it stand even if the guards would hold it.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Match all records from scratch and publish: the same records, model and decisions.

    Golden ids live on as on any night. Tells whether the partition has changed; it should not. One
    that changes out of proportion is held: exit code 3, the reasons, and all stays as it was.
    """
    from pipelines import upkeep
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        done = upkeep.rebuild(home, from_raw, unguarded)
    if as_json:
        print_json(done)
        return
    for path in done["remapped"]["changed"]:
        out.print(f"{escape(path)}: a column means something else than before", soft_wrap=True)
    for path in done["remapped"]["kept"]:
        out.print(f"{escape(path)}: columns mean what they did: by today's rules it could not be"
                  " used", soft_wrap=True)  # fmt: skip
    if _is_same(done["partition"]):
        out.print(f"Run {done['run']}: every customer is the same as before.")
    else:
        out.print(f"Run {done['run']}: the partition has changed.")
        _show(out, done["partition"])


def rollback(
    run: Annotated[int, typer.Argument(help="The run whose outcome is to stand again.")],
    present_model: Annotated[
        bool,
        typer.Option("--present-model", help="Keep the present model if that run had another."),
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take store, warehouse and model back to what they were after a run; decisions are kept.

    Files that were loaded since are marked, and loaded again only by `guiyi run --retry`.
    """
    from pipelines import upkeep
    from pipelines.cli.display import Steps
    from pipelines.progress import listening

    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        done = upkeep.roll_back(home, run, present_model)
    if as_json:
        print_json(done)
        return
    out.print(
        f"Run {done['run']} went back to run {run}: {done['files']:,} files with {done['rows']:,} "
        f"rows are out; {done['restored']:,} records have their former version, "
        f"{done['removed']:,} are gone.",
        soft_wrap=True,
    )
    if _is_same(done["partition"]):
        out.print(f"Every customer is as it was after run {run}.")
    else:
        out.print(f"Decisions, keys or the model have changed since run {run}:")
        _show(out, done["partition"])
    if done["former_model"]:
        out.print(f"The model and the rules of run {run} are in force again.")
    if done["files"]:
        out.print("`guiyi run --retry` loads these files again.")


def _is_same(partition: dict[str, dict[str, int]]) -> bool:
    return not any(found["records"] for kind, found in partition.items() if kind != "unchanged")


def _show(out: Console, partition: dict[str, dict[str, Any]]) -> None:
    for kind, found in partition.items():
        if kind in _ALWAYS or found["records"]:
            out.print(
                f"  {kind}: {found['before']:,} customers before, {found['after']:,} after, "
                f"{found['records']:,} records"
            )

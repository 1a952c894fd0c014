"""`guiyi release` and `guiyi drop`: an operator's word on a night that is held."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

RunArgument = Annotated[int, typer.Argument(help="Number of the held run.")]
WhyOption = Annotated[str, typer.Option(help="A note for whoever looks at it later.")]
AuthorOption = Annotated[str, typer.Option(help="Who decides; by default the system user.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=example("guiyi release 7 --why 'the new model was expected to'"))(release)
    app.command(epilog=example("guiyi drop 7 --why 'D0012 sent the test system'"))(drop)


def release(
    run: RunArgument,
    why: WhyOption,
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Publish a held run: do its work once more, and let it pass.

    Only for the inputs for which it was held; no file that has arrived since is taken in with it.
    """
    from pipelines import operation
    from pipelines.cli.display import Steps, show_summary
    from pipelines.progress import listening
    from pipelines.summary import summarise

    out = console()
    with Steps(out, quiet=as_json) as steps, listening(steps):
        operation.release(home, run, why, author or getpass.getuser())
    summary = summarise(home) | {"seconds": steps.seconds}
    if as_json:
        print_json(summary)
    else:
        show_summary(out, home, summary)


def drop(
    run: RunArgument,
    why: WhyOption,
    author: AuthorOption = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Give a held run up: its files are set aside, and no night takes them in by itself.

    `guiyi run --retry` takes them in after all.
    """
    from pipelines import operation

    dropped = operation.drop(home, run, why, author or getpass.getuser())
    if as_json:
        print_json(dropped.model_dump(mode="json"))
    else:
        console().print(f"Run {run} is dropped: {len(dropped.files):,} files are set aside.")

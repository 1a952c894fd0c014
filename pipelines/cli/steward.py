"""`guiyi steward`: the stewards' console, and accounts in it."""

from __future__ import annotations

import getpass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    check_free,
    console,
    example,
    print_json,
)

if TYPE_CHECKING:
    from warehouse.steward.site import Site

_PORT = 8200
_ADDRESS = f"http://127.0.0.1:{_PORT}"


def register(app: typer.Typer) -> None:
    """Add the group of commands; without one of them, it serves the console."""
    group = typer.Typer(
        invoke_without_command=True,
        epilog=example("guiyi steward --home data/home --port 8200"),
    )
    group.callback()(steward)
    line = "guiyi steward add-user wang --role steward --outlet D0012 --home data/home"
    group.command(epilog=example(line))(add_user)
    app.add_typer(group, name="steward")


def steward(
    context: typer.Context,
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = _PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that answer side by side, one for each core.")
    ] = 1,
) -> None:
    """Serve the stewards' console on this home: find customers, decide what waits.

    The first start prints a link by which the first admin makes his account."""
    if context.invoked_subcommand:
        return
    from warehouse.steward.server import first_link, serve

    found = _site(home)
    check_free(host, port)
    address = found.settings.address or f"http://{host}:{port}"
    out = console()
    out.print(f"The stewards' console: {address} (Ctrl-C ends)", soft_wrap=True)
    if link := first_link(found, address):
        out.print(f"There is no account yet; become the first admin, once: {link}", soft_wrap=True)
    serve(partial(_site, home), host, port, workers)


def add_user(
    login: Annotated[str, typer.Argument(help="By which he signs in.")],
    name: Annotated[str, typer.Option(help="How pages call him; by default the login.")] = "",
    role: Annotated[str, typer.Option(help="viewer, steward, lead or admin.")] = "steward",
    outlet: Annotated[
        list[str] | None, typer.Option(help="An outlet whose customers he sees; may be repeated.")
    ] = None,
    province: Annotated[
        list[str] | None,
        typer.Option(help="A province, by the character on plates; may be repeated."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Make an account for a steward, and a link by which he sets his password, once.

    Without --outlet and --province he sees the customers of all outlets."""
    from warehouse.steward.access.scope import Scope
    from warehouse.steward.audit import Deed
    from warehouse.steward.services import Services

    found = _site(home)
    services = Services.of(found)
    made = services.users.add(login, name, role, Scope.of(outlet or (), province or ()))
    services.audit.note(Deed(getpass.getuser(), "users.add", detail=made.told))
    link = services.link_to(made.number, _ADDRESS)
    if as_json:
        print_json({"login": made.login, "role": made.role, "link": link})
    else:
        told = f"Made {made.login} ({made.role}). The link to set a password by, once: {link}"
        console().print(escape(told), soft_wrap=True)


def _site(home: Path) -> Site:
    """What the home's settings say of the console."""
    from pipelines import operation
    from pipelines.deciding import apply_now, release_now, remembered
    from pipelines.models import model_in_force, rules_in_force
    from pipelines.settings import oidc_secret, read_settings
    from warehouse.steward.site import Site

    settings = read_settings(home)
    secret = oidc_secret() if settings.steward.oidc else ""
    return Site(
        home,
        settings.decisions,
        settings.steward,
        limits=settings.limits,
        oidc_secret=secret,
        model=remembered(home, lambda: model_in_force(home, settings)),
        rules=remembered(home, lambda: rules_in_force(home, settings)),
        apply=lambda: apply_now(home),
        release=partial(release_now, home),
        drop=partial(operation.drop, home),
    )

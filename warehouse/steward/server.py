"""Serves the console, and says how the first admin gets in."""

from __future__ import annotations

import uvicorn

from warehouse.steward.app import create_app
from warehouse.steward.services import Services
from warehouse.steward.site import Site

#: How long requests under way may take to end when the console is stopped.
_SECONDS = 10


def first_link(site: Site, reached_at: str) -> str | None:
    """The one-time link that makes the first admin; None where there is an account already.

    reached_at: the console's address, where the settings name none.
    """
    services = Services.of(site)
    return services.link_to(None, reached_at) if services.users.is_empty else None


def serve(site: Site, host: str, port: int) -> None:
    """Serve until a signal ends it."""
    # addresses of requests hold names that are searched for, and links: no log of them
    uvicorn.run(
        create_app(site),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_SECONDS,
    )

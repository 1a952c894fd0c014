"""Serves the console, and says how the first admin gets in."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import connection, parent_process

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from warehouse.steward.app import create_app
from warehouse.steward.services import Services
from warehouse.steward.site import Site

#: How long requests under way may take to end when the console is stopped.
_SECONDS = 10
#: How long a worker may say nothing before another takes its place: it imports much when it starts.
_SILENT = 60
#: Seconds that a thread of Python keeps the others waiting. By default 5 ms, each time that one has
#: read something: a look-up reads ten times, so that one large page would hold it up for 50 ms.
_SWITCH = 0.0005


def first_link(site: Site, reached_at: str) -> str | None:
    """The one-time link that makes the first admin; None where there is an account already.

    reached_at: the console's address, where the settings name none.
    """
    services = Services.of(site)
    return services.link_to(None, reached_at) if services.users.is_empty else None


def serve(site: Callable[[], Site], host: str, port: int, workers: int = 1) -> None:
    """Serve until a signal ends it.

    site: makes it, in each worker anew. workers: processes that answer side by side.
    """
    # addresses of requests hold names that are searched for, and links: no log of them
    config = uvicorn.Config(
        partial(_app, site),
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_SECONDS,
        timeout_worker_healthcheck=_SILENT,
    )
    if workers == 1:
        uvicorn.Server(config).run()
    else:
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def _app(site: Callable[[], Site]) -> FastAPI:
    """The console in the process that serves it."""
    sys.setswitchinterval(_SWITCH)
    if parent := parent_process():
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    return create_app(site())


def _end_with(parent: int) -> None:
    """End this worker when the process that watches over it was killed."""
    connection.wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)

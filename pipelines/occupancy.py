"""One run at a time works in a home: a lock of the system's, which ends with the process.

The lock file says who holds it, so that a second run can tell; what a dead process left in it is
not believed.
"""

from __future__ import annotations

import datetime
import json
import os
import socket
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from connectors.errors import GuiyiError
from connectors.intake import SHANGHAI

FILE = "run.lock"


class HomeBusy(GuiyiError):
    """Another run is writing in this home."""

    code = "home_busy"


def occupy(home: Path, cause: str) -> FileLock:
    """Take a home for this process until the lock is released; a context manager, too.

    cause: what started the run. Raises HomeBusy, saying who has it and since when.
    """
    home.mkdir(parents=True, exist_ok=True)

    def sign(lock: int) -> None:
        now = datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "cause": cause}
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps(holder | {"since": str(now)}).encode(), 0)

    # without the soft lock that filelock falls back to: a dead process would hold that for ever
    lock = FileLock(home / FILE, timeout=0, fallback_to_soft=False, on_acquired=sign)
    try:
        lock.acquire()
    except Timeout:
        told = f"{home}: another run is at work here{_who(home)}; try again when it is done"
        raise HomeBusy(told) from None
    return lock


def _who(home: Path) -> str:
    """Who holds the lock, in brackets; empty where nobody alive has signed."""
    try:
        holder: dict[str, Any] = json.loads((home / FILE).read_text())
        here = holder["host"] == socket.gethostname()
        if here:
            os.kill(holder["pid"], 0)  # only asks whether there is such a process
        place = "" if here else f" on {holder['host']}"
        return f" (process {holder['pid']}{place}, by {holder['cause']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return ""

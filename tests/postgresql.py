"""A PostgreSQL server for tests: its own files, its own port, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postgresql")  # where Debian puts what only a server's owner calls


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a server that runs meanwhile, without a database's name; ends in a slash.

    Raises RuntimeError where PostgreSQL is not installed.
    """
    initdb, postgres = _program("initdb"), _program("postgres")
    folder = Path(tempfile.mkdtemp(prefix="guiyi-postgresql-"))
    before = list[str]()
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        before = ["runuser", "-u", "postgres", "--"]
    data, port = str(folder / "data"), _free_port()
    prepare = [initdb, "-D", data, "-A", "trust", "-U", "guiyi", "-E", "UTF8", "--no-sync"]
    serve = [postgres, "-D", data, "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    nowhere = subprocess.DEVNULL
    try:
        subprocess.run([*before, *prepare], check=True, cwd="/", stdout=nowhere)
        with subprocess.Popen([*before, *serve], cwd="/", stderr=nowhere) as server:
            try:
                yield f"postgresql+psycopg://guiyi@127.0.0.1:{port}/"
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name) or max(map(str, _PROGRAMS.glob(f"*/bin/{name}")), default=None)
    if found is None:
        raise RuntimeError(f"{name} is not there: these tests need the package `postgresql`")
    return found


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])

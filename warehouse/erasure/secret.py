"""The key of the marks that erasures leave: without it nobody can tell whose they are.

A phone number or an id is one of few enough that a plain hash of it can be tried out; a keyed one
cannot, by whoever does not have the key.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from connectors.errors import SettingError

FILE = "erasure.key"
#: Characters of a key that is given: less could be tried out.
LEAST = 32


def read(home: Path, given: str | None) -> bytes:
    """The key that is given, else that of the key file. Raises SettingError where there is none."""
    if given is not None:
        if len(given) < LEAST:
            raise SettingError(f"the key of erasures has fewer than {LEAST} characters")
        return given.encode()
    try:
        return (home / FILE).read_bytes().strip()
    except FileNotFoundError:
        raise SettingError(
            f"{home / FILE}: is not there, and without it the erased cannot be recognised:"
            " put it back from where you keep it, or give it by the environment"
        ) from None


def make(home: Path) -> None:
    """Make a key file that its owner alone can read, where there is none."""
    beside = home / f"{FILE}.tmp"
    if (home / FILE).exists():
        return
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_hex(32).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    os.rename(beside, home / FILE)

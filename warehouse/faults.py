"""Faults of the machine that a person can mend, in a sentence: a full disk, a damaged file."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb

from connectors.errors import GuiyiError

_FULL_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL = re.compile("no space left|disk is full|quota exceeded|file too large"
                   "|max_temp_directory_size", re.IGNORECASE)  # fmt: skip
_IO = re.compile("disk i/o error", re.IGNORECASE)  # what SQLite says in place of it, at times
_DAMAGED = re.compile("not a valid DuckDB database file|could not read enough bytes|corrupt"
                      "|checksum|file is not a database|malformed", re.IGNORECASE)  # fmt: skip
_LOCKED = re.compile("could not set lock", re.IGNORECASE)
_FILE = re.compile('file "([^"]+)"')
_MB = 1_000_000


class DiskFull(GuiyiError):
    """There is no room to write."""

    code = "disk_full"


class Damaged(GuiyiError):
    """A database cannot be read: it is cut off, or its content is not what was written."""

    code = "damaged"


class InUse(GuiyiError):
    """A database is being written by another process."""

    code = "in_use"


def ensure_room(home: Path, needed: int) -> None:
    """Raise DiskFull where the home's disk has less than so many bytes left."""
    if shutil.disk_usage(home).free < needed:
        raise DiskFull(_full(home, f"; the night needs some {needed / _MB:,.1f} MB"))


def explain(error: BaseException, place: Path | None = None) -> GuiyiError | None:
    """The fault behind an error, as one that a user can mend; None for any other.

    place: the file or home that was worked on; else what the error itself names.
    """
    for cause in _causes(error):
        if isinstance(cause, GuiyiError):
            return cause
        text = str(cause)
        ours = isinstance(cause, duckdb.Error | sqlite3.Error | OSError)
        if not ours and type(cause).__module__.split(".")[0] != "sqlalchemy":
            continue
        full = getattr(cause, "errno", None) in _FULL_CODES or _FULL.search(text)
        if full or (_IO.search(text) and _has_no_room(place)):
            return DiskFull(_full(place or _named(text)))
        if isinstance(cause, OSError):
            continue
        if _DAMAGED.search(text):
            return Damaged(_damaged(_named(text) or place))
        if _LOCKED.search(text):
            told = "another process is writing in it; try again when it is done"
            return InUse(f"{_named(text) or place or 'a database'}: {told}")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _named(text: str) -> Path | None:
    found = _FILE.search(text)
    return Path(found[1]) if found else None


def _has_no_room(place: Path | None) -> bool:
    return place is not None and place.is_dir() and shutil.disk_usage(place).free < _MB


def _full(place: Path | None, more: str = "") -> str:
    folder = place if place is None or place.is_dir() else place.parent
    room = ""
    if folder is not None and folder.is_dir():
        room = f" ({shutil.disk_usage(folder).free / _MB:,.1f} MB are free{more})"
    return (
        f"{folder or 'the disk'}: the disk is full{room}. Nothing is lost and what was published"
        " before still stands; make room, or lower keep_versions in guiyi.yml, and start it again"
    )


def _damaged(file: Path | None) -> str:
    if file is not None and file.name.startswith("warehouse"):
        return (
            f"{file}: this published file is damaged; remove it, and `guiyi run` publishes the"
            " store's last run anew"
        )
    return (
        f"{file or 'a database of the home'} is damaged; put the home's last backup back:"
        " docs/run.md, Backup"
    )

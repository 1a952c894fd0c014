"""The published warehouse, as requests read it: one read-only connection for each version.

A request reads one version to its end, also while the next one is published; the first request
after that takes the new one. Nothing here keeps a publish waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import duckdb

from connectors.errors import GuiyiError
from warehouse.database import Limits, connect
from warehouse.links import followed
from warehouse.publish import LINK


class NotPublished(GuiyiError):
    """There is no published warehouse to read."""

    code = "not_published"


@dataclass(slots=True)
class _Version:
    """An open version. made: tells it from another of the same name. readers: at this moment."""

    path: Path
    made: tuple[int, int]
    con: duckdb.DuckDBPyConnection
    readers: int = 0


class PublishedFile:
    """The published file of a home."""

    def __init__(
        self, home: Path, limits: Limits, is_ready: Callable[[], bool] = lambda: True
    ) -> None:
        """home: need not have been published yet.

        is_ready: whether the version that is published now may be read; until it may, the one
        before is.
        """
        self._link, self._limits, self._is_ready = home / LINK, limits, is_ready
        self._lock = threading.Lock()
        self._current: _Version | None = None

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of the version that is published now. Raises NotPublished."""
        is_ready = self._is_ready()
        with self._lock:
            version = self._take(is_ready)
            version.readers += 1
        try:
            with version.con.cursor() as cursor:
                _VERSIONS[cursor] = version.path.name, *version.made
                yield cursor
        finally:
            with self._lock:
                version.readers -= 1
                if not version.readers and version is not self._current:
                    version.con.close()

    def close(self) -> None:
        """Close what no request reads; the others close it when they are done."""
        with self._lock:
            self._leave()

    def _take(self, is_ready: bool) -> _Version:
        if self._current and not is_ready:
            return self._current
        try:
            path = followed(self._link)
            found = path.stat()
        except OSError:
            raise NotPublished(
                f"{self._link.parent}: no warehouse is published here yet; `guiyi run` makes one"
            ) from None
        made, current = (found.st_ino, found.st_mtime_ns), self._current
        if current and (current.path, current.made) == (path, made):
            return current
        # DuckDB would give the old file once more as long as one of this name is open
        if current and current.path == path and current.readers:
            return current
        self._leave()
        self._current = _Version(path, made, connect(path, read_only=True, limits=self._limits))
        return self._current

    def _leave(self) -> None:
        if self._current and not self._current.readers:
            self._current.con.close()
        self._current = None


#: The version that a cursor of `PublishedFile.reading` reads.
_VERSIONS = WeakKeyDictionary[duckdb.DuckDBPyConnection, tuple[object, ...]]()
_VERSION = "SELECT run_id, finished_at FROM meta.version"


def version_of(con: duckdb.DuckDBPyConnection) -> tuple[object, ...]:
    """What tells a published version from others; of a cursor of `PublishedFile` without asking."""
    known = _VERSIONS.get(con)
    return known or tuple(con.execute(_VERSION).fetchall()[0])

"""The indexes of a home: those of the published version are made once, beside the console's work.

An index is two files: one to find customers in, one with the dossier of each. Until both are there,
those of the version before answer. They hold personal values in clear, so publishing removes those
of former versions, and an erasure with them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock

from connectors.errors import GuiyiError
from warehouse.database import Limits, connect
from warehouse.links import followed
from warehouse.publish import INDEXES, LINK
from warehouse.steward.dossiers.building import build as build_dossiers
from warehouse.steward.dossiers.reading import Dossiers
from warehouse.steward.published import NotPublished
from warehouse.steward.search.building import build as build_search

#: Another number for another layout of the files: what a former version of Guiyi made is not read.
_LAYOUT = 2
#: Seconds that requests wait for an index that was begun just now; that of a million records takes
#: minutes.
_PATIENCE = 3.0
#: Seconds after which one that could not be made is tried again.
_AGAIN = 60.0
#: It is made while people work, and perhaps a night.
_LIMITS = Limits(memory="1GB", threads=1)


class BeingMade(GuiyiError):
    """There is no index yet."""

    code = "index_being_made"


@dataclass(frozen=True, slots=True)
class _Files:
    """The index of a version."""

    search: Path
    dossiers: Path

    @classmethod
    def of(cls, published: Path, folder: Path) -> _Files:
        """Where the index of a version lies, or will; another version has another name."""
        name = f"{published.stem}-{published.stat().st_mtime_ns:x}-{_LAYOUT}"
        return cls(folder / f"{name}.duckdb", folder / f"{name}.sqlite")

    @property
    def are_there(self) -> bool:
        """Whether both are; each comes whole."""
        return self.search.exists() and self.dossiers.exists()

    def build(self, published: Path) -> None:
        """Make both."""
        build_dossiers(published, self.dossiers, _LIMITS)
        build_search(published, self.search, _LIMITS)


@dataclass(frozen=True, slots=True)
class _Open:
    """An index that answers; whoever asks it keeps it open, also when its files are gone."""

    files: _Files
    search: duckdb.DuckDBPyConnection
    dossiers: Dossiers


class Indexes:
    """The indexes of a home's published versions."""

    def __init__(self, home: Path) -> None:
        """home: need not have been published yet."""
        self._link, self._folder = home / LINK, home / INDEXES
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._maker: threading.Thread | None = None
        self._begun = 0.0
        self._failed: _Files | None = None

    def begin(self) -> None:
        """Begin to make the index of the present version, if need be. Raises NotPublished."""
        wanted = self._wanted()
        if not self._has(wanted):
            self._make(wanted)

    def is_ready(self) -> bool:
        """Whether the index of the present version answers; if not, it is being made.

        One that was begun just now is waited for, for a moment. One that cannot be made is not: it
        counts as ready, and whoever asks it is told. Raises NotPublished.
        """
        wanted = self._wanted()
        since = time.monotonic() - self._begun
        if self._has(wanted) or (wanted == self._failed and since < _AGAIN):
            return True
        maker = self._make(wanted)
        maker.join(max(0.0, self._begun + _PATIENCE - time.monotonic()))
        return self._has(wanted)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of the newest index to search in. Raises NotPublished or BeingMade."""
        with self._newest().search.cursor() as cursor:
            yield cursor

    def dossiers(self) -> Dossiers:
        """The dossiers of the newest index. Raises NotPublished or BeingMade."""
        return self._newest().dossiers

    def close(self) -> None:
        """Wait for what is being made, and close."""
        if self._maker:
            self._maker.join()
        self._open = None

    def _newest(self) -> _Open:
        self.is_ready()
        found = self._open
        if found is None:
            raise BeingMade("there is no index of customers yet; try again in a minute")
        return found

    def _wanted(self) -> _Files:
        """The index of the present version. Raises NotPublished."""
        try:
            return _Files.of(followed(self._link), self._folder)
        except OSError:
            raise NotPublished(
                f"{self._link.parent}: no warehouse is published here yet; `guiyi run` makes one"
            ) from None

    def _has(self, wanted: _Files) -> bool:
        """Whether this index is open, now at last."""
        with self._lock:
            if (self._open is None or self._open.files != wanted) and wanted.are_there:
                con = connect(wanted.search, read_only=True, limits=Limits(threads=1))
                self._open = _Open(wanted, con, Dossiers(wanted.dossiers))
            return self._open is not None and self._open.files == wanted

    def _make(self, wanted: _Files) -> threading.Thread:
        """Who makes it: one at a time."""
        with self._lock:
            if self._maker is None or not self._maker.is_alive():
                self._begun = time.monotonic()
                self._maker = threading.Thread(
                    target=self._work, args=(wanted,), name="index of customers", daemon=True
                )
                self._maker.start()
            return self._maker

    def _work(self, wanted: _Files) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        try:
            # another process of the console may be at it
            with FileLock(self._folder / "lock"):
                if not wanted.are_there:
                    wanted.build(followed(self._link))
            present = self._wanted()  # it may have been published anew meanwhile
            for other in self._folder.glob("warehouse-*"):
                if other not in (present.search, present.dossiers):
                    other.unlink(missing_ok=True)
        except (duckdb.Error, OSError, GuiyiError) as error:
            self._failed = wanted
            logging.getLogger(__name__).warning("no index was made: %s", type(error).__name__)

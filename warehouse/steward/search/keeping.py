"""The indexes of a home: the one of the published version is made once, beside the console's work.

Until it is there, the one before answers. They hold names and numbers in clear, so publishing
removes those of former versions, and an erasure with them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock

from connectors.errors import GuiyiError
from warehouse.database import Limits, connect
from warehouse.publish import INDEXES, LINK
from warehouse.steward.published import NotPublished
from warehouse.steward.search.building import build

#: Seconds that a request waits for the first index; that of a million customers takes a minute.
_PATIENCE = 3.0


class BeingMade(GuiyiError):
    """There is no index yet."""

    code = "index_being_made"


class Indexes:
    """The indexes of a home's published versions."""

    def __init__(self, home: Path) -> None:
        """home: need not have been published yet."""
        self._link, self._folder = home / LINK, home / INDEXES
        self._lock = threading.Lock()
        self._open: tuple[Path, duckdb.DuckDBPyConnection] | None = None
        self._maker: threading.Thread | None = None

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of the newest index. Raises NotPublished, or BeingMade where there is none."""
        wanted = self._wanted()
        if not self._has(wanted):
            maker = self._make(wanted)
            if self._open is None:
                maker.join(_PATIENCE)
                self._has(wanted)
        if self._open is None:
            raise BeingMade("the index of customers is being made; try again in a minute")
        # whoever reads the one before keeps it open until he is done
        with self._open[1].cursor() as cursor:
            yield cursor

    def close(self) -> None:
        """Wait for what is being made, and close."""
        if self._maker:
            self._maker.join()
        self._open = None

    def _wanted(self) -> Path:
        """Where the index of the present version lies, or will; another version has another name.

        Raises NotPublished.
        """
        try:
            published = self._link.resolve(strict=True)
            made = published.stat().st_mtime_ns
        except OSError:
            raise NotPublished(
                f"{self._link.parent}: no warehouse is published here yet; `guiyi run` makes one"
            ) from None
        return self._folder / f"{published.stem}-{made:x}.duckdb"

    def _has(self, wanted: Path) -> bool:
        """Whether this index is open, now at last."""
        with self._lock:
            if (self._open is None or self._open[0] != wanted) and wanted.exists():
                self._open = wanted, connect(wanted, read_only=True, limits=Limits(threads=1))
            return self._open is not None and self._open[0] == wanted

    def _make(self, wanted: Path) -> threading.Thread:
        """Who makes it: one at a time."""
        with self._lock:
            if self._maker is None or not self._maker.is_alive():
                self._maker = threading.Thread(
                    target=self._work, args=(wanted,), name="search index", daemon=True
                )
                self._maker.start()
            return self._maker

    def _work(self, wanted: Path) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        try:
            # another process of the console may be at it
            with FileLock(self._folder / "lock"):
                if not wanted.exists():
                    build(self._link.resolve(), wanted)
            wanted = self._wanted()  # it may have been published anew meanwhile
            for other in self._folder.glob("warehouse-*.duckdb"):
                if other != wanted:
                    other.unlink(missing_ok=True)
        except (duckdb.Error, OSError, GuiyiError) as error:
            logging.getLogger(__name__).warning("no index was made: %s", type(error).__name__)

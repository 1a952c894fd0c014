"""A process of a night's own, for work that would keep it waiting."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def processes(number: int) -> ProcessPoolExecutor:
    """So many workers, which end with this process."""
    # spawned, not forked: DuckDB's and Arrow's threads do not survive a fork
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, spawn, initializer=end_with_parent)


def end_with_parent() -> None:
    """Have this worker end when the night does, even if that is killed."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    # DuckDB's binding prints of leaks when a spawned interpreter is taken down; all is done by then
    atexit.register(os._exit, 0)


class Beside:
    """Does things in a process beside this one, once it has been started; until then, here."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def start(self, ready: Callable[[], None]) -> None:
        """Start the process, unless it has been; ready: what it does first, alone."""
        if self._pool is None:
            self._pool = processes(1)
            self._pool.submit(ready)

    def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What the work returns, or raises."""
        if self._pool is None:
            return work(*args, **kwargs)
        return self._pool.submit(work, *args, **kwargs).result()

    def end(self) -> None:
        """End the process, if there is one; whatever it does is not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

"""Whoever runs a night may watch it: the steps tell a listener, if one is set."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Listener(Protocol):
    """Something that shows progress."""

    def started(self, step: str) -> None:
        """A step begins."""

    def detail(self, text: str) -> None:
        """Where the running step is."""

    def finished(self, step: str, seconds: float) -> None:
        """A step has ended, well or not."""


class Silence:
    """Shows nothing."""

    def started(self, step: str) -> None:
        """Nothing."""

    def detail(self, text: str) -> None:
        """Nothing."""

    def finished(self, step: str, seconds: float) -> None:
        """Nothing."""


_LISTENER: ContextVar[Listener] = ContextVar("listener", default=Silence())  # noqa: B039


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Show the progress of everything inside to this listener."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


@contextmanager
def step(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """Time a step into `seconds`, and tell the listener."""
    begun = time.perf_counter()
    _LISTENER.get().started(name)
    try:
        yield
    finally:
        seconds[name] = round(time.perf_counter() - begun, 3)
        _LISTENER.get().finished(name, seconds[name])


def detail(text: str) -> None:
    """Tell the listener where the running step is."""
    _LISTENER.get().detail(text)

"""Stewards' desks of a home, and what became of what was decided at them."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from matching.decisions import Entry
from matching.relations import missing
from matching.standing import Standing, State, judge
from pipelines import operation
from pipelines.execution import run_nightly
from pipelines.models import model_in_force, rules_in_force
from pipelines.settings import read_settings
from pipelines.summary import open_published
from warehouse.desk import Desk, Office
from warehouse.publish import LINK

T = TypeVar("T")


def office(home: Path) -> Office:
    """What the desks of a home share. Raises SettingError where its settings are wrong."""
    settings = read_settings(home)
    return Office(
        log=settings.log,
        published=lambda: open_published(home),
        model=lambda: model_in_force(home, settings),
        rules=lambda: rules_in_force(home, settings),
    )


def desk(home: Path, author: str, why: str) -> Desk:
    """A desk in a home. Raises SettingError where its settings are wrong."""
    return Desk(office(home), author, why)


def remembered(home: Path, read: Callable[[], T]) -> Callable[[], T]:
    """`read`, which is asked again only once another version is published."""
    known: dict[Path, T] = {}

    def now() -> T:
        version = (home / LINK).resolve()
        if version not in known:
            found = read()
            known.clear()
            known[version] = found
        return known[version]

    return now


def apply_now(home: Path) -> None:
    """Begin a run on what is taken in already, in a process of its own."""
    told = (home, None, "console", False)
    get_context("spawn").Process(target=run_nightly, args=told).start()


def release_now(home: Path, run: int, why: str, author: str) -> None:
    """Begin to publish a held run after all, in a process of its own."""
    told = (home, run, why, author)
    get_context("spawn").Process(target=operation.release, args=told).start()


def listed(home: Path) -> list[tuple[Entry, Standing]]:
    """Every decision with what became of it, by number.

    A decision waits on records that the published warehouse does not have, or that changed keys say
    are one.
    """
    settings = read_settings(home)
    entries = settings.decided
    gone: set[str] = set()
    if (home / LINK).exists():
        with open_published(home) as con:
            named = {key for entry in entries for key in entry.decision.named}
            gone = missing(con, named, "customer_xref")
    standing = judge(entries, gone).standing
    waits = Standing(State.WAITING)
    return [(entry, standing.get(entry.number, waits)) for entry in settings.log.entries()]

"""Nights that are held: nothing of them is in the store, a small file says what they would do.

A night that a guard holds is rolled back, so that store and warehouse stand as they did. What is
kept is one JSON file a night in `held/`. Releasing lets exactly the same inputs pass; dropping has
the ledger set the night's files aside.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar, Literal

import duckdb

from connectors.config import Config
from connectors.errors import GuiyiError
from warehouse import guards, store
from warehouse.guards import Guards, Measures

FOLDER = "held"
#: The code of errors that say that something is held.
CODE = "night_held"


class Verdict(Config):
    """What an operator said of a held night."""

    author: str
    at: datetime.datetime
    why: str


class HeldRun(Config):
    """A night that was out of proportion.

    inputs: digest of model, rules, decisions, ledger and changed keys. files: ids of those that it
    would have loaded as the first run. state: what was decided.
    """

    run: int
    held_at: datetime.datetime
    cause: str
    inputs: str
    bounds: Guards
    reasons: tuple[str, ...]
    measures: Measures
    files: tuple[str, ...]
    state: Literal["held", "released", "dropped"] = "held"
    verdict: Verdict | None = None


class RunHeld(GuiyiError):
    """A run that is no night changed too much; nothing of it is in the store, and nothing waits.

    what: how people call it. command: what does it.
    """

    code = CODE
    what: ClassVar[str]
    command: ClassVar[str]

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            f"the {self.what} is held and nothing of it stands: {'; '.join(reasons)}."
            f" `guiyi {self.command} --unguarded` does it all the same"
        )


class RebuildHeld(RunHeld):
    """A rebuild that changed too much."""

    what, command = "rebuild", "rebuild"


class PromotionHeld(RunHeld):
    """A promotion that would change too much."""

    what, command = "promotion", "model promote"


class NightHeld(GuiyiError):
    """A night changed more than its input explains; what was published before still stands."""

    code = CODE

    def __init__(self, held: HeldRun) -> None:
        super().__init__(told(held))
        self.held = held


def told(held: HeldRun) -> str:
    """The sentence that everybody sees: that it is held, why, and what to do."""
    return (
        f"run {held.run} is held and nothing of it is published: {'; '.join(held.reasons)}."
        f" `guiyi release {held.run} --why NOTE` publishes it,"
        f" `guiyi drop {held.run} --why NOTE` sets its files aside"
    )


def fingerprint(con: duckdb.DuckDBPyConnection, inputs: store.Inputs) -> str:
    """Digest of all that a run stands on: Guiyi's own version, and what was rolled back, too."""
    out = sorted(file for file, there in store.loaded_files(con).items() if not there)
    parts = [*inputs.digests(), metadata.version("guiyi"), *out]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def write(home: Path, held: HeldRun) -> None:
    """Keep a held night, or what has been decided on it."""
    file = home / FOLDER / f"run-{held.run:06d}.json"
    file.parent.mkdir(exist_ok=True)
    beside = file.with_suffix(".json.tmp")
    with beside.open("w", encoding="utf-8") as out:
        out.write(held.model_dump_json(indent=1))
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, file)


def newest(home: Path) -> HeldRun | None:
    """The night that was held last, whatever has become of it."""
    files = sorted((home / FOLDER).glob("run-*.json"))
    return HeldRun.model_validate_json(files[-1].read_text(encoding="utf-8")) if files else None


def last_number(home: Path) -> int:
    """The number of the night that was held last, which no other run gets; 0 without any."""
    last = newest(home)
    return last.run if last else 0


def waiting(home: Path, merged: int) -> HeldRun | None:
    """The night that waits for an operator's word, if one does.

    merged: number of the last run that was not held. Only the last held night can wait: a later
    run, held or not, did its work again.
    """
    last = newest(home)
    return last if last is not None and last.state == "held" and last.run > merged else None


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a night may stand: asked when it begins and, inside its transaction, when it is done.

    inputs: their fingerprint. above: the highest number that a run before it has. released: the
    held night with the same inputs that an operator let pass.
    """

    home: Path
    inputs: str
    bounds: Guards
    above: int
    released: HeldRun | None

    @classmethod
    def before(
        cls, con: duckdb.DuckDBPyConnection, home: Path, inputs: store.Inputs, bounds: Guards
    ) -> Gate:
        """The gate of a night that begins. Raises NightHeld where the same one is held already."""
        mark, last = fingerprint(con, inputs), newest(home)
        same = last if last is not None and last.inputs == mark else None
        merged = store.last_number(con)
        if same and same == waiting(home, merged) and same.bounds == bounds:
            raise NightHeld(same)
        # the word counts once: a night that was rolled back since is judged when it comes again
        released = same if same and same.state == "released" and same.run > merged else None
        number = last_number(home)
        return cls(home, mark, bounds, number - 1 if released else number, released)

    def reasons(self, con: duckdb.DuckDBPyConnection, measures: Measures) -> list[str]:
        """Why a night that is done must not stand; none if it is in proportion, or let pass."""
        if self.released:
            return []
        return guards.judge(measures, guards.former(con), self.bounds)

    def verdict(self) -> dict[str, Any] | None:
        """Who let the night pass, when and why, and the reasons for which it had been held."""
        if self.released is None or self.released.verdict is None:
            return None
        said = self.released.verdict.model_dump(mode="json")
        return said | {"reasons": list(self.released.reasons)}

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Around the transaction: once a held night is rolled back, write down that it is held."""
        try:
            yield
        except NightHeld as night:
            write(self.home, night.held)
            raise

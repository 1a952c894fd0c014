"""What an operator does about a night that is held: release it, or drop it."""

from __future__ import annotations

import datetime
from pathlib import Path

from connectors.errors import SettingError
from connectors.intake import SHANGHAI
from connectors.ledger import Ledger
from pipelines.execution import Finished, run_nightly
from pipelines.night import Night, inputs_of
from pipelines.occupancy import occupy
from warehouse import held, rollback, store
from warehouse.held import HeldRun, Verdict


def release(home: Path, run: int, why: str, author: str) -> Finished:
    """Let a held night pass the guards, and do its work; no further file is taken in for it.

    Raises SettingError where the night does not wait, or its inputs are no longer the same.
    """
    with occupy(home, "release"):
        one = _waiting(home, run)
        with store.open_store(home) as con:
            present = held.fingerprint(con, inputs_of(Night.begin(home, "release"), con))
        if present != one.inputs:
            raise SettingError(
                f"files, decisions, model, rules or version are not those for which run {run}"
                " was held;"
                " `guiyi run` judges what there is now"
            )
        _decide(home, one, "released", why, author)
    return run_nightly(home, None, "release", arriving=False)


def drop(home: Path, run: int, why: str, author: str) -> HeldRun:
    """Give a held night up: its files are set aside until `guiyi run --retry`.

    Raises SettingError where the night does not wait, or brought no files that could be set aside.
    """
    with occupy(home, "drop"):
        one = _waiting(home, run)
        if not one.files:
            raise SettingError(
                f"run {run} brought no new files: a changed model, rule or decision is why it is"
                " held; change that back, or release it"
            )
        with Ledger(home) as ledger:
            ledger.drop(one.files)
        return _decide(home, one, "dropped", why, author)


def take_up(home: Path) -> int:
    """Have the files of dropped nights, and those rolled back, count as new; return how many."""
    with occupy(home, "command"), Ledger(home) as ledger, store.open_store(home) as con:
        return ledger.take_up() + rollback.retry(con)


def _waiting(home: Path, run: int) -> HeldRun:
    with store.open_store(home) as con:
        merged = store.last_number(con)
    one = held.waiting(home, merged)
    if one is None:
        raise SettingError(f"{home}: no run is held")
    if one.run != run:
        raise SettingError(f"run {run} does not wait; run {one.run} does")
    return one


def _decide(home: Path, one: HeldRun, state: str, why: str, author: str) -> HeldRun:
    now = datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
    said = {"state": state, "verdict": Verdict(author=author, at=now, why=why)}
    decided = one.model_copy(update=said)
    held.write(home, decided)
    return decided

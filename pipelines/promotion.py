"""What another model, or other rules, would do to a home, and putting them in force.

Both are one run: its outcome is told before it is committed. `diff` rolls it back; `promote` asks
whoever looks at it, and so does just what was told. The run's manifest says what is in force from
then on (`warehouse.registry`), so the commit is the switch, and there is no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching import lifecycle
from matching.model import find
from pipelines import models, upkeep
from pipelines import night as steps
from pipelines.comparison import write_changes
from pipelines.night import Night
from pipelines.progress import step
from pipelines.survivorship import rules_file
from warehouse import guards, manifest, store, trial
from warehouse.database import rehearsal, transaction
from warehouse.held import PromotionHeld


@dataclass(frozen=True, slots=True)
class Offer:
    """What is to be tried: a model and rules of golden records, each by file or shipped name.

    None: the home's own. most: examples of each kind. named: examples with names and values.
    changes: where to write every customer that is not unchanged, as CSV.
    """

    model: str | None = None
    rules: str | None = None
    most: int = 5
    named: bool = False
    changes: Path | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """What would change.

    digest: of all that was compared; the same digest means the same figures. run: the last run,
    with which it is compared. before, after: name and digest of the model, digest of the rules.
    partition: kind of change -> customers before, customers after, records. golden_ids: what
    happens to how many. bands: pairs of profiles by their band before and after. reviews: pairs of
    customers that wait for a steward, by reason. values: golden values that change, by attribute.
    held_because: why the guards would hold it. besides: what else has changed since the last run,
    and so is in these figures. customers, changed_values: examples.
    """

    digest: str
    run: int
    before: dict[str, Any]
    after: dict[str, Any]
    partition: dict[str, dict[str, int]]
    golden_ids: dict[str, int]
    bands: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    values: list[dict[str, Any]]
    held_because: list[str]
    besides: list[str]
    customers: list[dict[str, Any]]
    changed_values: list[dict[str, Any]]


def diff(home: Path, offer: Offer) -> Diff:
    """What an offer would do to a home, which stays as it is.

    Raises SettingError where the offer is faulty or is what the home goes by, and HomeBusy.
    """
    with upkeep.holding(home, "diff") as night, upkeep.opened(night) as con:
        inputs = _offered(night, con, offer)
        if not _is_new(con, inputs):
            raise _nothing_new(con)
        with rehearsal(con):
            _, _, found = _tried(night, con, inputs, offer)
    return found


def promote(
    home: Path, offer: Offer, ask: Callable[[Diff], None], unguarded: bool = False
) -> tuple[int, Diff | None]:
    """Put an offer in force, match all records by it and publish; golden ids live on.

    ask: is shown the diff before anything stands, and raises if it shall not. unguarded: whatever
    the guards say. Returns the run, and what it changed; None where a promotion that was killed had
    only to be published. Raises PromotionHeld, and as `diff`.
    """
    with upkeep.holding(home, "promote") as night:
        found = None
        with upkeep.opened(night) as con:
            inputs = _offered(night, con, offer)
            run_id = store.last_number(con)
            if _is_new(con, inputs):
                with transaction(con):
                    run_id, counts, found = _tried(night, con, inputs, offer)
                    ask(found)
                    if found.held_because and not unguarded:
                        raise PromotionHeld(found.held_because)
                    counts["promotion"] = {"diff": found.digest, "passed": found.held_because}
                    manifest.record(con, home, run_id, inputs, [], None)
                    store.finish_run(con, run_id, night.now(), counts, night.seconds)
        published = steps.publish_night(night)
        if found is None and published is None:
            with upkeep.opened(night) as con:
                raise _nothing_new(con)
    return run_id, found


def _offered(night: Night, con: duckdb.DuckDBPyConnection, offer: Offer) -> store.Inputs:
    """The inputs of a run by what is offered. Raises SettingError where that is faulty."""
    upkeep.ensure_today(con)
    files = {}
    if offer.model is not None:
        files["model"] = find(offer.model)
    if offer.rules is not None:
        files["rules"] = rules_file(offer.rules)
    return steps.inputs_of(night, con, files)


def _is_new(con: duckdb.DuckDBPyConnection, inputs: store.Inputs) -> bool:
    """Whether the last run went by another model or other rules."""
    last = store.last_run(con)
    return last is not None and last["model_digest"] != inputs.digests()[0]


def _nothing_new(con: duckdb.DuckDBPyConnection) -> SettingError:
    return SettingError(f"run {store.last_number(con)} went by this model and these rules already")


def _tried(
    night: Night, con: duckdb.DuckDBPyConnection, inputs: store.Inputs, offer: Offer
) -> tuple[int, dict[str, Any], Diff]:
    """Do the run in the caller's transaction; return its number, counts, and what it changes."""
    last = store.last_run(con)
    assert last is not None  # `opened` made sure
    known = manifest.recorded(con, last["run_id"])
    trial.remember(con)
    run_id = upkeep.begin(night, con, inputs)
    # new rules alone leave customers as they are; that is told of all of them, too
    store.touch_all(con, "model_change")
    counts: dict[str, Any] = {}
    with step("load", night.seconds):
        counts["records"] = steps.load(night, con, inputs, run_id, [])
    try:
        steps.resolve(night, con, inputs, run_id, counts)
    except duckdb.BinderException as error:
        raise models.unfit(night.home, inputs.model, error) from None
    counts["partition"] = upkeep.partition(con)
    measures = upkeep.measured(con, run_id, counts)
    counts["measures"] = measures.model_dump()
    if offer.changes is not None:
        write_changes(con, offer.changes)
    _, decisions, _, keys = inputs.digests()
    besides = {
        "decisions": decisions != last["decisions_digest"],
        "key_migrations": keys != (last["keys_digest"] or ""),
    }
    found = Diff(
        digest=_digest(last, inputs),
        run=last["run_id"],
        before={kind: _told(known.get(kind, {})) for kind in inputs.origins},
        after={
            "model": {"name": inputs.model.name, "digest": inputs.model.digest},
            "rules": {"digest": inputs.rules.digest},
        },
        partition=counts["partition"],
        golden_ids={kind: counts["entities"].get(kind, 0) for kind in lifecycle.KINDS},
        bands=trial.bands(con),
        reviews=trial.reviews(con),
        values=trial.values(con),
        held_because=guards.judge(measures, guards.former(con), night.settings.guards),
        besides=[name for name, changed in besides.items() if changed],
        customers=trial.customers(con, offer.most, offer.named),
        changed_values=trial.changed_values(con, offer.most, offer.named),
    )
    return run_id, counts, found


def _told(known: dict[str, Any]) -> dict[str, Any]:
    """What a manifest says of a model or of rules; nothing is known of runs before manifests."""
    return {name: known[name] for name in ("name", "digest") if name in known}


def _digest(last: dict[str, Any], inputs: store.Inputs) -> str:
    """Digest of all on which a comparison depends."""
    compared = [last["run_id"], str(last["started_at"]), *inputs.digests(),
                metadata.version("guiyi")]  # fmt: skip
    return hashlib.sha256(json.dumps(compared).encode()).hexdigest()

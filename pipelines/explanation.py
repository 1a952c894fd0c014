"""Open a home to explain its matching, by record keys and golden ids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations, product
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching.explain import (
    Entity,
    Pair,
    Store,
    Word,
    closest,
    explain_entity,
    explain_pair,
    people,
    weighing,
)
from matching.explain.card import ModelCard, lay_open
from matching.explain.expected import expected
from matching.golden import Survivorship
from matching.model import Model, find, load
from matching.standing import Claim, judge
from pipelines.models import model_in_force, rules_in_force
from pipelines.settings import Settings, read_settings
from quality import contract
from warehouse import store

#: What was typed and understood: field -> (typed, understood), of the fields that have something.
Typed = dict[str, tuple[str | None, str | None]]

#: What the model's columns read, as `store.identify` makes it.
_SUBJECT = """
    CREATE TEMP VIEW subject AS
    SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
"""


@contextmanager
def open_explained(home: Path) -> Iterator[Store]:
    """The identity store of a home, to be explained.

    Raises SettingError where no run has been yet, or another model made what is there.
    """
    if not (home / store.FILE).exists():
        raise SettingError(f"{home}: nothing is matched here yet; `guiyi run` does it")
    settings = read_settings(home)
    model = model_in_force(home, settings)
    with store.open_store(home, read_only=True, limits=settings.limits) as con:
        run = store.last_run(con)
        if run is None:
            raise SettingError(f"{home}: nothing is matched here yet; `guiyi run` does it")
        if run["model_digest"] != _digest(model, rules_in_force(home, settings)):
            raise SettingError(
                f"{home}: the model or the rules have changed since the last run; "
                "`guiyi run` matches anew, and then it can be explained"
            )
        con.execute(_SUBJECT)
        yield Store(con, model, "subject", _words(settings, run["started_at"]))


def explain(home: Path, left: str, right: str | None = None) -> tuple[Pair | Entity, list[Typed]]:
    """Explain a pair, or a customer where there is no `right`; and what their records have typed.

    left, right: record keys (source/outlet/key) or golden ids (C...). Of a golden id the record
    closest to the other side stands for it. Raises SettingError for one that is not there.
    """
    with open_explained(home) as opened:
        if right is None:
            if "/" in left:
                left = _golden_id(opened, left)
            return explain_entity(opened, _living(opened, left)), []
        pair = explain_pair(opened, *_two_records(opened, left, right))
        return pair, [_typed(opened.con, record) for record in (pair.left, pair.right)]


#: Where nothing is matched yet, a model is weighed among so many profiles.
_PROFILES = 100_000


def model_card(home: Path, name: str | None = None) -> ModelCard:
    """The model of a home, or another one by path or name, weighed among the home's profiles."""
    settings = read_settings(home)
    model = model_in_force(home, settings) if name is None else load(find(name))
    if not (home / store.FILE).exists():
        return lay_open(model, _PROFILES, {})
    with store.open_store(home, read_only=True, limits=settings.limits) as con:
        if name is not None or store.last_run(con) is None:
            return lay_open(model, _PROFILES, {})
        return lay_open(
            model,
            weighing.profiles(con),
            weighing.frequencies(con, model),
            expected(con, model),
        )


def _two_records(opened: Store, left: str, right: str) -> tuple[str, str]:
    one, other = (_records(opened, name) for name in (left, right))
    if one == other:
        raise SettingError(
            f"{left}, {right}: these are the same; one golden id alone shows why it holds together"
        )
    # a record beside its own customer is explained against the others of it
    return closest(opened, one - other or one, other - one or other)


def _records(opened: Store, name: str) -> set[str]:
    """The record of this key, or all records of this golden id."""
    if "/" in name:
        _golden_id(opened, name)
        return {name}
    members = people.members(opened.con, _living(opened, name))
    return {record for records in members.values() for record in records}


def _golden_id(opened: Store, record: str) -> str:
    """The customer of a record."""
    try:
        return people.golden_id_of(opened.con, record)
    except KeyError:
        raise SettingError(
            f"{record}: no such record; keys are in customer_xref.record_key"
        ) from None


def _living(opened: Store, golden_id: str) -> str:
    """The golden id itself, or the one that it was merged into."""
    rows = opened.con.execute(
        "SELECT retired_run, redirect_to FROM golden_id WHERE golden_id = ?", [golden_id]
    ).fetchall()
    if not rows:
        raise SettingError(f"{golden_id}: no such golden id, nor a record key (source/outlet/key)")
    retired, redirect = rows[0]
    if retired is not None and redirect is None:
        raise SettingError(f"{golden_id}: this golden id is retired, and leads to no other")
    return str(redirect) if redirect else golden_id


def _typed(con: duckdb.DuckDBPyConnection, record: str) -> Typed:
    """What a record has in the fields of the contract, as typed and as understood."""
    columns = ", ".join(f"{f.name}_typed, CAST({f.name} AS VARCHAR)" for f in contract.FIELDS)
    row = con.execute(f"SELECT {columns} FROM record WHERE record_key = ?", [record]).fetchall()[0]
    pairs = zip(contract.FIELDS, row[::2], row[1::2], strict=True)
    return {f.name: (typed, value) for f, typed, value in pairs if typed or value}


def _words(settings: Settings, last_run: Any) -> tuple[Word, ...]:
    """The decisions in force on who is one customer, record by record, with who made them."""
    judged = judge(settings.decided)
    made = {entry.number: entry.decision for entry in judged.entries}
    return tuple(
        Word(
            min(pair),
            max(pair),
            verdict="same" if claim.joins else "different",
            who=made[claim.number].author,
            when=f"{made[claim.number].decided_at:%Y-%m-%d}",
            note=made[claim.number].why,
            pending=made[claim.number].decided_at > last_run,
        )
        for claim in judged.claims
        for pair in _pairs(claim)
    )


def _pairs(claim: Claim) -> Iterator[tuple[str, str]]:
    """What a claim says of records two by two; of many that are one, each beside the first."""
    if claim.joins:
        first, *others = claim
        yield from ((first, other) for other in others)
        return
    for one, other in combinations(claim.sides, 2):
        yield from product(one, other)


def _digest(model: Model, rules: Survivorship) -> str:
    """The digest of a model and rules, as a run writes it down."""
    return store.Inputs(model, rules, (), ()).digests()[0]

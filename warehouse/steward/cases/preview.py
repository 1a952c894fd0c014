"""The golden records that a decision would make, by the rules of tonight's run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from matching import golden
from matching.decisions import Entry
from matching.golden import Survivorship
from matching.relations import put
from matching.steward import in_force
from warehouse import customers
from warehouse.database import run_script
from warehouse.steward.cases.sides import Value
from warehouse.steward.showing import Eyes

_TABLES = Path(__file__).with_suffix(".sql")
_CHOSEN = "SELECT golden_id, attribute, value FROM golden_value WHERE chosen"


def shown(
    eyes: Eyes, sees_all: bool, values: Mapping[str, Sequence[Sequence[Value]]]
) -> Callable[[str, str | None, str], str]:
    """How a golden value is shown: attribute, value, kind of the customer -> text.

    values: by `sides.values`; what other outlets alone state stays masked for whoever does not see
    all.
    """
    own = {
        (attribute, one.value)
        for attribute, told in values.items()
        for side in told
        for one in side
        if one.is_own
    }

    def show(attribute: str, value: str | None, kind: str) -> str:
        may_see = sees_all or (attribute, value) in own
        return (eyes if may_see else Eyes()).see(attribute, value, kind)

    return show


def golden_records(
    con: duckdb.DuckDBPyConnection,
    rules: Survivorship,
    ids: Iterable[str],
    parts: Mapping[str, str],
    decisions: Iterable[Entry],
) -> dict[str, dict[str, str]]:
    """Part -> attribute -> value. ids: customers; parts: record of theirs -> its part.

    decisions: those about the customers; values that are locked by them go above the rules.
    con: a cursor of its own of the published warehouse; its temporary tables are used.
    """
    put(con, "chosen_value", in_force(decisions).chosen)
    run_script(con, _TABLES, {"ids": list(ids), "keys": list(parts), "parts": list(parts.values())})
    customers.state(con)
    golden.choose(con, rules)
    found = {part: dict[str, str]() for part in parts.values()}
    for part, attribute, value in con.execute(_CHOSEN).fetchall():
        found[part][attribute] = value
    return found

"""All that stewards have decided and that is in force, as tables that the matcher joins.

Claims that join make *units*: records that are one customer whatever a score says. Units that are
kept apart from the same others are a *camp*; opposed camps never meet in one entity. Both are named
by their lowest record key, so that they follow from what was decided and not from its order.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import chain, combinations, product

import duckdb
import numpy as np
import pyarrow as pa

from matching.clusters import components, meeting
from matching.decisions import Entry, Generic, Pair, Value
from matching.relations import pull, put
from matching.standing import Claim, joined, judge


def _schema(**kinds: pa.DataType) -> pa.Schema:
    return pa.schema(kinds)


_TEXT = pa.string()
_UNIT = _schema(record_key=_TEXT, unit=_TEXT, camp=_TEXT)
_OPPOSED = _schema(camp=_TEXT, other=_TEXT)
_GENERIC = _schema(column_name=_TEXT, value=_TEXT, generic=pa.bool_())
_CHOSEN = _schema(
    record_key=_TEXT, attribute=_TEXT, value=_TEXT, decided_at=pa.timestamp("us"), place=pa.int64()
)
_NAMED = _schema(claim=_TEXT, record_key=_TEXT)
_JUDGED = _schema(left=_TEXT, right=_TEXT, same=pa.bool_())


@dataclass(frozen=True, slots=True)
class Steward:
    """What stewards say. All rows are sorted; what was decided twice is there once.

    unit: record_key, unit, camp (null where it is kept apart from nobody).
    opposed: camp, other; each pair once.
    generic: column_name, value, generic; the model's column and a value of it.
    chosen: record_key, attribute, value, decided_at, place (of two, the higher is the newer); a row
    for each record of a choice, which is the customer's who has most of them.
    named: claim, record_key; the records of each claim on who is one customer, which is named by a
    hash of what it says.
    judged: left, right, same; pairs of records that were judged by themselves, to learn from.
    """

    unit: pa.Table
    opposed: pa.Table
    generic: pa.Table
    chosen: pa.Table
    named: pa.Table
    judged: pa.Table


def in_force(entries: Iterable[Entry], missing: Set[str] = frozenset()) -> Steward:
    """What is in force of all decisions; missing: the keys of named records that are not there."""
    found = judge(entries, missing)
    unit, opposed = _units(found.claims)
    generic, judged = set(), set()
    chosen = dict[tuple[str, str], Value]()
    for entry in reversed(found.entries):
        match entry.decision:
            case Generic(column=column, value=value, generic=verdict):
                generic.add((column, value, verdict))
            case Value(record=record, attribute=attribute) as choice:
                chosen.pop((record, attribute), None)
                chosen[record, attribute] = choice
            case Pair(left=left, right=right, verdict="same" | "different" as verdict):
                judged.add((min(left, right), max(left, right), verdict == "same"))
    named = {
        (name, record) for claim in found.claims for name in [_hash(claim)] for record in claim
    }
    values = [
        (record, choice.attribute, choice.value, choice.decided_at, place)
        for place, choice in enumerate(chosen.values())
        for record in choice.named
    ]
    return Steward(
        _table(unit, _UNIT),
        _table(opposed, _OPPOSED),
        _table(generic, _GENERIC),
        _table(values, _CHOSEN),
        _table(named, _NAMED),
        _table(judged, _JUDGED),
    )


def _hash(claim: Claim) -> str:
    """The same for claims that say the same, whoever made them, and in whatever order."""
    said = [claim.joins, sorted(map(sorted, claim.sides))]
    return hashlib.md5(json.dumps(said).encode(), usedforsecurity=False).hexdigest()


def _units(
    claims: tuple[Claim, ...],
) -> tuple[list[tuple[str, str, str | None]], set[tuple[str, str]]]:
    """Rows of `Steward.unit` and of `Steward.opposed`."""
    records = sorted(set(chain.from_iterable(claims)))
    code = dict(zip(records, range(len(records)), strict=True))
    label = joined(code, claims).tolist()
    first: dict[int, str] = {}
    for record in records:
        first.setdefault(label[code[record]], record)
    unit = {record: first[label[code[record]]] for record in records}
    camp, opposed = _camps([c for c in claims if not c.joins], unit)
    return [(record, unit[record], camp.get(unit[record])) for record in records], opposed


def _camps(apart: list[Claim], unit: dict[str, str]) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Unit -> its camp, and the pairs of camps that never meet."""
    sides = [side for claim in apart for side in claim.sides]
    stands: dict[str, set[int]] = defaultdict(set)
    for number, side in enumerate(sides):
        for record in side:
            stands[unit[record]].add(number)
    names: dict[frozenset[int], str] = {}
    camp = {one: names.setdefault(frozenset(stands[one]), one) for one in sorted(stands)}
    opposed: set[tuple[str, str]] = set()
    for claim in apart:
        camps = [{camp[unit[record]] for record in side} for side in claim.sides]
        for one, other in combinations(camps, 2):
            opposed.update((min(pair), max(pair)) for pair in product(one, other))
    return camp, opposed


def _table(rows: Iterable[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)]
    table = pa.Table.from_arrays(arrays, schema=schema)
    return table.sort_by([(name, "ascending") for name in schema.names])


#: Nothing is decided.
SILENT = in_force(())


def put_units(con: duckdb.DuckDBPyConnection, steward: Steward) -> None:
    """Make `steward_unit` and `steward_opposed`, the camps numbered.

    record_key, unit, camp; camp, other.
    """
    put(con, "steward_unit", steward.unit)
    put(con, "steward_opposed", steward.opposed)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE steward_camp AS
        SELECT camp AS name, row_number() OVER (ORDER BY camp) - 1 AS camp
        FROM (SELECT DISTINCT camp FROM steward_unit WHERE camp IS NOT NULL)
    """)


def opposed_pairs(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The pairs of opposed camps by number: one, other."""
    return pull(con, """
        SELECT l.camp AS one, r.camp AS other FROM steward_opposed o
        JOIN steward_camp l ON l.name = o.camp JOIN steward_camp r ON r.name = o.other
        ORDER BY ALL""")  # fmt: skip


def contested(con: duckdb.DuckDBPyConnection, keyed: str) -> None:
    """Make `contested` (record_key, camp): records that must not share their profile with all.

    keyed: a table of record_key and profile_key. Profiles are evidence, and what stewards say goes
    above it: where units and profiles together would bring opposed camps into one, each camp needs
    profiles of its own there.
    """
    rows = pull(con, f"""
        SELECT record_key, dense_rank() OVER (ORDER BY profile_key) - 1 AS profile,
               dense_rank() OVER (ORDER BY unit) - 1 AS unit, coalesce(c.camp, -1) AS camp
        FROM steward_unit u JOIN {keyed} USING (record_key)
        LEFT JOIN steward_camp c ON c.name = u.camp ORDER BY record_key""")  # fmt: skip
    profile, unit, camp = (
        rows[name].to_numpy().astype(np.int64) for name in ("profile", "unit", "camp")
    )
    size = int(profile.max(initial=-1)) + 1
    label = components(size + int(unit.max(initial=-1)) + 1, profile, unit + size)[profile]
    told = camp >= 0
    pairs = opposed_pairs(con)
    opposed = np.stack([pairs[side].to_numpy().astype(np.int64) for side in ("one", "other")], 1)
    both = meeting(label[told], camp[told], opposed)
    apart = pa.array(told & np.isin(label, both))
    put(con, "contested", rows.select(["record_key", "camp"]).filter(apart))

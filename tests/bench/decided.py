"""What many decisions of stewards cost: the same records matched without them and with them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from matching import blocking, engine, profiles, scoring, vehicles
from matching.decisions import Decision, Generic, Merge, Pair, Part, Split, Value
from matching.model import load
from matching.relations import count, missing
from matching.steward import SILENT, Steward, in_force
from tests.bench.account import alone, machine, timed
from tests.bench.worlds import World, prepare
from warehouse.database import Limits, connect
from warehouse.decisions import DEFAULT_URL, DecisionLog, place

#: So many are asked for by issue 5.
DECISIONS = 50_000
#: Times that each is measured; the quickest counts, as whatever else runs can only slow it down.
_TIMES = 3
_FIRST = datetime(2024, 1, 1)


def measure(work: Path, customers: int, seed: int, decisions: int = DECISIONS) -> dict[str, Any]:
    """Match a world without decisions and with so many, in turns, each in a process of its own.

    without_s, with_s: seconds from reading the decisions to the entities. steps: of the latter.
    """
    database = prepare(work, World(customers, seed))
    tools = machine()
    alone(_decide, database, seed, decisions)
    runs = [(alone(_match, database, False), alone(_match, database, True)) for _ in range(_TIMES)]
    without, with_them = (min(side, key=_total) for side in zip(*runs, strict=True))
    return {
        "machine": tools,
        "customers": customers,
        "seed": seed,
        "decisions": decisions,
        "records": with_them["records"],
        "without_s": _total(without),
        "with_s": _total(with_them),
        "more": round(_total(with_them) / _total(without) - 1, 4),
        "steps": with_them["seconds"],
    }


def _total(run: dict[str, Any]) -> float:
    seconds: dict[str, float] = run["seconds"]
    return round(sum(seconds.values()), 2)


def _match(database: Path, decided: bool) -> dict[str, Any]:
    model, seconds = load(), dict[str, float]()
    with connect(database, read_only=True, limits=Limits()) as con:
        said: Steward = SILENT
        with timed(seconds, "vehicles"):
            vehicles.resolve(con)
            con.execute("""
                CREATE TEMP VIEW subject AS
                SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
            """)
        if decided:
            with timed(seconds, "decisions"):
                entries = DecisionLog(place(DEFAULT_URL, database.parent)).entries()
                named = {key for entry in entries for key in entry.decision.named}
                said = in_force(entries, missing(con, named, "record"))
        with timed(seconds, "profiles"):
            profiles.build(con, model, "subject", said)
        with timed(seconds, "candidates"):
            blocking.candidates(con, model)
        with timed(seconds, "scoring"):
            scoring.score(con, model)
        with timed(seconds, "clustering"):
            engine.group(con, model)
        return {"seconds": seconds, "records": count(con, "record")}


def _decide(database: Path, seed: int, count: int) -> None:
    """Write the decisions beside the world's database."""
    log = database.parent / "decisions.sqlite"
    for file in database.parent.glob(f"{log.name}*"):
        file.unlink()
    with connect(database, read_only=True) as con:
        rows = con.execute("""
            SELECT entity, record_key, name, phones[1] FROM truth JOIN record USING (record_key)
            ORDER BY ALL""").fetchall()
    DecisionLog(place(DEFAULT_URL, database.parent)).take_in(made(rows, seed, count))


def made(rows: list[tuple[Any, ...]], seed: int, count: int) -> Iterator[Decision]:
    """As a steward would decide who knows the truth, and errs in one of a hundred pairs.

    rows: (true entity, record key, name, phone).
    """
    chance = random.Random(seed)
    members: dict[int, list[str]] = defaultdict(list)
    for entity, record, *_ in rows:
        members[entity].append(record)
    several = [records for records in members.values() if len(records) > 1]
    verdict: Literal["same", "different"]
    for number in range(count):
        who: dict[str, Any] = {
            "uid": f"bench-{number}",
            "author": f"steward {number % 20}",
            "decided_at": _FIRST + timedelta(seconds=20 * number),
        }
        one, *others = chance.sample(chance.choice(several), 2)
        entity, record, name, phone = chance.choice(rows)
        kind = number % 20
        if kind < 9:
            verdict = "different" if chance.random() < 0.01 else "same"
            yield Pair(left=one, right=others[0], verdict=verdict, **who)
        elif kind < 16:
            verdict = "same" if one in members[entity] else "different"
            if one != record:
                yield Pair(left=one, right=record, verdict=verdict, **who)
        elif kind == 16:
            parts = (Part(records=(one,)), Part(records=tuple(others)))
            yield Merge(parts=parts, **who)
        elif kind == 17 and one not in members[entity]:
            yield Split(records=(one,), rest=tuple(members[entity]), **who)
        elif kind == 18 and phone:
            yield Generic(column="phones", value=phone, generic=False, **who)
        else:
            yield Value(record=record, attribute="name", value=name or "某人", **who)

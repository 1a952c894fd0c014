"""What many decisions of stewards cost: the same night without them and with them."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from matching.decisions import Decision, Generic, Merge, Pair, Part, Split, Value
from tests.bench.account import alone, guiyi, machine
from tests.bench.worlds import World, prepare
from warehouse.database import connect
from warehouse.decisions import DEFAULT_URL, DecisionLog, place

#: So many are asked for by issue 5.
DECISIONS = 50_000
#: Times that each is measured; the quickest counts, as whatever else runs can only slow it down.
TIMES = 2
_FIRST = datetime(2024, 1, 1)


def measure(
    work: Path, customers: int, seed: int, decisions: int = DECISIONS, times: int = TIMES
) -> dict[str, Any]:
    """Run the first night of a world in new homes, in turns without decisions and with so many.

    without, with: wall_s of `guiyi run`, and the seconds of its steps.
    """
    database = prepare(work, World(customers, seed))
    tools = machine()
    log = alone(_decide, database, seed, decisions)
    runs: dict[str, list[dict[str, Any]]] = {"without": [], "with": []}
    with tempfile.TemporaryDirectory(dir=work) as folder:
        landing = Path(folder) / "landing"
        world = ["--customers", customers, "--seed", seed]
        guiyi("sample", "--landing", landing, "--truth", Path(folder) / "truth", *world)
        for turn in range(times):
            for name, made in runs.items():
                home = Path(folder) / f"{name}-{turn}"
                home.mkdir()
                if name == "with":
                    shutil.copy(log, home)
                took, told = guiyi("run", "--landing", landing, "--home", home)
                made.append({"wall_s": took["wall_s"], "steps": told["seconds"]})
                records, found = told["records"], told["decisions"]
                shutil.rmtree(home)
    best = {name: min(made, key=lambda run: run["wall_s"]) for name, made in runs.items()}
    return {
        "machine": tools,
        "customers": customers,
        "seed": seed,
        "decisions": found,
        "records": records,
        "more": round(best["with"]["wall_s"] / best["without"]["wall_s"] - 1, 4),
    } | best


def _decide(database: Path, seed: int, count: int) -> Path:
    """Write the decisions beside the world's database; return the file."""
    log = database.parent / "decisions.sqlite"
    for file in database.parent.glob(f"{log.name}*"):
        file.unlink()
    with connect(database, read_only=True) as con:
        rows = con.execute("""
            SELECT entity, record_key, name, phones[1] FROM truth JOIN record USING (record_key)
            ORDER BY ALL""").fetchall()
    DecisionLog(place(DEFAULT_URL, database.parent)).take_in(made(rows, seed, count))
    with sqlite3.connect(log) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # for the file to be copied alone
    return log


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

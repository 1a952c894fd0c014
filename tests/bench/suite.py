"""Measure everything that docs/benchmarks.md tells, and write it (`python -m tests.bench.suite`).

Each result is a JSON file in the folder of results. The page is made of all that lie there, so
that the long ones (growth, Splink on a large world) can be run by themselves.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench import (
    decided,
    engine,
    febrl,
    following,
    growth,
    lasting,
    published,
    report,
    splink_beside,
    stewards,
)
from tests.bench.__main__ import CUSTOMERS as NIGHT_CUSTOMERS
from tests.bench.__main__ import measure as measure_night
from tests.bench.worlds import World, prepare
from warehouse.database import Limits

#: Seeds from 201 on are for reporting; nothing was tuned on them.
SEED = 201
#: About 992,500 records, and 66,000 of the hard world.
CUSTOMERS, HARD_CUSTOMERS = 157_000, 10_000
PARTS = (
    "engine", "splink", "febrl", "growth", "night", "following", "lasting", "decisions",
    "published", "stewards",
)  # fmt: skip
RECIPES = ("sensible", "tuned")


def run(given: argparse.Namespace) -> None:
    """Measure the chosen parts, one after the other, never two at a time."""
    with_splink = find_spec("splink") is not None
    worlds = [World(given.customers, given.seed)]
    worlds += [World(given.hard_customers, given.seed + 1, hard=True)]
    for world in worlds if {"engine", "splink"} & set(given.parts) else ():
        database = prepare(given.work, world)
        about = {"customers": world.customers, "seed": world.seed, "hard": world.hard}
        if "engine" in given.parts:
            _keep(given, f"engine-{world.name}", about | engine.measure(database))
        for recipe in RECIPES if "splink" in given.parts and with_splink else ():
            found = splink_beside.measure(database, given.work, recipe, world.seed)
            _keep(given, f"splink-{recipe}-{world.name}", about | found)
    if "febrl" in given.parts:
        _keep(given, "febrl", febrl.measure(given.work, given.seed, with_splink))
    for records in given.growth if "growth" in given.parts else ():
        found = growth.measure(given.work, records, given.seed, given.memory)
        _keep(given, f"growth-{records}", {"seed": given.seed} | found)
    if "night" in given.parts:
        with tempfile.TemporaryDirectory(dir=given.work) as folder:
            found = measure_night(Path(folder), NIGHT_CUSTOMERS, given.seed, False)
        _keep(given, "night", found)
    for customers in following.BEHIND if "following" in given.parts else ():
        found = following.measure(given.work, customers, given.seed)
        _keep(given, f"following-{customers}", found)
    if "lasting" in given.parts:
        _keep(given, "lasting", lasting.measure(given.work, NIGHT_CUSTOMERS, given.seed))
    if "decisions" in given.parts:
        _keep(given, "decisions", decided.measure(given.work, NIGHT_CUSTOMERS, given.seed))
    if "published" in given.parts:
        found = published.measure(given.work, published.CUSTOMERS, given.seed)
        _keep(given, "published", found)
    if "stewards" in given.parts:
        _keep(given, "stewards", stewards.measure(given.work, given.customers, given.seed))


def _keep(given: argparse.Namespace, name: str, found: dict[str, Any]) -> None:
    text = json.dumps(found, ensure_ascii=False, indent=2)
    (given.results / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    Console(stderr=True, highlight=False).print(f"{name}: done")


def main() -> None:
    """Read the options, measure, write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.suite", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"of {', '.join(PARTS)}; growth if --growth, or all",
    )
    parser.add_argument("--work", type=Path, required=True, help="for worlds; kept for next time")
    parser.add_argument("--results", type=Path, required=True, help="the folder of JSON files")
    parser.add_argument("--write", type=Path, help="the page to write, docs/benchmarks.md")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--hard-customers", type=int, default=HARD_CUSTOMERS)
    parser.add_argument("--seed", type=int, default=SEED, help="the hard world has the next one")
    parser.add_argument(
        "--growth", type=int, nargs="*", default=[], metavar="RECORDS", help="sizes of stores"
    )
    parser.add_argument("--memory", default=Limits().memory, help="of DuckDB, for growth")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    given.parts = given.parts or (["growth"] if given.growth else list(PARTS))
    for folder in (given.work, given.results):
        folder.mkdir(parents=True, exist_ok=True)
    run(given)
    if given.write:
        given.write.write_text(report.page(given.results), encoding="utf-8")


if __name__ == "__main__":
    main()

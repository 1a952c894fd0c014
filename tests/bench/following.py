"""What a night costs that follows a large one: a day's files on top of all of history."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.account import guiyi, machine

#: Customers of the worlds behind the night: some 100,000 and 1,000,000 records.
BEHIND = (15_700, 157_000)
#: The steps that are matching.
MATCHING = ("vehicles", "profiles", "edges", "entities")


def measure(work: Path, customers: int, seed: int) -> dict[str, Any]:
    """Run a world's first night and the one after it, as `guiyi run` does it.

    first, second: wall_s, cpu_s, peak_gb, and the seconds of the steps; records: in the store after
    the first night; changed: rows that the second brought; matching_s: of the second.
    """
    tools = machine()
    with tempfile.TemporaryDirectory(dir=work) as folder:
        landing, truth, home = (Path(folder) / name for name in ("landing", "truth", "home"))
        world = ["--landing", landing, "--truth", truth, "--customers", customers, "--seed", seed]
        nights: dict[str, Any] = {}
        for number, name in enumerate(("first", "second"), 1):
            guiyi("sample", *world, "--night", number)
            took, told = guiyi("run", "--landing", landing, "--home", home)
            nights[name] = took | {"steps": told["seconds"], "records": told["records"]}
            nights[name]["rows"] = told["rows_read"]
    steps = nights["second"]["steps"]
    return {
        "machine": tools,
        "customers": customers,
        "seed": seed,
        "records": nights["first"]["records"],
        "changed": nights["second"]["rows"] - nights["first"]["rows"],
        "matching_s": round(sum(steps[step] for step in MATCHING), 2),
    } | nights

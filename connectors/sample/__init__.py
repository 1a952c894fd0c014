"""A made-up world of customers, its source files, and the truth about them.

`write_world` writes the files of one night as outlets would send them (FILES.md), and beside them,
in a folder that the pipeline never reads, who and which car each record really is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from connectors.sample.bad import Sent, write_bad_files
from connectors.sample.cells import Row
from connectors.sample.life import Event
from connectors.sample.options import SampleOptions, SampleSummary
from connectors.sample.outlets import Outlet
from connectors.sample.rows import Typist
from connectors.sample.truth import Records, write_state
from connectors.sample.world import World
from connectors.sample.write import write_file

__all__ = ["SampleOptions", "SampleSummary", "write_world"]

STEMS = {
    "hq": "hq/hq_customers_{day}",
    "dealer": "dealers/{code}/customers_{day}",
    "station": "stations/{code}/orders_{day}",
}
FAULTS = 6  # kinds of bad files, each made from another dealer's good one


def write_world(
    landing: Path, truth: Path, options: SampleOptions, night: int = 1
) -> SampleSummary:
    """Write the files and the truth of one night; the nights before it need not be written.

    Night 1 holds all of the world's history up to the start date, each later night the new records
    of the day before and some old ones corrected.
    """
    world = World(options)
    events = world.events
    for later in range(2, night + 1):
        events = world.advance(later)
    truth.mkdir(parents=True, exist_ok=True)
    day = options.start + timedelta(days=night - 1)
    files: dict[str, tuple[str, int]] = {}
    keyless_in: dict[str, int] = {}
    kept: list[Sent] = []
    counts = {"hq": 0, "dealer": 0, "station": 0}
    with Records(truth, night) as records:
        for outlet, batch in _by_outlet(events):
            typist = Typist(outlet, options.seed, options.start)
            typed: list[tuple[Event, Row]] = [(event, typist.type(event)) for event in batch]
            records.add(typed)
            counts[outlet.source] += len(typed)
            cells = [row.cells for _, row in typed]
            keyless = _keyless(outlet, cells)
            stem = landing / STEMS[outlet.source].format(code=outlet.code, day=f"{day:%Y%m%d}")
            path = write_file(stem, outlet, cells + keyless)
            files[path.relative_to(landing).as_posix()] = ("taken", len(keyless))
            keyless_in[outlet.code] = len(keyless)
            if outlet.source == "dealer" and len(kept) < FAULTS and len(cells) > 2:
                kept.append((path, outlet, cells))
    bad = 0
    if night == 1:
        before = f"{options.start - timedelta(days=1):%Y%m%d}"
        for name, expected in write_bad_files(landing, kept, before):
            same = expected in ("taken", "duplicate")
            files[name] = (expected, keyless_in[name.split("/")[1]] if same else 0)
        bad = len(kept)
    write_state(truth, night, world, [(path, *told) for path, told in files.items()])
    return _summary(world, night, len(files) - bad, bad, counts)


def _keyless(outlet: Outlet, cells: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows that somebody typed below the export: no key, so no truth can be told of them."""
    if "keyless_rows" not in outlet.traits or len(cells) < 20:
        return []
    return [row | {"source_key": "", "name": "散客", "phone": "", "vin": ""} for row in cells[3:5]]


def _by_outlet(events: list[Event]) -> Iterator[tuple[Outlet, list[Event]]]:
    """Events of each outlet in order of key; HQ first, then dealers, then stations."""

    def place(event: Event) -> tuple[int, str]:
        return ("hq", "dealer", "station").index(event.outlet.source), event.outlet.code

    ordered = sorted(events, key=lambda event: (*place(event), event.day, event.serial))
    for _, batch in groupby(ordered, key=place):
        found = list(batch)
        yield found[0].outlet, found


def _summary(
    world: World, night: int, files: int, bad: int, counts: dict[str, int]
) -> SampleSummary:
    return SampleSummary(
        night=night,
        files=files,
        bad_files=bad,
        rows=sum(counts.values()),
        rows_by_source=counts,
        persons=len(world.people.everyone),
        companies=len(world.companies.everyone),
        vehicles=len(world.cars.everyone),
        outlets=1 + len(world.outlets),
    )

"""Write docs/benchmarks.md from the JSON results: tables with the target beside each figure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.bench.figures import (
    DECISIONS_MORE,
    FEBRL_F1,
    FOLLOWING,
    HARD,
    LARGEST,
    LOOK_UP,
    MEMORY,
    ORDINARY,
    PAGE,
    PUBLISHED,
    SECONDS,
    Figure,
    Result,
)

INTRODUCTION = """# Benchmarks

For whoever asks how right Guiyi is, how fast, and beside what. `make bench` measures and writes
this page; nobody edits it by hand. Worlds are made up (`guiyi sample`), with seeds that nothing was
tuned on; FEBRL 3 and 4 are public. How the figures are defined: [evaluation.md](evaluation.md).
The engine and Splink each run in a process of their own; peak memory is the most that this process
held resident, Python included.
"""

BESIDE = """## How Splink was set up

It is given the same records, standardised by the same normalisers, and two settings, which stand in
`tests/bench/splink_settings.py`. *Sensible* is how most would begin. *Tuned* has the vehicle ids
that our own steps found (their time is counted as ours only), numbers under six or more surnames
taken out, keys by sound, and a filter on predictions: another name is never linked by a phone, car
or home. u is estimated by sampling, m by EM; thresholds were chosen by F1 on other worlds (seeds 11
and 12), for FEBRL on its own labels, which can only flatter Splink. It has no band for stewards. It
may use as much memory as DuckDB takes by itself, 80 % of the machine's. These settings are ours:
somebody who knows Splink better may get more out of it.
"""


def page(results: Path) -> str:
    """The whole page from the JSON files in a folder."""
    files = sorted(results.glob("*.json"))
    found: dict[str, Result] = {file.stem: json.loads(file.read_text("utf-8")) for file in files}
    parts = [INTRODUCTION, _machine(found.values())]
    worlds = [name for name in found if name.startswith("engine-")]
    for name in sorted(worlds, key=lambda name: bool(found[name]["hard"])):
        parts.append(_world(found, name))
    if "febrl" in found:
        parts.append(_febrl(found["febrl"]))
    if any(name.startswith("splink-") for name in found):
        parts.append(BESIDE)
    grown = [found[name] for name in found if name.startswith("growth-")]
    if grown:
        parts.append(_growth(grown))
    if "night" in found:
        parts.append(_night(found["night"]))
    followed = [found[name] for name in found if name.startswith("following-")]
    if followed:
        parts.append(_following(followed))
    if "lasting" in found:
        parts.append(_lasting(found["lasting"]))
    if "decisions" in found:
        parts.append(_decisions(found["decisions"]))
    if "published" in found:
        parts.append(_published(found["published"]))
    if "stewards" in found:
        parts.append(_stewards(found["stewards"]))
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _machine(results: Iterable[Result]) -> str:
    """One line for each machine and set of versions that results were measured with."""
    lines = {
        "{cpu}, {cores} cores, {memory_gb} GB; {system}, Python {python}; ".format(**m)
        + ", ".join(f"{name} {version}" for name, version in m["packages"].items())
        for m in (result["machine"] for result in results)
    }
    return "Measured on " + "; and on ".join(sorted(lines)) + "."


def _told(result: Result, *more: str) -> str:
    """The line below a heading: what exactly was measured."""
    said = [f"commit `{result['machine']['commit']}`", *more]
    return f"Measured: {', '.join(said)}; load before {result['machine']['load_before']}."


def _world(found: dict[str, Result], name: str) -> str:
    ours, world = found[name], name.removeprefix("engine-")
    beside = {
        f"Splink, {recipe}": found[key]
        for recipe in ("sensible", "tuned")
        if (key := f"splink-{recipe}-{world}") in found
    }
    kind, asked_at = ("A hard", "66,000") if ours["hard"] else ("An ordinary", "992,500")
    rows = []
    for figure in HARD if ours["hard"] else ORDINARY:
        values = [figure.of(result) for result in (ours, *beside.values())]
        if any(value is not None for value in values):
            row = [figure.name, figure.bound(), figure.shown(values[0]), figure.met(values[0])]
            rows.append([*row, *map(figure.shown, values[1:])])
    counts = ours["counts"]
    told = [f"{ours['customers']:,} customers", f"seed {ours['seed']}", f"model {ours['model']}"]
    sizes = ", ".join(f"{counts[n]:,} {n}" for n in ("profiles", "candidates", "links", "entities"))
    steps = [[step, f"{seconds:.2f}"] for step, seconds in ours["seconds"].items()]
    learned = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in ours["learning"].items())
    return "\n\n".join(
        [
            f"## {kind} world of {counts['records']:,} records",
            _told(ours, *told, f"memory limit {ours['memory_limit']}"),
            _table(["", f"asked at {asked_at} records", "Guiyi", "met", *beside], rows),
            f"Steps of the engine ({sizes}):",
            _table(["step", "s"], steps),
            f"Training, which a night does not do, on the same records: {learned}.",
            *_splink_steps(beside),
        ]
    )


def _splink_steps(beside: dict[str, Result]) -> Iterator[str]:
    for name, result in beside.items():
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in result["seconds"].items())
        counted = f"{result['counts']['edges']:,} pairs, linked from {result['threshold']}"
        yield f"{name}: {steps}; {counted}."


def _febrl(found: Result) -> str:
    runs = {(run["by"], run["table"], run["soc_sec_id"]): run for run in found["runs"]}
    rows = []
    for (by, table, numbered), ours in runs.items():
        if by != "guiyi":
            continue
        row = [f"{table.upper()}, {'with' if numbered else 'without'} soc_sec_id"]
        row += [f"{ours['records']:,}", FEBRL_F1.bound(), FEBRL_F1.shown(ours["f1"])]
        row += [FEBRL_F1.met(ours["f1"]), f"{ours['seconds']:.1f}"]
        beside = runs.get(("splink", table, numbered))
        row += [FEBRL_F1.shown(beside["f1"]), f"{beside['seconds']:.1f}"] if beside else ["–", "–"]
        rows.append(row)
    columns = ["table", "rows", "asked", "Guiyi, F1", "met", "Guiyi, s", "Splink, F1", "Splink, s"]
    return "\n\n".join(
        [
            "## FEBRL",
            _told(found, "model `people`, trained on each table without its labels"),
            _table(columns, rows),
            "F1 of the pairs that the clusters make. FEBRL 4 is two tables of 5,000, taken as one."
            " Seconds are of training and matching together.",
        ]
    )


def _growth(results: list[Result]) -> str:
    results = sorted(results, key=lambda result: int(result["counts"]["records"]))
    rows = []
    for result in results:
        counts, seconds = result["counts"], result["match_s"]
        row = [f"{counts[name]:,}" for name in ("records", "profiles", "candidates")]
        row += [f"{seconds:.1f}", f"{seconds / counts['records'] * 1e6:.1f}"]
        row += [f"{result['peak_gb']:.2f}", result["memory_limit"], str(result["worlds"])]
        rows.append([*row, *_largest(result)])
    columns = ["records", "profiles", "candidates", "matching, s", "s for a million", "peak, GB"]
    columns += ["memory limit", "worlds", "asked", "met"]
    return "\n\n".join(
        [
            "## How cost grows",
            _told(results[-1], f"seed {results[-1]['seed']}"),
            _table(columns, rows),
            "Where several worlds are put together, a part's mark stands in VINs, plates and"
            " outlet codes, so that no two worlds share a car; names, homes, phones and id numbers"
            " are as they were drawn. Such a store is not judged.",
        ]
    )


def _largest(result: Result) -> list[str]:
    if result["counts"]["records"] < 0.95 * LARGEST:
        return ["", ""]
    good = result["match_s"] <= SECONDS and result["peak_gb"] <= MEMORY
    return [f"≤ {SECONDS} s, ≤ {MEMORY} GB", "yes" if good else "**no**"]


def _night(found: Result) -> str:
    texts: dict[str, Callable[[float], str]] = {
        "precision": "{:.4f}".format,
        "recall": "{:.4f}".format,
        "run_seconds": "{:.1f} s".format,
        "peak_gb": "{:.2f} GB".format,
        "sample_seconds": "{:.1f} s".format,
    }
    rows = []
    for name, line in found["targets"].items():
        bound, value = (texts[name](float(line[part])) for part in ("target", "is"))
        sign = "≥" if name in ("precision", "recall") else "<"
        met = "yes" if line["met"] else "**no**"
        rows.append([name.replace("_", " "), f"{sign} {bound}", value, met])
    customers, read = found["customers"], found["rows"]["first_night"]
    told = _told(found, f"{customers:,} customers", f"seed {found['seed']}", f"{read:,} rows")
    return "\n\n".join(
        [
            "## A whole night",
            told,
            _table(["", "asked", "Guiyi", "met"], rows),
            "From files to the published warehouse, as `guiyi run` does it.",
        ]
    )


def _following(results: list[Result]) -> str:
    rows = []
    for result in sorted(results, key=lambda result: int(result["records"])):
        row = [f"{result['records']:,}", f"{result['changed']:,}"]
        row += [f"{result['first']['wall_s']:.1f}"]
        for figure in FOLLOWING:
            value = figure.of(result)
            row += [figure.shown(value), figure.met(value)]
        rows.append([*row, f"{result['second']['peak_gb']:.2f}"])
    whole, matching = FOLLOWING
    columns = [
        "records behind",
        "rows that came",
        "first night, s",
        f"next night, s ({whole.bound()})",
    ]
    columns += ["met", f"its matching, s ({matching.bound()})", "met", "peak, GB"]
    steps = [
        [step, *(f"{r['second']['steps'][step]:.2f}" for r in results)]
        for step in results[0]["second"]["steps"]
    ]
    sizes = [f"{result['records']:,} records" for result in results]
    return "\n\n".join(
        [
            "## The night after",
            _told(results[-1], f"seed {results[-1]['seed']}"),
            _table(columns, rows),
            "From files to the published warehouse, interpreter included; the bounds are for a"
            " million records behind the night. Its steps, in seconds:",
            _table(["step", *sizes], steps),
        ]
    )


def _lasting(found: Result) -> str:
    first, *later = found["nights"]
    shown = ("customers", "with_same_records", "of_them_other_id", "records_elsewhere",
             "ids_that_lead_nowhere")  # fmt: skip
    rows = [["1", f"{first['rows']:,}", f"{first['wall_s']:.1f}", *("" for _ in shown)]]
    for number, night in enumerate(later, 2):
        told = [f"{night['rows']:,}", f"{night['wall_s']:.1f}"]
        rows.append([str(number), *told, *(f"{night[name]:,}" for name in shown)])
    rebuilt = [f"{found['rebuild'][name]:,}" for name in shown]
    rows.append(["rebuild", "", "", *rebuilt])
    columns = ["night", "rows", "s", "customers", "with the same records", "of them, another id",
               "records elsewhere", "ids that lead nowhere"]  # fmt: skip
    return "\n\n".join(
        [
            f"## Ids over {len(found['nights'])} nights",
            _told(found, f"{found['customers']:,} customers", f"seed {found['seed']}"),
            _table(columns, rows),
            "Each night beside the one before. Records elsewhere are those of the night before that"
            " another golden id has now: what came that night joined or parted customers. After the"
            " last night `guiyi rebuild` matches everything from scratch.",
        ]
    )


def _decisions(found: Result) -> str:
    sides, more = (found["without"], found["with"]), found["more"]
    night = [f"{side['wall_s']:.1f}" for side in sides]
    rows = [["a whole night", *night, DECISIONS_MORE.bound(), DECISIONS_MORE.shown(more)]]
    rows[0].append(DECISIONS_MORE.met(more))
    for step in sides[0]["steps"]:
        rows.append([step, *(f"{side['steps'][step]:.2f}" for side in sides), "", "", ""])
    told = _told(found, f"{found['customers']:,} customers", f"seed {found['seed']}",
                 f"{found['records']:,} records")  # fmt: skip
    return "\n\n".join(
        [
            f"## A night with {found['decisions']:,} decisions",
            told,
            _table(["", "without, s", "with, s", "asked", "more", "met"], rows),
            "The first night of one world in new homes, as `guiyi run` does it; of each the"
            " quickest. Most decisions are on pairs, about as many alike as not.",
        ]
    )


def _published(found: Result) -> str:
    rows = []
    for figure in PUBLISHED:
        count = Figure("", figure.path.replace(".share", ".count"), "{:,.0f}")
        value = figure.of(found)
        row = [figure.name, count.shown(count.of(found)), figure.bound(), figure.shown(value)]
        rows.append([*row, figure.met(value)])
    told = _told(found, f"{found['customers']:,} customers", f"seed {found['seed']}")
    return "\n\n".join(
        [
            "## Published values",
            told,
            _table(["", "how many", "asked", "Guiyi", "met"], rows),
            "What the warehouse says after the first night, held against the truth. A person has"
            " one main phone there; who gave his second number last is counted as wrong.",
        ]
    )


def _stewards(found: Result) -> str:
    load, rows = found["load"], []
    for name, told in sorted(load["requests"].items()):
        figure = LOOK_UP if name.startswith("look-up") else PAGE
        took, row = figure.of(told), [name, f"{told['count']:,}", f"{told['failures']:,}"]
        rows.append([*row, f"{told['p50_ms']:,.0f}", figure.bound(), figure.shown(took)])
        rows[-1].append(figure.met(took))
    made = load["decisions"]
    said = [f"{found['records']:,} records", f"{load['people']} people", f"{load['seconds']} s"]
    return "\n\n".join(
        [
            "## The stewards' console",
            _told(found, *said, f"seed {found['seed']}"),
            _table(["", "requests", "failed", "median, ms", "asked", "p95, ms", "met"], rows),
            f"Of {made['accepted']:,} decisions that their authors were told of, {made['lost']:,}"
            f" were lost, and {made['doubled']:,} cases were decided twice. Five of six people are"
            " stewards, who decide some two hundred cases an hour and look customers up between;"
            " the sixth is a call centre that looks up a caller each second. Locust runs on the"
            " same machine.",
        ]
    )


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

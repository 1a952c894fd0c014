"""`guiyi id` and `guiyi as-of`: one golden id's life, and who belonged to whom on a past night."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from connectors.errors import SettingError
from pipelines.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    console,
    example,
    print_json,
)

if TYPE_CHECKING:
    from pipelines.identity import Life


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("id", epilog=example("guiyi id CG58N37J1E --home data/home"))(life)
    app.command(
        "as-of", epilog=example("guiyi as-of 2024-03-01 --record dealer/D0012/K-77")
    )(as_of)  # fmt: skip


def life(
    golden_id: Annotated[str, typer.Argument(help="A golden id; I, L and O are read as 1 and 0.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Tell a golden id's life: when and why it was minted, what happened, where it leads now."""
    from pipelines.identity import life as told_life

    told = told_life(home, golden_id)
    if as_json:
        print_json(asdict(told))
        return
    out = console()
    out.print(_state(told))
    for event in told.events:
        out.print(
            f"  {event['sequence']}  run {event['run_id']}, {event['finished_at']}  "
            f"{_what(told.golden_id, event)} ({event['cause'].replace('_', ' ')}; "
            f"{_counts(event)})",
            soft_wrap=True,
        )
    if told.records:
        out.print("Its records:")
    for record in told.records:
        out.print(f"  {escape(record['record_key'])}  since run {record['since_run']}")


def _state(told: Life) -> str:
    if told.state == "in use":
        return f"[bold]{told.golden_id}[/bold] is in use; its records: {len(told.records):,}."
    if told.state == "merged":
        return f"[bold]{told.golden_id}[/bold] was merged, and leads to {told.leads_to} now."
    return f"[bold]{told.golden_id}[/bold] is retired: none of its records are left."


def _what(golden_id: str, event: dict[str, Any]) -> str:
    """An event as seen from this id, which may be the other one of it."""
    if event["golden_id"] != golden_id:
        words = {"merged": "was merged into it", "split": "gave it records"}
        return f"{event['golden_id']} {words[event['kind']]}"
    ways = {"merged": "merged into", "split": "split: records went to"}
    return f"{ways[event['kind']]} {event['other_id']}" if event["other_id"] else event["kind"]


def _counts(event: dict[str, Any]) -> str:
    counts = [event[f"records_{when}"] for when in ("before", "after", "moved")]
    before, after, moved = ("?" if n is None else f"{n:,}" for n in counts)
    whose = "" if event["other_id"] is None else f" of {event['golden_id']}"
    return f"{before} → {after} records{whose}, {moved} moved"


def as_of(
    day: Annotated[
        datetime.datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, as 2024-03-01.")
    ],
    record: Annotated[str | None, typer.Option(help="Tell who this record belonged to.")] = None,
    golden_id: Annotated[str | None, typer.Option(help="Tell which records it had.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write record_key and golden_id to this Parquet file.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Tell who a record belonged to on a past night: what stood at the end of that day.

    That is what the last run left that was complete by then, Shanghai time; runs that were rolled
    back later count, since their outcome was what people saw. Without an option it counts.
    """
    from pipelines import identity

    if sum(option is not None for option in (record, golden_id, output)) > 1:
        raise SettingError("give one of --record, --golden-id and --output")
    night = identity.past_night(home, day.date())
    found: dict[str, Any] = asdict(night)
    if record is not None:
        key, owner = identity.owner_of(home, night, record)
        found |= {"record_key": key, "golden_id": owner}
        says = f"{key} belonged to {owner}." if owner else f"{key} was not known yet."
    elif golden_id is not None:
        name = identity.read_id(golden_id)
        records = identity.members_of(home, night, name)
        found |= {"golden_id": name, "records": records}
        says = "\n".join(
            [f"{name}: {len(records):,} of the records.", *(f"  {r}" for r in records)]
        )
    else:
        found |= identity.count_members(home, night)
        says = f"Records: {found['records']:,}; customers: {found['customers']:,}."
    if output is not None:
        identity.write_members(home, night, output)
        found["output"] = str(output)
        says += f" Written to {output}."
    if as_json:
        print_json(found)
    else:
        out = console()
        out.print(f"Run {night.run}, complete at {night.finished_at}.", soft_wrap=True)
        out.print(escape(says), soft_wrap=True)

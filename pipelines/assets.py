"""The assets of a night: they call one function each and report counts; ideas live elsewhere."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    AssetSpec,
    Backoff,
    Failure,
    MaterializeResult,
    MetadataValue,
    RetryPolicy,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
    multi_asset,
)

from connectors.ledger import LedgerRow
from pipelines import departure
from pipelines import night as steps
from pipelines.resources import Home
from warehouse.faults import explain
from warehouse.held import NightHeld

#: Reading a share that is away for a moment, or a disk that is: worth a second and a third try.
_AGAIN = RetryPolicy(max_retries=2, delay=20, backoff=Backoff.EXPONENTIAL)


@multi_asset(
    name="arrive",
    retry_policy=_AGAIN,
    specs=[
        AssetSpec(
            "landing_files",
            group_name="arrival",
            kinds={"file"},
            description="What the outlets sent. The ledger takes each content in exactly once, "
            "knows it under another name, lets a half-written file wait and sets a broken one "
            "aside with its reason.",
        ),
        AssetSpec(
            "raw_rows",
            deps=["landing_files"],
            group_name="arrival",
            kinds={"parquet"},
            description="Every row as it came, every cell as text, with file, sheet and row "
            "number, in immutable Parquet. Everything downstream can be made again from here.",
        ),
    ],
)
def arrive(home: Home) -> Iterator[MaterializeResult[None]]:
    """Take new files in."""
    with _final(home):
        report = steps.arrive(home.night)
    aside = [*report.broken, *report.waiting]
    yield MaterializeResult(
        asset_key="landing_files",
        metadata={
            "taken": len(report.taken),
            "duplicates": len(report.duplicates),
            "waiting": len(report.waiting),
            "broken": len(report.broken),
            "unchanged": report.unchanged,
            "seconds": home.night.seconds.get("files", 0.0),
            "set_aside": _table([_aside(row) for row in aside]),
        },
    )
    rows = Counter[str]()
    for file in report.taken:
        rows[file.source] += file.rows
    by_source = [{"source": source, "rows": number} for source, number in sorted(rows.items())]
    yield MaterializeResult(
        asset_key="raw_rows", metadata={"rows": report.rows, "by_source": _table(by_source)}
    )


@multi_asset(
    name="understand",
    specs=[
        AssetSpec(
            "standard_records",
            deps=["raw_rows"],
            group_name="understanding",
            kinds={"parquet"},
            description="One row per record of a source. Each field as typed, as understood, and "
            "with a status: ok, repaired, partial, placeholder, invalid or missing.",
        ),
        AssetSpec(
            "held_rows",
            deps=["raw_rows"],
            group_name="understanding",
            kinds={"parquet"},
            description="The quarantine: rows without a key or without anything that could tell "
            "whose they are, each under a reason code. They come back when corrected.",
        ),
    ],
)
def understand(home: Home) -> Iterator[MaterializeResult[None]]:
    """Standardise what has arrived and is not merged yet."""
    with _final(home):
        departure.take_up(home.night)
        counts = steps.understand(home.night)
    yield MaterializeResult(
        asset_key="standard_records",
        metadata={
            "files": counts["files"],
            "records": counts["records"],
            "seconds": home.night.seconds.get("standard_records", 0.0),
            "status_by_field": _table(steps.status_table(home.night)),
        },
    )
    yield MaterializeResult(
        asset_key="held_rows",
        metadata={"rows": counts["held"], "by_reason": _table(steps.held_table(home.night))},
    )


_IDENTITY: dict[str, str] = {
    "vehicles": "Cars first: full VINs, repaired ones, suffixes and plates become vehicle ids.",
    "profiles": "Records with the same identity content are one profile; all comparing happens "
    "between profiles. Values that too many people hold are generic and tell nothing.",
    "edges": "Pairs of profiles that share a blocking key, compared level by level and weighed in "
    "bits.",
    "entities": "Profiles that are one person or company, strongest link first, no contradiction "
    "inside; each with its golden id, which outlives everything.",
    "golden_records": "The best value of each attribute, with the record and the rule that it came "
    "from and the values that lost.",
}


def _identity_specs() -> Iterator[AssetSpec]:
    before = "standard_records"
    for name, description in _IDENTITY.items():
        yield AssetSpec(
            name, deps=[before], group_name="identity", kinds={"duckdb"}, description=description
        )
        before = name


_PROPORTION = AssetCheckSpec(
    "in_proportion",
    asset="golden_records",
    blocking=True,
    description="What the night changes is in proportion to what came in. If not, it is held: "
    "nothing of it is in the store, and an operator releases or drops it.",
)


@multi_asset(name="identify", specs=list(_identity_specs()), check_specs=[_PROPORTION])
def identify(home: Home) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
    """Merge the night's records into the identity store, in one transaction."""
    try:
        with _final(home):
            merged = steps.identify(home.night)
    except Failure as failure:
        if isinstance(failure.__cause__, NightHeld):
            yield _proportion(failure.__cause__.held.reasons)
        raise
    for name, counts in merged.items():
        told = {k: _table(v) if isinstance(v, list) else v for k, v in counts.items()}
        numbers = [{"what": k, "number": v} for k, v in counts.items() if isinstance(v, int)]
        yield MaterializeResult(asset_key=name, metadata=told | {"counts": _table(numbers)})
    yield _proportion(())


def _proportion(reasons: tuple[str, ...]) -> AssetCheckResult:
    return AssetCheckResult(
        passed=not reasons,
        check_name=_PROPORTION.name,
        asset_key=_PROPORTION.asset_key,
        metadata={"reasons": MetadataValue.md("\n".join(f"- {reason}" for reason in reasons))},
    )


@asset(
    deps=[AssetKey("golden_records"), AssetKey("held_rows")],
    group_name="warehouse",
    kinds={"duckdb"},
    retry_policy=_AGAIN,
    description="The published warehouse: built beside, checked (keys, references), then switched "
    "to. Whoever is reading goes on with the old one.",
)
def warehouse(home: Home) -> MaterializeResult[None]:
    """Publish the store's last run."""
    with _final(home):
        published = steps.publish_night(home.night)
    if published is None:
        return MaterializeResult(metadata={"published": False})
    rows = [{"table": name, "rows": count} for name, count in published.rows.items()]
    return MaterializeResult(
        metadata={
            "published": True,
            "run": published.run_id,
            "seconds": home.night.seconds.get("warehouse", 0.0),
            "file": MetadataValue.path(published.path),
            "tables": _table(rows),
        }
    )


@contextmanager
def _final(home: Home) -> Iterator[None]:
    """Only what may pass by itself is tried again: a disk or a share that is away for a moment.

    A fault that a person must mend is told in its own sentence, any other by its class alone,
    because its text may hold what a customer typed.
    """
    try:
        yield
    except Exception as error:
        fault = explain(error, home.night.home)
        if fault is not None:
            raise Failure(str(fault), metadata={"code": fault.code}, allow_retries=False) from fault
        if isinstance(error, OSError):
            raise
        what = f"something unforeseen went wrong ({type(error).__name__}); see Dagster's page"
        raise Failure(what, allow_retries=False) from error


def _aside(row: LedgerRow) -> dict[str, Any]:
    return {"path": row.path, "reason": row.reason, "detail": row.detail}


def _table(rows: list[dict[str, Any]]) -> MetadataValue[Any]:
    """Rows as a table in Dagster's page."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    kinds: Mapping[type, str] = {int: "int", float: "float"}
    columns = [
        TableColumn(n, kinds.get(type(next((r[n] for r in rows if n in r), "")), "string"))
        for n in names
    ]
    return MetadataValue.table(
        [TableRecord({n: row.get(n, 0) for n in names}) for row in rows],
        schema=TableSchema(columns=columns),
    )

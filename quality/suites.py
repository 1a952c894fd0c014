"""Great Expectations suites on the standard records: the only module that knows the library.

An expectation that fails as `blocking` says that our own contract is broken, and stops the night
before anything is merged. One that does not says that the night's data are unlike what outlets
send, and warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quality.contract import FIELDS
from quality.normalise import Status


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line of the suite: the library's expectation class by name, and what it is given.

    name: of the check, as shown in Dagster. because: the reason for its bound.
    """

    name: str
    kind: str
    column: str
    because: str
    blocking: bool = False
    given: dict[str, Any] = field(default_factory=dict)


def _contract() -> Iterator[Expectation]:
    for column in ("record_key", "source_key", "source", "file_id", "file_date"):
        yield Expectation(
            f"{column}_is_present", "ExpectColumnValuesToNotBeNull", column,
            "a record without it cannot be traced", True,
        )  # fmt: skip
    for one in FIELDS:
        if one.name in ("name", "phone", "id_number", "vin", "plate", "address"):
            yield Expectation(
                f"{one.name}_status_is_known", "ExpectColumnValuesToBeInSet", f"{one.name}_status",
                "status words are a contract", True, {"value_set": [str(s) for s in Status]},
            )  # fmt: skip


SUITE: tuple[Expectation, ...] = (
    *_contract(),
    Expectation(
        "source_is_known", "ExpectColumnValuesToBeInSet", "source",
        "customer_xref promises these three", True,
        {"value_set": ["hq", "dealer", "station"]},
    ),
    Expectation(
        "phone_is_e164", "ExpectColumnValuesToMatchRegex", "phone",
        "phones are joined on their E.164 form", True, {"regex": r"^\+?\d{5,15}$"},
    ),
    Expectation(
        "vin_is_well_formed", "ExpectColumnValuesToMatchRegex", "vin",
        "GB 16735: 17 characters without I, O, Q", True, {"regex": r"^[A-HJ-NPR-Z0-9]{17}$"},
    ),
    Expectation(
        "names_are_filled", "ExpectColumnValuesToNotBeNull", "name",
        "below four in five, a column was mapped wrongly", False, {"mostly": 0.8},
    ),
    Expectation(
        "phones_are_usable", "ExpectColumnValuesToNotBeNull", "phone",
        "below half, dealers keep the numbers to themselves", False, {"mostly": 0.5},
    ),
    Expectation(
        "mileage_is_plausible", "ExpectColumnValuesToBeBetween", "mileage_km",
        "taxis reach a million kilometres, none twice that", False,
        {"min_value": 0, "max_value": 2_000_000, "mostly": 0.99},
    ),
    Expectation(
        "amount_is_plausible", "ExpectColumnValuesToBeBetween", "amount_cny",
        "refunds are negative; no single visit costs a million yuan", False,
        {"min_value": -100_000, "max_value": 1_000_000, "mostly": 0.99},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an expectation came out. unexpected: rows that break it; of: rows looked at."""

    expectation: Expectation
    passed: bool
    unexpected: int
    of: int


def get_ready() -> None:
    """Import the library, so that `check` need not."""
    import great_expectations  # noqa: F401


def check(records: Path) -> list[Outcome]:
    """Hold a Parquet file, or folder, of standard records against the suite, in its order."""
    columns = sorted({e.column for e in SUITE})
    frame = pq.read_table(records, columns=columns).to_pandas()
    if frame.empty:
        return [Outcome(e, True, 0, 0) for e in SUITE]
    frame["amount_cny"] = frame["amount_cny"].astype(float)
    results = _validate(frame)
    return [_outcome(e, results[e.name]) for e in SUITE]


def _validate(frame: Any) -> dict[str, Any]:
    """The library's result for each expectation, by name."""
    import great_expectations as gx  # 4 s: not before it is needed
    from great_expectations import expectations

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("night").add_dataframe_asset("standard_records")
    batch = asset.add_batch_definition_whole_dataframe("night").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        name="standard_records",
        expectations=[
            getattr(expectations, e.kind)(column=e.column, **e.given, meta={"name": e.name})
            for e in SUITE
        ],
    )
    validation = batch.validate(suite, result_format="SUMMARY")
    results: list[Any] = validation.results
    return {r.expectation_config.meta["name"]: r for r in results}


def _outcome(expectation: Expectation, result: Any) -> Outcome:
    found = result.result or {}
    return Outcome(
        expectation,
        bool(result.success),
        int(found.get("unexpected_count") or 0),
        int(found.get("element_count") or 0),
    )

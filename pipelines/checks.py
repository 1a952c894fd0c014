"""Asset checks: the Great Expectations suite on the night's records, a check per expectation."""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    multi_asset_check,
)

from pipelines import night as steps
from pipelines.progress import step
from pipelines.resources import Home
from quality.suites import SUITE, check


@multi_asset_check(
    name="expectations",
    specs=[
        AssetCheckSpec(
            e.name, asset="standard_records", blocking=e.blocking, description=e.because
        )
        for e in SUITE
    ],
)
def expectations(home: Home) -> Iterator[AssetCheckResult]:
    """Hold the staged records against the suite; a night without any has nothing to fail."""
    if not steps.staged_rows(home.night):
        yield from (
            AssetCheckResult(passed=True, asset_key="standard_records", check_name=e.name)
            for e in SUITE
        )
        return
    with step("expectations", home.night.seconds):
        outcomes = check(home.night.staging / "records")
    for outcome in outcomes:
        blocking = outcome.expectation.blocking
        yield AssetCheckResult(
            passed=outcome.passed,
            asset_key="standard_records",
            check_name=outcome.expectation.name,
            severity=AssetCheckSeverity.ERROR if blocking else AssetCheckSeverity.WARN,
            metadata={"unexpected": outcome.unexpected, "rows": outcome.of},
        )

"""Asset checks: the Great Expectations suite, a check an expectation; and what sources expect."""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    MetadataValue,
    asset_check,
    multi_asset_check,
)

from connectors.sources import FOLDER, load_sources
from pipelines import night as steps
from pipelines.progress import step
from pipelines.resources import Home
from quality.expected import surprises
from quality.suites import SUITE, check


@multi_asset_check(
    name="expectations",
    specs=[
        AssetCheckSpec(e.name, asset="standard_records", blocking=e.blocking, description=e.because)
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
        outcomes = home.night.beside.run(check, home.night.staging / "records")
        home.night.beside.end()
    for outcome in outcomes:
        blocking = outcome.expectation.blocking
        yield AssetCheckResult(
            passed=outcome.passed,
            asset_key="standard_records",
            check_name=outcome.expectation.name,
            severity=AssetCheckSeverity.ERROR if blocking else AssetCheckSeverity.WARN,
            metadata={"unexpected": outcome.unexpected, "rows": outcome.of},
        )


@asset_check(
    asset="standard_records",
    description="Rows a file and filled fields are what the sources say of themselves.",
)
def sources_as_expected(home: Home) -> AssetCheckResult:
    """Hold the staged records against the sources' own figures."""
    found = []
    if steps.staged_rows(home.night):
        sources = load_sources(home.night.settings.sources or FOLDER)
        found = surprises(home.night.staging / "records", sources)
    told = "\n".join(f"- {s.source}: {s.what}" for s in found)
    return AssetCheckResult(
        passed=not found,
        severity=AssetCheckSeverity.WARN,
        metadata={"surprises": MetadataValue.md(told)},
    )

"""Run the nightly job in this process, exactly as the schedule runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.errors import GuiyiError, SettingError
from connectors.keys import read_keys
from connectors.sources import FOLDER, load_sources
from pipelines.models import model_in_force, rules_in_force
from pipelines.occupancy import occupy
from pipelines.settings import pass_on, read_settings, use_dagster_home
from warehouse.faults import explain
from warehouse.held import NightHeld, newest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dagster import DagsterEvent, ExecuteInProcessResult, MetadataValue


class NightFailed(GuiyiError):
    """The night stopped; what was published before still stands."""

    code = "night_failed"


@dataclass(frozen=True, slots=True)
class Finished:
    """A night that has ended well. warnings: checks that failed without stopping it."""

    run_id: str
    warnings: tuple[str, ...]


def run_nightly(
    home: Path, landing: Path | None, cause: str = "command", arriving: bool = True
) -> Finished:
    """Execute the job `nightly` on this home; without `arriving`, on what is taken in already.

    Raises NightHeld, NightFailed, HomeBusy or SettingError, with reasons.
    """
    settings = read_settings(home, landing)  # faults of settings are told before Dagster starts
    if arriving and not settings.landing.is_dir():
        raise SettingError(f"{settings.landing}: the landing folder does not exist")
    read_keys(settings.key_migrations, load_sources(settings.sources or FOLDER))
    model_in_force(home, settings)
    rules_in_force(home, settings)
    try:
        result = _execute(home, settings.landing, cause, arriving)
    except Exception as error:  # Dagster's own files lie in the home, too
        fault = explain(error, home)
        if fault is None:
            raise
        raise fault from error
    if _was_interrupted(result):
        raise KeyboardInterrupt
    if not result.success:
        raise _failure(home, result)
    return Finished(result.run_id, tuple(_failed_checks(result)))


def _execute(home: Path, landing: Path, cause: str, arriving: bool) -> ExecuteInProcessResult:
    with occupy(home, cause):  # two at once would make Dagster's tables twice
        use_dagster_home(home)
        pass_on(home, landing)
        from dagster import AssetKey, DagsterInstance

        from pipelines.definitions import defs

        instance = DagsterInstance.get()
    config: dict[str, Any] = {
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "resources": {"home": {"config": {"path": str(home.resolve()), "cause": cause}}},
    }
    with instance:
        job = defs.resolve_job_def("nightly")
        keys = set(job.asset_layer.executable_asset_keys)
        if not arriving:
            keys -= {AssetKey("landing_files"), AssetKey("raw_rows")}
        return job.execute_in_process(
            instance=instance,
            run_config=config,
            raise_on_error=False,
            asset_selection=None if arriving else sorted(keys),
        )


def _failure(home: Path, result: ExecuteInProcessResult) -> GuiyiError:
    """The error by which a failed run is told."""
    code = _code(result)
    if code == NightHeld.code and (held := newest(home)):
        return NightHeld(held)
    return (SettingError if code == SettingError.code else NightFailed)(_reason(result))


def _failed_checks(result: ExecuteInProcessResult, blocking: bool = False) -> list[str]:
    """Checks that failed, or only those of them that stop a night."""
    return [
        f"{e.check_name}: {_told(e.metadata)}"
        for e in result.get_asset_check_evaluations()
        if not e.passed and (e.severity.value == "ERROR" or not blocking)
    ]


def _told(metadata: Mapping[str, MetadataValue[Any]]) -> str:
    """What a failed check says: how many records break it, or its surprises in words."""
    for listed in ("surprises", "reasons"):
        if listed in metadata:
            return str(metadata[listed].value).replace("\n- ", "; ").removeprefix("- ")
    return f"{metadata['unexpected'].value} of {metadata['rows'].value} records"


def _reason(result: ExecuteInProcessResult) -> str:
    """The innermost sentence of the first failure."""
    checks = _failed_checks(result, blocking=True)
    if checks:
        return f"a check stopped the night before anything was merged: {'; '.join(checks)}"
    failures = (_message(event) for event in result.all_events if event.is_failure)
    return next((text for text in failures if text), "the run failed; see Dagster's page")


def _was_interrupted(result: ExecuteInProcessResult) -> bool:
    """Whether somebody pressed Ctrl-C."""
    errors = [getattr(e.event_specific_data, "error", None) for e in result.all_events]
    return any(e is not None and e.cls_name == "DagsterExecutionInterruptedError" for e in errors)


def _code(result: ExecuteInProcessResult) -> str | None:
    """The code of the first failure that has one."""
    events = result.all_events
    failures = [getattr(e.event_specific_data, "user_failure_data", None) for e in events]
    codes = [f.metadata["code"].value for f in failures if f is not None and "code" in f.metadata]
    return str(codes[0]) if codes else None


def _message(event: DagsterEvent) -> str:
    data = event.event_specific_data
    error = getattr(data, "error", None)
    user = getattr(data, "user_failure_data", None)
    if user is not None and user.description:
        return str(user.description)
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return ""
    name = error.cls_name or ""
    text = error.message.strip().removeprefix(f"{error.cls_name}: ").split(": ", 1)[-1]
    return text if name in _OURS else f"{name or 'error'} in step {event.step_key or '?'}"


#: Errors whose text is written for users; of any other only the name is shown.
_OURS = {"HomeBusy", "SettingError", "PublishRefused", "Failure"}

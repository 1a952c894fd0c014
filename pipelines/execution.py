"""Run the nightly job in this process, exactly as the schedule runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.errors import GuiyiError, SettingError
from connectors.keys import read_keys
from connectors.sources import FOLDER, load_sources
from matching import golden, model
from pipelines.settings import pass_on, read_settings, use_dagster_home

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


def run_nightly(home: Path, landing: Path | None, cause: str = "command") -> Finished:
    """Execute the job `nightly` on this home. Raises NightFailed or SettingError, with reasons."""
    settings = read_settings(home, landing)  # faults of settings are told before Dagster starts
    if not settings.landing.is_dir():
        raise SettingError(f"{settings.landing}: the landing folder does not exist")
    read_keys(settings.key_migrations, load_sources(settings.sources or FOLDER))
    model.load(settings.model)
    golden.load(settings.survivorship)
    use_dagster_home(home)
    pass_on(home, settings.landing)
    from dagster import DagsterInstance

    from pipelines.definitions import defs

    config: dict[str, Any] = {
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "resources": {"home": {"config": {"path": str(home.resolve()), "cause": cause}}},
    }
    with DagsterInstance.get() as instance:
        job = defs.resolve_job_def("nightly")
        result = job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)
    if _was_interrupted(result):
        raise KeyboardInterrupt
    if not result.success:
        kind = SettingError if _is_setting(result) else NightFailed
        raise kind(_reason(result))
    return Finished(result.run_id, tuple(_failed_checks(result)))


def _failed_checks(result: ExecuteInProcessResult, blocking: bool = False) -> list[str]:
    """Checks that failed, or only those of them that stop a night."""
    return [
        f"{e.check_name}: {_told(e.metadata)}"
        for e in result.get_asset_check_evaluations()
        if not e.passed and (e.severity.value == "ERROR" or not blocking)
    ]


def _told(metadata: Mapping[str, MetadataValue[Any]]) -> str:
    """What a failed check says: how many records break it, or its surprises in words."""
    if "surprises" in metadata:
        return str(metadata["surprises"].value).replace("\n- ", "; ").removeprefix("- ")
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


def _is_setting(result: ExecuteInProcessResult) -> bool:
    """Whether the first failure is a fault of settings."""
    events = result.all_events
    failures = [getattr(e.event_specific_data, "user_failure_data", None) for e in events]
    codes = [f.metadata["code"].value for f in failures if f is not None and "code" in f.metadata]
    return codes[:1] == [SettingError.code]


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

"""What Dagster loads: assets, checks, the nightly job, its schedule and a sensor."""

import datetime
import hashlib
import json

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    Definitions,
    RunRequest,
    ScheduleDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    define_asset_job,
    in_process_executor,
    sensor,
)

from connectors.intake import SHANGHAI
from connectors.landing import discover
from connectors.ledger import Ledger
from connectors.sources import FOLDER, load_sources, rules_digest
from pipelines.assets import arrive, identify, understand, warehouse
from pipelines.checks import expectations, sources_as_expected
from pipelines.resources import Home
from pipelines.settings import home_from_environment, read_settings

nightly = define_asset_job(
    "nightly",
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="Files in the landing area -> one golden record per customer -> the warehouse.",
)

every_night = ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.RUNNING,
    description="02:00, when the outlets' systems have exported and nobody works yet.",
)


@sensor(
    job=nightly,
    minimum_interval_seconds=300,
    default_status=DefaultSensorStatus.STOPPED,
    description="Starts a night when new files have arrived and none has changed for one tick. "
    "Off until it is switched on; the schedule does without it.",
)
def new_files(context: SensorEvaluationContext) -> SensorResult | SkipReason:
    """Ask for a run once the set of new files stands still."""
    home = home_from_environment()
    settings = read_settings(home)
    if not settings.landing.is_dir():
        return SkipReason(f"{settings.landing} is missing")
    sources = load_sources(settings.sources or FOLDER)
    arrivals, _ = discover(settings.landing, sources, datetime.datetime.now(SHANGHAI).date())
    with Ledger(home) as ledger:
        rules = rules_digest(sources)
        new = [a.stamp for a in arrivals if not ledger.unchanged(a.stamp, rules)]
    stamps = json.dumps([[s.path, s.bytes, s.mtime_ns] for s in new])
    seen = hashlib.sha256(stamps.encode()).hexdigest()
    if not new:
        return SkipReason("nothing new")
    if seen != context.cursor:
        return SensorResult(skip_reason=f"{len(new)} new files; still arriving?", cursor=seen)
    return SensorResult(run_requests=[RunRequest(run_key=seen)], cursor=seen)


defs = Definitions(
    assets=[arrive, understand, identify, warehouse],
    asset_checks=[expectations, sources_as_expected],
    jobs=[nightly],
    schedules=[every_night],
    sensors=[new_files],
    resources={"home": Home()},
)

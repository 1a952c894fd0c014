"""The wiring of the night is a committed snapshot, so that a change of it shows as a diff.

`python -m tests.pipelines.test_asset_graph` writes it anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SNAPSHOT = Path(__file__).parent / "asset_graph.yml"
HEAD = "# The night's wiring. Made by `python -m tests.pipelines.test_asset_graph`; do not edit.\n"


def wiring() -> dict[str, Any]:
    """What Dagster loads, as plain values."""
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    job = defs.resolve_job_def("nightly")
    schedule = defs.resolve_schedule_def("every_night")
    sensor = defs.resolve_sensor_def("new_files")
    keys = sorted(graph.get_all_asset_keys())
    return {
        "assets": {
            key.to_user_string(): {
                "group": graph.get(key).group_name,
                "deps": sorted(k.to_user_string() for k in graph.get(key).parent_keys),
                "checks": {
                    check.name: "blocks" if graph.get(check).blocking else "warns"
                    for check in sorted(graph.get(key).check_keys, key=lambda check: check.name)
                },
            }
            for key in keys
        },
        "job": {
            "name": job.name,
            "executor": job.executor_def.name,
            "assets": sorted(k.to_user_string() for k in job.asset_layer.executable_asset_keys),
            "steps": {
                node.name: {"retries": retries(node.definition)}
                for node in sorted(job.nodes, key=lambda node: node.name)
            },
        },
        "schedule": {
            "name": schedule.name,
            "job": schedule.job_name,
            "cron": schedule.cron_schedule,
            "timezone": schedule.execution_timezone,
            "by_default": schedule.default_status.value,
        },
        "sensor": {
            "name": sensor.name,
            "job": sensor.job_name,
            "seconds": sensor.minimum_interval_seconds,
            "by_default": sensor.default_status.value,
        },
    }


def retries(step: Any) -> int:
    return int(step.retry_policy.max_retries) if step.retry_policy else 0


def test_the_wiring_is_the_committed_one() -> None:
    committed = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    assert wiring() == committed, "meant? then python -m tests.pipelines.test_asset_graph"


def test_every_asset_tells_what_it_is() -> None:
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    assert [k for k in graph.get_all_asset_keys() if not graph.get(k).description] == []


if __name__ == "__main__":
    text = yaml.safe_dump(wiring(), allow_unicode=True, sort_keys=False)
    SNAPSHOT.write_text(HEAD + text, encoding="utf-8")

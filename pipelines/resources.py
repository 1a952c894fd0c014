"""The home folder as a Dagster resource, held by one run at a time."""

from __future__ import annotations

from pathlib import Path

from dagster import ConfigurableResource, InitResourceContext
from filelock import BaseFileLock
from pydantic import PrivateAttr

from pipelines.night import Night
from pipelines.occupancy import occupy
from pipelines.settings import home_from_environment


class Home(ConfigurableResource[None]):
    """The home folder of a deployment.

    path: empty for $GUIYI_HOME. cause: command, schedule, sensor, console, page or release: what
    started it.
    """

    path: str = ""
    cause: str = "page"

    _lock: BaseFileLock | None = PrivateAttr(default=None)
    _night: Night | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """Take the home for this run. Raises HomeBusy where another run has it."""
        folder = Path(self.path) if self.path else home_from_environment()
        tags = context.run.tags if context.run else {}
        self._night = Night.begin(folder, _cause(tags, self.cause))  # may raise: not under the lock
        self._lock = occupy(folder, self._night.cause)

    def teardown_after_execution(self, context: InitResourceContext) -> None:
        """Give the home free."""
        if self._night is not None:
            self._night.beside.end()
        if self._lock is not None:
            self._lock.release()

    @property
    def night(self) -> Night:
        """The night that this run is."""
        assert self._night is not None
        return self._night


def _cause(tags: dict[str, str] | object, otherwise: str) -> str:
    known = {"dagster/schedule_name": "schedule", "dagster/sensor_name": "sensor"}
    for tag, cause in known.items():
        if isinstance(tags, dict) and tag in tags:
            return cause
    return otherwise

"""Nights in processes of their own, which can be killed at any moment, and cost no imports.

`python -m tests.e2e.nights` imports everything once, also what the first night imported late, and
reads what every night would read anew: tables of reference, the definitions of published tables.
Then it forks a process for each night, or other run, that it is asked for: a line of JSON on its
input (home, what to do, at which event to die and after what delay), a line back (how it ended, and
what it did when).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipelines.settings import ROOT
from quality.normalise import NOWHERE
from quality.normalise.registry import MODULES
from warehouse.masked import relations

#: Values for which normalisers look into all their tables: an address without its city, an id.
_VALUES = ("北京市朝阳区工体北路1号", "姑苏区听枫苑3幢", "11010519491231002X", "13912345678")
#: What is done to files of the home, as Python's audit hooks name it; each time before it is done.
_FILE_EVENTS = {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "sqlite3.connect"}


@dataclass(frozen=True)
class Event:
    """Something that a night did. name: what the progress listener heard, or what befell a file."""

    name: str
    at: float

    @property
    def step(self) -> str:
        """The step that begins here, if one does."""
        return self.name.removeprefix("started ") if self.name.startswith("started ") else ""


@dataclass(frozen=True)
class Ended:
    """How a night ended. code: as of subprocess, negative for a signal. told: its error, if any."""

    code: int
    told: str
    events: tuple[Event, ...]


class Nights:
    """The client: a context manager around the process that forks."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.nights"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.communicate()

    def night(
        self,
        home: Path,
        landing: Path,
        job: bool = True,
        die_at: int | None = None,
        delay: float = 0,
    ) -> Ended:
        """Run a night, by the job as `guiyi run` does or its steps alone, in half the time.

        die_at: the event, by its place, at which it is killed, after the delay in seconds.
        """
        return self.work("job" if job else "night", home, landing, die_at, delay)

    def work(
        self, what: str, home: Path, given: object, die_at: int | None = None, delay: float = 0
    ) -> Ended:
        """Do what `_work` knows in a home, killed as a night is.

        given: the landing area of a night, the model to promote, the run to go back to.
        """
        assert self.process.stdin
        assert self.process.stdout
        wish = {"home": str(home), "work": what, "given": str(given), "die_at": die_at,
                "delay": delay}  # fmt: skip
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        events = tuple(Event(*event) for event in answer["events"])
        return Ended(answer["code"], answer["told"], events)


class _Watch:
    """Writes a night's events into a pipe, and kills the night at its moment."""

    def __init__(self, home: str, pipe: int, die_at: int | None, delay: float) -> None:
        self.home, self.pipe, self.die_at, self.delay = home, pipe, die_at, delay
        self.seen, self.begun = 0, time.perf_counter()

    def started(self, step: str) -> None:
        self._hear(f"started {step}")

    def detail(self, text: str) -> None:
        self._hear(f"detail {text}")

    def finished(self, step: str, seconds: float) -> None:
        self._hear(f"finished {step}")

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's hook: what is done to a file of the home, but for Dagster's own."""
        if event in _FILE_EVENTS and arguments and isinstance(arguments[0], str | Path):
            path = str(arguments[0])
            if path.startswith(self.home) and "/dagster" not in path:
                self._hear(f"{event} {Path(path).name}")

    def _hear(self, name: str) -> None:
        _say(self.pipe, [name, time.perf_counter() - self.begun])
        if self.seen == self.die_at:
            if self.delay:
                threading.Timer(self.delay, _die).start()
            else:
                _die()
        self.seen += 1


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _work(what: str, home: Path, given: str) -> None:
    """Do what is asked for, as the commands do it."""
    from pipelines import promotion, upkeep
    from pipelines.execution import run_nightly
    from tests.pipelines.steps import one_night

    works: dict[str, Callable[[], object]] = {
        "job": lambda: run_nightly(home, Path(given)),
        "night": lambda: one_night(home, Path(given)),
        "rebuild": lambda: upkeep.rebuild(home, from_raw=True),
        "rollback": lambda: upkeep.roll_back(home, int(given)),
        "diff": lambda: promotion.diff(home, promotion.Offer(given)),
        "promote": lambda: promotion.promote(home, promotion.Offer(given), lambda diff: None),
    }
    works[what]()


def _child(wish: dict[str, Any], pipe: int) -> None:
    from pipelines.progress import listening

    watch = _Watch(wish["home"], pipe, wish["die_at"], wish["delay"])
    sys.addaudithook(watch.audit)
    imported = set(sys.modules)
    try:
        with listening(watch):
            _work(wish["work"], Path(wish["home"]), wish["given"])
    except Exception as error:
        _say(pipe, f"{type(error).__name__}: {error}")
        os._exit(1)
    _say(pipe, {"imported": sorted(set(sys.modules) - imported)})
    os._exit(0)


def _say(pipe: int, what: object) -> None:
    os.write(pipe, f"{json.dumps(what)}\n".encode())


def _serve() -> None:
    for name in ("pipelines.definitions", "great_expectations", "pipelines.promotion"):
        importlib.import_module(name)
    for normaliser in MODULES.values():  # each reads its tables at the first value that needs them
        for value in _VALUES:
            normaliser.scalar(value, NOWHERE)
    relations()
    for line in sys.stdin:
        wish = json.loads(line)
        gc.collect()
        gc.freeze()  # else each child copies what its first collection of garbage touches
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            sys.stdin.close()
            _child(wish, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = [json.loads(text) for text in pipe]
        for told in said:
            for name in told["imported"] if isinstance(told, dict) else ():
                with suppress(ImportError):
                    importlib.import_module(name)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answer = {
            "code": code,
            "told": next((text for text in said if isinstance(text, str)), ""),
            "events": [event for event in said if isinstance(event, list)],
        }
        print(json.dumps(answer), flush=True)
    os._exit(0)  # without DuckDB's tale of what it leaks


if __name__ == "__main__":
    _serve()

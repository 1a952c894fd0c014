"""Run the program as a user does, or a function alone, and account for what it takes."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psutil

GUIYI = Path(sys.executable).parent / "guiyi"
_ROOT = Path(__file__).parents[2]
_PACKAGES = (
    "duckdb", "pyarrow", "numpy", "scipy", "pandas", "rapidfuzz", "recordlinkage", "splink",
    "dagster", "great-expectations",
)  # fmt: skip
_P = ParamSpec("_P")
_T = TypeVar("_T")


def guiyi(*arguments: object) -> tuple[dict[str, float], Any]:
    """Run a command in a process of its own; return what it took and the JSON that it answered.

    wall_s, cpu_s: seconds. peak_gb: resident memory of the process and its children together, as
    seen ten times a second. Raises RuntimeError if it fails.
    """
    begun = time.perf_counter()
    command = [str(GUIYI), *map(str, arguments), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        memory = _Memory(process.pid)
        memory.start()
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        memory.ended.set()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"guiyi {arguments[0]} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes on macOS alone
    took = {
        "wall_s": round(time.perf_counter() - begun, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_gb": round(max(used.ru_maxrss * unit, memory.peak) / 1e9, 2),
    }
    return took, json.loads(printed)


def alone(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call a function of a module in a new process; return its answer.

    So that its memory is its own, and what ran before has warmed nothing but the disk's cache.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Write the wall time of the block to `seconds`."""
    begun = time.perf_counter()
    yield
    seconds[step] = round(time.perf_counter() - begun, 2)


def peak_gb() -> float:
    """The most memory that this process has held resident so far, in 10^9 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # not ru_maxrss: on Linux that starts with the memory of the process that started this one
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        peak = int(found[1]) * 1024 if found else 0
    else:
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return round(peak / 1e9, 2)


class _Memory(threading.Thread):
    """Watches the memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            self.peak = max(self.peak, _resident(self.pid))


def _resident(pid: int) -> int:
    """Resident bytes of a process and its children; 0 once one of them has ended meanwhile."""
    try:
        root = psutil.Process(pid)
        return sum(p.memory_info().rss for p in (root, *root.children(recursive=True)))
    except psutil.Error:
        return 0


def machine() -> dict[str, Any]:
    """What it was measured on, and what was measured."""
    return {
        "cpu": _cpu(),
        "cores": len(psutil.Process().cpu_affinity()),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": round(psutil.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
        "commit": _commit(),
    }


def _cpu() -> str:
    file = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*:\s*(.+)$", file.read_text() if file.exists() else "", re.M)
    return named[1] if named else platform.processor() or "unknown"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """The commit at hand, with a + where the tree has changed since."""
    try:
        return subprocess.run(
            ["git", "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty=+"],
            cwd=_ROOT, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"

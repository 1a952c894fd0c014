"""Run the program as a user does, and account for what it takes."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

GUIYI = Path(sys.executable).parent / "guiyi"
_PACKAGES = (
    "duckdb",
    "pyarrow",
    "pandas",
    "numpy",
    "scipy",
    "rapidfuzz",
    "dagster",
    "great-expectations",
)


@dataclass(frozen=True, slots=True)
class Account:
    """What a command took and answered.

    wall, cpu: seconds. peak: bytes of resident memory of the process and its children together, as
    seen ten times a second.
    """

    wall: float
    cpu: float
    peak: int
    answer: dict[str, Any]


def guiyi(*arguments: object) -> Account:
    """Run a command with --json in a process of its own. Raises RuntimeError if it fails."""
    command = [str(GUIYI), *map(str, arguments), "--json"]
    begun = time.perf_counter()
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
    wall = time.perf_counter() - begun
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes on macOS alone
    cpu = used.ru_utime + used.ru_stime
    peak = max(used.ru_maxrss * unit, memory.peak)
    return Account(round(wall, 2), round(cpu, 2), peak, json.loads(printed))


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
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in _PACKAGES},
    }


def taken(account: Account) -> dict[str, Any]:
    """An account without its answer."""
    return {name: value for name, value in asdict(account).items() if name != "answer"}

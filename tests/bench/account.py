"""Run the program as a user does, and account for what it takes."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

GUIYI = Path(sys.executable).parent / "guiyi"
_PACKAGES = ("duckdb", "pyarrow", "pandas", "rapidfuzz", "dagster", "great-expectations")


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
    return {
        "cores": len(psutil.Process().cpu_affinity()),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": round(psutil.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in _PACKAGES},
    }

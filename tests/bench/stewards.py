"""Many stewards at once in the console: how long they wait, and if each decision stands once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matching.decisions import Entry
from tests.bench.account import GUIYI, guiyi, machine
from warehouse.database import connect
from warehouse.decisions import DEFAULT_URL, DecisionLog, place
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import API_PREFIX
from warehouse.steward.cases.queue import key_of, path_of
from warehouse.steward.services import Services
from warehouse.steward.site import Site

#: 50 stewards and a call centre of 10, for two minutes after the first half a minute.
STEWARDS, SECONDS, WARM = 60, 120, 30
_PORT = 8291
#: Seconds that the index of the search may take.
_PATIENCE = 900
_WHOSE = """
    SELECT record_key, golden_id FROM customer_xref WHERE record_key IN (SELECT unnest($keys))
"""
_ASKED = """
    SELECT golden_id, name, phone FROM pii.dim_customer
    WHERE kind = 'person' AND phone IS NOT NULL AND name IS NOT NULL
    USING SAMPLE reservoir(2000 ROWS) REPEATABLE (1)
"""


def measure(work: Path, customers: int, seed: int) -> dict[str, Any]:
    """Publish a world's first night, and have it worked on; see `load`."""
    tools = machine()
    with tempfile.TemporaryDirectory(dir=work) as folder:
        landing, truth, home = (Path(folder) / name for name in ("landing", "truth", "home"))
        guiyi(
            "sample", "--landing", landing, "--truth", truth,
            "--customers", customers, "--seed", seed,
        )  # fmt: skip
        _, said = guiyi("run", "--landing", landing, "--home", home)
        found = load(home, Path(folder), STEWARDS, SECONDS)
    return {"machine": tools, "records": said["records"], "seed": seed, "load": found}


def load(home: Path, work: Path, people: int, seconds: int) -> dict[str, Any]:
    """Serve a home's console and have people work in it.

    requests: name -> count, failures, p50_ms, p95_ms. decisions: accepted, as their authors were
    told; lost, of which the log has none; doubled, decisions on cases that were decided already.
    work: an empty folder, for what locust is told.
    """
    log = DecisionLog(place(DEFAULT_URL, home))
    before = len(log.entries())
    world = _prepare(home, work, people)
    with _served(home) as address:
        _wait_for_index(address, world)
        _locust(world, address, people, WARM)
        requests = _locust(world, address, people, seconds)
    accepted = Counter((work / "decided").read_text("utf-8").split())
    made = Counter(_cases(home, log.entries()[before:]))
    return {
        "people": people,
        "seconds": seconds,
        "requests": requests,
        "decisions": {
            "accepted": accepted.total(),
            # not the other way: when the load ends, some are under way, made but not told
            "lost": (accepted - made).total(),
            "doubled": made.total() - len(made),
        },
    }


def _cases(home: Path, entries: Iterable[Entry]) -> list[str]:
    """The path of the case that each decision is on."""
    named = [tuple(entry.decision.named) for entry in entries]
    keys = list({key for some in named for key in some})
    with connect((home / LINK).resolve(), read_only=True) as con:
        whose = dict[str, str](con.execute(_WHOSE, {"keys": keys}).fetchall())
    return [path_of(key_of(*{whose[key] for key in some})) for some in named]


def _prepare(home: Path, work: Path, people: int) -> Path:
    """Accounts with a session each, a token, and customers to ask for, as a JSON file."""
    services = Services.of(Site(home, place(DEFAULT_URL, home)))
    made = [services.users.add(f"steward{at}", "", "lead", Scope()) for at in range(people)]
    with connect((home / LINK).resolve(), read_only=True) as con:
        rows = con.execute(_ASKED).fetchall()
    (work / "decided").touch()
    told = {
        "sessions": [services.sessions.begin(user.number, "bench") for user in made],
        "token": services.tokens.make("call centre", "steward", Scope(), "bench", days=1),
        "customers": [dict(zip(("golden_id", "name", "phone"), row, strict=True)) for row in rows],
        "decided": str(work / "decided"),
    }
    (work / "world.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return work / "world.json"


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """The console in a process of its own, as people start it; yields its address when it is up."""
    address = f"http://127.0.0.1:{_PORT}"
    workers = os.cpu_count() or 1
    command = [
        str(GUIYI), "steward", "--home", str(home), "--port", str(_PORT), "--workers", str(workers),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while not _is_up(address):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the console did not start")
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def _wait_for_index(address: str, world: Path) -> None:
    """Return once customers can be looked up, which a first start makes wait for minutes."""
    token = json.loads(world.read_text("utf-8"))["token"]
    ask = urllib.request.Request(
        f"{address}{API_PREFIX}/customers?q=zhang", headers={"Authorization": f"Bearer {token}"}
    )
    until = time.monotonic() + _PATIENCE
    while not _is_answered(ask):
        if time.monotonic() > until:
            raise RuntimeError("the console did not make its index")
        time.sleep(2)


def _is_up(address: str) -> bool:
    return _is_answered(urllib.request.Request(f"{address}/health"))


def _is_answered(ask: urllib.request.Request) -> bool:
    try:
        with urllib.request.urlopen(ask, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _locust(world: Path, address: str, people: int, seconds: int) -> dict[str, Any]:
    """Run `working.py`; name of each request -> its figures."""
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("working.py")),
        # they come within ten seconds, as long as one waits between two tasks, and not in step
        "--headless", "--host", address, "--users", str(people), "--spawn-rate", str(people / 10),
        "--run-time", f"{seconds}s", "--stop-timeout", "10", "--only-summary", "--json",
        "--exit-code-on-error", "0", "--loglevel", "ERROR",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        env=os.environ | {"GUIYI_BENCH_WORLD": str(world)},
        capture_output=True,
        check=True,
        text=True,
    )
    return {
        one["name"]: {
            "count": one["num_requests"],
            "failures": one["num_failures"],
            "p50_ms": _percentile(one["response_times"], 0.5),
            "p95_ms": _percentile(one["response_times"], 0.95),
        }
        for one in json.loads(done.stdout)
    }


def _percentile(times: dict[str, int], share: float) -> float:
    """Of how many requests took so many milliseconds each; the time that this share keeps to."""
    left = share * sum(times.values())
    for took, count in sorted((float(took), count) for took, count in times.items()):
        left -= count
        if left <= 0:
            return took
    return 0.0

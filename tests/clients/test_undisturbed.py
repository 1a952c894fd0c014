"""Clients of all kinds read on while a hundred versions are published under them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from warehouse import publish, store
from warehouse.database import connect
from warehouse.publish import LINK

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
QUERIES = HERE / "queries.json"
VERSIONS = 100
#: These are built from the store as a night's are. The others are the former file with changes that
#: show in every group of queries; they are put in its place in the same way.
BUILT = (34, 67, 100)

Answers = dict[str, list[list[str | None]]]


def build(home: Path, number: int) -> Answers:
    """Publish a run of that number, in which nothing but the customers' names is another."""
    with connect(home / store.FILE) as con:
        con.execute("INSERT INTO run SELECT * REPLACE (? AS run_id) FROM run LIMIT 1", [number])
        con.execute("UPDATE golden_value SET value = left(value, 2) || ? WHERE attribute = 'name'",
                    [str(number)])  # fmt: skip
    assert publish.publish(home, report=lambda table: None)
    with connect((home / LINK).resolve(), read_only=True) as con:
        return answers(con)


def change(home: Path, number: int) -> Answers:
    """Put the former file up as a version of its own."""
    target = publish._version(home, number)
    building = target.with_suffix(".building")
    shutil.copyfile((home / LINK).resolve(), building)
    with connect(building) as con:
        con.execute("BEGIN")
        con.execute("UPDATE meta.version SET run_id = ?", [number])
        con.execute("UPDATE pii.dim_customer SET name = left(name, 2) || ?", [str(number)])
        con.execute(f"COMMENT ON TABLE pii.dim_customer IS 'as of run {number}'")
        for table in ("fact_service_visit", "mart_customer_activity"):
            con.execute(f"UPDATE {table} SET amount_cny = ?", [number])
        con.execute("COMMIT")
        told = answers(con)
    os.replace(building, target)
    publish._switch(home, target)
    publish._forget_old(home, target, keep=3)
    return told


def answers(con: duckdb.DuckDBPyConnection) -> Answers:
    return {
        name: [list(row) for row in con.execute(query).fetchall()]
        for group in json.loads(QUERIES.read_text(encoding="utf-8"))
        for name, query in group.items()
    }


def clients_in(installed: Path) -> dict[str, list[str]]:
    """How each client is called."""
    readers, other = "tests.clients.readers", str(installed / "python/bin/python")
    return {
        "DuckDB 2.0": [sys.executable, "-m", f"{readers}.plain"],
        "DuckDB 1.5": [other, "-m", f"{readers}.plain"],
        "SQLAlchemy": [other, "-m", f"{readers}.alchemy"],
        "pandas": [sys.executable, "-m", f"{readers}.pandas_frames"],
        "Polars": [other, "-m", f"{readers}.polars_frames"],
        "Node": ["node", str(HERE / "readers/node.mjs"), f"{installed}/node/"],
    }


class Client:
    """A client at work."""

    def __init__(self, name: str, call: list[str], home: Path) -> None:
        self.name, self.told = name, list[dict[str, Any]]()
        self.process = subprocess.Popen(
            [*call, str(home), str(QUERIES)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def go(self) -> None:
        """Let it read a round."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def hear(self) -> None:
        """Wait for what it read."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"{self.name} broke off after {len(self.told)} rounds"
        self.told.append(json.loads(line))

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.hear()
        assert self.process.wait() == 0, self.name


@contextmanager
def at_work(home: Path, installed: Path) -> Iterator[list[Client]]:
    clients = [Client(name, call, home) for name, call in clients_in(installed).items()]
    try:
        for client in clients:
            client.hear()
        yield clients
    finally:
        for client in clients:
            client.process.kill()
            client.process.wait()


def test_everybody_reads_on_while_a_hundred_versions_are_published(
    home: Path, installed: Path
) -> None:
    with connect((home / LINK).resolve(), read_only=True) as con:
        versions = {1: answers(con)}
    with at_work(home, installed) as clients:
        for number in range(2, VERSIONS + 1):
            for client in clients:
                client.go()
            versions[number] = (build if number in BUILT else change)(home, number)
            for client in clients:
                client.hear()
        for client in clients:
            client.end()
    for query in ("visits", "comments", "stages", "owners", "spending"):
        told = [json.dumps(versions[number][query]) for number in versions]
        assert len(set(told)) >= VERSIONS - len(BUILT), query
    for client in clients:
        check(client, versions)


def check(client: Client, versions: dict[int, Answers]) -> None:
    """Every answer is one version's, the one that was in force when the client opened it."""
    first, *rounds, last = client.told
    assert is_of(first["held"], versions[1]), client.name
    assert is_of(last["last"], versions[VERSIONS]), client.name
    assert len(rounds) == VERSIONS - 1
    seen = dict[int, int]()
    for number, told in enumerate(rounds, 1):
        assert is_of(told["held"], versions[1]), (client.name, number)
        version = seen.setdefault(told["opened"], int(told["present"]["version"][0][0]))
        assert version in (told["opened"], told["opened"] + 1), (client.name, number)
        assert is_of(told["present"], versions[version]), (client.name, number)


def is_of(told: Answers, version: Answers) -> bool:
    return len(told) == 2 and told.items() <= version.items()

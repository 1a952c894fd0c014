"""The examples of docs/clients.md run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.test_docs import blocks, read


def test_the_examples_of_all_clients_run(home: Path, installed: Path) -> None:
    folder = home.parent.parent
    page = read("docs/clients.md")
    (folder / "node_modules").symlink_to(installed / "node" / "node_modules")
    (script,) = blocks(page, "js")
    (folder / "example.mjs").write_text(script, encoding="utf-8")
    calls = [["node", "example.mjs"]]
    for code in blocks(page, "python"):
        apart = "polars" in code or "sqlalchemy" in code
        calls.append(
            [str(installed / "python/bin/python") if apart else sys.executable, "-c", code]
        )
    assert len(calls) == 7
    for call in calls:
        done = subprocess.run(call, cwd=folder, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip(), call

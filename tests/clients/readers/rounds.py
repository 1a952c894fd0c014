"""The rounds that a Python client reads, at the word of the test: `client HOME QUERIES`.

QUERIES holds groups of queries, of which each round asks the next. At each line on its input a
client asks two connections, and answers by a line of JSON: `held`, opened by the file's own name
before the first round, and `present`, opened by the link in the round `opened` and anew after every
fourth. When the input ends it opens once more, as `last`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

Rows = list[list[str | None]]
#: Takes a query, gives its rows.
Ask = Callable[[str], Rows]
Open = Callable[[Path], AbstractContextManager[Ask]]


def read_on(client: Open) -> None:
    """Read rounds until the input ends."""
    home, groups = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    link = home / "warehouse.duckdb"
    rounds = 0

    def read(ask: Ask) -> dict[str, Rows]:
        return {name: ask(query) for name, query in groups[rounds % len(groups)].items()}

    def say(told: dict[str, Any]) -> None:
        print(json.dumps(told), flush=True)

    with client(link.resolve()) as held:
        say({"held": read(held)})
        word = sys.stdin.readline()
        while word:
            with client(link) as present:
                opened = rounds + 1
                for _ in range(4):
                    rounds += 1
                    say({"held": read(held), "present": read(present), "opened": opened})
                    word = sys.stdin.readline()
                    if not word:
                        break
        with client(link) as last:
            say({"last": read(last)})

"""Reference data: small CSV tables beside this module, each headed by its source and date."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`; lines that begin with '#' are comment. Do not change the result."""
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(lines)]

"""Decisions as JSON lines, to carry them from one home to another: one decision a line.

A line is an object with `kind` and the keys of that kind's class in `matching.decisions`. `uid` may
be left out of lines written by hand: it then follows from the line, so that the same line again is
the same decision. `decided_at` is ISO 8601; without an offset it is Shanghai time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid5

from pydantic import ValidationError

from connectors.config import faults
from connectors.errors import SettingError
from matching.decisions import KINDS, Decision

_CLASSES = dict(zip(KINDS, get_args(Decision), strict=True))
#: Under which lines without a uid are named.
_NAMES = UUID("0a9c4f0e-61d3-5c1e-9d0b-7d0d3c0f9c55")
#: So many faults are told at once: more would hide how they are alike.
_TOLD = 10


def write(decisions: Iterable[Decision]) -> Iterator[str]:
    """The line of each decision."""
    return (f"{decision.model_dump_json()}\n" for decision in decisions)


def read(path: Path) -> list[tuple[int, Decision]]:
    """The decisions in a file with the numbers of their lines; empty lines are passed over.

    Raises SettingError that names the file, and of each faulty line its number and its fields.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise SettingError(f"{path}: not UTF-8 text") from None
    found, wrong = [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append((number, _read_line(line)))
            except ValueError as error:
                wrong.append((number, str(error)))
    refuse(path, wrong)
    return found


def refuse(path: Path, wrong: list[tuple[int, str]]) -> None:
    """Raise SettingError for the faults of a file's lines, if there are any."""
    if wrong:
        told = "; ".join(f"line {number}: {fault}" for number, fault in wrong[:_TOLD])
        more = f"; and {len(wrong) - _TOLD} more lines" if len(wrong) > _TOLD else ""
        raise SettingError(f"{path}: {told}{more}")


def _read_line(line: str) -> Decision:
    """Raises ValueError with the faulty fields and what is wrong about them."""
    try:
        given: Any = json.loads(line)
    except ValueError:
        raise ValueError("not valid JSON") from None
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")
    kind = _CLASSES.get(str(given.get("kind")))
    if kind is None:
        raise ValueError(f"kind: is one of {', '.join(KINDS)}")
    given.setdefault("uid", uuid5(_NAMES, json.dumps(given, sort_keys=True)).hex)
    try:
        decision: Decision = kind.model_validate_json(json.dumps(given), strict=True)
    except ValidationError as error:
        raise ValueError(faults(error)) from None
    return decision

"""Keys that changed: an outlet has moved to other software, and its records go on under new keys.

A CSV with the columns `source, outlet_code, old_key, new_key`, one line a record. A record keeps
the name under which it was first known; the table says how its outlet has called it since.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectors.errors import SettingError
from connectors.sources import Source

COLUMNS = ("source", "outlet_code", "old_key", "new_key")
#: Faults that are told at once; a table that has more has one cause for most of them.
_TOLD = 10


@dataclass(frozen=True, slots=True)
class KeyTable:
    """first: record key by a new key -> record key by which the record was first known."""

    first: Mapping[str, str] = field(default_factory=dict)

    def name(self, record_key: str) -> str:
        """The name of the record that is called so."""
        return self.first.get(record_key, record_key)

    @property
    def digest(self) -> str:
        """SHA-256 of the content, the same whatever the order of lines; "" of an empty table."""
        pairs = sorted(self.first.items())
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest() if pairs else ""


NO_KEYS = KeyTable()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file that is right in itself. old, new: record keys."""

    number: int
    old: str
    new: str


def read_keys(file: Path | None, sources: Sequence[Source]) -> KeyTable:
    """Read the table; empty where there is no file.

    A key that was changed twice (A to B, B to C) leads to the first. Raises SettingError naming the
    file and, of each fault, the line and the column: a key that is given twice, or that leads back
    to itself, cannot be told apart.
    """
    if file is None:
        return NO_KEYS
    lines: list[_Line] = []
    faults: list[str] = []
    systems: dict[str, Source] = {source.name: source for source in sources}
    for number, row in _rows(file):
        wrong = [f"line {number}, {fault}" for fault in _faults(row, systems)]
        faults += wrong
        if not wrong:
            at = f"{row['source']}/{row['outlet_code'].upper()}"
            lines.append(_Line(number, f"{at}/{row['old_key']}", f"{at}/{row['new_key']}"))
    faults += _repeated(lines)
    former = {line.new: line.old for line in lines}
    first = {} if faults else {key: _first(key, former) for key in former}
    faults += [
        f"line {line.number}, new_key: leads back to its own old key"
        for line in lines
        if not faults and not first[line.new]
    ]
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise SettingError(f"{file}: {'; '.join(faults[:_TOLD])}{more}")
    return KeyTable(first)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the header, numbered from 2, cells without the blanks around them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            if sorted(header) != sorted(COLUMNS):
                raise SettingError(f"{file}: line 1: the columns are {', '.join(COLUMNS)}")
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    told = f"{len(cells)} cells in place of {len(header)}"
                    raise SettingError(f"{file}: line {reader.line_num}: {told}")
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                yield reader.line_num, row
    except FileNotFoundError:
        raise SettingError(f"{file}: no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingError(f"{file}: cannot be read ({type(error).__name__})") from None


def _faults(row: Mapping[str, str], systems: Mapping[str, Source]) -> Iterator[str]:
    """What is wrong with a line by itself: the column, and why."""
    source = systems.get(row["source"])
    if source is None:
        yield f"source: is none of {', '.join(systems)}"
    elif source.outlet is None and row["outlet_code"]:
        yield f"outlet_code: must be empty, as {source.name} has no outlets"
    elif source.outlet and not re.fullmatch(source.outlet, row["outlet_code"], re.IGNORECASE):
        yield f"outlet_code: is no code of an outlet of {source.name}"
    for name in ("old_key", "new_key"):
        if not row[name]:
            yield f"{name}: is empty"
    if row["old_key"] and row["old_key"] == row["new_key"]:
        yield "new_key: is the old one"


def _repeated(lines: Sequence[_Line]) -> Iterator[str]:
    """Keys that stand in two lines."""
    for name in ("old", "new"):
        seen: dict[str, int] = {}
        for line in lines:
            before = seen.setdefault(getattr(line, name), line.number)
            if before != line.number:
                yield f"line {line.number}, {name}_key: stands in line {before} already"


def _first(key: str, former: Mapping[str, str]) -> str:
    """The key that a chain of changes began with; "" where it goes in a circle."""
    at = former[key]
    while at in former and at != key:
        at = former[at]
    return "" if at == key else at

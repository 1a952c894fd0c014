"""What is worth a look in the columns of files: fields that no column told, and headers guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.ledger import LedgerRow
from connectors.mapping import USED
from connectors.sources import Source

#: Without these a file tells little of who somebody is, or of when he came.
_TELLING = ("name", "phone", "visited_on")


@dataclass(slots=True)
class Lacking:
    """Files in which no column was understood as some fields. headers: that nobody knows.

    files: how many. path: of one of them, below the landing folder.
    """

    source: str
    fields: tuple[str, ...]
    path: str
    headers: list[str] = field(default_factory=list)
    files: int = 0


@dataclass(slots=True)
class Guessed:
    """A header that was taken for the known spelling it is like."""

    source: str
    header: str
    field: str
    like: str
    path: str
    files: int = 0


def lacking(rows: Sequence[LedgerRow], sources: Iterable[Source]) -> list[Lacking]:
    """What files lack of what tells who somebody is; of most files first. rows: taken in."""
    fields: dict[str, set[str]] = {s.name: {*_TELLING} & {*s.fields} for s in sources}
    found = dict[tuple[str, tuple[str, ...]], Lacking]()
    for row in rows:
        columns = _columns(row)
        read = {column["field"] for column in columns if column["status"] in USED}
        lost = tuple(sorted(fields.get(row.source, set()) - read))
        if not lost:
            continue
        one = found.setdefault((row.source, lost), Lacking(row.source, lost, row.path))
        one.files += 1
        unknown = (column["header"] for column in columns if column["status"] == "unknown")
        one.headers += [header for header in unknown if header and header not in one.headers]
    return sorted(found.values(), key=lambda one: -one.files)


def guessed(rows: Sequence[LedgerRow]) -> list[Guessed]:
    """The headers that were guessed; of most files first. rows: taken in."""
    found = dict[tuple[str, str, str, str], Guessed]()
    files = defaultdict[tuple[str, str, str, str], set[str]](set)
    for row in rows:
        for column in _columns(row):
            if column["status"] == "guessed":
                told = (row.source, column["header"], column["field"], column["like"])
                found.setdefault(told, Guessed(*told, row.path))
                files[told].add(row.path)
    for told, one in found.items():
        one.files = len(files[told])
    return sorted(found.values(), key=lambda one: -one.files)


def _columns(row: LedgerRow) -> list[Mapping[str, Any]]:
    return [column for sheet in row.report().get("sheets", ()) for column in sheet["columns"]]

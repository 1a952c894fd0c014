"""The published tables: one .sql file each in `warehouse/published/`, told apart by its header.

    -- One sentence: what a row is.
    -- @key column, column
    -- @scope column
    -- @reference column table
    -- @volatile column, column
    -- @column name meaning @sensitivity
    SELECT ...

The scope is golden_id or vehicle_id: all rows of one such value follow from what the store knows of
it, so that a night makes anew those of the changed ones; a table without it is made whole. The
sensitivity is personal or sensitive; without one a column is internal. Volatile columns tell
of the run and not of its outcome (clock times, durations, what started it): two runs on the same
inputs differ in these alone, so the digest of a table leaves them out. From these headers come the
comments in the database, the checks before publishing, the digests and docs/dictionary.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quality.contract import Sensitivity

FOLDER = Path(__file__).parent / "published"
_LINE = re.compile(r"-- @(key|scope|reference|volatile|column) (.+)")
_SENSITIVITY = re.compile(r" @(personal|sensitive)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a published table."""

    name: str
    meaning: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class Table:
    """A published table. scope: the column by which its rows are made anew; None for a whole table.

    references: column -> table whose key it holds.
    volatile: columns that tell of the run and not of its outcome.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    scope: str | None
    references: dict[str, str]
    volatile: frozenset[str]
    columns: tuple[Column, ...]
    select: str


@cache
def tables(folder: Path = FOLDER) -> tuple[Table, ...]:
    """All published tables by name; a table comes after those that it refers to."""
    found = {path.stem: _parse(path) for path in sorted(folder.glob("*.sql"))}
    ordered: dict[str, Table] = {}

    def place(table: Table) -> None:
        for other in table.references.values():
            if other not in ordered and other != table.name:
                place(found[other])
        ordered[table.name] = table

    for table in found.values():
        if table.name not in ordered:
            place(table)
    return tuple(ordered.values())


def _parse(path: Path) -> Table:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("--")]
    tagged = [match.groups() for line in header if (match := _LINE.fullmatch(line))]
    by_tag: dict[str, list[str]] = {
        tag: [] for tag in ("key", "scope", "reference", "volatile", "column")
    }
    for tag, text in tagged:
        by_tag[tag].append(text)
    return Table(
        name=path.stem,
        meaning=header[0].removeprefix("-- "),
        key=_names(by_tag["key"]),
        scope=next(iter(by_tag["scope"]), None),
        references=dict(text.split(maxsplit=1) for text in by_tag["reference"]),
        volatile=frozenset(_names(by_tag["volatile"])),
        columns=tuple(_column(text) for text in by_tag["column"]),
        select="\n".join(line for line in lines if not line.startswith("--")),
    )


def _names(lines: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for line in lines for name in line.split(","))


def _column(text: str) -> Column:
    name, _, meaning = text.partition(" ")
    marked = _SENSITIVITY.search(meaning)
    sensitivity = Sensitivity(marked.group(1)) if marked else Sensitivity.INTERNAL
    return Column(name, _SENSITIVITY.sub("", meaning), sensitivity)

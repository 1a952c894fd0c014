"""The published tables and marts: one .sql file each, told apart by its header.

    -- One sentence: what a row is.
    -- @key column, column
    -- @scope column, column
    -- @kin
    -- @links
    -- @reference column table
    -- @reads table, table
    -- @volatile column, column
    -- @by_year column
    -- @count what in the store
    -- @column name meaning @sensitivity
    SELECT ...

`published/` makes tables of the identity store, `meta/` tables of the schema `meta`. `marts/` makes
views of the tables in the file, which any client reads; a mart that would take its reader longer
than a second says `@stored`, and is a table. What a file reads of other tables in the file, it
names, so that it comes after them; `$name` in a mart is a number of `marts/rules.yml`, in `meta/`
also the version of Guiyi.

A table with a column that is personal or sensitive lies in the schema `pii`; in `main` it is a view
that masks these (`warehouse/masked.py`). Marts read the views, and so have nothing to hide.

The scope is golden_id, vehicle_id or record_key: all rows of one such value follow from what the
store knows of it, so that a night makes anew those of the changed ones; a table without it is made
whole. Rows of a table of kin follow from tables of the file, and there also from what is known of
customers who share a number, a home or a car; its scope is all golden ids that it tells of, or the
vehicle. Rows of a table of links follow from the links of the scope, too. The
sensitivity is personal or sensitive; without one a column is internal. Volatile columns tell
of the run and not of its outcome (clock times, durations, what started it): two runs on the same
inputs differ in these alone, so the digest of a table leaves them out. From these headers come the
comments in the database, the checks before publishing, the digests and docs/dictionary.md.
A large table says by which of its days its Parquet copy is told apart by year. The count is what of
the store has a row each, so that publishing can tell whether any is lost or there twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from string import Template

from quality.contract import Sensitivity
from warehouse.rules import load

FOLDER = Path(__file__).parent
#: Folder -> what comes before the names of its tables.
FOLDERS = {"published": "", "marts": "", "meta": "meta."}
#: The schema of tables with personal columns.
PII = "pii"
#: What kin are found by: tables of kin come after these.
KIN = ("customer_record", "attribute_lineage", "generic_value", "bridge_ownership", "dim_customer")
_LINE = re.compile(
    r"-- @(key|scope|kin|links|reference|reads|volatile|by_year|count|column|stored)(?: (.+))?"
)
_SENSITIVITY = re.compile(r" @(personal|sensitive)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a published table."""

    name: str
    meaning: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class Table:
    """A published table, or a view. scope: the columns by which its rows are made anew, or none.

    name: with its schema where that is not `main`. references: column -> table whose key it holds.
    reads: tables of the file that it is made of.
    volatile: columns that tell of the run and not of its outcome. by_year: a column of days.
    count: SQL after FROM, of the store's rows that have one each; None where that is not known.
    kin: rows follow also from what is known of others. links: and from links and their weights.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    scope: tuple[str, ...]
    references: dict[str, str]
    volatile: frozenset[str]
    columns: tuple[Column, ...]
    select: str
    reads: tuple[str, ...] = ()
    is_view: bool = False
    by_year: str | None = None
    count: str | None = None
    kin: bool = False
    links: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether some column is personal or sensitive."""
        return any(column.sensitivity is not Sensitivity.INTERNAL for column in self.columns)

    @property
    def whole(self) -> str:
        """The name under which nothing of it is masked."""
        return f"{PII}.{self.name}" if self.is_personal else self.name


@cache
def tables(folder: Path = FOLDER) -> tuple[Table, ...]:
    """All published tables by name; a table comes after those that it refers to or reads."""
    values = load().numbers() | {"version": metadata.version("guiyi")}
    parsed = [
        _parse(path, prefix, values)
        for name, prefix in FOLDERS.items()
        for path in sorted((folder / name).glob("*.sql"))
    ]
    found = {table.name: table for table in parsed}
    ordered: dict[str, Table] = {}

    def place(table: Table) -> None:
        for other in (*table.references.values(), *table.reads):
            if other not in ordered and other != table.name:
                place(found[other])
        ordered[table.name] = table

    for table in found.values():
        if table.name not in ordered:
            place(table)
    return tuple(ordered.values())


def _parse(path: Path, prefix: str, values: Mapping[str, object]) -> Table:
    text = path.read_text(encoding="utf-8")
    derived = path.parent.name != "published"
    lines = (Template(text).substitute(values) if derived else text).splitlines()
    header = [line for line in lines if line.startswith("--")]
    by_tag: dict[str, list[str]] = {}
    for line in header:
        if match := _LINE.fullmatch(line):
            by_tag.setdefault(match[1], []).append(match[2] or "")
    return Table(
        name=prefix + path.stem,
        meaning=header[0].removeprefix("-- "),
        key=_names(by_tag.get("key", [])),
        scope=_names(by_tag.get("scope", [])),
        references=dict(text.split(maxsplit=1) for text in by_tag.get("reference", [])),
        reads=_names([*by_tag.get("reads", []), *(KIN if "kin" in by_tag else ())]),
        volatile=frozenset(_names(by_tag.get("volatile", []))),
        columns=tuple(_column(text) for text in by_tag.get("column", [])),
        select="\n".join(line for line in lines if not line.startswith("--")),
        is_view=path.parent.name == "marts" and "stored" not in by_tag,
        by_year=next(iter(by_tag.get("by_year", [])), None),
        count=next(iter(by_tag.get("count", [])), None),
        kin="kin" in by_tag,
        links="links" in by_tag,
    )


def _names(lines: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for line in lines for name in line.split(","))


def _column(text: str) -> Column:
    name, _, meaning = text.partition(" ")
    marked = _SENSITIVITY.search(meaning)
    sensitivity = Sensitivity(marked.group(1)) if marked else Sensitivity.INTERNAL
    return Column(name, _SENSITIVITY.sub("", meaning), sensitivity)

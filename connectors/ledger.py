"""Which files have been taken in: an SQLite file in the home folder, one writer at a time."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FILE = "ledger.sqlite"

_DDL = """
create table if not exists file (
    file_id text not null, path text not null, source text not null, outlet_code text not null,
    file_date text not null, file_seq integer not null unique, bytes integer not null,
    rows integer not null, status text not null, reason text not null, detail text not null,
    duplicate_of text not null, raw_path text not null, arrived_at text not null,
    rules text not null, columns text not null,
    primary key (path, file_id)
) strict;
drop index if exists file_by_content;
create index if not exists file_by_id on file (file_id);
create table if not exists seen (
    path text primary key, bytes integer not null, mtime_ns integer not null, file_id text not null
) strict, without rowid;
"""


class FileStatus(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"  # the same content was taken in before: `duplicate_of` is its path
    WAITING = "waiting"  # half-written or not to be opened: looked at again each night
    BROKEN = "broken"  # set aside: looked at again when its content or our rules change
    REPLACED = "replaced"  # was broken; another content came under the same path
    DROPPED = "dropped"  # was taken in for a night that an operator dropped: not merged


#: What became of these contents does not depend on our rules.
_FOR_GOOD = (FileStatus.TAKEN, FileStatus.DUPLICATE, FileStatus.DROPPED)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One content under one path.

    file_id: SHA-256 of the content, hex. path: below the landing folder. outlet_code: "" for HQ.
    file_date: from the file's name, else the day of arrival. file_seq: order of intake.
    reason: the code of a FileProblem, "" if taken. raw_path: below the home folder.
    rules: hash of the rules by which it was understood. columns: what became of each column, JSON.
    """

    file_id: str
    path: str
    source: str
    outlet_code: str
    file_date: datetime.date
    file_seq: int
    bytes: int
    rows: int
    status: FileStatus
    reason: str
    detail: str
    duplicate_of: str
    raw_path: str
    arrived_at: datetime.datetime
    rules: str
    columns: str

    def report(self) -> dict[str, Any]:
        """The columns report as a dictionary: sheets, their columns, sheets left out."""
        return dict(json.loads(self.columns))


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file is known to be unchanged without reading it."""

    path: str
    bytes: int
    mtime_ns: int


_COLUMNS = ", ".join(field.name for field in fields(LedgerRow))
_MARKS = ", ".join("?" for _ in fields(LedgerRow))


class Ledger:
    """The open ledger of a home folder; a context manager."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(home / FILE, timeout=30, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        # a power cut may cost the last rows, never the file's soundness: the next run repeats them
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_DDL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.execute("pragma wal_checkpoint(truncate)").fetchall()
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written inside is in the ledger once this ends; where it fails, nothing."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def unchanged(self, stamp: Stamp, rules: str) -> bool:
        """Whether this path was settled in this state, so that the file need not be read."""
        found = self._one(
            "select file_id from seen where path = ? and bytes = ? and mtime_ns = ?",
            (stamp.path, stamp.bytes, stamp.mtime_ns),
        )
        return found is not None and self.settled(stamp.path, found[0], rules)

    def settled(self, path: str, file_id: str, rules: str) -> bool:
        """Whether this content under this path needs no second look."""
        found = self._one(
            "select status, rules from file where path = ? and file_id = ?",
            (path, file_id),
        )
        if found is None or found[0] == FileStatus.WAITING:
            return False
        return found[0] in _FOR_GOOD or found[1] == rules

    def first_path(self, file_id: str) -> str | None:
        """The path under which this content was taken in, even if it was dropped later."""
        found = self._one(
            "select path from file where file_id = ? and status in ('taken', 'dropped')",
            (file_id,),
        )
        return None if found is None else str(found[0])

    def next_seq(self) -> int:
        """The next number in the order of intake, from 1."""
        found = self._one("select coalesce(max(file_seq), 0) + 1 from file", ())
        return int(found[0]) if found else 1

    def put(self, row: LedgerRow, stamp: Stamp) -> None:
        """Write what became of a file; its path's waiting and broken states are over.

        Inside `together`.
        """
        values = [_plain(getattr(row, field.name)) for field in fields(row)]
        self._db.execute("delete from file where path = ? and status = 'waiting'", (row.path,))
        self._db.execute(
            "update file set status = 'replaced' where path = ? and status = 'broken'",
            (row.path,),
        )
        self._db.execute(f"insert or replace into file ({_COLUMNS}) values ({_MARKS})", values)
        self._see(stamp, row.file_id)

    def see(self, stamp: Stamp, file_id: str) -> None:
        """Note that a path has this content, which is settled already."""
        self._see(stamp, file_id)

    def forget_waiting(self, present: Iterable[str]) -> None:
        """Drop waiting files that are no longer there: they were renamed when complete."""
        there = set(present)
        gone = [row.path for row in self.rows(FileStatus.WAITING) if row.path not in there]
        self._db.executemany(
            "delete from file where path = ? and status = 'waiting'",
            [(path,) for path in gone],
        )

    def remap(self, row: LedgerRow) -> None:
        """Write by which rules a content that was taken in is understood now, and how."""
        self._db.execute(
            "update file set rules = ?, columns = ? where path = ? and file_id = ?",
            (row.rules, row.columns, row.path, row.file_id),
        )

    def drop(self, file_ids: Iterable[str]) -> None:
        """Set files that were taken in aside, until they are taken up again."""
        with self.together():
            self._db.executemany(
                "update file set status = 'dropped' where file_id = ? and status = 'taken'",
                [(file_id,) for file_id in file_ids],
            )

    def take_up(self) -> int:
        """Have all dropped files count as taken in again; return how many there are."""
        return self._db.execute(
            "update file set status = 'taken' where status = 'dropped'"
        ).rowcount

    def rows(self, *statuses: FileStatus, after: int = 0) -> list[LedgerRow]:
        """Rows with one of the statuses (all without any), numbered above `after`, in order."""
        wanted = [str(status) for status in statuses or FileStatus]
        marks = ", ".join("?" for _ in wanted)
        found = self._db.execute(
            f"select {_COLUMNS} from file where status in ({marks}) and file_seq > ?"
            " order by file_seq",
            (*wanted, after),
        )
        return [_row(values) for values in found.fetchall()]

    def last_taken(self) -> list[LedgerRow]:
        """The files that were taken in by the last intake that took any in."""
        found = self._db.execute(
            f"select {_COLUMNS} from file where status = 'taken' and arrived_at ="
            " (select max(arrived_at) from file where status = 'taken') order by file_seq"
        )
        return [_row(values) for values in found.fetchall()]

    def _see(self, stamp: Stamp, file_id: str) -> None:
        self._db.execute(
            "insert or replace into seen values (?, ?, ?, ?)",
            (stamp.path, stamp.bytes, stamp.mtime_ns, file_id),
        )

    def _one(self, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _row(values: tuple[Any, ...]) -> LedgerRow:
    named: dict[str, Any] = dict(zip((f.name for f in fields(LedgerRow)), values, strict=True))
    named["file_date"] = datetime.date.fromisoformat(named["file_date"])
    named["arrived_at"] = datetime.datetime.fromisoformat(named["arrived_at"])
    named["status"] = FileStatus(named["status"])
    return LedgerRow(**named)

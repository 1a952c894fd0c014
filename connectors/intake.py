"""Take new files of the landing area in: discover, read, map, keep raw, write down.

A bad file costs only itself. Raw files are written before their rows are in the ledger: killed
between the two, the next run writes the same raw files again.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from connectors.errors import FileProblem, SettingError
from connectors.landing import UNFINISHED, Arrival, discover
from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.mapping import Layout, understand
from connectors.raw import THREADS, Origin, raw_path, raw_table, write_raw
from connectors.readers import read_content
from connectors.readers.problems import CannotOpen, HalfWritten, UnknownPlace, Unreadable, Waits
from connectors.sources import Source, load_sources, rules_digest

#: Files that are written, and put into the ledger, together: waiting for the disk takes longer than
#: writing small files.
_TOGETHER = 64
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))  # no summer time since 1991


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one intake did. rows: records taken; unchanged, ignored: files not looked into."""

    taken: tuple[LedgerRow, ...]
    duplicates: tuple[LedgerRow, ...]
    waiting: tuple[LedgerRow, ...]
    broken: tuple[LedgerRow, ...]
    rows: int
    unchanged: int
    ignored: int


def take_in(
    landing: Path,
    home: Path,
    sources: Sequence[Source] | None = None,
    settle_seconds: float = 0,
    report: Callable[[int, int], None] | None = None,
    now: datetime.datetime | None = None,
) -> IntakeReport:
    """Take in whatever is new in the landing area; a second call with nothing new changes nothing.

    settle_seconds: a file changed more recently is left waiting. report: called with (done, all).
    Raises SettingError if the landing folder is missing.
    """
    if not landing.is_dir():
        raise SettingError(f"{landing}: the landing folder does not exist")
    moment = now or datetime.datetime.now(SHANGHAI)
    systems = load_sources() if sources is None else sources
    rules = rules_digest(systems)
    arrivals, ignored = discover(landing, systems, moment.date())
    outcomes: list[LedgerRow] = []
    with Ledger(home) as ledger, ThreadPoolExecutor(THREADS) as pool:
        ledger.forget_waiting(arrival.stamp.path for arrival in arrivals)
        intake = _Intake(home, ledger, pool, rules, moment, settle_seconds)
        for first in range(0, len(arrivals), _TOGETHER):
            with ledger.together():
                for done, arrival in enumerate(arrivals[first : first + _TOGETHER], first + 1):
                    row = intake.look_at(arrival)
                    if row is not None:
                        outcomes.append(row)
                    if report is not None:
                        report(done, len(arrivals))
                intake.wait()
    of = {s: tuple(row for row in outcomes if row.status == s) for s in FileStatus}
    return IntakeReport(
        taken=of[FileStatus.TAKEN],
        duplicates=of[FileStatus.DUPLICATE],
        waiting=of[FileStatus.WAITING],
        broken=of[FileStatus.BROKEN],
        rows=sum(row.rows for row in of[FileStatus.TAKEN]),
        unchanged=len(arrivals) - len(outcomes),
        ignored=ignored,
    )


@dataclass(frozen=True, slots=True)
class _Intake:
    """One run over the landing area. writing: raw files that may not be on disk yet."""

    home: Path
    ledger: Ledger
    pool: Executor
    rules: str
    now: datetime.datetime
    settle_seconds: float
    writing: list[Future[None]] = field(default_factory=list)

    def wait(self) -> None:
        """Return when the raw files of what was looked at are on disk."""
        for written in self.writing:
            written.result()
        self.writing.clear()

    def look_at(self, arrival: Arrival) -> LedgerRow | None:
        """Take a file in, or set it aside with its reason; None if it is known already."""
        if self.ledger.unchanged(arrival.stamp, self.rules):
            return None
        try:
            data = arrival.file.read_bytes()
        except OSError as error:
            row = self._row(arrival, "")
            problem = CannotOpen(f"the file cannot be opened ({type(error).__name__})")
            return self._put(arrival, _set_aside(row, problem))
        file_id = hashlib.sha256(data).hexdigest()
        if self.ledger.settled(arrival.stamp.path, file_id, self.rules):
            self.ledger.see(arrival.stamp, file_id)
            return None
        row = self._row(arrival, file_id)
        try:
            return self._put(arrival, self._judge(arrival, data, row))
        except FileProblem as problem:
            return self._put(arrival, _set_aside(row, problem))
        except (MemoryError, OSError):
            raise  # the machine's fault and not the file's
        except Exception as error:
            unreadable = Unreadable(f"the file cannot be read ({type(error).__name__})")
            return self._put(arrival, _set_aside(row, unreadable))

    def _judge(self, arrival: Arrival, data: bytes, row: LedgerRow) -> LedgerRow:
        """The row of a file that is taken in or a duplicate; raises FileProblem otherwise."""
        self._check_whole(arrival, data)
        if arrival.source is None:
            raise UnknownPlace("no source claims files of this folder")
        first = self.ledger.first_path(row.file_id)
        if first is not None:
            return _duplicate(row, first)
        layouts, left = understand(read_content(data), arrival.source, arrival.outlet)
        origin = Origin(
            file_id=row.file_id,
            source=row.source,
            outlet_code=row.outlet_code,
            file_date=row.file_date.isoformat(),
            file_seq=row.file_seq,
            path=row.path,
            arrived_on=self.now.astimezone(SHANGHAI).date().isoformat(),
        )
        table = raw_table(origin, layouts)
        self.writing.append(self.pool.submit(write_raw, self.home / raw_path(origin), table))
        rows = sum(len(layout.rows) for layout in layouts)
        return replace(row, rows=rows, raw_path=raw_path(origin), columns=_columns(layouts, left))

    def _check_whole(self, arrival: Arrival, data: bytes) -> None:
        """Raise HalfWritten if someone is still writing."""
        if arrival.file.name.lower().endswith(UNFINISHED):
            raise HalfWritten("the file's name says that it is being copied")
        age = self.now.timestamp() - arrival.stamp.mtime_ns / 1e9
        if 0 <= age < self.settle_seconds:
            raise HalfWritten(f"the file was changed in the last {self.settle_seconds:g} seconds")
        if len(data) != arrival.stamp.bytes:
            raise HalfWritten("the file grew while it was read")

    def _row(self, arrival: Arrival, file_id: str) -> LedgerRow:
        return LedgerRow(
            file_id=file_id,
            path=arrival.stamp.path,
            source=arrival.source.name if arrival.source else "",
            outlet_code=arrival.outlet,
            file_date=arrival.file_date,
            file_seq=self.ledger.next_seq(),
            bytes=arrival.stamp.bytes,
            rows=0,
            status=FileStatus.TAKEN,
            reason="",
            detail="",
            duplicate_of="",
            raw_path="",
            arrived_at=self.now,
            rules=self.rules,
            columns="{}",
        )

    def _put(self, arrival: Arrival, row: LedgerRow) -> LedgerRow:
        self.ledger.put(row, arrival.stamp)
        return row


def _duplicate(row: LedgerRow, first: str) -> LedgerRow:
    detail = f"the same content was taken in as {first}"
    return replace(
        row,
        status=FileStatus.DUPLICATE,
        reason="same_content",
        detail=detail,
        duplicate_of=first,
    )


def _set_aside(row: LedgerRow, problem: FileProblem) -> LedgerRow:
    status = FileStatus.WAITING if isinstance(problem, Waits) else FileStatus.BROKEN
    return replace(row, status=status, reason=problem.code, detail=str(problem))


def _columns(layouts: Sequence[Layout], left: Sequence[str]) -> str:
    """The columns report: every column of every sheet, and the sheets without a known header."""
    content: dict[str, Any] = {
        "sheets": [layout.report() for layout in layouts],
        "left": [*left],
    }
    return json.dumps(content, ensure_ascii=False)

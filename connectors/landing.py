"""What lies in the landing area: whose file, of which day, and whether it has changed."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.ledger import Stamp
from connectors.sources import Source

UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")  # names of copies under way
# Lock files of office programs and litter of file managers.
LITTER = re.compile(r"~\$.*|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:\d{4}|\d{6})?(?!\d)"  # an hour and minute, perhaps a second, may follow
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file found in the landing area, before it is read."""

    file: Path
    stamp: Stamp
    source: Source | None
    outlet: str
    file_date: datetime.date


def discover(
    landing: Path, sources: Sequence[Source], today: datetime.date
) -> tuple[list[Arrival], int]:
    """The files of the landing area by (file date, path), and how many were ignored as litter."""
    arrivals: list[Arrival] = []
    ignored = 0
    for folder, folders, names in os.walk(landing):
        folders[:] = [name for name in folders if not LITTER.fullmatch(name)]
        for name in names:
            file = Path(folder, name)
            if LITTER.fullmatch(name):
                ignored += 1
            elif (arrival := _arrival(landing, file, sources, today)) is not None:
                arrivals.append(arrival)
    return sorted(arrivals, key=lambda a: (a.file_date, a.stamp.path)), ignored


def _arrival(
    landing: Path, file: Path, sources: Sequence[Source], today: datetime.date
) -> Arrival | None:
    """What is known of a file without reading it; None if it has gone or is no regular file."""
    try:
        state = file.stat()
    except OSError:
        return None
    if not file.is_file():
        return None
    # a name in another encoding than the system's stays printable and storable
    path = os.fsencode(file.relative_to(landing).as_posix()).decode("utf-8", "backslashreplace")
    claims = [(source, source.claim(path)) for source in sources]
    source, outlet = next(((s, o) for s, o in claims if o is not None), (None, ""))
    stamp = Stamp(path, state.st_size, state.st_mtime_ns)
    return Arrival(file, stamp, source, outlet or "", _date_in(file.name) or today)


def _date_in(name: str) -> datetime.date | None:
    for match in reversed(list(_DATE.finditer(name))):
        try:
            return datetime.date(*(int(part) for part in match.groups()[:3]))
        except ValueError:  # 20240231
            continue
    return None

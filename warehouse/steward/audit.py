"""The audit: who did, saw, gave out or revealed what, when, and from which address.

It is appended to and never edited. It names customers by golden id and has no value of theirs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, insert, select

from warehouse.log_database import LogDatabase
from warehouse.steward.tables import AUDIT


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done. what: an action, such as `customer.reveal`. about: a golden id, if any.

    detail: ids, codes and counts; never a personal value.
    """

    who: str
    what: str
    about: str = ""
    detail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entry(Deed):
    """A deed that was noted. number: in the order of noting."""

    number: int = 0
    at: datetime.datetime = datetime.datetime.min


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries. what: an action, or how several begin. since, until: days, both included."""

    who: str = ""
    what: str = ""
    about: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def told(self) -> str:
        """The filters that are set, as the audit tells of an export."""
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items() if value)

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        columns, found = AUDIT.c, list[ColumnElement[bool]]()
        if self.who:
            found.append(columns.who == self.who)
        if self.what:
            found.append(columns.what.startswith(self.what, autoescape=True))
        if self.about:
            found.append(columns.about == self.about)
        if self.since:
            found.append(columns.at >= _midnight(self.since))
        if self.until:
            found.append(columns.at < _midnight(self.until + datetime.timedelta(days=1)))
        return found


class Audit:
    """The audit of a decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells the time of what is noted."""
        self._database, self._clock = database, clock

    def note(self, deed: Deed) -> None:
        """Append a deed."""
        with self._database.open(writes=True) as db:
            self.note_in(db, deed)

    def note_in(self, db: Connection, deed: Deed) -> None:
        """Append a deed in the transaction of what it is about: both stand, or neither."""
        values = {name: getattr(deed, name) for name in _TOLD}
        db.execute(insert(AUDIT).values(at=self._clock(), **values))

    def entries(self, wanted: Wanted, below: int | None = None, most: int = 100) -> list[Entry]:
        """The newest entries; below: of those before this number. most: how many."""
        asked = select(AUDIT).where(*wanted.conditions())
        if below:
            asked = asked.where(AUDIT.c.audit_id < below)
        with self._database.open() as db:
            rows = db.execute(asked.order_by(AUDIT.c.audit_id.desc()).limit(most)).mappings().all()
        return [
            Entry(number=row["audit_id"], at=row["at"], **{name: row[name] for name in _TOLD})
            for row in rows
        ]


_TOLD = Deed.__slots__


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())

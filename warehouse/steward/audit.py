"""The audit: who did, saw, gave out or revealed what, when, and from which address.

It is appended to and never edited. It names customers by golden id and has no value of theirs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert

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
        values = {name: getattr(deed, name) for name in Deed.__slots__}
        db.execute(insert(AUDIT).values(at=self._clock(), **values))

"""The database of stewards' decisions: appended to, never edited but by an erasure.

A database of its own, so that nobody waits for the nightly run, and the nightly run reads what
stood when it began. By default SQLite in the home folder, by URL any that SQLAlchemy knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from matching.decisions import MANY, Decision, Entry
from warehouse.decision_migrations import SCHEMA
from warehouse.log_database import LogDatabase

#: Where decisions are kept, unless the settings say otherwise; relative to the home folder.
DEFAULT_URL = "sqlite:///decisions.sqlite"

_DECISION = Table(
    "decision",
    MetaData(),
    Column("decision_id", Integer, primary_key=True),
    Column("uid", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("author", String, nullable=False),
    Column("line", Text, nullable=False),  # the whole decision, as `guiyi decisions export` has it
)
_COLUMNS = ("uid", "kind", "decided_at", "author")


def place(url: str, home: Path) -> str:
    """The URL with a relative SQLite file placed in the home folder.

    Raises ValueError for what is no URL of a database that stays.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        raise ValueError(
            "not a database URL, such as sqlite:///decisions.sqlite or "
            "postgresql+psycopg://user@host/database"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("names no file, so that decisions would be lost")
        parsed = parsed.set(database=str(home.resolve() / parsed.database))
    return parsed.render_as_string(hide_password=False)


class DecisionLog:
    """All decisions of a home, in the order in which they came to be known."""

    def __init__(self, url: str) -> None:
        """url: as `place` gives it. Raises SettingError where its driver is not installed."""
        self._database = LogDatabase(url, SCHEMA, "decisions")

    @property
    def url(self) -> URL:
        """Where they are kept."""
        return self._database.url

    def entries(self, after: int = 0) -> list[Entry]:
        """Every decision ever made, by number. after: those alone that have a higher number.

        Asking makes no database.
        """
        if self._database.is_missing:
            return []
        with self._database.open() as db:
            columns = select(_DECISION.c.decision_id, _DECISION.c.line)
            asked = columns.where(_DECISION.c.decision_id > after)
            rows = db.execute(asked.order_by(_DECISION.c.decision_id)).all()
        # one text of all is read in a fraction of the time of many
        lines = MANY.validate_json(f"[{','.join(line for _, line in rows)}]")
        return [Entry(row[0], decision) for row, decision in zip(rows, lines, strict=True)]

    def append(self, decision: Decision) -> Entry:
        """Write a decision that is made now; return it with its number.

        It is the newest: where a clock was set back, its time is moved to that of the newest. One
        of its uid that is there already is returned as it is: the same was sent twice.
        """
        with self._database.open(writes=True) as db:
            columns = select(_DECISION.c.decision_id, _DECISION.c.line)
            known = db.execute(columns.where(_DECISION.c.uid == decision.uid)).one_or_none()
            if known:
                return Entry(known[0], MANY.validate_json(f"[{known[1]}]")[0])
            newest = db.execute(select(func.max(_DECISION.c.decided_at))).scalar()
            moment = max(decision.decided_at, newest or decision.decided_at)
            made = decision.model_copy(update={"decided_at": moment})
            ((number,),) = _write(db, [made])
        return Entry(number, made)

    def take_in(self, decisions: Iterable[Decision]) -> list[Entry]:
        """Write decisions that were made elsewhere, with their own times; all or none.

        Those that are known by their uid are left out. Returns the others with their numbers.
        """
        with self._database.open(writes=True) as db:
            known = set(db.execute(select(_DECISION.c.uid)).scalars())
            new = [decision for decision in decisions if decision.uid not in known]
            numbers = _write(db, new) if new else []
        return [Entry(number, made) for (number,), made in zip(numbers, new, strict=True)]

    def redact(self, entries: Iterable[Entry]) -> None:
        """Put decisions without personal data in the place of those of their numbers.

        The one thing by which a decision is ever edited: an erasure. That it was made stays.
        """
        with self._database.open(writes=True) as db:
            for entry in entries:
                mine = _DECISION.c.decision_id == entry.number
                line = entry.decision.model_dump_json()
                db.execute(update(_DECISION).where(mine).values(line=line))
        self._database.purge()


def _write(db: Connection, decisions: list[Decision]) -> list[Any]:
    """Insert decisions; return their numbers as rows, in the same order."""
    written = insert(_DECISION).returning(_DECISION.c.decision_id, sort_by_parameter_order=True)
    return list(db.execute(written, [_row(decision) for decision in decisions]))


def _row(decision: Decision) -> dict[str, Any]:
    columns = {name: getattr(decision, name) for name in _COLUMNS}
    return columns | {"line": decision.model_dump_json()}

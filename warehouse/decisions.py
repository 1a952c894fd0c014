"""Stewards' decisions: appended, never edited; a later one on the same two records replaces it.

A database of its own in the home folder, so that nobody waits for the nightly run, and the nightly
run reads what stood when it began.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
)

from matching.engine import Decision

FILE = "decisions.sqlite"
VERDICTS = ("same", "different", "unsure")

_METADATA = MetaData()
_DECISION = Table(
    "decision",
    _METADATA,
    Column("decision_id", Integer, primary_key=True),
    Column("decided_at", DateTime, nullable=False),
    Column("author", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("left_key", String, nullable=False),
    Column("right_key", String, nullable=False),
    Column("note", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it was made. left, right: record keys, in their order."""

    decided_at: datetime.datetime
    author: str
    decision: Decision
    note: str


def decide(home: Path, entry: Entry) -> None:
    """Append a decision. Raises ValueError for an unknown verdict or a record against itself."""
    decision = entry.decision
    if decision.verdict not in VERDICTS:
        raise ValueError(f"a verdict is one of {', '.join(VERDICTS)}")
    if decision.left == decision.right:
        raise ValueError("a record cannot be decided on against itself")
    left, right = sorted((decision.left, decision.right))
    with _engine(home).begin() as db:
        db.execute(
            insert(_DECISION).values(
                decided_at=entry.decided_at,
                author=entry.author,
                verdict=decision.verdict,
                left_key=left,
                right_key=right,
                note=entry.note,
            )
        )


def history(home: Path) -> list[Entry]:
    """Every decision ever made, oldest first."""
    if not (home / FILE).exists():
        return []
    with _engine(home).connect() as db:
        rows = db.execute(select(_DECISION).order_by(_DECISION.c.decision_id)).all()
    return [
        Entry(r.decided_at, r.author, Decision(r.left_key, r.right_key, r.verdict), r.note)
        for r in rows
    ]


def in_force(home: Path) -> tuple[Decision, ...]:
    """The latest decision on each two records, by their keys."""
    latest = {(e.decision.left, e.decision.right): e.decision for e in history(home)}
    return tuple(latest[pair] for pair in sorted(latest))


def _engine(home: Path) -> Engine:
    engine = create_engine(f"sqlite:///{home / FILE}")

    @event.listens_for(engine, "connect")
    def write_ahead(connection: object, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    _METADATA.create_all(engine)
    return engine

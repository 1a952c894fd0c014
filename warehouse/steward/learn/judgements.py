"""What each decision was made about, and second opinions on it; both are appended to.

A run settles what was decided, and its case is gone from the warehouse: what can be learned from a
decision is kept beside it when it is made.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

import duckdb
from sqlalchemy import URL, func, insert, select, update

from warehouse.log_database import LogDatabase
from warehouse.steward.migrations import SCHEMA
from warehouse.steward.tables import JUDGEMENT, OPINION

# `pattern` as the queue has it
_FACTS = """
    SELECT reason, match_weight, md5(reason || CAST(evidence AS VARCHAR)), CAST(evidence AS VARCHAR)
    FROM review_pair WHERE golden_id_a = ? AND golden_id_b = ?
"""
Source = Literal["queue", "audit"]
What = Literal["answer", "withdrawn", "settled"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case or link. evidence: the levels as JSON; empty where none are known."""

    reason: str
    match_weight: float
    pattern: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision on a case of the queue, or on a link that was drawn for the audit sample.

    number: of the decision. key: of the case, or the link's id.
    """

    number: int
    key: str
    source: Source
    login: str
    verdict: str
    at: datetime.datetime
    facts: Facts


@dataclass(frozen=True, slots=True)
class Opinion:
    """The last word of anybody but its author on a decision: an answer, or that it is settled.

    settled: by a lead, where the second answer differs from the first.
    """

    number: int
    what: What
    login: str
    verdict: str
    why: str
    at: datetime.datetime


def facts(con: duckdb.DuckDBPyConnection, key: str) -> Facts | None:
    """What is known of a case; None where it does not wait any more."""
    row = con.execute(_FACTS, key.split("~")).fetchone()
    return Facts(*row) if row else None


class Judgements:
    """Judgements and opinions, in the decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells when something was said."""
        self._database, self._clock = database, clock

    def note(
        self, number: int, key: str, source: Source, login: str, verdict: str, about: Facts
    ) -> None:
        """Keep what a decision was made about; once, however often it is noted."""
        values = asdict(about) | {
            "number": number, "case_key": key, "source": source, "login": login,
            "verdict": verdict, "at": self._clock(),
        }  # fmt: skip
        with self._database.open(writes=True) as db:
            known = select(JUDGEMENT.c.number).where(JUDGEMENT.c.number == number)
            if db.execute(known).first() is None:
                db.execute(insert(JUDGEMENT).values(**values))

    def all(self, numbers: Collection[int] | None = None) -> list[Judgement]:
        """Every judgement, by its number; or those on these decisions."""
        asked = select(JUDGEMENT).order_by(JUDGEMENT.c.number)
        if numbers is not None:
            asked = asked.where(JUDGEMENT.c.number.in_(numbers))
        with self._database.open() as db:
            rows = db.execute(asked).all()
        return [
            Judgement(
                row.number, row.case_key, row.source, row.login, row.verdict, row.at,
                Facts(row.reason, row.match_weight, row.pattern, row.evidence),
            )
            for row in rows
        ]  # fmt: skip

    def patterns(self) -> dict[str, int]:
        """Pattern of evidence -> decisions on cases that compared so."""
        counted = select(JUDGEMENT.c.pattern, func.count()).group_by(JUDGEMENT.c.pattern)
        with self._database.open() as db:
            return {str(pattern): int(count) for pattern, count in db.execute(counted)}

    def say(self, number: int, what: What, login: str, verdict: str = "", why: str = "") -> None:
        """Add to what is said of a decision."""
        values = {"number": number, "what": what, "login": login, "verdict": verdict, "why": why}
        with self._database.open(writes=True) as db:
            db.execute(insert(OPINION).values(at=self._clock(), **values))

    def opinions(self, what: What = "answer") -> dict[int, Opinion]:
        """Number of a decision -> the last opinion on it of this kind; none that was withdrawn."""
        columns = [column for column in OPINION.c if column.name != "opinion_id"]
        with self._database.open() as db:
            rows = db.execute(
                select(*columns)
                .where(OPINION.c.what.in_([what, "withdrawn"]))
                .order_by(OPINION.c.opinion_id)
            ).all()
        found = {row[0]: Opinion(*row) for row in rows}
        return {number: one for number, one in found.items() if one.what != "withdrawn"}


def forget(url: str | URL, numbers: Iterable[int]) -> None:
    """Take the notes out of the opinions on these decisions, which an erasure redacts.

    url: of the decisions database, which need not be a console's.
    """
    database, told = LogDatabase(url, SCHEMA, "console's database"), list(numbers)
    if told and database.is_begun:
        with database.open(writes=True) as db:
            db.execute(update(OPINION).where(OPINION.c.number.in_(told)).values(why=""))

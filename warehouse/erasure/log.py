"""The log of erasures: that they happened, how far they are, and marks without personal data.

An erasure is entered, with its marks, before anything of it is done, and finished once nothing is
left to do. Whatever was killed in between is taken up from here. Appended to and never edited.
"""

from __future__ import annotations

import datetime
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    select,
)

from connectors.errors import SettingError
from warehouse.erasure.marks import table_of, tombstones_of
from warehouse.erasure.migrations import SCHEMA
from warehouse.log_database import LogDatabase

FILE = "erasures.sqlite"

_META = MetaData()
_ERASURE = Table(
    "erasure",
    _META,
    Column("erasure_id", Integer, primary_key=True),
    Column("key_mark", String(64), nullable=False),  # by which the key of the marks is recognised
    Column("line", Text, nullable=False),  # the whole entry
)
_FINISHED = Table(
    "erasure_finished",
    _META,
    Column("erasure_id", ForeignKey("erasure.erasure_id"), primary_key=True),
    Column("finished_at", DateTime, nullable=False),
)
_TOMBSTONE = Table(
    "tombstone",
    _META,
    Column("erasure_id", ForeignKey("erasure.erasure_id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("mark", String(64), primary_key=True),
)
_LIFTED = Table(
    "erasure_lifted",
    _META,
    Column("lifting_id", Integer, primary_key=True),
    Column("erasure_id", ForeignKey("erasure.erasure_id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("line", Text, nullable=False),  # the whole entry
)


class Erasure(BaseModel):
    """An entry. golden_ids: those that led to the person and lead nowhere now; none where only
    some of his records went. records: how many. exports: numbers of those that he was in.
    reason: erased; or expired, of records whose period had ended.
    """

    asked_by: str
    asked_at: datetime.datetime
    why: str
    golden_ids: tuple[str, ...]
    records: int
    exports: tuple[int, ...] = ()
    reason: Literal["erased", "expired"] = "erased"


class Lifting(BaseModel):
    """An erased person is a customer again: his rows of this day and later may come in."""

    asked_by: str
    asked_at: datetime.datetime
    why: str
    since: datetime.date


class Erasures:
    """The log of a home. Asking makes no database."""

    def __init__(self, home: Path) -> None:
        """home: the home folder."""
        url = f"sqlite:///{home.resolve() / FILE}"
        self._database = LogDatabase(url, SCHEMA, "erasures")

    def begin(self, erasure: Erasure, marks: Iterable[tuple[str, str]], key: bytes) -> int:
        """Enter an erasure that is about to be done; return its number.

        marks: kind and mark of each that it leaves.
        """
        with self._database.open(writes=True) as db:
            entered = insert(_ERASURE).values(
                key_mark=_mark_of(key), line=erasure.model_dump_json()
            )
            ((number,),) = db.execute(entered.returning(_ERASURE.c.erasure_id)).all()
            rows = [{"erasure_id": number, "kind": kind, "mark": mark} for kind, mark in marks]
            db.execute(insert(_TOMBSTONE), rows)
        return int(number)

    def finish(self, number: int, moment: datetime.datetime) -> None:
        """Say that nothing of an erasure is left to do.

        Of expired records the marks go: what they tell of is judged by its age when it comes again.
        """
        with self._database.open(writes=True) as db:
            line = db.execute(select(_ERASURE.c.line).where(_ERASURE.c.erasure_id == number))
            if Erasure.model_validate_json(line.scalar_one()).reason == "expired":
                db.execute(delete(_TOMBSTONE).where(_TOMBSTONE.c.erasure_id == number))
            db.execute(insert(_FINISHED).values(erasure_id=number, finished_at=moment))

    def lift(self, number: int, lifting: Lifting) -> None:
        """Let an erased person's rows in again from a day on. Of several liftings the last counts.

        Raises SettingError where there is no such erasure, or it holds nothing off.
        """
        found = {one["number"]: one for one in self.entries()}.get(number)
        if found is None:
            raise SettingError(f"{number}: no such erasure; `guiyi erase --list` shows them")
        if not found["finished_at"]:
            raise SettingError(f"erasure {number} is to be finished first, by the next run")
        if found.get("reason") == "expired":
            raise SettingError(f"erasure {number} was of records past their period: no marks stay")
        with self._database.open(writes=True) as db:
            told = {"erasure_id": number, "since": lifting.since}
            db.execute(insert(_LIFTED).values(**told, line=lifting.model_dump_json()))

    def unfinished(self) -> list[tuple[int, Erasure]]:
        """The erasures that have begun and are not finished, by number."""
        return [
            (entry.pop("number"), Erasure.model_validate(entry))
            for entry in self.entries()
            if not entry.pop("finished_at")
        ]

    def entries(self) -> list[dict[str, Any]]:
        """Every erasure with `number`, `finished_at`, which is None until it is, and `liftings`."""
        if self._database.is_missing:
            return []
        with self._database.open() as db:
            wanted = select(_ERASURE, _FINISHED.c.finished_at).join(_FINISHED, isouter=True)
            rows = db.execute(wanted.order_by(_ERASURE.c.erasure_id)).all()
            lifted = db.execute(select(_LIFTED).order_by(_LIFTED.c.lifting_id)).all()
        liftings = defaultdict[int, list[Any]](list)
        for row in lifted:
            liftings[row.erasure_id].append(json.loads(row.line))
        return [
            {
                "number": row.erasure_id,
                **json.loads(row.line),
                "finished_at": row.finished_at,
                "liftings": liftings[row.erasure_id],
            }
            for row in rows
        ]

    def has_marks(self) -> bool:
        """Whether anybody was erased here."""
        if self._database.is_missing:
            return False
        with self._database.open() as db:
            return db.execute(select(_TOMBSTONE).limit(1)).first() is not None

    def marks(self, key: bytes, number: int) -> pa.Table:
        """The marks of one erasure as kind, mark. key: as `tombstones` has it."""
        if self._database.is_missing:
            return table_of(())
        with self._database.open() as db:
            _ensure_key(db, key)
            of_one = _TOMBSTONE.c.erasure_id == number
            rows = db.execute(select(_TOMBSTONE.c.kind, _TOMBSTONE.c.mark).where(of_one)).all()
        return table_of((kind, mark) for kind, mark in rows)

    def tombstones(self, key: bytes) -> pa.Table:
        """All marks as kind, mark, since: the day from which on a row may come in, or none.

        Of a mark of several erasures all must have been lifted, and the latest of their days holds.
        key: of the marks. Raises SettingError where they were made by another one.
        """
        if self._database.is_missing:
            return tombstones_of(())
        last = select(func.max(_LIFTED.c.lifting_id)).group_by(_LIFTED.c.erasure_id)
        lifted = select(_LIFTED).where(_LIFTED.c.lifting_id.in_(last)).subquery()
        all_are = func.count() == func.count(lifted.c.since)
        since = case((all_are, func.max(lifted.c.since)))
        wanted = (
            select(_TOMBSTONE.c.kind, _TOMBSTONE.c.mark, since)
            .join(lifted, lifted.c.erasure_id == _TOMBSTONE.c.erasure_id, isouter=True)
            .group_by(_TOMBSTONE.c.kind, _TOMBSTONE.c.mark)
        )
        with self._database.open() as db:
            _ensure_key(db, key)
            rows = db.execute(wanted).all()
        return tombstones_of((kind, mark, day) for kind, mark, day in rows)


def _ensure_key(db: Connection, key: bytes) -> None:
    # of expired records no marks are left, by which key they ever were
    known = db.execute(select(_ERASURE.c.key_mark).join(_TOMBSTONE).distinct()).scalars()
    if any(not hmac.compare_digest(one, _mark_of(key)) for one in known):
        raise SettingError(
            f"{FILE}: the erased were marked by another key than the present one,"
            " and cannot be recognised by it: put the former key back"
        )


def _mark_of(key: bytes) -> str:
    """By which a key is recognised."""
    return hmac.digest(key, b"key", "sha256").hex()

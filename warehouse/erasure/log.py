"""The log of erasures: that they happened, how far they are, and marks without personal data.

An erasure is entered, with its marks, before anything of it is done, and finished once nothing is
left to do. Whatever was killed in between is taken up from here. Appended to and never edited.
"""

from __future__ import annotations

import datetime
import hmac
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from connectors.errors import SettingError
from warehouse.erasure.marks import table_of
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

    def unfinished(self) -> list[tuple[int, Erasure]]:
        """The erasures that have begun and are not finished, by number."""
        return [
            (entry.pop("number"), Erasure.model_validate(entry))
            for entry in self.entries()
            if not entry.pop("finished_at")
        ]

    def entries(self) -> list[dict[str, Any]]:
        """Every erasure with its `number` and `finished_at`, which is None until it is."""
        if self._database.is_missing:
            return []
        with self._database.open() as db:
            wanted = select(_ERASURE, _FINISHED.c.finished_at).join(_FINISHED, isouter=True)
            rows = db.execute(wanted.order_by(_ERASURE.c.erasure_id)).all()
        return [
            {"number": row.erasure_id, **json.loads(row.line), "finished_at": row.finished_at}
            for row in rows
        ]

    def has_marks(self) -> bool:
        """Whether anybody was erased here."""
        if self._database.is_missing:
            return False
        with self._database.open() as db:
            return db.execute(select(_TOMBSTONE).limit(1)).first() is not None

    def marks(self, key: bytes, number: int | None = None) -> pa.Table:
        """All marks as kind, mark; of one erasure, its own.

        key: their key. Raises SettingError where they were made by another one.
        """
        if self._database.is_missing:
            return table_of(())
        with self._database.open() as db:
            # of expired records no marks are left, by which key they ever were
            known = db.execute(select(_ERASURE.c.key_mark).join(_TOMBSTONE).distinct()).scalars()
            if any(not hmac.compare_digest(one, _mark_of(key)) for one in known):
                raise SettingError(
                    f"{FILE}: the erased were marked by another key than the present one,"
                    " and cannot be recognised by it: put the former key back"
                )
            wanted = select(_TOMBSTONE.c.kind, _TOMBSTONE.c.mark).distinct()
            if number is not None:
                wanted = wanted.where(_TOMBSTONE.c.erasure_id == number)
            return table_of((kind, mark) for kind, mark in db.execute(wanted).all())


def _mark_of(key: bytes) -> str:
    """By which a key is recognised."""
    return hmac.digest(key, b"key", "sha256").hex()

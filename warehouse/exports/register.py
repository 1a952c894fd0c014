"""The register of exports: what was given to whom, appended to and never edited but by an erasure.

It has no personal data but golden ids, so that an erasure can name who received a customer. An
export is entered before its file gets its name, and confirmed after; whoever was killed in between
is told by the file itself, which has the digest of the entry or is not there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    Column,
    Connection,
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
    update,
)

from warehouse.exports.delivery import digest_of
from warehouse.exports.migrations import SCHEMA
from warehouse.log_database import LogDatabase

FILE = "exports.sqlite"
#: The role of an export of all that is held about one person.
PERSON = "person"
_ERASED = "(erased)"

_META = MetaData()
_EXPORT = Table(
    "export",
    _META,
    Column("export_id", Integer, primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("line", Text, nullable=False),  # the whole entry
)
_DELIVERED = Table(
    "export_delivered",
    _META,
    Column("export_id", ForeignKey("export.export_id"), primary_key=True),
    Column("delivered_at", DateTime, nullable=False),
)
_CUSTOMER = Table(
    "export_customer",
    _META,
    Column("golden_id", String(16), primary_key=True),
    Column("export_id", ForeignKey("export.export_id"), primary_key=True),
)


class Export(BaseModel):
    """An entry. group: the one that was named, if any. file: where it was put; digest: SHA-256.

    tables: name -> rows. run_id: of the warehouse that it is from. encrypted_for: public keys.
    given_to: who gets it, where no outlet tells.
    """

    asked_by: str
    asked_at: datetime.datetime
    role: str
    group: str | None
    outlets: tuple[str, ...]
    tables: dict[str, int]
    file: str
    digest: str
    run_id: int
    encrypted_for: tuple[str, ...] = ()
    given_to: str = ""


class Register:
    """The register of a home. Asking makes no database."""

    def __init__(self, home: Path) -> None:
        """home: the home folder."""
        url = f"sqlite:///{home.resolve() / FILE}"
        self._database = LogDatabase(url, SCHEMA, "exports")

    def enter(self, export: Export, golden_ids: Iterable[str]) -> int:
        """Enter an export that is about to get its name; return its number."""
        columns = {name: getattr(export, name) for name in ("run_id", "file", "digest")}
        with self._database.open(writes=True) as db:
            entered = insert(_EXPORT).values(**columns, line=export.model_dump_json())
            ((number,),) = db.execute(entered.returning(_EXPORT.c.export_id)).all()
            rows = [{"golden_id": one, "export_id": number} for one in golden_ids]
            if rows:
                db.execute(insert(_CUSTOMER), rows)
        return int(number)

    def confirm(self, number: int, moment: datetime.datetime) -> None:
        """Say that the file of an entry has its name now."""
        with self._database.open(writes=True) as db:
            _confirm(db, number, moment)

    def settle(self, moment: datetime.datetime) -> None:
        """Confirm the entries of exports that were killed after their file had got its name."""
        if self._database.is_missing:
            return
        with self._database.open(writes=True) as db:
            known = select(_DELIVERED.c.export_id)
            open_ones = select(_EXPORT).where(_EXPORT.c.export_id.not_in(known))
            for row in db.execute(open_ones).all():
                if Path(row.file).exists() and digest_of(Path(row.file)) == row.digest:
                    _confirm(db, row.export_id, moment)

    def entries(self, golden_ids: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Every export that got its name, with its `number`; of some customers, those with them."""
        if self._database.is_missing:
            return []
        wanted = select(_EXPORT.c.export_id, _EXPORT.c.line).join(_DELIVERED)
        if golden_ids is not None:
            having = select(_CUSTOMER.c.export_id).where(_CUSTOMER.c.golden_id.in_(golden_ids))
            wanted = wanted.where(_EXPORT.c.export_id.in_(having))
        with self._database.open() as db:
            rows = db.execute(wanted.order_by(_EXPORT.c.export_id)).all()
        return [{"number": number} | json.loads(line) for number, line in rows]

    def forget(self, golden_ids: Collection[str]) -> None:
        """Take customers out of the entries; that there were exports, and to whom, stays.

        Of what was told of one of them alone (`PERSON`) the file's name goes, too.
        """
        if self._database.is_missing:
            return
        with self._database.open(writes=True) as db:
            theirs = _CUSTOMER.c.golden_id.in_(golden_ids)
            having = select(_CUSTOMER.c.export_id).where(theirs)
            for row in db.execute(select(_EXPORT).where(_EXPORT.c.export_id.in_(having))).all():
                entry = Export.model_validate_json(row.line)
                if entry.role == PERSON:
                    told = entry.model_copy(update={"file": _ERASED, "given_to": _ERASED})
                    anew = {"file": _ERASED, "line": told.model_dump_json()}
                    mine = _EXPORT.c.export_id == row.export_id
                    db.execute(update(_EXPORT).where(mine).values(**anew))
            db.execute(delete(_CUSTOMER).where(theirs))
        self._database.purge()


def _confirm(db: Connection, number: int, moment: datetime.datetime) -> None:
    db.execute(insert(_DELIVERED).values(export_id=number, delivered_at=moment))

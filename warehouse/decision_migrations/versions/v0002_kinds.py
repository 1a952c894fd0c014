"""Decisions of several kinds: each is a JSON line, and has a name of its own."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

#: So that a database and its backup, migrated each for itself, name a decision alike.
_NAMES = UUID("6d2f2c9e-8f0b-5b0a-9a35-2b8f6f1f7c11")


def upgrade() -> None:
    """Keep every verdict, under its number, as a decision of the kind `pair`."""
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("uid", sa.String(64)))
        table.add_column(sa.Column("kind", sa.String(16)))
        table.add_column(sa.Column("line", sa.Text))
    _fill(op.get_bind())
    with op.batch_alter_table("decision") as table:
        for name, kind in (("uid", sa.String(64)), ("kind", sa.String(16)), ("line", sa.Text)):
            table.alter_column(name, existing_type=kind, nullable=False)
        for name in ("verdict", "left_key", "right_key", "note"):
            table.drop_column(name)
        table.create_unique_constraint("decision_uid", ["uid"])


def _fill(connection: sa.Connection) -> None:
    decision = sa.Table("decision", sa.MetaData(), autoload_with=connection)
    rows = connection.execute(sa.select(decision).order_by(decision.c.decision_id)).all()
    filled = [
        {"id": row.decision_id, "name": name, "text": _line(row, name)}
        for row in rows
        if (name := uuid5(_NAMES, repr(tuple(row)[:7])).hex)
    ]
    if filled:
        connection.execute(
            sa.update(decision)
            .where(decision.c.decision_id == sa.bindparam("id"))
            .values(uid=sa.bindparam("name"), kind="pair", line=sa.bindparam("text")),
            filled,
        )


def _line(row: sa.Row[Any], uid: str) -> str:
    """As version 2 writes it; written out here, so that later versions do not change the past."""
    said = {
        "uid": uid,
        "decided_at": f"{row.decided_at.isoformat()}+08:00",
        "author": row.author,
        "why": row.note,
        "kind": "pair",
        "left": row.left_key,
        "right": row.right_key,
        "verdict": row.verdict,
    }
    return json.dumps(said, ensure_ascii=False)

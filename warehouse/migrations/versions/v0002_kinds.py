"""Decisions of several kinds: what was decided is JSON, and each has a name of its own."""

from __future__ import annotations

import json
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
        table.add_column(sa.Column("body", sa.Text))
        table.alter_column("note", new_column_name="why")
    _fill(op.get_bind())
    with op.batch_alter_table("decision") as table:
        for name, kind in (("uid", sa.String(64)), ("kind", sa.String(16)), ("body", sa.Text)):
            table.alter_column(name, existing_type=kind, nullable=False)
        for name in ("verdict", "left_key", "right_key"):
            table.drop_column(name)
        table.create_unique_constraint("decision_uid", ["uid"])


def _fill(connection: sa.Connection) -> None:
    decision = sa.Table("decision", sa.MetaData(), autoload_with=connection)
    rows = connection.execute(sa.select(decision).order_by(decision.c.decision_id)).all()
    filled = [
        {
            "id": row.decision_id,
            "body": json.dumps(
                {"left": row.left_key, "right": row.right_key, "verdict": row.verdict},
                ensure_ascii=False,
            ),
            "uid": uuid5(_NAMES, repr(tuple(row)[:7])).hex,
        }
        for row in rows
    ]
    if filled:
        connection.execute(
            sa.update(decision)
            .where(decision.c.decision_id == sa.bindparam("id"))
            .values(uid=sa.bindparam("uid"), kind="pair", body=sa.bindparam("body")),
            filled,
        )

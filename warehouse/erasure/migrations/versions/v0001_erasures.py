"""Erasures, the marks that they left, and whether they are finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasure",
        sa.Column("erasure_id", sa.Integer, primary_key=True),
        sa.Column("key_mark", sa.String(64), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
    )
    op.create_table(
        "erasure_finished",
        sa.Column("erasure_id", sa.Integer, sa.ForeignKey("erasure.erasure_id"), primary_key=True),
        sa.Column("finished_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tombstone",
        sa.Column("erasure_id", sa.Integer, sa.ForeignKey("erasure.erasure_id"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("mark", sa.String(64), primary_key=True),
    )

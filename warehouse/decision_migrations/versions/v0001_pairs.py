"""Verdicts on pairs of records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Integer, primary_key=True),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("left_key", sa.String, nullable=False),
        sa.Column("right_key", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )

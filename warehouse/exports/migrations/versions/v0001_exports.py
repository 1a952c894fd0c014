"""Exports, whom they are about, and whether they came to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "export",
        sa.Column("export_id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
    )
    number = sa.ForeignKey("export.export_id")
    op.create_table(
        "export_delivered",
        sa.Column("export_id", sa.Integer, number, primary_key=True),
        sa.Column("delivered_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "export_customer",
        sa.Column("golden_id", sa.String(16), primary_key=True),
        sa.Column("export_id", sa.Integer, sa.ForeignKey("export.export_id"), primary_key=True),
    )

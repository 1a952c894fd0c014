"""From which day on rows of an erased person may come in again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasure_lifted",
        sa.Column("lifting_id", sa.Integer, primary_key=True),
        sa.Column("erasure_id", sa.Integer, sa.ForeignKey("erasure.erasure_id"), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
    )

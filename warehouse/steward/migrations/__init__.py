"""The schema of the console's tables, version by version; it lives beside the decisions."""

from __future__ import annotations

from pathlib import Path

from warehouse.log_database import Schema

SCHEMA = Schema(Path(__file__).parent, head="0003", versions="steward_version")

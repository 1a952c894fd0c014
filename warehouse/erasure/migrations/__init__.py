"""The schema of the log of erasures, version by version."""

from __future__ import annotations

from pathlib import Path

from warehouse.log_database import Schema

SCHEMA = Schema(Path(__file__).parent, head="0002")

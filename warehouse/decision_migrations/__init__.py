"""The schema of the decisions database, version by version, by Alembic.

A new version is a module in `versions/`, with its own number in `HEAD`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0002"
#: The version of databases from before there were versions.
_UNNUMBERED = "0001"


def version_of(connection: Connection) -> str | None:
    """The version of the schema that is there; None where there is none at all."""
    tables = inspect(connection)
    if tables.has_table("alembic_version"):
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return _UNNUMBERED if tables.has_table("decision") else None


def upgrade(connection: Connection) -> None:
    """Bring the schema to `HEAD`, in the caller's transaction. Forward only."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(found: str, _context: MigrationContext) -> Iterable[RevisionStep]:
        return script._upgrade_revs(HEAD, found)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection)
        context = environment.get_context()
        if not context.get_current_heads() and version_of(connection):
            context.stamp(script, _UNNUMBERED)
        environment.run_migrations()

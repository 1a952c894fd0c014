"""Databases that are appended to for years: how they are opened, and their schema by versions.

Alembic brings a database of a former version forward when it is opened. By default SQLite in the
home folder, by URL any that SQLAlchemy knows.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.exc import SQLAlchemyError

from connectors.errors import SettingError


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema by Alembic; a new version is a module in `versions/`, with its number as the head.

    folder: has `versions/`. unnumbered: a table, and the version of databases that have it and were
    made before there were numbers. versions: the table that has the number; schemas that share a
    database have one each.
    """

    folder: Path
    head: str
    unnumbered: tuple[str, str] | None = None
    versions: str = "alembic_version"

    def version_of(self, connection: Connection) -> str | None:
        """The version of the schema that is there; None where there is none at all."""
        tables = inspect(connection)
        if tables.has_table(self.versions):
            return self.number_of(connection)
        if self.unnumbered and tables.has_table(self.unnumbered[0]):
            return self.unnumbered[1]
        return None

    def number_of(self, connection: Connection) -> str | None:
        """The version of the schema, where its number is known to be there."""
        # asked in every transaction, so by the driver itself
        cursor = connection.connection.cursor()
        cursor.execute(f"SELECT version_num FROM {self.versions}")
        row = cursor.fetchone()
        return str(row[0]) if row else None

    def upgrade(self, connection: Connection) -> None:
        """Bring the schema to the head, in the caller's transaction. Forward only."""
        from alembic.config import Config
        from alembic.runtime.environment import EnvironmentContext
        from alembic.runtime.migration import MigrationContext, RevisionStep
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        script = ScriptDirectory.from_config(config)

        def steps(found: str, _context: MigrationContext) -> Iterable[RevisionStep]:
            return script._upgrade_revs(self.head, found)

        with EnvironmentContext(config, script, fn=steps) as environment:
            environment.configure(connection=connection, version_table=self.versions)
            context = environment.get_context()
            version = self.version_of(connection)
            if not context.get_current_heads() and version:
                context.stamp(script, version)
            environment.run_migrations()


#: File -> held by the thread that writes it.
_WRITING = defaultdict[str, threading.Lock](threading.Lock)


class LogDatabase:
    """A database of a schema, at a URL. what: it holds, as its errors say."""

    def __init__(self, url: str | URL, schema: Schema, what: str) -> None:
        """Raises SettingError where the database's driver is not installed."""
        self.url, self.schema, self.what = make_url(url), schema, what
        self._is_there = False
        try:
            self._engine = _engine(self.url)
        except (ImportError, SQLAlchemyError):
            raise SettingError(
                f"{what}: the driver of {self.url.drivername} is not installed"
            ) from None

    @property
    def is_missing(self) -> bool:
        """Whether there is no such file yet; opening it would make one."""
        return self.url.get_backend_name() == "sqlite" and not Path(str(self.url.database)).exists()

    @property
    def is_begun(self) -> bool:
        """Whether anything of the schema is there; asking makes nothing."""
        if self.is_missing:
            return False
        with self._engine.connect() as db:
            return self.schema.version_of(db) is not None

    @contextmanager
    def open(self, writes: bool = False) -> Iterator[Connection]:
        """A transaction on a database of the present schema; migrated first where it is older."""
        try:
            # a console opens it for every page: what is there is looked at once
            if not self._is_there or self.is_missing:
                self._bring_forward()
            with self._alone(writes), self._begin(writes) as db:
                self._refuse_newer(self.schema.number_of(db))
                yield db
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise SettingError(
                f"{self.url!r}: the {self.what} cannot be read or written ({type(cause).__name__})"
            ) from error

    def purge(self) -> None:
        """Write the file of SQLite anew, without what was deleted or overwritten in it.

        Another database cleans up by itself, as its own settings say.
        """
        if self.url.get_backend_name() != "sqlite" or self.is_missing:
            return
        with self._engine.connect() as db:
            db.connection.cursor().execute("VACUUM")
            db.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _alone(self, writes: bool) -> AbstractContextManager[object]:
        """Threads of this process write in turn: SQLite lets who waits sleep, and guess when."""
        is_file = self.url.get_backend_name() == "sqlite"
        return _WRITING[str(self.url.database)] if writes and is_file else nullcontext()

    def _bring_forward(self) -> None:
        with self._engine.connect() as db:
            version = self.schema.version_of(db)
        self._refuse_newer(version)
        if version != self.schema.head:
            with self._begin(writes=True) as db:
                self.schema.upgrade(db)
        self._is_there = True

    def _refuse_newer(self, version: str | None) -> None:
        if version is not None and version > self.schema.head:
            raise SettingError(f"{self.url!r}: was written by a newer version of Guiyi")

    @contextmanager
    def _begin(self, writes: bool) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writes=writes) as db, db.begin():
            yield db


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _one_writer_at_a_time(create_engine(url))
    engine = create_engine(url, connect_args={"timeout": 30})

    # Readers and one writer work side by side, and a change of the schema is part of a transaction,
    # only if Python's driver does not begin transactions by itself.
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


#: Any number, the same for all that write: what PostgreSQL's advisory locks go by.
_LOCK = 71_027_434


def _one_writer_at_a_time(engine: Engine) -> Engine:
    """As SQLite has it: who looks whether a case is free, and then takes it, is not overtaken."""
    if engine.dialect.name == "postgresql":

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            if connection.get_execution_options().get("writes"):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine

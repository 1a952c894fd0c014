"""Filters of the queue that somebody keeps by a name of his own."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from warehouse.log_database import LogDatabase
from warehouse.steward.tables import SAVED_FILTER


class SavedFilters:
    """The kept filters of a decisions database."""

    def __init__(self, database: LogDatabase) -> None:
        """database: of the console."""
        self._database = database

    def of(self, login: str) -> dict[str, str]:
        """Name -> the end of the queue's address, by name."""
        mine = select(SAVED_FILTER.c.name, SAVED_FILTER.c.query).where(
            SAVED_FILTER.c.login == login
        )
        with self._database.open() as db:
            return {str(name): str(query) for name, query in db.execute(mine.order_by("name"))}

    def keep(self, login: str, name: str, query: str) -> None:
        """Keep filters by a name; an empty query forgets those of the name."""
        with self._database.open(writes=True) as db:
            db.execute(
                delete(SAVED_FILTER).where(
                    SAVED_FILTER.c.login == login, SAVED_FILTER.c.name == name
                )
            )
            if query:
                db.execute(insert(SAVED_FILTER).values(login=login, name=name, query=query))

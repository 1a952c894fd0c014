"""Guessing is slow: a login takes so many attempts in a while, whether it is somebody's or not."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import delete, func, insert, select

from warehouse.log_database import LogDatabase
from warehouse.steward.accounts.problems import LockedOut
from warehouse.steward.accounts.users import canonical
from warehouse.steward.tables import FAILURE

#: 480 guesses a day: a hopeless number for twelve characters, and a person waits minutes at most.
ATTEMPTS = 5
WHILE = datetime.timedelta(minutes=15)


class Lockout:
    """The attempts of a decisions database, so that they count over all processes."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells which attempts still count."""
        self._database, self._clock = database, clock

    def attempt(self, login: str) -> None:
        """Count an attempt, before it is made: many at once count as many. Raises LockedOut."""
        now, login = self._clock(), _key(login)
        with self._database.open(writes=True) as db:
            db.execute(delete(FAILURE).where(FAILURE.c.failed_at < now - WHILE))
            mine = select(func.count()).where(FAILURE.c.login == login)
            if db.execute(mine).scalar_one() >= ATTEMPTS:
                raise LockedOut("too many attempts")
            db.execute(insert(FAILURE).values(login=login, failed_at=now))

    def forget(self, login: str) -> None:
        """The attempt was right: those before it do not count any more."""
        with self._database.open(writes=True) as db:
            db.execute(delete(FAILURE).where(FAILURE.c.login == _key(login)))


def _key(login: str) -> str:
    return canonical(login)[:64]

"""Sessions: kept here, and known to the browser by a secret in a cookie."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from warehouse.log_database import LogDatabase
from warehouse.steward.accounts import secrets
from warehouse.steward.accounts.users import User, user
from warehouse.steward.site import ConsoleSettings
from warehouse.steward.tables import ACCOUNT, SESSION

#: How exactly is kept when a session was last used, so that not every page is a write.
_EXACT = datetime.timedelta(minutes=1)


class Sessions:
    """The sessions of a decisions database."""

    def __init__(
        self,
        database: LogDatabase,
        clock: Callable[[], datetime.datetime],
        settings: ConsoleSettings,
    ) -> None:
        """settings: when sessions end."""
        self._database, self._clock = database, clock
        self._idle = datetime.timedelta(minutes=settings.idle_minutes)
        self._longest = datetime.timedelta(hours=settings.session_hours)

    def begin(self, number: int, address: str) -> str:
        """Begin a session of an account, always a new one; return the secret of its cookie."""
        secret, now = secrets.make(), self._clock()
        idle, old = SESSION.c.seen_at < now - self._idle, SESSION.c.made_at < now - self._longest
        begun = {"account_id": number, "made_at": now, "seen_at": now, "address": address}
        with self._database.open(writes=True) as db:
            db.execute(delete(SESSION).where(idle | old))
            db.execute(insert(SESSION).values(digest=secrets.digest(secret), **begun))
        return secret

    def find(self, secret: str) -> User | None:
        """Whose session it is; None where it is over."""
        now, mine = self._clock(), SESSION.c.digest == secrets.digest(secret)
        with self._database.open() as db:
            found = select(ACCOUNT, SESSION.c.seen_at).join(SESSION).where(
                mine,
                SESSION.c.seen_at >= now - self._idle,
                SESSION.c.made_at >= now - self._longest,
                ACCOUNT.c.is_active,
            )  # fmt: skip
            row = db.execute(found).first()
        if row is None:
            return None
        if row.seen_at < now - _EXACT:
            with self._database.open(writes=True) as db:
                db.execute(update(SESSION).where(mine).values(seen_at=now))
        return user(row)

    def end(self, secret: str) -> None:
        """End a session."""
        with self._database.open(writes=True) as db:
            db.execute(delete(SESSION).where(SESSION.c.digest == secrets.digest(secret)))

    def end_all(self, number: int) -> None:
        """End every session of an account."""
        with self._database.open(writes=True) as db:
            db.execute(delete(SESSION).where(SESSION.c.account_id == number))

"""Links that work once: to set one's password, and the first of all, to become the first admin."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from warehouse.log_database import LogDatabase
from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts import secrets
from warehouse.steward.accounts.problems import LinkOver
from warehouse.steward.accounts.users import User, insert_account, store_password, user
from warehouse.steward.tables import ACCOUNT, LINK, SESSION

#: How long a link works: over a weekend, and not until it turns up in an old mail.
LASTS = datetime.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Link:
    """An open link. user: whose password it sets; None: it makes the first admin."""

    user: User | None


class Links:
    """The links of a decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells when a link is too old."""
        self._database, self._clock = database, clock

    def make(self, number: int | None) -> str:
        """A new link in place of any earlier one of the account; return its secret.

        number: the account; None for a link that makes the first admin.
        """
        secret = secrets.make()
        earlier = LINK.c.account_id == number if number else LINK.c.account_id.is_(None)
        made = {"account_id": number, "made_at": self._clock()}
        with self._database.open(writes=True) as db:
            db.execute(delete(LINK).where(earlier))
            db.execute(insert(LINK).values(digest=secrets.digest(secret), **made))
        return secret

    def find(self, secret: str) -> Link:
        """The link of a secret. Raises LinkOver."""
        with self._database.open() as db:
            return self._find(db, secret)

    def use(self, secret: str, password: str, login: str = "", name: str = "") -> User:
        """Set the password, of a first admin who is made so; every session of his ends.

        login, name: of the first admin. Raises AccountProblem; then the link stays.
        """
        with self._database.open(writes=True) as db:
            who = self._find(db, secret).user
            if not db.execute(delete(LINK).where(LINK.c.digest == secrets.digest(secret))).rowcount:
                raise LinkOver("somebody else was using it at this moment")
            if who is None:
                who = insert_account(db, self._clock(), login, name, ROLES[-1], Scope())
            store_password(db, who.number, password)
            db.execute(delete(SESSION).where(SESSION.c.account_id == who.number))
        return who

    def _find(self, db: Connection, secret: str) -> Link:
        mine, old = LINK.c.digest == secrets.digest(secret), self._clock() - LASTS
        row = db.execute(select(LINK).where(mine, LINK.c.made_at >= old)).first()
        if row is None:
            raise LinkOver("the link was used, replaced or is too old")
        if row.account_id is None:
            if db.execute(select(ACCOUNT.c.account_id).limit(1)).first():
                raise LinkOver("there is an account already")
            return Link(None)
        return Link(
            user(db.execute(select(ACCOUNT).where(ACCOUNT.c.account_id == row.account_id)).one())
        )

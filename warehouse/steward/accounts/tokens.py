"""Tokens of programs that ask the API, such as a dealer's system or a call centre."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from warehouse.log_database import LogDatabase
from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts import secrets
from warehouse.steward.accounts.problems import RoleUnknown
from warehouse.steward.accounts.users import User
from warehouse.steward.tables import TOKEN

#: How a token begins, so that whoever finds one in a file knows what it opens.
PREFIX = "guiyi_"
#: What a program may be: it makes no accounts.
PROGRAM_ROLES = ROLES[:-1]


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret. revoked_at: since when it opens nothing, if it does not."""

    number: int
    name: str
    role: str
    scope: Scope
    made_by: str
    made_at: datetime.datetime
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None


class Tokens:
    """The tokens of a decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells which have expired."""
        self._database, self._clock = database, clock

    def make(self, name: str, role: str, scope: Scope, made_by: str, days: int | None) -> str:
        """A new token; return its secret, which is told this once. days: None for no end.

        Raises RoleUnknown for a role that programs cannot have, or ScopeUnusable.
        """
        scope.ensure_usable()
        if role not in PROGRAM_ROLES:
            raise RoleUnknown(f"{role}: a program's role is one of {', '.join(PROGRAM_ROLES)}")
        secret, now = PREFIX + secrets.make(), self._clock()
        ends = now + datetime.timedelta(days=days) if days else None
        values = {"name": name, "role": role, "scope": scope.to_json(), "made_by": made_by}
        with self._database.open(writes=True) as db:
            db.execute(
                insert(TOKEN).values(
                    digest=secrets.digest(secret), made_at=now, expires_at=ends, **values
                )
            )
        return secret

    def all(self) -> list[Token]:
        """Every token ever made, the newest first."""
        with self._database.open() as db:
            rows = db.execute(select(TOKEN).order_by(TOKEN.c.token_id.desc())).all()
        return [
            Token(
                row.token_id,
                row.name,
                row.role,
                Scope.of_json(row.scope),
                row.made_by,
                row.made_at,
                row.expires_at,
                row.revoked_at,
            )
            for row in rows
        ]

    def find(self, secret: str) -> User | None:
        """The program of a token; None where it opens nothing."""
        with self._database.open() as db:
            mine = select(TOKEN).where(
                TOKEN.c.digest == secrets.digest(secret),
                TOKEN.c.revoked_at.is_(None),
                TOKEN.c.expires_at.is_(None) | (TOKEN.c.expires_at > self._clock()),
            )
            row = db.execute(mine).first()
        if row is None:
            return None
        scope, login = Scope.of_json(row.scope), f"token {row.token_id}"
        return User(row.token_id, login, row.name, row.role, scope, is_program=True)

    def revoke(self, number: int) -> None:
        """A token opens nothing from now on."""
        mine = (TOKEN.c.token_id == number) & TOKEN.c.revoked_at.is_(None)
        with self._database.open(writes=True) as db:
            db.execute(update(TOKEN).where(mine).values(revoked_at=self._clock()))

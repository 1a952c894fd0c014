"""Accounts of people."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Row, insert, select, update

from connectors.errors import GuiyiError
from warehouse.log_database import LogDatabase
from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts import passwords
from warehouse.steward.tables import ACCOUNT


class AccountProblem(GuiyiError):
    """An account cannot be made or changed as was asked."""

    code = "account"


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: a person, or a program (`is_program`) by its token."""

    number: int
    login: str
    name: str
    role: str
    scope: Scope
    is_active: bool = True
    is_program: bool = False


class Users:
    """The accounts of a decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells the time of what is made."""
        self._database, self._clock = database, clock

    def add(self, login: str, name: str, role: str, scope: Scope) -> User:
        """Make an account without a password. Raises AccountProblem."""
        if role not in ROLES:
            raise AccountProblem(f"{role}: a role is one of {', '.join(ROLES)}")
        with self._database.open(writes=True) as db:
            if db.execute(select(ACCOUNT.c.login).where(ACCOUNT.c.login == login)).first():
                raise AccountProblem(f"{login}: there is such an account already")
            values = {"login": login, "name": name, "role": role, "scope": scope.to_json()}
            made = insert(ACCOUNT).values(**values, is_active=True, made_at=self._clock())
            row = db.execute(made.returning(ACCOUNT)).one()
        return user(row)

    def all(self) -> list[User]:
        """Every account, by login."""
        with self._database.open() as db:
            return [user(row) for row in db.execute(select(ACCOUNT).order_by(ACCOUNT.c.login))]

    def set_password(self, number: int, password: str) -> None:
        """Give an account its password. Raises AccountProblem where it is too short."""
        if len(password) < passwords.LEAST:
            raise AccountProblem(f"a password has {passwords.LEAST} characters at least")
        kept = passwords.digest(password)
        with self._database.open(writes=True) as db:
            mine = ACCOUNT.c.account_id == number
            db.execute(update(ACCOUNT).where(mine).values(password=kept))

    def signing_in(self, login: str, password: str) -> User | None:
        """Whose login and password these are; None where they are nobody's who is active."""
        with self._database.open() as db:
            row = db.execute(select(ACCOUNT).where(ACCOUNT.c.login == login)).first()
        known = passwords.fits(password, row.password if row else None)
        return user(row) if row and known and row.is_active else None


def user(row: Row[tuple[object, ...]]) -> User:
    """The user of a row of `account`."""
    scope = Scope.of_json(row.scope)
    return User(row.account_id, row.login, row.name, row.role, scope, row.is_active)

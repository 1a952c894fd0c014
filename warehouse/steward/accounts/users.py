"""Accounts of people."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from warehouse.log_database import LogDatabase
from warehouse.steward.access.permissions import ROLES, may_do
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts import passwords
from warehouse.steward.accounts.problems import (
    LastAdmin,
    LoginTaken,
    LoginUnusable,
    PasswordShort,
    RoleUnknown,
)
from warehouse.steward.tables import ACCOUNT

_LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: a person, or a program by its token. has_password: he can sign in by one."""

    number: int
    login: str
    name: str
    role: str
    scope: Scope
    is_active: bool = True
    has_password: bool = False
    is_program: bool = False

    @property
    def told(self) -> str:
        """The account as the audit tells of it."""
        scope = " ".join((*self.scope.outlets, *self.scope.provinces)) or "all"
        return f"{self.login} {self.role} {scope}{'' if self.is_active else ' (off)'}"


class Users:
    """The accounts of a decisions database."""

    def __init__(self, database: LogDatabase, clock: Callable[[], datetime.datetime]) -> None:
        """clock: tells the time of what is made."""
        self._database, self._clock = database, clock

    def add(self, login: str, name: str, role: str, scope: Scope) -> User:
        """Make an account that has no password yet. Raises AccountProblem."""
        with self._database.open(writes=True) as db:
            return insert_account(db, self._clock(), login, name, role, scope)

    def all(self) -> list[User]:
        """Every account, by login."""
        with self._database.open() as db:
            return [user(row) for row in db.execute(select(ACCOUNT).order_by(ACCOUNT.c.login))]

    def get(self, number: int) -> User | None:
        """An account by its number."""
        with self._database.open() as db:
            row = db.execute(select(ACCOUNT).where(ACCOUNT.c.account_id == number)).first()
        return user(row) if row else None

    @property
    def is_empty(self) -> bool:
        """Whether there is no account yet."""
        with self._database.open() as db:
            return db.execute(select(ACCOUNT.c.account_id).limit(1)).first() is None

    def change(self, number: int, name: str, role: str, scope: Scope, is_active: bool) -> None:
        """Change an account, at once for its sessions, too. Raises AccountProblem."""
        _ensure_usable(role, scope)
        values = {"name": name, "role": role, "scope": scope.to_json(), "is_active": is_active}
        with self._database.open(writes=True) as db:
            db.execute(update(ACCOUNT).where(ACCOUNT.c.account_id == number).values(**values))
            left = select(ACCOUNT.c.role).where(ACCOUNT.c.is_active)
            if not any(may_do(other, "users.manage") for other in db.execute(left).scalars()):
                raise LastAdmin(f"account {number}: is the last admin")

    def set_password(self, number: int, password: str) -> None:
        """Give an account its password. Raises PasswordShort."""
        with self._database.open(writes=True) as db:
            store_password(db, number, password)

    def signing_in(self, login: str, password: str) -> User | None:
        """Whose login and password these are; None where they are nobody's who is active."""
        with self._database.open() as db:
            row = db.execute(select(ACCOUNT).where(ACCOUNT.c.login == canonical(login))).first()
        known = passwords.fits(password, row.password if row else None)
        return user(row) if row and known and row.is_active else None

    def of_subject(self, subject: str, login: str) -> User | None:
        """Who this is at the OpenID provider; None where it is nobody who is active.

        At his first time he is found by his login, and from then on by the subject alone.
        """
        of_login = (ACCOUNT.c.login == canonical(login)) & ACCOUNT.c.subject.is_(None)
        with self._database.open(writes=True) as db:
            known = select(ACCOUNT).where(ACCOUNT.c.subject == subject)
            row = db.execute(known).first()
            if row is None:
                db.execute(update(ACCOUNT).where(of_login).values(subject=subject))
                row = db.execute(known).first()
        return user(row) if row and row.is_active else None


def insert_account(
    db: Connection, now: datetime.datetime, login: str, name: str, role: str, scope: Scope
) -> User:
    """Make an account in the caller's transaction. Raises AccountProblem."""
    _ensure_usable(role, scope)
    login = canonical(login)
    if not login or len(login) > _LONGEST_LOGIN or not login.isprintable():
        raise LoginUnusable(f"a login has 1 to {_LONGEST_LOGIN} characters that can be seen")
    if db.execute(select(ACCOUNT.c.login).where(ACCOUNT.c.login == login)).first():
        raise LoginTaken(f"{login}: there is such an account already")
    values = {"login": login, "name": name.strip() or login, "role": role}
    made = insert(ACCOUNT).values(
        **values, scope=scope.to_json(), is_active=True, made_at=now
    )  # fmt: skip
    return user(db.execute(made.returning(ACCOUNT)).one())


def store_password(db: Connection, number: int, password: str) -> None:
    """Give an account its password in the caller's transaction. Raises PasswordShort."""
    if len(password) < passwords.LEAST:
        raise PasswordShort(f"a password has {passwords.LEAST} characters at least")
    kept = passwords.digest(password)
    db.execute(update(ACCOUNT).where(ACCOUNT.c.account_id == number).values(password=kept))


def canonical(login: str) -> str:
    """The one way of writing a login.

    >>> canonical(" Wang.Li ")
    'wang.li'
    """
    return unicodedata.normalize("NFKC", login).strip().casefold()


def user(row: Row[Any]) -> User:
    """The user of a row of `account`."""
    scope, has_password = Scope.of_json(row.scope), row.password is not None
    return User(
        row.account_id, row.login, row.name, row.role, scope, row.is_active, has_password
    )  # fmt: skip


def _ensure_usable(role: str, scope: Scope) -> None:
    scope.ensure_usable()
    if role not in ROLES:
        raise RoleUnknown(f"{role}: a role is one of {', '.join(ROLES)}")

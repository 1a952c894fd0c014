"""Accounts, for who manages them."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from warehouse.steward.access.permissions import ROLES
from warehouse.steward.access.scope import NotThere, Scope
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.accounts.problems import AccountProblem
from warehouse.steward.accounts.users import User
from warehouse.steward.published import NotPublished

router = APIRouter()
Manager = Annotated[Visit, may("users.manage")]
_BETWEEN = re.compile(r"[\s,，、;；]+")


@router.get("/users")
def users(visit: Manager) -> Response:
    """All accounts, and the form for another."""
    return _page(visit)


@router.post("/users")
def add(
    visit: Manager,
    login: Annotated[str, Form()],
    role: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    outlets: Annotated[str, Form()] = "",
    provinces: Annotated[str, Form()] = "",
) -> Response:
    """An account, and the link by which he sets his password."""
    try:
        made = visit.services.users.add(login, name, role, scope_of(outlets, provinces))
    except AccountProblem as problem:
        said = {"login": login, "name": name, "role": role}
        said |= {"outlets": outlets, "provinces": provinces}
        return _page(visit, 400, problem=problem.code, said_before=said)
    visit.note("users.add", detail=made.told)
    return _with_link(visit, made)


@router.get("/users/{number}")
def user(visit: Manager, number: int) -> Response:
    """One account, to be changed."""
    return visit.page("user.html", account=_account(visit, number), roles=ROLES)


@router.post("/users/{number}")
def change(
    visit: Manager,
    number: int,
    name: Annotated[str, Form()],
    role: Annotated[str, Form()],
    outlets: Annotated[str, Form()] = "",
    provinces: Annotated[str, Form()] = "",
    active: Annotated[bool, Form()] = False,
) -> Response:
    """Change it, at once for whoever is signed in by it."""
    before = _account(visit, number)
    try:
        visit.services.users.change(number, name, role, scope_of(outlets, provinces), active)
    except AccountProblem as problem:
        said = {"name": name, "role": role, "outlets": outlets, "provinces": provinces}
        return visit.page(
            "user.html", 400, account=before, roles=ROLES, problem=problem.code, said_before=said
        )
    after = _account(visit, number)
    visit.note("users.change", detail=f"{before.told} -> {after.told}")
    return visit.go("/users", "saved")


@router.post("/users/{number}/link")
def link(visit: Manager, number: int) -> Response:
    """A link for somebody who has forgotten his password; the earlier one opens nothing more."""
    found = _account(visit, number)
    visit.note("users.link", detail=found.login)
    return _with_link(visit, found)


def scope_of(outlets: str, provinces: str) -> Scope:
    """What somebody typed, with whatever he put between.

    >>> scope_of("D0012， D0013", "苏、浙")
    Scope(outlets=('D0012', 'D0013'), provinces=('浙', '苏'))
    """
    parts = ([part for part in _BETWEEN.split(text) if part] for text in (outlets, provinces))
    return Scope.of(*parts)


def _account(visit: Visit, number: int) -> User:
    found = visit.services.users.get(number)
    if found is None:
        raise NotThere(f"{number}: no such account")
    return found


def _page(visit: Visit, status: int = 200, **told: object) -> Response:
    accounts = visit.services.users.all()
    unknown = _unknown(visit, {code for one in accounts for code in one.scope.outlets})
    return visit.page("users.html", status, accounts=accounts, roles=ROLES, unknown=unknown, **told)


def _unknown(visit: Visit, codes: set[str]) -> set[str]:
    """Those of the outlets of which no data have come, be it that they are mistyped."""
    try:
        with visit.warehouse() as con:
            known = con.execute("SELECT outlet_code FROM dim_outlet").fetchall()
    except NotPublished:
        return set()
    return codes.difference(code for (code,) in known)


def _with_link(visit: Visit, user: User) -> Response:
    """The page with a link that is told this once, so it is no redirect."""
    reached_at = str(visit.request.base_url).rstrip("/")
    return _page(visit, made=user, link=visit.services.link_to(user.number, reached_at))

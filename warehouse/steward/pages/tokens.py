"""Tokens of programs, for who manages them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from warehouse.steward.access.visit import Visit, may
from warehouse.steward.accounts.problems import AccountProblem
from warehouse.steward.accounts.tokens import PROGRAM_ROLES
from warehouse.steward.pages.users import scope_of

router = APIRouter()
Manager = Annotated[Visit, may("tokens.manage")]


@router.get("/tokens")
def tokens(visit: Manager) -> Response:
    """All tokens, and the form for another."""
    return _page(visit)


@router.post("/tokens")
def make(
    visit: Manager,
    name: Annotated[str, Form(min_length=1, max_length=100)],
    role: Annotated[str, Form()],
    days: Annotated[int, Form(ge=0, le=3650)],
    outlets: Annotated[str, Form()] = "",
    provinces: Annotated[str, Form()] = "",
) -> Response:
    """A token, which is told this once; days: 0 for no end."""
    scope = scope_of(outlets, provinces)
    try:
        secret = visit.services.tokens.make(name, role, scope, visit.user.login, days or None)
    except AccountProblem as problem:
        return _page(visit, 400, problem=problem.code)
    visit.note("tokens.make", detail=f"{role} {scope.to_json()}")
    return _page(visit, secret=secret)


@router.post("/tokens/{number}/revoke")
def revoke(visit: Manager, number: int) -> Response:
    """It opens nothing from now on."""
    visit.services.tokens.revoke(number)
    visit.note("tokens.revoke", detail=str(number))
    return visit.go("/tokens", "saved")


def _page(visit: Visit, status: int = 200, **told: object) -> Response:
    found, now = visit.services.tokens.all(), visit.services.site.clock()
    return visit.page("tokens.html", status, tokens=found, roles=PROGRAM_ROLES, now=now, **told)

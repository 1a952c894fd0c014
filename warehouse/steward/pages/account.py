"""One's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from warehouse.steward.access.visit import Visit, may
from warehouse.steward.accounts.problems import AccountProblem, PasswordWrong
from warehouse.steward.pages.entry import welcome

router = APIRouter()
Own = Annotated[Visit, may("account.own")]


@router.get("/account")
def account(visit: Own) -> Response:
    """Who one is, and the form for another password."""
    return visit.page("account.html")


@router.post("/account/password")
def change_password(
    visit: Own,
    password: Annotated[str, Form()],
    new_password: Annotated[str, Form()],
    new_password_again: Annotated[str, Form()],
) -> Response:
    """Another password; all other sessions of the account end."""
    services, user = visit.services, visit.user
    try:
        services.lockout.attempt(user.login)
        if services.users.signing_in(user.login, password) is None:
            raise PasswordWrong("is not the present password")
        services.lockout.forget(user.login)
        if new_password != new_password_again:
            raise PasswordWrong("not the same twice")
        services.users.set_password(user.number, new_password)
    except AccountProblem as problem:
        return visit.page("account.html", 400, problem=problem.code)
    visit.note("account.password")
    services.sessions.end_all(user.number)
    return welcome(visit.request, services, user, "/account?said=saved")

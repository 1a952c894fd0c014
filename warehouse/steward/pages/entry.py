"""Signing in and out, and the choice of the language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from warehouse.steward.access.visit import Visit, may, services_of, session_cookie
from warehouse.steward.audit import Deed
from warehouse.steward.rendering import LANGUAGE_COOKIE, render
from warehouse.steward.services import Services
from warehouse.steward.wording import Language

router = APIRouter()
_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
def ask(request: Request, then: str = "/") -> Response:
    """The form."""
    return render(request, "sign_in.html", then=local(then), wrong=False)


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    then: Annotated[str, Form()] = "/",
) -> Response:
    """A new session, or the form again."""
    address = request.client.host if request.client else ""
    user = services.users.signing_in(login.strip(), password)
    if user is None:
        return render(request, "sign_in.html", 401, then=local(then), wrong=True)
    services.audit.note(Deed(user.login, "sign_in", address=address))
    answer = RedirectResponse(local(then), 303)
    answer.set_cookie(
        session_cookie(services),
        services.sessions.begin(user.number, address),
        secure=services.site.settings.is_secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


@router.post("/sign-out")
def sign_out(visit: Annotated[Visit, may("home.see")]) -> Response:
    """The session's end."""
    cookie = session_cookie(visit.services)
    visit.services.sessions.end(visit.request.cookies[cookie])
    visit.note("sign_out")
    answer = visit.go("/sign-in")
    answer.delete_cookie(cookie, path="/", secure=visit.services.site.settings.is_secure)
    return answer


@router.get("/language/{language}")
def choose(language: Language, then: str = "/") -> Response:
    """Keep the language in a cookie, and go back."""
    answer = RedirectResponse(local(then), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", path="/")
    return answer


def local(path: str) -> str:
    """A path of ours; for any other address the home page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"

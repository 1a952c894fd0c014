"""Signing in and out, links that work once, and the choice of the language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from warehouse.steward.access.visit import (
    Visit,
    client_of,
    csrf_of,
    may,
    sent_csrf,
    services_of,
    session_cookie,
)
from warehouse.steward.accounts.problems import AccountProblem, LinkOver, PasswordWrong
from warehouse.steward.accounts.users import User
from warehouse.steward.audit import Deed
from warehouse.steward.rendering import LANGUAGE_COOKIE, local, render
from warehouse.steward.services import Services
from warehouse.steward.throttle import Rate
from warehouse.steward.wording import Language

_YEAR = 365 * 24 * 3600
_KEPT = "kept."


def knock(request: Request, services: Annotated[Services, Depends(services_of)]) -> Services:
    """The services for whoever has not signed in. Raises TooMany."""
    services.throttle.ensure(Rate.KNOCK, client_of(request))
    return services


Knock = Annotated[Services, Depends(knock)]
#: Forms of these pages are taken from these pages alone, though there is no session yet.
router = APIRouter(dependencies=[Depends(sent_csrf)])


@router.get("/sign-in")
def ask(request: Request, services: Knock, then: str = "/") -> Response:
    """The form."""
    return render(request, "sign_in.html", then=local(then), provider=_provider(services))


async def kept_fields(request: Request) -> list[tuple[str, str]]:
    """The form that somebody had sent when his session was over."""
    fields = (await request.form()).multi_items()
    return [
        (name.removeprefix(_KEPT), value)
        for name, value in fields
        if name.startswith(_KEPT) and isinstance(value, str)
    ]


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: Knock,
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    kept: Annotated[list[tuple[str, str]], Depends(kept_fields)],
    then: Annotated[str, Form()] = "/",
) -> Response:
    """A new session, or the form again."""
    try:
        services.lockout.attempt(login)
        user = services.users.signing_in(login, password)
        if user is None:
            services.audit.note(Deed("", "sign_in.failed", address=client_of(request)))
            raise PasswordWrong("login or password is wrong")
    except AccountProblem as problem:
        told = {"then": local(then), "kept": kept, "problem": problem.code, "login": login}
        return render(request, "sign_in.html", 401, provider=_provider(services), **told)
    services.lockout.forget(login)
    return welcome(request, services, user, local(then), kept)


def welcome(
    request: Request,
    services: Services,
    user: User,
    then: str,
    kept: list[tuple[str, str]] | None = None,
) -> Response:
    """Begin a session, always a new one, and go where he wanted to; kept: what he had sent."""
    secret = services.sessions.begin(user.number, client_of(request))
    services.audit.note(Deed(user.login, "sign_in", address=client_of(request)))
    answer: Response = RedirectResponse(then, 303)
    if kept:
        answer = render(request, "resume.html", then=then, kept=kept, csrf=csrf_of(secret))
    answer.set_cookie(
        session_cookie(services),
        secret,
        secure=services.site.settings.is_secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


@router.post("/sign-out")
def sign_out(visit: Annotated[Visit, may("account.own")]) -> Response:
    """The session's end."""
    cookie = session_cookie(visit.services)
    visit.services.sessions.end(visit.request.cookies[cookie])
    visit.note("sign_out")
    answer = visit.go("/sign-in")
    answer.delete_cookie(cookie, path="/", secure=visit.services.site.settings.is_secure)
    return answer


@router.get("/link/{secret}")
def open_link(request: Request, services: Knock, secret: str) -> Response:
    """The form for a password."""
    return _link_page(request, services, secret)


@router.post("/link/{secret}")
def use_link(
    request: Request,
    services: Knock,
    secret: str,
    password: Annotated[str, Form()],
    password_again: Annotated[str, Form()],
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Set the password, and sign in."""
    try:
        if password != password_again:
            raise PasswordWrong("not the same twice")
        user = services.links.use(secret, password, login, name)
    except AccountProblem as problem:
        return _link_page(request, services, secret, problem.code, login, name)
    services.audit.note(Deed(user.login, "link.use", address=client_of(request)))
    return welcome(request, services, user, "/")


@router.get("/language/{language}")
def choose(language: Language, then: str = "/") -> Response:
    """Keep the language in a cookie, and go back."""
    answer = RedirectResponse(local(then), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", path="/")
    return answer


def _link_page(
    request: Request, services: Services, secret: str, problem: str = "", *said: str
) -> Response:
    try:
        link = services.links.find(secret)
    except LinkOver as over:
        return render(request, "link.html", 404, link=None, problem=over.code)
    return render(
        request, "link.html", 400 if problem else 200, link=link, problem=problem, said_before=said
    )


def _provider(services: Services) -> str:
    """What the OpenID provider is called; empty where there is none."""
    oidc = services.site.settings.oidc
    return oidc.label if oidc else ""

"""Signing in at an OpenID provider, and coming back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import client_of
from warehouse.steward.accounts.oidc import Flow, Provider
from warehouse.steward.audit import Deed
from warehouse.steward.pages.entry import Knock, welcome
from warehouse.steward.rendering import local, render
from warehouse.steward.services import Services

router = APIRouter()
_COOKIE, _PATH, _SECONDS = "oidc", "/oidc", 600


@router.get("/oidc/start")
def start(request: Request, services: Knock, then: str = "/") -> Response:
    """Off to the provider."""
    address, flow = _provider(services).begin(_back(request, services), local(then))
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        _COOKIE,
        flow.to_cookie(),
        max_age=_SECONDS,
        secure=services.site.settings.is_secure,
        httponly=True,
        samesite="lax",
        path=_PATH,
    )
    return answer


@router.get("/oidc/back")
def back(request: Request, services: Knock, state: str = "", code: str = "") -> Response:
    """A session for whoever has an account here, by his subject or, at first, by his login."""
    flow = Flow.of_cookie(request.cookies.get(_COOKIE, ""))
    found = _provider(services).finish(flow, state, code, _back(request, services))
    user = services.users.of_subject(found.subject, found.login)
    if user is None:
        services.audit.note(Deed("", "sign_in.unknown", address=client_of(request)))
        blank: dict[str, Any] = {"faults": (), "kept": (), "is_mended_here": False}
        return render(request, "error.html", 403, words="error.no_account", **blank)
    answer = welcome(request, services, user, local(flow.then))
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


def _provider(services: Services) -> Provider:
    if services.provider is None:
        raise NotThere("no OpenID provider is set")
    return services.provider


def _back(request: Request, services: Services) -> str:
    return f"{services.site.settings.address or str(request.base_url).rstrip('/')}/oidc/back"

"""What is answered when something is in the way: a page for people, JSON for programs."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.errors import GuiyiError
from warehouse.steward.access.visit import NotSignedIn, Stale, is_of_ours
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.rendering import here, is_api, render

_LOG = logging.getLogger(__name__)
#: Error code -> status. Of any other error of ours the data's place is at fault.
STATUS = {
    "not_signed_in": 401,
    "forbidden": 403,
    "stale": 403,
    "not_there": 404,
    "taken": 409,
    "ruled": 409,
    "too_many": 429,
    "unusable": 400,
    "unforeseen": 500,
    "not_published": 503,
    "index_being_made": 503,
    "provider_failed": 502,
}
_OF_STATUS = {403: "forbidden", 404: "not_there", 405: "not_there"}


def handle(app: FastAPI) -> None:
    """Have the app answer errors so."""

    @app.exception_handler(NotSignedIn)
    async def nobody(request: Request, error: NotSignedIn) -> Response:
        if is_api(request):
            return _answer(request, error.code, str(error))
        if kept := await _sent(request):
            return render(request, "sign_in.html", 401, then=request.url.path, kept=kept)
        return RedirectResponse(f"/sign-in?then={quote(here(request))}", 303)

    @app.exception_handler(Stale)
    async def stale(request: Request, error: Stale) -> Response:
        kept = await _sent(request)
        if not kept or is_api(request):
            return _answer(request, error.code, str(error))
        return render(request, "resume.html", then=request.url.path, kept=kept, csrf=error.csrf)

    @app.exception_handler(GuiyiError)
    async def ours(request: Request, error: GuiyiError) -> Response:
        if error.code not in STATUS:
            _LOG.error("%s: %s", error.code, error)
        faults = [Fault(error.field, error.fault)] if isinstance(error, Unusable) else []
        return _answer(request, error.code, str(error), faults, await _sent(request))

    @app.exception_handler(HTTPException)
    def theirs(request: Request, error: HTTPException) -> Response:
        return _answer(request, _OF_STATUS.get(error.status_code, "unusable"), error.detail)

    @app.exception_handler(RequestValidationError)
    async def unusable(request: Request, error: RequestValidationError) -> Response:
        places = [".".join(map(str, fault["loc"])) for fault in error.errors()]
        faults = [Fault.of(fault) for fault in error.errors()]
        return _answer(request, "unusable", ", ".join(places), faults, await _sent(request))

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _: Exception) -> Response:
        return _answer(request, "unforeseen", "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form. field: of it; empty where it is none. says: key of a phrase."""

    field: str
    says: str

    @classmethod
    def of(cls, error: Mapping[str, Any]) -> Fault:
        """One of FastAPI's errors of a request."""
        kind = str(error["type"])
        known = "missing" if kind == "missing" or error.get("input") == "" else _KINDS.get(kind)
        return cls(str(error["loc"][-1]), known or "form")


#: Kind of an error of a field -> key of its phrase.
_KINDS = {"string_too_long": "long", "int_parsing": "number_wanted", "string_too_short": "missing"}


def _answer(
    request: Request,
    code: str,
    told: str,
    faults: Sequence[Fault] = (),
    kept: Sequence[tuple[str, str]] = (),
) -> Response:
    """faults: of the form; kept: what it sent, to be mended and sent again."""
    known = code if code in STATUS else "unavailable"
    status = STATUS.get(code, 503)
    if is_api(request):
        return JSONResponse({"error": known, "detail": told if known == code else ""}, status)
    return render(
        request,
        "error.html",
        status,
        words=f"error.{known}",
        faults=faults,
        kept=kept,
        is_mended_here=known == "unusable" and bool(kept),
    )


async def _sent(request: Request) -> list[tuple[str, str]]:
    """What a form of ours sent, so that it is not lost with the session; no password of it."""
    if request.method != "POST" or not is_of_ours(request):
        return []
    fields = (await request.form()).multi_items()
    return [
        (name, value)
        for name, value in fields
        if isinstance(value, str) and name != "csrf" and "password" not in name
    ]

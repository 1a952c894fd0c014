"""What is answered when something is in the way: a page for people, JSON for programs."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.errors import GuiyiError
from warehouse.steward.rendering import here, render

#: Error code -> status and phrase. Any other of ours is a fault of the data's place.
_TOLD = {
    "forbidden": (403, "error.forbidden"),
    "not_there": (404, "error.not_there"),
    "stale": (403, "error.stale"),
    "not_signed_in": (401, "sign_in.title"),
    "taken": (409, "error.taken"),
    "unusable": (400, "error.unusable"),
}
_OF_STATUS = {404: "not_there", 403: "forbidden", 405: "not_there"}


def handle(app: FastAPI) -> None:
    """Have the app answer errors so."""

    @app.exception_handler(GuiyiError)
    def ours(request: Request, error: GuiyiError) -> Response:
        if error.code == "not_signed_in" and not _is_program(request):
            return RedirectResponse(f"/sign-in?then={quote(here(request))}", 303)
        return _answer(request, error.code, str(error))

    @app.exception_handler(HTTPException)
    def theirs(request: Request, error: HTTPException) -> Response:
        return _answer(request, _OF_STATUS.get(error.status_code, "unusable"), error.detail)

    @app.exception_handler(RequestValidationError)
    def unusable(request: Request, error: RequestValidationError) -> Response:
        places = [".".join(map(str, fault["loc"])) for fault in error.errors()]
        return _answer(request, "unusable", ", ".join(places))

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _: Exception) -> Response:
        return _answer(request, "unforeseen", "", 500, "error.unforeseen")


def _answer(
    request: Request, code: str, told: str, status: int = 503, words: str = "error.unavailable"
) -> Response:
    status, words = _TOLD.get(code, (status, words))
    if _is_program(request):
        return JSONResponse({"error": code, "detail": told}, status)
    return render(request, "error.html", status, words=words)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")

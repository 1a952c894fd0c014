"""Templates to pages."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse import dashboard
from warehouse.dashboard.picture import NARROW, WIDE
from warehouse.steward.showing import Eyes
from warehouse.steward.wording import LANGUAGES, Language, phrases, say

FOLDER = Path(__file__).parent
#: Templates of pictures, which the dashboard has, too.
PICTURES = Path(dashboard.__file__).parent / "templates"
STATIC = FOLDER / "static"
LANGUAGE_COOKIE = "language"


def language_of(request: Request) -> Language:
    """The language that the reader chose: Chinese first."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return next((language for language in LANGUAGES if language == chosen), LANGUAGES[0])


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. `visit` in it is of whoever has signed in, if somebody has."""
    language = language_of(request)
    said = f"said.{request.query_params.get('said', '')}"
    told = {
        "visit": getattr(request.state, "visit", None),
        "request": request,
        "language": language,
        "t": partial(say, language),
        "knows": phrases().__contains__,
        "back": _back(request),
        "here": here(request),
        "said": said if said in phrases() else None,
    }
    markup = _environment().get_template(template).render(told | values)
    return HTMLResponse(markup, status)


def is_api(request: Request) -> bool:
    """Whether a program asks, which is answered by JSON."""
    return request.url.path.startswith("/api/")


def local(path: str) -> str:
    """A path of ours; for any other address the home page.

    >>> local("/users?x=1"), local("//elsewhere.example"), local("https://elsewhere.example")
    ('/users?x=1', '/', '/')
    """
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"


def here(request: Request) -> str:
    """The page that was asked for, to come back to; after a form that was sent, the home page."""
    if request.method != "GET":
        return "/"
    query = urlencode([part for part in request.query_params.multi_items() if part[0] != "said"])
    return f"{request.url.path}?{query}" if query else request.url.path


def _back(request: Request) -> str:
    """The page of ours that the request came from; else the home page."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host"):
        return "/"
    return local(f"{parts.path}?{parts.query}" if parts.query else parts.path)


@cache
def static(name: str) -> str:
    """The address of a static file; another one for another content, so that it may be kept."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def new_token() -> str:
    """What names a form, so that it is told from the same form shown once more."""
    return secrets.token_hex(8)


@cache
def _environment() -> Environment:
    # names are what somebody typed: shown as text, never read as markup
    environment = Environment(
        loader=FileSystemLoader([FOLDER / "templates", PICTURES]), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {
        "static": static,
        "new_token": new_token,
        "masked": Eyes(),
        "widths": {"wide": WIDE, "narrow": NARROW},
    }
    return environment

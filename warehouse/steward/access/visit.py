"""Who asks, and whether he may: every route declares its action by `may`.

@router.get("/outlets")
def outlets(visit: Annotated[Visit, may("outlets.see")]) -> Response:
    with visit.warehouse() as con:
        return visit.page("outlets.html", rows=...)
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import duckdb
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from connectors.errors import GuiyiError
from warehouse.steward.access.permissions import PERMISSIONS, may_do
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts.users import User
from warehouse.steward.asking import Row
from warehouse.steward.audit import Deed
from warehouse.steward.dossiers.reading import Dossier
from warehouse.steward.navigation import ENTRIES, Entry
from warehouse.steward.rendering import is_api, language_of, render
from warehouse.steward.services import Services
from warehouse.steward.throttle import Rate
from warehouse.steward.wording import Language

_SAFE = ("GET", "HEAD", "OPTIONS")
_BEARER = "bearer "


class NotSignedIn(GuiyiError):
    """Nobody, or nobody any more."""

    code = "not_signed_in"


class Forbidden(GuiyiError):
    """The role may not, or the request is made by a page of somebody else's."""

    code = "forbidden"


class Stale(GuiyiError):
    """A form of an earlier session. csrf: what it would have to bring along now."""

    code = "stale"

    def __init__(self, csrf: str) -> None:
        """csrf: of the present session."""
        super().__init__("the form is of another session")
        self.csrf = csrf


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who may. csrf: what a form of his must bring along; empty by token."""

    request: Request
    services: Services
    user: User
    csrf: str

    @property
    def role(self) -> str:
        """The user's role."""
        return self.user.role

    @property
    def scope(self) -> Scope:
        """Whose customers he sees."""
        return self.user.scope

    @property
    def language(self) -> Language:
        """The language of what he reads."""
        return language_of(self.request)

    @property
    def address(self) -> str:
        """Where the request came from."""
        return client_of(self.request)

    def may(self, action: str) -> bool:
        """Whether the user may do something else, too."""
        return may_do(self.role, action)

    @property
    def entries(self) -> list[Entry]:
        """The navigation that he sees."""
        return [entry for entry in ENTRIES if self.may(entry.action)]

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of the published warehouse. Raises NotPublished."""
        with self.services.published.reading() as con:
            yield con

    def dossiers(self, con: duckdb.DuckDBPyConnection, *golden_ids: str) -> list[Dossier]:
        """What is told of customers; of one who was merged away, of whom he is now.

        con: as `warehouse` lends it. Raises NotThere of one who is not seen, or BeingMade.
        """
        seen = self.scope.codes(con)
        dossiers = self.services.indexes.dossiers()
        return [dossiers.seen(golden_id, seen) for golden_id in golden_ids]

    def names(self, con: duckdb.DuckDBPyConnection, golden_ids: list[str]) -> dict[str, Row]:
        """Golden id -> name and kind, of customers who are seen."""
        seen = self.scope.codes(con)
        return self.services.indexes.dossiers().names(golden_ids, seen)

    def note(self, what: str, about: str = "", detail: str = "") -> None:
        """Put into the audit that he did something: `Audit.note`."""
        self.services.audit.note(self.deed(what, about, detail))

    def deed(self, what: str, about: str = "", detail: str = "") -> Deed:
        """What he did, for `Audit.note_in`."""
        return Deed(self.user.login, what, about, detail, self.address)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for him."""
        return render(self.request, template, status, **values)

    def go(self, path: str, said: str = "") -> RedirectResponse:
        """The answer to a form: on to a page, which says a phrase of `said.*`."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}said={said}" if said else path, 303)


def services_of(request: Request) -> Services:
    """The services of the app that is asked."""
    found: Services = request.app.state.services
    return found


def session_cookie(services: Services) -> str:
    """The name of the cookie; a browser takes `__Host-` by TLS alone, and from this host alone."""
    return "__Host-session" if services.site.settings.is_secure else "session"


def csrf_of(secret: str) -> str:
    """What forms of a session bring along: follows from its secret, and does not tell it."""
    return hashlib.sha256(f"csrf {secret}".encode()).hexdigest()


def client_of(request: Request) -> str:
    """The address that a request came from; behind a proxy on this machine, the one it names."""
    return request.client.host if request.client else ""


def is_of_ours(request: Request) -> bool:
    """Whether the browser says that a page of this console made the request."""
    origin = request.headers.get("origin", "")
    address = services_of(request).site.settings.address
    if address:
        return origin == address
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")


async def sent_csrf(request: Request) -> str:
    """What a form or a script brought along. Raises Forbidden where another site sent it."""
    if request.method in _SAFE:
        return ""
    if "origin" in request.headers and not is_of_ours(request):
        raise Forbidden("the form is of another site")
    in_header = request.headers.get("x-csrf-token")
    return in_header or str((await request.form()).get("csrf", ""))


class May:
    """The dependency of a route: who asks, if he may do this action."""

    def __init__(self, action: str) -> None:
        """Raises KeyError where the table of permissions lacks the action."""
        PERMISSIONS.actions[action]
        self.action = action

    def __call__(self, request: Request, sent: Annotated[str, Depends(sent_csrf)]) -> Visit:
        """Raises NotSignedIn, TooMany, Stale or Forbidden."""
        services = services_of(request)
        visit = _by_token(request, services) or _by_session(request, services)
        request.state.visit = visit  # for the page, also where it is one of an error
        services.throttle.ensure(Rate.VISIT, visit.user.login)
        is_form = visit.csrf and request.method not in _SAFE
        if is_form and not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
            raise Stale(visit.csrf)
        if not visit.may(self.action):
            raise Forbidden(f"{visit.role}: may not {self.action}")
        return visit


def may(action: str) -> Any:
    """For a route's annotation: `Annotated[Visit, may("review.decide")]`."""
    return Depends(May(action))


def _by_token(request: Request, services: Services) -> Visit | None:
    """The visit of a program, which asks the API alone; browsers never send its token unasked."""
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_BEARER) or not is_api(request):
        return None
    user = services.tokens.find(given[len(_BEARER) :].strip())
    if user is None:
        services.throttle.ensure(Rate.KNOCK, client_of(request))
        raise NotSignedIn("the token opens nothing")
    return Visit(request, services, user, csrf="")


def _by_session(request: Request, services: Services) -> Visit:
    secret = request.cookies.get(session_cookie(services), "")
    user = services.sessions.find(secret) if secret else None
    if user is None:
        services.throttle.ensure(Rate.KNOCK, client_of(request))
        raise NotSignedIn("sign in first")
    return Visit(request, services, user, csrf_of(secret))

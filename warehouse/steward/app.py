"""The console as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from warehouse.steward.api import cases, own
from warehouse.steward.api import customers as customers_api
from warehouse.steward.errors import handle
from warehouse.steward.headers import StrictHeaders
from warehouse.steward.pages import (
    account,
    audit,
    bulk,
    customer_review,
    customers,
    entry,
    health,
    home,
    learn,
    links,
    matters,
    oidc,
    queue,
    review,
    runs,
    senders,
    tokens,
    users,
)
from warehouse.steward.published import NotPublished
from warehouse.steward.rendering import STATIC
from warehouse.steward.services import Services
from warehouse.steward.site import Site

PAGES = (
    health, entry, oidc, account, home, queue, review, bulk, links, matters,
    customer_review,
    customers, senders, runs, learn, audit, users, tokens,
)  # fmt: skip
API = (own, customers_api, cases)
API_PREFIX = "/api/v1"
_ABOUT = """\
What the pages of the console do, for programs. Give a token as `Authorization: Bearer guiyi_...`;
an admin makes it. It has a role, and sees the customers of its outlets alone."""


def create_app(site: Site) -> FastAPI:
    """The console of a site; services are at `app.state.services`."""
    services = Services.of(site)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with suppress(NotPublished):
            services.indexes.begin()
        yield
        services.indexes.close()
        services.published.close()

    # the pages that FastAPI brings along load scripts from elsewhere, and the description of the
    # API is for those who have signed in
    app = FastAPI(
        title="Guiyi 归一",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    app.add_middleware(StrictHeaders, is_secure=site.settings.is_secure)
    app.mount("/static", StaticFiles(directory=STATIC))
    # routes are tried in turn: programs ask most often, and are to be answered soonest
    for part in API:
        app.include_router(part.router, prefix=API_PREFIX)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    handle(app)
    return app

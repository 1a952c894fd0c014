"""The console as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from warehouse.steward.errors import handle
from warehouse.steward.headers import StrictHeaders
from warehouse.steward.pages import customer_review, entry, home, review
from warehouse.steward.rendering import STATIC
from warehouse.steward.services import Services
from warehouse.steward.site import Site

ROUTERS = (entry.router, home.router, review.router, customer_review.router)


def create_app(site: Site) -> FastAPI:
    """The console of a site; services are at `app.state.services`."""
    services = Services.of(site)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        services.published.close()

    # the pages that FastAPI brings along load scripts from elsewhere
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.services = services
    app.add_middleware(StrictHeaders, is_secure=site.settings.is_secure)
    app.mount("/static", StaticFiles(directory=STATIC))
    for router in ROUTERS:
        app.include_router(router)
    handle(app)
    return app

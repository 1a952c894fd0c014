"""Whether the console can do its work, for load balancers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from connectors.errors import GuiyiError
from warehouse.steward.access.visit import services_of
from warehouse.steward.services import Services

router = APIRouter()


@router.get("/health")
def health(services: Annotated[Services, Depends(services_of)]) -> Response:
    """200, or 503 with what cannot be read; nothing else of the console's is told."""
    try:
        services.users.is_empty  # noqa: B018
        with services.published.reading() as con:
            con.execute("SELECT 1 FROM meta.version").fetchall()
    except GuiyiError as error:
        return JSONResponse({"status": "unavailable", "reason": error.code}, 503)
    return JSONResponse({"status": "ok"})

"""What a program asks first: who it is, and what it may ask."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel

from warehouse.steward.access.permissions import PERMISSIONS
from warehouse.steward.access.visit import Visit, may

router = APIRouter()


class Own(BaseModel):
    """Who asks. outlets, provinces: whose customers are seen; empty both for all."""

    name: str
    role: str
    outlets: list[str]
    provinces: list[str]
    may: list[str]


@router.get("/me")
def me(visit: Annotated[Visit, may("api.see")]) -> Own:
    """Who the token or session belongs to."""
    actions = [action for action in PERMISSIONS.actions if visit.may(action)]
    scope = visit.scope
    return Own(
        name=visit.user.name,
        role=visit.role,
        outlets=list(scope.outlets),
        provinces=list(scope.provinces),
        may=actions,
    )


@router.get("/openapi.json", include_in_schema=False)
def described(visit: Annotated[Visit, may("api.see")]) -> dict[str, Any]:
    """This description."""
    schema: dict[str, Any] = visit.request.app.openapi()
    return schema

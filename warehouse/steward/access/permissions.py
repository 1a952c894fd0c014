"""The table of permissions."""

from __future__ import annotations

from pathlib import Path

from pydantic import model_validator

from connectors.config import Config, read_yaml


class Permissions(Config):
    """roles: all of them, the one that may least first. actions: action -> the roles that may."""

    roles: tuple[str, ...]
    actions: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _names_known_roles(self) -> Permissions:
        for action, roles in self.actions.items():
            if unknown := set(roles).difference(self.roles):
                raise ValueError(f"{action}: no such role: {', '.join(sorted(unknown))}")
        return self


PERMISSIONS = read_yaml(Path(__file__).with_suffix(".yml"), Permissions)
ROLES = PERMISSIONS.roles


def may_do(role: str, action: str) -> bool:
    """Whether a role may. Raises KeyError for an action that the table lacks."""
    return role in PERMISSIONS.actions[action]

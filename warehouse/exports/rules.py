"""The rules of exports: what each role sees, and which outlets are a group; read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from connectors.config import Config, read_yaml
from connectors.errors import SettingError
from quality.contract import Sensitivity
from warehouse.tables import tables

EXPORTS = Path(__file__).parent / "exports.yml"
#: The tables of an export; dim_date is cut to the days of the others, so it comes last.
TABLES = tuple(
    sorted(
        (path.stem for path in (Path(__file__).parent / "tables").glob("*.sql")),
        key=lambda name: (name == "dim_date", name),
    )
)


class Shown(StrEnum):
    """How much of a column is shown. What has no mask is hidden in place of masked.

    Keyed: a pseudonym, by which whoever has the key ties it to the same value elsewhere.
    """

    WHOLE = "whole"
    MASKED = "masked"
    KEYED = "keyed"
    HIDDEN = "hidden"


class Role(Config):
    """What a role sees. values: golden ones that the outlets told themselves, or all.

    companies: names of companies. columns: exceptions by the names of columns.
    """

    values: Literal["own", "network"] = "own"
    internal: Shown = Shown.WHOLE
    personal: Shown = Shown.MASKED
    sensitive: Shown = Shown.HIDDEN
    companies: Shown = Shown.WHOLE
    columns: dict[str, Shown] = Field(default_factory=dict)

    @field_validator("columns")
    @classmethod
    def _are_exported(cls, columns: dict[str, Shown]) -> dict[str, Shown]:
        known = {c.name for table in tables() if table.name in TABLES for c in table.columns}
        for name in columns:
            if name in _links():
                raise ValueError(f"{name}: ties tables together, and is always there")
            if name not in known:
                raise ValueError(f"{name}: no column of an exported table")
        return columns

    @property
    def is_keyed(self) -> bool:
        """Whether something is shown as a pseudonym."""
        kinds = (self.internal, self.personal, self.sensitive, self.companies)
        return Shown.KEYED in (*kinds, *self.columns.values())

    def shows(self, table: str, column: str) -> Shown:
        """How much of a column is shown; one that the dictionary lacks counts as sensitive."""
        if column in _links():
            return Shown.WHOLE
        return self.columns.get(column, Shown(getattr(self, _sensitivity(table, column))))


class Rules(Config):
    """Roles and groups by name. A group: column of dim_outlet -> the values that it may have."""

    default: str
    roles: dict[str, Role]
    groups: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)

    @field_validator("groups", mode="before")
    @classmethod
    def _written_short(cls, groups: object) -> object:
        if not isinstance(groups, Mapping):
            return groups
        return {name: _group(str(name), group) for name, group in groups.items()}

    @model_validator(mode="after")
    def _names_a_role(self) -> Rules:
        if self.default not in self.roles:
            raise ValueError(f"default: {self.default} is none of the roles")
        return self

    def role(self, name: str) -> Role:
        """A role. Raises SettingError where there is none of this name."""
        if name not in self.roles:
            raise SettingError(f"{name}: no such role; there are {', '.join(sorted(self.roles))}")
        return self.roles[name]

    def group(self, name: str) -> dict[str, tuple[str, ...]]:
        """A group's rule. Raises SettingError where there is none of this name."""
        if name not in self.groups:
            there = ", ".join(sorted(self.groups)) or "none in the settings yet"
            raise SettingError(f"{name}: no such group of outlets; there are {there}")
        return self.groups[name]


def load(path: Path = EXPORTS) -> Rules:
    """Read the rules. Raises SettingError naming the file and every faulty key."""
    return read_yaml(path, Rules)


def _group(name: str, group: object) -> dict[str, tuple[str, ...]]:
    """A group's rule, from a list of outlets or from columns with a value or a list of them."""
    rule = {"outlet_code": group} if isinstance(group, list) else group
    if not isinstance(rule, Mapping) or not rule:
        raise ValueError(f"{name}: is a list of outlet codes, or columns of dim_outlet with values")
    columns = {c.name for table in tables() if table.name == "dim_outlet" for c in table.columns}
    found = dict[str, tuple[str, ...]]()
    for column, given in rule.items():
        if column not in columns:
            raise ValueError(f"{name}.{column}: no column of dim_outlet")
        values = given if isinstance(given, list) else [given]
        if not values or not all(isinstance(value, str | int) for value in values):
            raise ValueError(f"{name}.{column}: is a value, or a list of values")
        found[str(column)] = tuple(str(value) for value in values)
    return found


@cache
def _links() -> frozenset[str]:
    """Columns that are a key or refer to one, and say nothing of a person."""
    return frozenset(
        column.name
        for table in tables()
        if table.name in TABLES
        for column in table.columns
        if column.name in {*table.key, *table.references}
        and column.sensitivity is Sensitivity.INTERNAL
    )


def _sensitivity(table: str, column: str) -> Sensitivity:
    found = (c for t in tables() if t.name == table for c in t.columns if c.name == column)
    return next((c.sensitivity for c in found), Sensitivity.SENSITIVE)

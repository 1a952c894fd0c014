"""Whose customers a user sees: all, or those of some outlets and provinces.

A customer is seen where one of his records is of such an outlet; a row of HQ is of the dealer who
sold. Who is not seen is answered like one who does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from connectors.errors import GuiyiError
from quality.normalise.plate_forms import PROVINCES
from warehouse.steward.accounts.problems import ScopeUnusable

_OUTLETS = """
    SELECT outlet_code FROM dim_outlet
    WHERE list_contains($outlets, outlet_code) OR list_contains($provinces, province)
    ORDER BY outlet_code
"""
_KNOWN = "SELECT 1 FROM pii.dim_customer WHERE golden_id = $golden_id"
_SEEN = """
    SELECT 1 FROM customer_xref
    WHERE golden_id = $golden_id AND list_contains($outlets, outlet_code) LIMIT 1
"""


class NotThere(GuiyiError):
    """There is none, or the user does not see it: he is not told which."""

    code = "not_there"


@dataclass(frozen=True, slots=True)
class Scope:
    """outlets: codes; provinces: as dim_outlet has them. None of either: a user sees all."""

    outlets: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()

    @classmethod
    def of(cls, outlets: Iterable[str] = (), provinces: Iterable[str] = ()) -> Scope:
        """A scope, in one way of writing it."""
        return cls(tuple(sorted(set(outlets))), tuple(sorted(set(provinces))))

    @classmethod
    def of_json(cls, text: str) -> Scope:
        """What `to_json` wrote."""
        return cls.of(**json.loads(text))

    def to_json(self) -> str:
        """For keeping in the database."""
        parts = {"outlets": self.outlets, "provinces": self.provinces}
        return json.dumps(parts, ensure_ascii=False)

    def ensure_usable(self) -> None:
        """Raise ScopeUnusable for a province that no outlet can have, such as one by its full name.

        Outlets may have any code: somebody may be employed before the first file of his comes.
        """
        if unknown := set(self.provinces).difference(PROVINCES):
            raise ScopeUnusable(f"{', '.join(sorted(unknown))}: a province is named as on plates")

    @property
    def is_all(self) -> bool:
        """Whether nothing is out of it."""
        return not self.outlets and not self.provinces

    def codes(self, con: duckdb.DuckDBPyConnection) -> list[str] | None:
        """The outlets that it comes to in a published warehouse; None for all.

        For SQL as a parameter: `$outlets IS NULL OR list_contains($outlets, outlet_code)`.
        """
        if self.is_all:
            return None
        parts = {"outlets": list(self.outlets), "provinces": list(self.provinces)}
        return [code for (code,) in con.execute(_OUTLETS, parts).fetchall()]

    def ensure_seen(self, con: duckdb.DuckDBPyConnection, golden_id: str) -> None:
        """Raise NotThere for a customer who does not exist or is not seen."""
        asked: dict[str, object] = {"golden_id": golden_id}
        if not self.is_all:
            asked["outlets"] = self.codes(con)
        if not con.execute(_KNOWN if self.is_all else _SEEN, asked).fetchall():
            raise NotThere(f"{golden_id}: no such customer")

"""A link of the audit sample, as whoever may look at it sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit
from warehouse.steward.cases import sides
from warehouse.steward.cases.sides import Record, Value
from warehouse.steward.dossiers.reading import Dossier
from warehouse.steward.learn.sample import Link

_STATED = (Path(__file__).parent / "stated.sql").read_text(encoding="utf-8")


def seen_by(visit: Visit, con: duckdb.DuckDBPyConnection) -> list[Link]:
    """The links that a visitor is asked about: of whom he sees, and may split."""
    outlets = visit.scope.codes(con)
    return [
        link
        for link in visit.services.sample.drawn(con)
        if (outlets is None or not set(outlets).isdisjoint(link.outlets))
        and (visit.may("review.key_account") or not link.is_key_account)
    ]


def find(visit: Visit, con: duckdb.DuckDBPyConnection, link_id: str) -> Link:
    """A link of those. Raises NotThere."""
    found = next((link for link in seen_by(visit, con) if link.link_id == link_id), None)
    if found is None:
        raise NotThere(f"{link_id}: no such link was drawn")
    return found


def values(
    con: duckdb.DuckDBPyConnection, link: Link, seen: list[str] | None
) -> dict[str, tuple[list[Value], ...]]:
    """What the two records say, side by side. seen: outlets, as `Scope.codes` gives them."""
    keys = [link.record_a, link.record_b]
    rows = con.execute(_STATED, {"keys": keys, "seen": seen}).fetchall()
    return sides.side_by_side(rows, keys)


def records(
    of: Dossier, link: Link, seen: Sequence[str] | None
) -> tuple[list[Record], list[Record]]:
    """The two records, and all others of their customer; each named by its key, as a side is.

    of: their customer's. seen: outlets, as `Scope.codes` gives them.
    """
    keys = (link.record_a, link.record_b)
    told = [replace(one, golden_id=one.record_key) for one in sides.records([of], seen)]
    both = sorted(
        (one for one in told if one.record_key in keys), key=lambda r: keys.index(r.record_key)
    )
    return both, [one for one in told if one.record_key not in keys]

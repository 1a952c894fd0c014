"""A whole night's matching of what changed; comes to the same as a full run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import duckdb

from matching import blocking, engine, profiles, scoring
from matching import vehicles as all_vehicles
from matching.increment import candidates, edges, entities, keep, subject, values, vehicles
from matching.increment import profiles as some_profiles
from matching.model import Model
from matching.relations import count, kept, number
from matching.steward import Steward


def match_all(
    con: duckdb.DuckDBPyConnection, model: Model, steward: Steward
) -> Iterator[dict[str, Any]]:
    """Match all of `record` from scratch; yield the counts of each of the four steps."""
    yield dict(all_vehicles.resolve(con))
    subject.view(con, model)
    built = profiles.build(con, model, "subject", steward)
    yield {"profiles": built, "generic_values": _generic(con, "generic_value")}
    pairs = blocking.candidates(con, model)
    report = blocking.report(con, model)
    scored = scoring.score(con, model)
    yield {
        "candidates": pairs,
        "links_and_reviews": scored,
        "looked_at": built,
        "blocking": [asdict(key) for key in report],
    }
    links, found, refused, review = engine.group(con, model)
    keep.keep_all(con, model)
    yield {"links": links, "entities": found, "refused": refused, "for_review": review}


def match_changed(
    con: duckdb.DuckDBPyConnection, model: Model, steward: Steward
) -> Iterator[dict[str, Any]]:
    """Match what changed since the last time.

    In: `record_before` and `record_after`, temporary: the former and present versions of the
    records that changed in `record`. Yields as `match_all`; edges are counted of those looked at.
    """
    yield dict(vehicles.update(con))
    columns = subject.view(con, model)
    subject.changed(con, model)
    values.update(con, model, steward)
    some_profiles.update(con, model, steward, columns)
    yield {
        "profiles": count(con, kept(con, "profile")),
        "generic_values": _generic(con, kept(con, "generic_value")),
    }
    con.execute("CREATE OR REPLACE TEMP TABLE touched_profile AS FROM changed_profile")
    candidates.update_keys(con, model)
    edges.drift(con, model)
    pairs = candidates.find(con, model)
    scored = edges.update(con, model)
    looked_at = number(
        con,
        f"SELECT count(*) FROM {kept(con, 'profile')} SEMI JOIN touched_profile USING (profile_id)",
    )
    yield {"candidates": pairs, "links_and_reviews": scored, "looked_at": looked_at}
    yield entities.update(con, model)


def _generic(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return number(con, f"SELECT count(*) FROM {table} WHERE verdict = 'generic'")

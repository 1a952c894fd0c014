"""Why an entity holds together, what it refused, and what waits."""

from __future__ import annotations

from matching.clusters import CERTAIN
from matching.explain import people, telling
from matching.explain.pair import Store, tie
from matching.explain.phrases import Phrase, phrases
from matching.explain.shapes import Entity, Member, Tie
from matching.explain.spanning import Link, side, tree
from matching.explain.telling import Row
from matching.model import Model


def explain_entity(store: Store, golden_id: str) -> Entity:
    """Explain a customer by its golden id, which must be a living one of the store."""
    con, model = store.con, store.model
    profiles = people.members(con, golden_id)
    links = people.links_within(con, profiles, store.words)
    spanning = tree(links)
    by_score = [link for link in spanning if link.weight < CERTAIN]
    weakest = by_score[-1] if by_score else None
    parts = _parts(profiles, spanning, weakest) if weakest else None
    told = {link: tie(store, link) for link in spanning}
    refused, waiting = people.doubts(con, model, golden_id)
    records = {record for keys in profiles.values() for record in keys}
    rows = people.rows_of(con, profiles)
    return Entity(
        golden_id,
        _says(profiles, spanning, told[weakest] if weakest else None, parts),
        tuple(
            Member(keys[0], tuple(keys), _values(model, rows[profile]))
            for profile, keys in profiles.items()
        ),
        tuple(told.values()),
        len(links),
        told[weakest] if weakest else None,
        parts,
        refused,
        waiting,
        tuple(w for w in store.words if w.left in records or w.right in records),
    )


def _parts(profiles: dict[int, list[str]], spanning: list[Link], cut: Link) -> tuple[int, int]:
    """Numbers of records on both sides of a link, the larger first."""
    near = sum(len(profiles[profile]) for profile in side(spanning, cut))
    far = sum(map(len, profiles.values())) - near
    return max(near, far), min(near, far)


def _values(model: Model, row: Row) -> tuple[tuple[Phrase, str], ...]:
    """What a profile has for each comparison."""
    return tuple(
        (phrases().comparison(name), value)
        for name, comparison in model.comparisons.items()
        if (value := telling.shown(comparison, row)) is not None
    )


def _says(
    profiles: dict[int, list[str]],
    spanning: list[Link],
    weakest: Tie | None,
    parts: tuple[int, int] | None,
) -> Phrase:
    records = sum(map(len, profiles.values()))
    words = phrases()
    if not spanning:
        first = words.entities["one_content"].filled(records=records)
    elif weakest is None or parts is None:
        first = words.entities["decided"].filled(records=records, links=len(spanning))
    else:
        first = words.entities["held_together"].filled(
            records=records,
            profiles=len(profiles),
            links=len(spanning),
            weakest=telling.weight(weakest.weight),
            one=parts[0],
            other=parts[1],
        )
    return telling.sentence(first)

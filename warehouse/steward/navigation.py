"""The entries of the navigation, in its order."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """An entry. words: key of its phrase. action: who may not do it does not see the entry."""

    path: str
    words: str
    action: str


ENTRIES = (
    Entry("/", "nav.home", "home.see"),
    Entry("/review", "nav.review", "review.see"),
    Entry("/customers", "nav.customers", "customer.search"),
    Entry("/quarantine", "nav.quarantine", "quarantine.see"),
    Entry("/outlets", "nav.outlets", "outlets.see"),
    Entry("/quality", "nav.quality", "quality.see"),
    Entry("/runs", "nav.runs", "runs.see"),
    Entry("/learn", "nav.learn", "learn.see"),
    Entry("/audit", "nav.audit", "audit.see"),
    Entry("/users", "nav.users", "users.manage"),
    Entry("/tokens", "nav.tokens", "tokens.manage"),
)

"""Blind second opinions: some decided cases are put before another steward as if they still waited.

Which, follows from the case's name, so that nobody chooses. Whoever is asked finds the case in his
queue until the run applies the decision, and is told nothing of it until he has answered, on no
page. His answer is kept beside the decision and overrules nothing; where the two differ a lead is
asked. Who sees the audit or conflicts is not blind and is never asked, nor is a program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.claims import SETTLED, second_name
from warehouse.steward.cases.rulings import Ruling


def is_drawn(key: str, share: float) -> bool:
    """Whether a case is one of the share that is looked at twice.

    >>> sum(is_drawn(f"C{n}~D{n}", 0.05) for n in range(2000))
    102
    """
    drawn = hashlib.sha256(f"second {key}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def asked(visit: Visit, rulings: Mapping[str, Ruling]) -> dict[str, int]:
    """Case -> the decision on it about which the visitor is asked, and of which he is not told.

    rulings: by case. No more once he has answered, or another one.
    """
    if not visit.may("review.second") or visit.user.is_program:
        return {}
    share = visit.services.site.settings.second_reviews
    found = {
        key: ruling.number
        for key, ruling in rulings.items()
        if ruling.entry.decision.author != visit.user.login and is_drawn(key, share)
    }
    if found:  # what a lead has settled is not asked once more
        settled = visit.services.judgements.opinions("settled")
        found = {key: number for key, number in found.items() if number not in settled}
    work = visit.services.claims.of([second_name(*one) for one in found.items()])
    answered = {one.case for one in work.values() if one.state in SETTLED}
    return {key: number for key, number in found.items() if key not in answered}

"""Comparisons as ordered levels: one module per kind of evidence.

A comparator tells how two profiles agree in one respect, as one of its levels, best first, or
nothing where a side lacks the value. `scalar` is the slow obvious twin of `sql` or `bulk`; tests
hold them together. A comparator's docstring is shown to stewards.
"""

from __future__ import annotations

from matching.compare.base import Comparator, Row
from matching.compare.basic import CODE, EXACT, OVERLAP, SALE
from matching.compare.company import COMPANY_NAME, KIND
from matching.compare.identity import IDENTITY
from matching.compare.name import PERSON_NAME
from matching.compare.phone import PHONES
from matching.compare.place import ADDRESS, SEEN_AT
from matching.compare.text import TEXT
from matching.compare.vehicle import VEHICLE
from matching.compare.western import WESTERN_NAME

COMPARATORS: dict[str, Comparator] = {
    c.name: c
    for c in (
        EXACT, CODE, OVERLAP, SALE, TEXT, PERSON_NAME, WESTERN_NAME, COMPANY_NAME, KIND, PHONES,
        IDENTITY, VEHICLE, ADDRESS, SEEN_AT,
    )
}  # fmt: skip

__all__ = ["COMPARATORS", "Comparator", "Row"]

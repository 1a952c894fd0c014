"""Kinds of error, told from how the two profiles compare.

Each ladder is read from the top; the first condition that holds names the kind. Conditions are SQL
over the levels of a pair (a comparison that the model lacks says nothing) and `kept_apart`: whether
their values contradict a constraint, or a link between their two entities was refused.
"""

from __future__ import annotations

from collections.abc import Mapping

#: The comparisons that the ladders read.
COMPARISONS = (
    "name", "company", "identity", "phone", "vehicle", "fleet", "address", "email", "kind",
)  # fmt: skip

_NAMES_AGREE = "coalesce(name, company, '') IN ('same', 'variant', 'same_sound', 'same_registered')"
_PHONE = "coalesce(phone, '') IN ('same', 'same_shared')"
_CAR = "starts_with(coalesce(vehicle, fleet, ''), 'same')"
_HOME = "coalesce(address, '') IN ('same_room', 'same_house')"
_IDENTITY = "coalesce(identity, '') = 'same'"
_IDENTIFIER = f"{_IDENTITY} OR {_PHONE} OR {_CAR} OR coalesce(email, '') = 'same'"

#: Records of one entity that were not joined.
MISSED: Mapping[str, str] = {
    "split_by_constraint": "kept_apart",
    "no_name": "name IS NULL AND company IS NULL",
    "title_only": "coalesce(name, '') = 'surname_and_title'",
    "name_": f"NOT {_NAMES_AGREE}",
    "no_shared_identifier": f"NOT ({_IDENTIFIER})",
    "phone_differs": f"NOT {_PHONE} AND phone IS NOT NULL",
    "phone_lacking": "phone IS NULL",
    "outweighed": "true",
}

#: Records of two entities that were joined.
WRONG: Mapping[str, str] = {
    "same_content": "a = b",
    "company_and_person": "coalesce(kind, '') = 'different'",
    "same_id_number": _IDENTITY,
    "two_companies": "company IS NOT NULL",
    "household": f"coalesce(name, '') IN ('one_character', 'close', 'part_missing') AND "
    f"({_PHONE} OR {_HOME})",
    "same_name_and_phone": f"{_NAMES_AGREE} AND {_PHONE}",
    "same_phone_other_person": _PHONE,
    "car": f"{_CAR} AND NOT ({_NAMES_AGREE})",
    "namesake": _NAMES_AGREE,
    "through_others": "true",
}


def kind_sql(ladder: Mapping[str, str]) -> str:
    """The kind of a pair as a SQL expression; a kind that ends in `_` is followed by its level."""
    cases = " ".join(f"WHEN {condition} THEN {_named(kind)}" for kind, condition in ladder.items())
    return f"CASE {cases} END"


def _named(kind: str) -> str:
    if not kind.endswith("_"):
        return f"'{kind}'"
    return f"CASE WHEN name IS NULL THEN 'company_' || company ELSE '{kind}' || name END"

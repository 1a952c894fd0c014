"""Golden ids: minted once, kept for ever.

An id is C, eight characters of Crockford's base 32 (no I L O U, so it can be read aloud and typed)
and a check character. It is drawn from the hash of the entity's founding record, so that the same
input mints the same ids, and it means nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
#: Luhn's mod-N algorithm over the 32 characters: finds every single slip and nearly every swap of
#: neighbours.
_BASE = len(ALPHABET)
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def mint(founding_record: str, taken: Container[str]) -> str:
    """A new golden id for the entity founded by this record key, other than those `taken`.

    >>> mint("hq//A-1", ())
    'CG58N37J1E'
    >>> mint("hq//A-1", {"CG58N37J1E"}) == mint("hq//A-1", ())
    False
    """
    attempt = 0
    while True:
        salted = founding_record if not attempt else f"{founding_record}#{attempt}"
        number = int.from_bytes(hashlib.sha256(salted.encode()).digest()[:5], "big")
        body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(_LENGTH))
        golden_id = f"C{body}{check_character(body)}"
        if golden_id not in taken:
            return golden_id
        attempt += 1


def check_character(body: str) -> str:
    """The check character of an id's body, by Luhn mod 32.

    >>> check_character("00000000")
    '0'
    """
    total = 0
    for place, character in enumerate(reversed(body)):
        product = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += product // _BASE + product % _BASE
    return ALPHABET[-total % _BASE]


def parse(typed: str) -> str | None:
    """The golden id that was typed, or None where it cannot be one.

    >>> parse(" cg58n37jie ")
    'CG58N37J1E'
    >>> parse("CG58N37J1F") is None
    True
    """
    text = typed.strip().upper()
    if len(text) != _LENGTH + 2 or text[0] != "C":
        return None
    body = text[1:].translate(_MISREAD)
    if any(character not in ALPHABET for character in body):
        return None
    return f"C{body}" if check_character(body[:-1]) == body[-1] else None


def fault(typed: str) -> str:
    """What is wrong with a text that `parse` does not read.

    >>> fault("CG58N37J1F")
    'its last character does not fit the others, so one of them is mistyped'
    """
    text = typed.strip().upper()
    if len(text) != _LENGTH + 2 or text[0] != "C":
        return f"it would be C and {_LENGTH + 1} more letters and digits"
    strange = sorted(set(text[1:].translate(_MISREAD)) - set(ALPHABET))
    if strange:
        return f"{', '.join(strange)} is in no golden id"
    return "its last character does not fit the others, so one of them is mistyped"

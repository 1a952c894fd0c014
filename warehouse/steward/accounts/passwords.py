"""Passwords: kept as argon2id hashes, with the parameters of the library's defaults (RFC 9106)."""

from __future__ import annotations

import argon2

#: NIST SP 800-63B asks for 8 at least and 15 where there is nothing else; there is a lockout here.
LEAST = 12
_HASHER = argon2.PasswordHasher()
#: What an unknown login is compared with, so that the time does not tell it from a known one.
_NOBODYS = _HASHER.hash("nobody's password")


def digest(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where none is kept."""
    try:
        _HASHER.verify(kept or _NOBODYS, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return kept is not None

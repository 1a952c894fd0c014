"""Secrets that are handed out once, of which only the digest is kept."""

from __future__ import annotations

import hashlib
import secrets


def make() -> str:
    """A new secret: 256 random bits, as text for addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of it: with so many bits a plain hash cannot be tried out."""
    return hashlib.sha256(secret.encode()).hexdigest()

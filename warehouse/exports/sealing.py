"""Exports encrypted for their receiver by age: only who has the secret key can read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.errors import SettingError

SUFFIX = ".age"
_SECRET = ("AGE-SECRET-KEY-", "-----BEGIN")


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who can read an export. keys: public keys as they are written, without comments."""

    keys: tuple[str, ...]
    recipients: tuple[Any, ...]

    def seal(self, made: Path) -> Path:
        """Encrypt a file, or every file of a folder; the clear ones are removed. Return which."""
        import pyrage

        if made.is_dir():
            for file in sorted(made.iterdir()):
                self.seal(file)
            return made
        sealed = made.with_name(made.name + SUFFIX)
        pyrage.encrypt_file(str(made), str(sealed), list(self.recipients))
        made.unlink()
        return sealed


def read_keys(path: Path) -> Receivers:
    """The public keys in a file, one on each line: of age (age1…) or of SSH (ssh-ed25519, ssh-rsa).

    Empty lines and those that begin with # do not count. Raises SettingError naming file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise SettingError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: cannot be read ({error.__class__.__name__})") from None
    read = [
        (_key(line.strip()), _recipient(path, number, line.strip()))
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not read:
        raise SettingError(f"{path}: has no public key")
    return Receivers(tuple(key for key, _ in read), tuple(recipient for _, recipient in read))


def _key(line: str) -> str:
    """A key without the comment behind it, which often names a person."""
    return " ".join(line.split()[:2]) if line.startswith("ssh-") else line


def _recipient(path: Path, number: int, line: str) -> object:
    import pyrage

    if line.startswith(_SECRET):
        raise SettingError(
            f"{path}: line {number} is of a secret key, which only the receiver may have;"
            " ask for the public one"
        )
    readers: Sequence[Callable[[str], object]] = (
        pyrage.x25519.Recipient.from_str,
        pyrage.ssh.Recipient.from_str,
    )
    for reader in readers:
        try:
            return reader(line)
        except pyrage.RecipientError:
            continue
    raise SettingError(f"{path}: line {number} is no public key of age (age1…) or SSH (ssh-…)")

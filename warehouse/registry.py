"""The registry of models: which model and rules are in force, and copies of all that runs stood on.

A run's manifest, which the store gets in the run's own transaction, says where its model and its
rules of golden records came from. So the commit of a run is the switch: what the last run promoted,
or a rollback brought back, is in force as long as guiyi.yml names the same file as it did then.
Whoever names another one there has the later word.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.errors import SettingError

FOLDER = "models"
#: What a registry keeps: the matching model, and the rules of golden records.
KINDS = ("model", "rules")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model, or the rules, come from.

    named: what guiyi.yml calls its own choice; empty for the shipped file. promoted: `file` is a
    copy in the home, which goes above that choice.
    """

    file: Path
    named: str = ""
    promoted: bool = False


def in_force(home: Path, noted: Mapping[str, Any], own: Origin) -> Origin:
    """The file to go by after a run.

    noted: what that run's manifest says of the kind; empty where it says nothing. own: what
    guiyi.yml names now. Raises SettingError where a promoted copy is gone or is not what it was.
    """
    if noted.get("promoted") and noted["named"] == own.named:
        return pinned(home, noted["file"], own.named)
    return own


def pinned(home: Path, copy: str, named: str) -> Origin:
    """A copy as what is promoted. Raises SettingError where it is gone or is not what it was."""
    file = home / copy
    if not file.is_file() or _name(file.stem.split("-")[0], file.read_bytes()) != file.name:
        raise SettingError(
            f"{file}: this copy of what was promoted is gone or was changed; take it from the"
            " backup, or name a file in guiyi.yml"
        )
    return Origin(file, named, promoted=True)


def keep(home: Path, kind: str, file: Path) -> str:
    """Copy a file into the home under a name that its content gives; return where, from there."""
    content = file.read_bytes()
    copy = home / FOLDER / _name(kind, content)
    if not copy.is_file() or copy.read_bytes() != content:
        copy.parent.mkdir(exist_ok=True)
        beside = copy.with_suffix(".yml.tmp")
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, copy)
    return str(copy.relative_to(home))


def _name(kind: str, content: bytes) -> str:
    return f"{kind}-{hashlib.sha256(content).hexdigest()[:16]}.yml"

"""A symbolic link that is never missing while it is made to point elsewhere."""

from __future__ import annotations

import os
from pathlib import Path


def followed(link: Path) -> Path:
    """Where a link leads, in two calls to the system. Raises OSError where there is none."""
    return link.parent / os.readlink(link)


def point(link: Path, target: Path) -> None:
    """Make `link` lead to `target`, below the link's folder, in one step; nothing if it does."""
    told = target.relative_to(link.parent)
    if link.is_symlink() and link.readlink() == told:
        return
    beside = link.with_name(f"{link.name}.next")
    beside.unlink(missing_ok=True)
    beside.symlink_to(told)
    os.replace(beside, link)

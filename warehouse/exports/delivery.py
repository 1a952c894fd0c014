"""Give a finished export its name: it is there whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from connectors.errors import SettingError


def check_free(output: Path) -> None:
    """Raise SettingError where an export cannot be put: something is there, or no folder is."""
    if output.exists() or output.is_symlink():
        raise SettingError(f"{output}: is there already; remove it, or name another")
    if not output.parent.is_dir():
        raise SettingError(f"{output.parent}: no such folder")


def digest_of(path: Path) -> str:
    """SHA-256 of a file; of a folder, of what sha256sum writes for its files by name."""
    if path.is_dir():
        lines = (f"{digest_of(file)}  {file.name}\n" for file in sorted(path.iterdir()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def bring_beside(made: Path, output: Path) -> Path:
    """Copy a finished file or folder beside where it is to be, and onto the disk; return where."""
    beside = output.with_name(f".{output.name}.part")
    if beside.is_dir():
        shutil.rmtree(beside)
    beside.unlink(missing_ok=True)
    if made.is_dir():
        beside.mkdir(mode=0o700)  # nobody else looks in while the files are on their way
        shutil.copytree(made, beside, dirs_exist_ok=True)
    else:
        shutil.copyfile(made, beside)
    for path in (*beside.glob("*"), beside):
        _sync(path)
    return beside


def put_in_place(beside: Path, output: Path) -> None:
    """Give it its name, in one step. Raises SettingError where something has got it meanwhile."""
    check_free(output)
    os.rename(beside, output)
    _sync(output.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

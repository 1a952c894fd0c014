"""Encryption for a receiver: who has the key reads it, nobody else, and wrong keys are told."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from connectors.errors import SettingError
from warehouse.exports.sealing import read_keys

#: Made for this test alone.
SSH = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOeqkdMVyXS39Uewmscpfw4ak321QKRTt+23vyEUyGFY wang@station"
)


def key_file(folder: Path, text: str) -> Path:
    file = folder / "key.pub"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_receiver_reads_what_was_sealed_and_nobody_else(tmp_path: Path) -> None:
    wang, li, other = (pyrage.x25519.Identity.generate() for _ in range(3))
    keys = key_file(tmp_path, f"# D0012\n{wang.to_public()}\n\n{li.to_public()}\n")
    clear = tmp_path / "out.csv"
    clear.write_text("secret words " * 1000)
    sealed = read_keys(keys).seal(clear)
    assert sealed.name == "out.csv.age"
    assert not clear.exists()
    assert b"secret words" not in sealed.read_bytes()
    for identity in (wang, li):
        assert pyrage.decrypt(sealed.read_bytes(), [identity]) == b"secret words " * 1000
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.read_bytes(), [other])


def test_every_file_of_a_folder_is_sealed(tmp_path: Path) -> None:
    receivers = read_keys(key_file(tmp_path, str(pyrage.x25519.Identity.generate().to_public())))
    folder = tmp_path / "out"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.csv").write_text(name)
    assert receivers.seal(folder) == folder
    assert sorted(file.name for file in folder.iterdir()) == ["a.csv.age", "b.csv.age"]


def test_an_ssh_key_is_taken_and_kept_without_its_comment(tmp_path: Path) -> None:
    assert read_keys(key_file(tmp_path, SSH)).keys == (SSH.removesuffix(" wang@station"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no public key"),
        ("# nothing\n", "has no public key"),
        ("\nage1abc", "line 2 is no public key of age"),
        ("AGE-SECRET-KEY-1ABC", "line 1 is of a secret key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "line 1 is of a secret key"),
    ],
)
def test_what_is_no_public_key_is_told_without_repeating_it(
    tmp_path: Path, text: str, says: str
) -> None:
    file = key_file(tmp_path, text)
    with pytest.raises(SettingError, match=says) as told:
        read_keys(file)
    assert str(told.value).startswith(f"{file}: ")
    assert "abc" not in str(told.value).lower().replace(str(file).lower(), "")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no such file"):
        read_keys(tmp_path / "none")

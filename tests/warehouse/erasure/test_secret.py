"""The key of the marks: its owner's alone, made once, and missed where it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SettingError
from warehouse.erasure import secret


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    secret.make(tmp_path)
    key = secret.read(tmp_path, None)
    secret.make(tmp_path)
    assert secret.read(tmp_path, None) == key
    assert len(key) >= secret.LEAST
    assert (tmp_path / secret.FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [secret.FILE]


def test_a_given_key_goes_above_the_file_and_may_not_be_short(tmp_path: Path) -> None:
    assert secret.read(tmp_path, "g" * secret.LEAST) == b"g" * secret.LEAST
    with pytest.raises(SettingError, match="fewer than 32"):
        secret.read(tmp_path, "short")


def test_a_key_that_is_gone_is_missed(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="put it back"):
        secret.read(tmp_path, None)

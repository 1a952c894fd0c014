"""What a night clears away before it begins."""

from __future__ import annotations

from pathlib import Path

from connectors.sample import SampleOptions, write_world
from pipelines import night as steps
from pipelines.night import Night


def test_what_killed_nights_left_is_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    left = ("staging/records", "staging.0a1b2c3d/records", "identity.duckdb.tmp", "warehouse/spill")
    for folder in left:
        (home / folder).mkdir(parents=True)
        (home / folder / "half").write_bytes(b"x")
    (home / "staging-of-mine").mkdir()
    write_world(tmp_path / "landing", tmp_path / "truth", SampleOptions(customers=5, seed=3))
    night = Night.begin(home, "test", tmp_path / "landing")
    steps.arrive(night)
    steps.understand(night)
    assert not [folder for folder in left if (home / folder / "half").exists()]
    assert sorted(path.name for path in home.glob("staging*")) == ["staging", "staging-of-mine"]
    assert steps.staged_rows(night)

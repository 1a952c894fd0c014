"""What a failed night tells, and what a warning does not stop; the steps themselves are stubs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.errors import SettingError
from pipelines import checks, night
from pipelines.execution import NightFailed, run_nightly
from quality.expected import Surprise
from quality.suites import SUITE, Outcome
from warehouse.building import PublishRefused
from warehouse.store import STEPS

WARNING = next(e for e in SUITE if not e.blocking)
BLOCKING = next(e for e in SUITE if e.blocking)


class Stubs:
    """A night whose steps do nothing, but for what a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran: list[str] = []
        self.broken: set[str] = set()
        self.surprises: list[Surprise] = []
        self.failure: Exception | None = None
        nothing = SimpleNamespace(
            taken=(), duplicates=(), waiting=(), broken=(), unchanged=0, rows=0
        )
        for name, result in (
            ("arrive", nothing),
            ("understand", {"files": 1, "records": 9, "held": 0}),
            ("identify", {name: {} for name in STEPS}),
            ("publish_night", None),
        ):
            monkeypatch.setattr(night, name, self._stub(name, result))
        monkeypatch.setattr(night, "status_table", lambda _: [])
        monkeypatch.setattr(night, "staged_rows", lambda _: 9)
        monkeypatch.setattr(checks, "surprises", lambda *_: self.surprises)
        monkeypatch.setattr(checks, "check", lambda _: [
            Outcome(e, e.name not in self.broken, 3, 9) for e in SUITE
        ])  # fmt: skip

    def _stub(self, name: str, result: Any) -> Any:
        def run(_: night.Night) -> Any:
            self.ran.append(name)
            if name == "publish_night" and self.failure:
                raise self.failure
            return result

        return run


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Stubs:
    return Stubs(monkeypatch)


def run(folder: Path) -> tuple[str, ...]:
    (folder / "landing").mkdir()
    return run_nightly(folder, folder / "landing").warnings


def test_an_implausible_night_warns_and_goes_on(stubs: Stubs, tmp_path: Path) -> None:
    stubs.broken = {WARNING.name}
    assert run(tmp_path) == (f"{WARNING.name}: 3 of 9 records",)
    assert stubs.ran == ["arrive", "understand", "identify", "publish_night"]


def test_a_source_unlike_what_it_says_of_itself_warns_and_goes_on(
    stubs: Stubs, tmp_path: Path
) -> None:
    stubs.surprises = [Surprise("dealer", "file 0a1b has 2 rows")]
    (warning,) = run(tmp_path)
    assert warning.startswith("sources_as_expected")
    assert "publish_night" in stubs.ran


def test_a_broken_contract_stops_the_night_before_anything_is_merged(
    stubs: Stubs, tmp_path: Path
) -> None:
    stubs.broken = {BLOCKING.name, WARNING.name}
    with pytest.raises(NightFailed) as caught:
        run(tmp_path)
    assert f"{BLOCKING.name}: 3 of 9 records" in str(caught.value)
    assert WARNING.name not in str(caught.value)
    assert stubs.ran == ["arrive", "understand"]


@pytest.mark.parametrize(
    ("failure", "kind", "told"),
    [
        (PublishRefused("dim_customer: 2 rows repeat the key"), NightFailed, "2 rows repeat"),
        (SettingError("model.yml: m: is required"), SettingError, "model.yml: m: is required"),
    ],
)
def test_a_failure_is_told_in_its_own_words_whatever_else_warned(
    stubs: Stubs, tmp_path: Path, failure: Exception, kind: type[Exception], told: str
) -> None:
    stubs.broken, stubs.failure = {WARNING.name}, failure
    with pytest.raises(kind) as caught:
        run(tmp_path)
    assert told in str(caught.value)
    assert WARNING.name not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert stubs.ran.count("publish_night") == 1

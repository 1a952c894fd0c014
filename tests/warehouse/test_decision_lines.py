"""Decisions as lines: what is written is what is read, and what is wrong is told by its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import SettingError
from matching.decisions import Entry
from tests.matching.test_standing import histories
from warehouse.decision_lines import read, write
from warehouse.decisions import DEFAULT_URL, DecisionLog, place

_text = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable())
LINE: dict[str, Any] = {
    "kind": "pair", "decided_at": "2026-03-01T09:30:00+08:00", "author": "wang",
    "left": "hq//1", "right": "hq//2", "verdict": "same",
}  # fmt: skip


def lines_of(path: Path, *objects: object) -> Path:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in objects]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(least=1), st.lists(_text, min_size=2, max_size=2))
def test_what_was_exported_is_what_is_imported(
    tmp_path_factory: pytest.TempPathFactory, history: list[Entry], words: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    said = {"author": words[0], "why": words[1]}
    decisions = [entry.decision.model_copy(update=said) for entry in history]
    file = folder / "lines.jsonl"
    file.write_text("".join(write(decisions)), encoding="utf-8")
    found = [decision for _, decision in read(file)]
    assert found == decisions
    logs = [DecisionLog(place(f"sqlite:///{name}", folder)) for name in ("one", "two")]
    logs[0].take_in(found)
    exported = [entry.decision for entry in logs[0].entries()]
    logs[1].take_in(exported)
    assert [entry.decision for entry in logs[1].entries()] == exported == decisions
    assert logs[1].take_in(exported) == []


def test_a_line_by_hand_is_the_same_decision_whenever_it_is_read(tmp_path: Path) -> None:
    turned = dict(reversed(LINE.items()))
    found = read(lines_of(tmp_path / "f", LINE, "", turned, LINE | {"why": "again"}))
    assert [number for number, _ in found] == [1, 3, 4]
    assert len({decision.uid for _, decision in found}) == 2
    log = DecisionLog(place(DEFAULT_URL, tmp_path))
    assert len(log.take_in({d.uid: d for _, d in found}.values())) == 2


def test_moments_are_told_in_shanghai_time(tmp_path: Path) -> None:
    zones = [LINE | {"decided_at": f"2026-03-01T{moment}"} for moment in ("09:30:00", "01:30:00Z")]
    found = [decision for _, decision in read(lines_of(tmp_path / "f", *zones))]
    assert found[0].decided_at == found[1].decided_at
    assert all('"2026-03-01T09:30:00+08:00"' in line for line in write(found))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        (LINE | {"kind": "guess"}, "kind: is one of pair, merge"),
        (LINE | {"verdict": "maybe"}, "verdict: "),
        (LINE | {"colour": "red"}, "colour: unknown key"),
        (LINE | {"left": ""}, "left: "),
        (LINE | {"left": 7}, "left: "),
        (LINE | {"right": "hq//1"}, "against itself"),
        (LINE | {"decided_at": "yesterday"}, "decided_at: "),
        ({k: v for k, v in LINE.items() if k != "author"}, "author: is required"),
        (LINE | {"uid": "x" * 65}, "uid: "),
    ],
)
def test_a_wrong_line_is_told_by_file_line_and_field(
    tmp_path: Path, line: object, told: str
) -> None:
    file = lines_of(tmp_path / "f.jsonl", LINE, line)
    with pytest.raises(SettingError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: line 2: ")
    assert told in str(caught.value)
    assert "hq//1" not in str(caught.value)


def test_all_wrong_lines_are_told_up_to_ten(tmp_path: Path) -> None:
    file = lines_of(tmp_path / "f.jsonl", *["{"] * 12)
    with pytest.raises(SettingError, match=r"line 1: .*line 10: .*and 2 more lines"):
        read(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match="not UTF-8"):
        read(file)

"""What a steward is shown of pairs in doubt, and of what holds a customer together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.homes import ask
from tests.warehouse.nights import LIMITS, Nights, file
from warehouse.publish import publish

LEI, FANG = {"name": "李雷明", "phone": "13912345678"}, {"name": "王芳华", "phone": "13712306789"}
FIRST = [
    {"source_key": "K1", **LEI}, {"source_key": "K2", **LEI, "email": "lei@qq.com"},
    {"source_key": "K3", **FANG}, {"source_key": "K4", "name": "王华", "phone": "13712306789"},
]  # fmt: skip
SECOND = [
    {"source_key": "K5", "name": "李明", "phone": "13912345678"},
    {"source_key": "K6", "name": "王方华", "phone": "13712306789"},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two nights, each published; pairs are in doubt from either."""
    nights = Nights(tmp_path_factory.mktemp("home"))
    nights.night(file("f1", FIRST))
    publish(nights.home, limits=LIMITS, report=lambda table: None)
    nights.night(file("f2", SECOND, day=2, seq=2))
    publish(nights.home, limits=LIMITS, report=lambda table: None)
    return nights.home


def test_the_bits_of_a_pair_are_its_weight(made: Path) -> None:
    found = ask(made, "SELECT match_weight, evidence, bits FROM review_pair ORDER BY record_a")
    assert len(found) == 2
    for weight, evidence, bits in found:
        levels, parts = json.loads(evidence), json.loads(bits)
        assert sum(part or 0 for part in parts.values()) == pytest.approx(weight, abs=0.01)
        told = {name for name, part in parts.items() if part is not None}
        assert {name for name, level in levels.items() if level} <= told
        assert parts["phone"] > 0 > parts["prior"]


def test_what_records_say_is_published_by_record(made: Path) -> None:
    said = ask(made, "SELECT record_key, name_typed, phones FROM pii.customer_record ORDER BY 1")
    assert [(key[-2:], name) for key, name, _ in said] == [
        ("K1", "李雷明"), ("K2", "李雷明"), ("K3", "王芳华"), ("K4", "王华"), ("K5", "李明"),
        ("K6", "王方华"),
    ]  # fmt: skip
    assert said[0][2] == ["+8613912345678"]
    assert ask(made, "SELECT DISTINCT name FROM customer_record ORDER BY 1") == [("李*",), ("王*",)]


def test_links_are_told_with_their_weight(made: Path) -> None:
    """Records of the same content, as K1 and K2, need none."""
    links = ask(made, "SELECT right(record_a, 2), right(record_b, 2), match_weight"
                      " FROM customer_link ORDER BY ALL")  # fmt: skip
    assert [(a, b) for a, b, _ in links] == [("K3", "K6")]
    assert links[0][2] > 4

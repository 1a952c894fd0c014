"""A model file is right, or one sentence says what is wrong with it and where."""

from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.errors import SettingError
from matching import model
from matching.model import Level
from tests.matching.small import MODEL, small_model


def _load(folder: Path, content: dict[str, Any]) -> model.Model:
    path = folder / "faulty.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return model.load(path)


def _with(place: str, value: object) -> dict[str, Any]:
    """The small model with the value at a dotted place set, or taken out where it is None."""
    content = deepcopy(MODEL)
    *way, last = place.split(".")
    here = content
    for step in way:
        here = here[step]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return content


FAULTS = {
    "unknown key": ("thresold", 3, "thresold: unknown key"),
    "unknown key inside": ("thresholds.linc", 3, "thresholds.linc: unknown key"),
    "missing key": ("thresholds.link", None, "thresholds.link: is required"),
    "unknown comparator": ("comparisons.city.compare", "exakt", "city: unknown comparator exakt"),
    "missing level": ("comparisons.city.levels.same", None, "city: levels must be same, different"),
    "unknown level": (
        "comparisons.city.levels.nearly", {"m": 0.5, "u": 0.5}, "city: levels must be",
    ),
    "missing role": ("comparisons.city.columns", {}, "city: columns must be value"),
    "unknown column compared": ("comparisons.city.columns.value", "town", "not have: town"),
    "unknown column blocked": ("blocking.phone.columns", ["fones"], "not have: fones"),
    "unknown column with behaviour": (
        "behaviours.fax", {"by": "holder", "shared": 3, "generic": 5}, "not have: fax",
    ),
    "unknown holder": ("behaviours.phones.by", "owner", "not have: owner"),
    "unknown constraint": (
        "constraints", {"id": {"column": "id", "because": "x"}}, "not have: id",
    ),
    "unknown names": ("names", "surname", "no comparison is called surname"),
    "two chances": ("comparisons.city.levels.same.holders", 3, "give either u or holders"),
    "no chance": ("comparisons.city.levels.same.u", None, "give either u or holders"),
    "m of nothing": ("comparisons.city.levels.same.m", 0, "comparisons.city.levels.same.m: "),
    "bands upside down": ("thresholds.review", 9, "review must not be above link"),
    "costs that say otherwise": (
        "costs", {"false_link": 17, "missed_match": 1.5}, "from costs follow link 4 and review 1",
    ),
    "a look that costs nothing": (
        "costs", {"false_link": 1, "missed_match": 2}, "costs.false_link: ",
    ),
    "namesakes of no place": (
        "comparisons.name.namesakes", {"who": "holder", "near": {"city": {"same": "towns"}}},
        "name: namesakes near what is not in the model: towns",
    ),
    "namesakes of no comparison": (
        "comparisons.name.namesakes", {"who": "holder", "near": {"street": {}}},
        "name: namesakes near what is not in the model: street",
    ),
    "namesakes without frequency": (
        "comparisons.city.namesakes", {"who": "holder", "near": {}}, "city: namesakes without",
    ),
    "slips of nothing": (
        "slips", {"levels": ["close"], "records": 2}, "slips: give the comparison",
    ),
    "a rule called like the grouping's": (
        "rules", {"bridge": {"when": "true", "band": "review", "because": "x"}},
        "rules: bridge is the grouping's own word",
    ),
    "band of a rule": (
        "rules", {"r": {"when": "true", "band": "link", "because": "x"}}, "rules.r.band: ",
    ),
    "cap of one": ("blocking.phone.cap", 1, "blocking.phone.cap: "),
}  # fmt: skip


@pytest.mark.parametrize(("place", "value", "says"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_file_and_key(
    tmp_path: Path, place: str, value: object, says: str
) -> None:
    with pytest.raises(SettingError) as caught:
        _load(tmp_path, _with(place, value))
    assert "faulty.yml: " in str(caught.value)
    assert says in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    content = _with("thresold", 3) | {"version": "one"}
    with pytest.raises(SettingError, match=r"version: .*thresold: unknown key"):
        _load(tmp_path, content)


def test_digest_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    first = _load(tmp_path, MODEL)
    assert first.digest == _load(tmp_path, MODEL).digest == small_model().digest
    assert first.digest != _load(tmp_path, _with("thresholds.link", 3.5)).digest
    assert len(first.digest) == 64


def test_shipped_model_loads_and_its_levels_are_ordered() -> None:
    shipped = model.load()
    for name, comparison in shipped.comparisons.items():
        bits = [level.bits(1_000_000) for level in comparison.levels.values()]
        # the best level is worth most, contradiction speaks against
        assert bits[0] == max(bits), name
        assert bits[-1] < 0, name


def test_bands_follow_from_costs(tmp_path: Path) -> None:
    content = {name: value for name, value in MODEL.items() if name != "thresholds"}
    costs = {"false_link": 1025, "missed_match": 9}
    found = _load(tmp_path, content | {"costs": costs}).thresholds
    # a link is wrong at odds of 1 to 1024, and a match right at 1 to 8
    assert (found.link, found.review) == (10, -3)
    # where a miss costs less than a look, nothing between the bands is worth one
    dear = _load(tmp_path, content | {"costs": {"false_link": 3, "missed_match": 1.01}}).thresholds
    assert dear.link == dear.review == 1


def test_weights_are_bits() -> None:
    assert Level(m=0.8, u=0.1).bits(10) == pytest.approx(3)
    assert Level(m=0.5, holders=2).bits(1024) == pytest.approx(8)
    assert Level(m=0.5, holders=2).chance(1) == 1
    assert small_model().prior(1024) == pytest.approx(-10)
    assert math.isfinite(small_model().prior(0))

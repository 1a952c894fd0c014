"""No score without its sentence: the table of phrases is complete, and nothing in it is idle."""

from __future__ import annotations

import re

import pytest

from matching.compare import COMPARATORS
from matching.explain.phrases import Phrase, phrases
from matching.model import MODELS, Model, load
from tests.matching.small import small_model

SHIPPED = [load(path) for path in sorted(MODELS.glob("*.yml"))]
PLACES = re.compile(r"{(\w+)}")


def test_every_level_of_every_comparator_has_its_phrase() -> None:
    told = {name: set(levels) for name, levels in phrases().levels.items()}
    assert told == {name: set(c.levels) for name, c in COMPARATORS.items()}


@pytest.mark.parametrize("model", SHIPPED, ids=lambda model: model.name)
def test_every_comparison_and_every_reason_of_a_shipped_model_is_told(model: Model) -> None:
    assert set(model.comparisons) <= set(phrases().comparisons)
    assert {*model.rules, *model.constraints} <= set(phrases().reasons)


def everything() -> list[Phrase]:
    table = phrases()
    flat = [*table.levels.values(), table.comparisons, table.reasons, table.bands]
    flat += [table.outcomes, table.entities, table.clauses]
    return [phrase for part in flat for phrase in part.values()]


def test_a_phrase_has_chinese_in_chinese_and_none_in_english() -> None:
    for phrase in everything():
        assert re.search(r"[一-鿿]|{", phrase.zh), phrase
        assert phrase.en.isascii(), phrase


def test_both_languages_tell_the_same_things() -> None:
    for phrase in everything():
        assert set(PLACES.findall(phrase.zh)) == set(PLACES.findall(phrase.en)), phrase


def test_a_rule_of_ones_own_is_told_in_its_own_words() -> None:
    rule = {"when": "name = 'close'", "band": "review", "because": "twins"}
    model = small_model(rules={"mine": rule})
    assert phrases().reason(model, "mine") == Phrase(zh="twins", en="twins")
    assert phrases().comparison("shoe_size") == Phrase(zh="shoe_size", en="shoe size")

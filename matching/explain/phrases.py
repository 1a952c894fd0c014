"""The words of explanations: a phrase in Chinese and in English for whatever moves a match.

`phrases.yml` is the table; stewards' colleagues may edit it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from connectors.config import Config, read_yaml
from matching.model import Model

FILE = Path(__file__).parent / "phrases.yml"


class Phrase(Config):
    """The same in Chinese and in English.

    >>> Phrase(zh="低于 {least}", en="below {least}").filled(least=Phrase(zh="二", en="two"))
    Phrase(zh='低于 二', en='below two')
    """

    zh: str
    en: str

    def filled(self, **values: object) -> Phrase:
        """The phrase with its `{names}` replaced; a value may be a phrase itself."""

        def told(language: str) -> dict[str, object]:
            return {
                name: getattr(value, language) if isinstance(value, Phrase) else value
                for name, value in values.items()
            }

        return Phrase(zh=self.zh.format(**told("zh")), en=self.en.format(**told("en")))


class Phrases(Config):
    """The whole table; `phrases.yml` says what each part is for."""

    levels: dict[str, dict[str, Phrase]]
    comparisons: dict[str, Phrase]
    reasons: dict[str, Phrase]
    bands: dict[str, Phrase]
    outcomes: dict[str, Phrase]
    entities: dict[str, Phrase]
    clauses: dict[str, Phrase]

    def comparison(self, name: str) -> Phrase:
        """What a comparison is called; by its own name where a model has one of its own."""
        return self.comparisons.get(name) or Phrase(zh=name, en=name.replace("_", " "))

    def level(self, model: Model, comparison: str, level: str) -> Phrase:
        """What a level of a comparison says."""
        return self.levels[model.comparisons[comparison].compare][level]

    def reason(self, model: Model, name: str) -> Phrase:
        """Why a rule or a constraint holds a pair back; in the model's words if it is its own."""
        if name in self.reasons:
            return self.reasons[name]
        told = (model.rules.get(name) or model.constraints[name]).because
        return Phrase(zh=told, en=told)


@cache
def phrases() -> Phrases:
    """The table, read once."""
    return read_yaml(FILE, Phrases)

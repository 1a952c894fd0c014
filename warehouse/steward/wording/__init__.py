"""The words of the pages, in both languages: YAML files, one key for each phrase."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import RootModel

from connectors.config import Config, read_yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_FOLDER = Path(__file__).parent


class Phrase(Config):
    """A phrase; `{name}` in it is filled in."""

    zh: str
    en: str


class _Phrases(RootModel[dict[str, Phrase]]):
    """A file of phrases."""


@cache
def phrases() -> dict[str, Phrase]:
    """Key -> phrase, of all files."""
    return {
        key: phrase
        for file in sorted(_FOLDER.glob("*.yml"))
        for key, phrase in read_yaml(file, _Phrases).root.items()
    }


def say(language: Language, key: str, **values: object) -> str:
    """A phrase in a language. Raises KeyError where there is no such phrase."""
    phrase: str = getattr(phrases()[key], language)
    return phrase.format(**values) if values else phrase

"""Folding that every text field shares: compatibility forms, invisible characters, variants.

`clean` changes nothing that a reader would miss: NFKC (full-width and CJK compatibility forms,
Kangxi radicals), zero-width characters out, any space to one ordinary space.
`simplify` and `fold` map character by character, so that positions stay those of the typed text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import opencc

from quality.reference import table

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    ]
)
# what opencc changes although simplified writing has it: 乾 (qian: 乾坤, 乾县; gan is 干), 哪吒
_SIMPLIFIED = frozenset("乾吒")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u3164\u2800]+")
_ALL_HAN = re.compile(f"[{HAN}]+")
_HAN_GAP = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
# every bracket that DMS exports have shown; NFKC has already made the full-width ones ASCII
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉《》「」『』〖〗", "()" * 9)


def clean(typed: str | None) -> str:
    """The typed text in compatibility form, visible characters only, single spaces, stripped."""
    if not typed:
        return ""
    text = typed.translate(_INVISIBLE)
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
        text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub(" ", text).strip(" '`")


def brackets(text: str) -> str:
    """Every kind of bracket as '(' and ')'."""
    return text.translate(_BRACKETS)


def join_han(text: str) -> str:
    """Without the spaces between Han characters."""
    return _HAN_GAP.sub("", text) if " " in text else text


def is_han(text: str) -> bool:
    """Whether the text is Han characters only (at least one)."""
    return _ALL_HAN.fullmatch(text) is not None


class _CharacterMap(dict[int, str]):
    """A translation table that asks opencc once for each character it meets."""

    def __init__(self, fold_variants: bool) -> None:
        super().__init__()
        self._variants = variants() if fold_variants else {}

    def __missing__(self, code: int) -> str:
        char = chr(code)
        simple = _converter().convert(char) if code >= 0x3400 and char not in _SIMPLIFIED else char
        simple = simple if len(simple) == 1 else char
        self[code] = self._variants.get(simple, self._variants.get(char, simple))
        return self[code]


@cache
def _converter() -> Any:
    return opencc.OpenCC("t2s")


@cache
def variants() -> dict[str, str]:
    """Character to the one that stands for its class, from `variants.csv`."""
    return {row["variant"]: row["canonical"] for row in table("variants")}


@cache
def _map(fold_variants: bool) -> _CharacterMap:
    return _CharacterMap(fold_variants)


def simplify(text: str) -> str:
    """Traditional to simplified, one character for one."""
    return text if text.isascii() else text.translate(_map(False))


def converted(text: str) -> str:
    """As a converter writes what is simplified already, character by character: 干县 for 乾县."""
    return "".join(map(_converter().convert, text))


def fold(text: str) -> str:
    """Simplified, and every variant class as its one canonical character."""
    return text if text.isascii() else text.translate(_map(True))

"""Names in Latin script: which end is the surname, and how it may be read.

A surname is known by its pinyin (Wang, Ouyang, Ou-yang) or as it is romanised elsewhere (Tsai,
Wong: `romanised`). Where either end may be one, the order stays open: both orders are read, and the
reason is `ambiguous_order`. A comma behind it or being alone in capitals settles it (SMITH, JOHN;
Wei LI). A given name is read where it is pinyin, or Wade-Giles behind a surname of Taiwan.

>>> v = latin(None, "Na Ouyang")
>>> v.surname, v.given, v.pinyins
('Ouyang', 'Na', ('ou yang na',))
>>> v = latin(None, "TSAI Ing-wen")
>>> v.surname, v.given, v.pinyins
('TSAI', 'Ing-wen', ('cai ying wen',))
>>> latin(None, "Liu Feng").pinyins, latin(None, "LIU, Feng").pinyins
(('liu feng', 'feng liu'), ('liu feng',))
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import NamedTuple

from quality.normalise import Status
from quality.normalise import surname as surnames
from quality.normalise.name_value import REPEATED, NameValue, titles
from quality.normalise.romanised import is_syllable, is_taiwanese, surname_sounds, syllable_sounds

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’ʼ·-])*")
_STRAIGHT = str.maketrans(dict.fromkeys("’ʼ‘", "'"))
_MOST_GIVEN = 3  # syllables of a Chinese given name


class _End(NamedTuple):
    """One end of a name as its surname. surname, given: the words. readings: of the whole name."""

    surname: list[str]
    given: list[str]
    readings: tuple[str, ...]


def latin(typed: str | None, name: str) -> NameValue:
    """A name in Latin script, its words in the order in which they were typed."""
    tokens = [t for t in re.split(r"[ ,.·]+", name) if t]
    joined = " ".join(tokens)
    if len(joined) == 1 or REPEATED.fullmatch(joined.replace(" ", "").upper()):
        return NameValue(typed, None, joined, Status.PLACEHOLDER, "placeholder")
    for title, rest in ((tokens[0], tokens[1:]), (tokens[-1], tokens[:-1])):
        if rest and titles().get(title.upper(), ("", ""))[1] == "latin":
            return _titled(typed, title, rest)
    if any(c.isdigit() for c in joined):
        return NameValue(typed, None, joined, Status.INVALID, "code_not_name")
    if not _NAME.fullmatch(joined) or not _is_latin(joined):
        fold = joined.upper().replace(" ", "")
        return NameValue(typed, joined, joined, Status.OK, "", fold=fold)
    fold = _plain(joined).upper()
    value = NameValue(typed, joined, joined, Status.OK, "", "person", fold=fold, script="latin")
    if len(tokens) == 1:
        return _one_word(value, tokens[0])
    return _words(value, tokens, comma=re.match(r"\S+ ?,", name) is not None)


def _titled(typed: str | None, title: str, rest: list[str]) -> NameValue:
    """Mr Smith, Wang xiansheng: the name beside the title; one word alone is the surname."""
    value = latin(typed, " ".join(rest))
    if value.value is None:
        return value
    sex, _ = titles()[title.upper()]
    if len(rest) == 1 and not value.title:
        reason = "surname_with_title"
        value = replace(value, surname=rest[0], status=Status.PARTIAL, reason=reason)
    return replace(value, title=value.title or title, sex=value.sex or sex or None)


def _one_word(value: NameValue, word: str) -> NameValue:
    """A surname alone, or a whole name written as one word of pinyin."""
    sounds = _surname_sounds([word])
    if sounds:
        value = replace(value, surname=word, status=Status.PARTIAL, reason="surname_only")
        return _read(value, sounds)
    spelt = _spell([word]) or []
    compound = " ".join(spelt[:2]) in surnames.compound_readings()
    known = compound or not surnames.surname_readings().isdisjoint(spelt[:1])
    whole = known and 1 < len(spelt) <= 3 + compound
    return _read(value, (" ".join(spelt),)) if whole else value


def _words(value: NameValue, tokens: list[str], comma: bool) -> NameValue:
    """A name of several words; comma: whether one stood behind the first."""
    ends = _ends(tokens)
    borne = [
        end for end in ends if surnames.borne_readings().intersection(_surname_sounds(end.surname))
    ]
    ends = borne if len(borne) == 1 else ends
    capitals = [n for n, token in enumerate(tokens) if len(token) > 1 and token.isupper()]
    if comma or capitals == [0]:
        told = [end for end in ends if end.surname[0] == tokens[0]]
        ends = told or ([_End(tokens[:1], tokens[1:], ())] if comma else ends)
    elif capitals == [len(tokens) - 1]:
        ends = [end for end in ends if end.surname[-1] == tokens[-1]] or ends
    value = _read(value, tuple(reading for end in ends for reading in end.readings))
    if len(ends) != 1:
        return replace(value, reason="ambiguous_order" if ends else "")
    surname, given, _ = ends[0]
    # Dong Fang Hong may be 东方 and Hong, or 董 and Fang Hong
    split = len(surname) > 1 and _surname_sounds(surname[:1])
    reason = "ambiguous_split" if split else ""
    return replace(value, surname=" ".join(surname), given=" ".join(given), reason=reason)


def _read(value: NameValue, readings: tuple[str, ...]) -> NameValue:
    """The value with its readings, each once, so many as are kept."""
    kept = tuple(dict.fromkeys(readings))[: surnames.MOST_READINGS]
    return replace(value, pinyin=kept[0] if kept else None, pinyins=kept)


def _ends(tokens: list[str]) -> list[_End]:
    """The ends that may be the surname, as typed first; compound ones before others."""
    for size in (2, 1):  # Ou Yang Na: 欧阳, not 欧 with the given name Yang Na
        if size >= len(tokens):
            continue
        first, last = (tokens[:size], tokens[size:]), (tokens[-size:], tokens[:-size])
        # behind a foreign name Lee is the surname, before one it may be a first name
        both = [first, last] if all(map(_is_chinese, first[1])) else [last]
        if _in_papers_order(tokens) and _surname_sounds(first[0]):
            both = [first]
        ends = [
            _End(surname, given, tuple(_readings(surname, given)))
            for surname, given in both
            if _surname_sounds(surname)
        ]
        if ends:
            # Wang Hui: 许 of Hong Kong is Hui too, but then Wang would be no given name
            return [end for end in ends if end.readings] or ends
    return []


def _in_papers_order(tokens: list[str]) -> bool:
    """Whether a name is in three syllables apart (CHAN TAI MAN): nobody turns those round."""
    return len(tokens) > 2 and all(is_syllable(piece) for piece in _pieces(tokens))


def _surname_sounds(words: list[str]) -> tuple[str, ...]:
    """The readings of words that are a surname: as pinyin, then as romanised elsewhere."""
    return (*_pinyin_surname(words), *surname_sounds("".join(words)))


def _pinyin_surname(words: list[str]) -> tuple[str, ...]:
    sound = " ".join(_spell(words) or ())
    known = surnames.compound_readings() if " " in sound else surnames.surname_readings()
    return (sound,) if sound in known else ()


def _readings(surname: list[str], given: list[str]) -> Iterator[str]:
    """The readings of a whole name; none where the given name follows no system that is known."""
    heads, spelt = _pinyin_surname(surname), _spell(given)
    if heads and spelt:
        yield from _joined(heads, [(syllable,) for syllable in spelt])
    word = "".join(surname)
    elsewhere = surname_sounds(word) if is_taiwanese(word) else ()
    if not spelt:  # Lin Chih-ling: a surname that is spelled alike in both
        elsewhere += tuple(head for head in heads if head in syllable_sounds(head))
    sounds = [_taiwanese(piece) for piece in _pieces(given)]
    if all(sounds):
        yield from _joined(elsewhere, sounds)


def _joined(heads: tuple[str, ...], sounds: list[tuple[str, ...]]) -> Iterator[str]:
    if len(sounds) <= _MOST_GIVEN:
        for way in islice(product(heads, *sounds), surnames.MOST_READINGS):
            yield " ".join(way)


def _taiwanese(piece: str) -> tuple[str, ...]:
    """A syllable of Wade-Giles, or of pinyin, which is used there as well."""
    return syllable_sounds(piece) or ((piece,) if piece in surnames.syllables() else ())


def _spell(words: list[str]) -> list[str] | None:
    """The syllables of pinyin that the words are made of; None where they are not."""
    pieces = [part for piece in _pieces(words) for part in piece.split("'") if part]
    spelt = [surnames.spell(piece) for piece in pieces]
    if not all(spelt):
        return None
    return [syllable for syllables in spelt for syllable in syllables or ()]


def _is_chinese(word: str) -> bool:
    """Whether a word may be Chinese syllables in any spelling."""
    return all(is_syllable(piece) or surnames.spell(piece) for piece in _pieces([word]))


def _pieces(words: list[str]) -> list[str]:
    """The words in lower case, divided at hyphens, without signs above letters; ü as v."""
    text = unicodedata.normalize("NFC", " ".join(words).lower()).replace("ü", "v")
    pieces = _plain(text).replace("-", " ").split()
    return ["lv" if piece == "lyu" else piece for piece in pieces]


def _plain(text: str) -> str:
    """Without signs above letters, and with straight apostrophes."""
    apart = unicodedata.normalize("NFD", text.translate(_STRAIGHT))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(char, "").startswith("LATIN") for char in text if char.isalpha())

"""The reference tables in `data/`, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `data/<name>.csv` by column; lines that start with # are comments."""
    text = files("connectors.sample").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@cache
def words(kind: str) -> list[str]:
    """The word list `kind` in falling frequency."""
    for row in rows("words"):
        if row["kind"] == kind:
            return _split(kind, row["words"])
    raise KeyError(kind)


def _split(kind: str, text: str) -> list[str]:
    if kind != "hongkong":
        return text.split(" ")
    return _romanised(text)


def _romanised(text: str) -> list[str]:
    """陈大文/CHAN TAI MAN 黄... : an entry starts at each Han character after a space."""
    entries: list[str] = []
    for part in text.split(" "):
        if ord(part[0]) > 127:
            entries.append(part)
        else:
            entries[-1] += f" {part}"
    return entries


@cache
def shape_twins() -> dict[str, str]:
    """Character -> the characters that look like it."""
    twins: dict[str, str] = {}
    for row in rows("shapes"):
        for character in row["group"]:
            others = row["group"].replace(character, "")
            twins[character] = twins.get(character, "") + others
    return twins


@cache
def variants() -> dict[str, str]:
    """Character -> its other accepted form, in both directions."""
    pairs = [(row["usual"], row["variant"]) for row in rows("variants")]
    return dict(pairs) | {variant: usual for usual, variant in pairs}


@dataclass(frozen=True, slots=True)
class Place:
    """A district: names of its levels, and what numbers and plates start with there."""

    code: str
    province: str
    city: str
    district: str
    plate: str
    area_code: str
    local_digits: int
    old: str


@cache
def places() -> list[Place]:
    """All districts."""
    return [
        Place(
            row["code"],
            row["province"],
            row["city"],
            row["district"],
            row["plate"],
            row["area_code"],
            int(row["digits"]),
            row["old"],
        )
        for row in rows("places")
    ]


@cache
def cities() -> dict[str, list[Place]]:
    """City -> its districts."""
    found: dict[str, list[Place]] = {}
    for place in places():
        found.setdefault(place.city, []).append(place)
    return found

"""The systems that send files: one YAML each, and `headers.yml`, what their headers mean.

A source says what it is, where its files lie below the landing folder, which fields they can have,
and how many rows and filled cells to expect. A new source is a new YAML.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from connectors.config import Config, read_yaml
from connectors.errors import SettingError

FOLDER = Path(__file__).parent
IGNORE = "ignore"  # the word in `outlets` for a header that carries nothing


class Headers(Config):
    """The shared knowledge about headers: see the comments in headers.yml."""

    fields: dict[str, list[str]]
    joined: list[str]
    fallback: list[str]
    ignored: list[str]
    prefixes: list[str]
    never_guess: list[str]
    totals: list[str]
    footers: list[str]


class RowsExpected(Config):
    """How many rows a file should have, and why."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)
    because: str


class FilledExpected(Config):
    """The least share of rows in which a field should be filled, and why."""

    least: float = Field(ge=0, le=1)
    because: str


class Expected(Config):
    """What a source says about its own size."""

    rows: RowsExpected
    filled: dict[str, FilledExpected] = Field(default_factory=dict)


class Source(Config):
    """One system that sends files.

    path: below the landing folder; `{outlet}` is the folder of an outlet's code, `**` anything.
    outlet: regular expression of the outlet's code; None where the files are not an outlet's.
    prefer: field -> headers that come before the shared order of headers.yml.
    outlets: outlet code -> header -> field (or "ignore"), mapped by hand for that outlet.
    """

    name: Literal["hq", "dealer", "station"]  # customer_xref promises these three
    description: str
    owner: str
    path: str
    outlet: str | None = None
    extract: Literal["incremental"] = "incremental"  # what is missing from a file is not deleted
    fields: list[str]
    required: list[str]
    prefer: dict[str, list[str]] = Field(default_factory=dict)
    ignored: list[str] = Field(default_factory=list)
    outlets: dict[str, dict[str, str]] = Field(default_factory=dict)
    expect: Expected

    @model_validator(mode="after")
    def _names_known_fields(self) -> Self:
        by_hand = {f for mapping in self.outlets.values() for f in mapping.values()} - {IGNORE}
        known = set(shared_headers().fields)
        for where, names, allowed in (
            ("fields", self.fields, known),
            ("required", self.required, set(self.fields)),
            ("prefer", self.prefer, set(self.fields)),
            ("outlets", by_hand, set(self.fields)),
            ("expect.filled", self.expect.filled, set(self.fields)),
        ):
            if strange := sorted(set(names) - allowed):
                raise ValueError(f"{where} has the unknown field {', '.join(strange)}")
        try:
            _pattern(self.path, self.outlet or "")
        except re.error as error:
            raise ValueError(f"outlet is no regular expression: {error}") from None
        if ("{outlet}" in self.path) != (self.outlet is not None):
            raise ValueError("outlet and the {outlet} of path go together")
        return self

    def claim(self, path: str) -> str | None:
        """The outlet code of a file of this source ("" without outlets); None if not its file.

        path: relative to the landing folder, with forward slashes.
        """
        match = _pattern(self.path, self.outlet or "").fullmatch(path)
        return None if match is None else match.groupdict().get("outlet", "").upper()


@cache
def _pattern(path: str, outlet: str) -> re.Pattern[str]:
    pattern = re.escape(path).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    pattern = pattern.replace(r"\{outlet\}", f"(?P<outlet>{outlet})")
    return re.compile(pattern, re.IGNORECASE)


@cache
def shared_headers() -> Headers:
    """The table of headers.yml."""
    return read_yaml(FOLDER / "headers.yml", Headers)


def load_sources(folder: Path = FOLDER) -> tuple[Source, ...]:
    """Every source of a folder of YAML files, by name; raises SettingError for a faulty one."""
    files = sorted(f for f in folder.glob("*.yml") if f.name != "headers.yml")
    if not files:
        raise SettingError(f"{folder}: no such folder of sources, or no YAML file in it")
    sources = tuple(read_yaml(file, Source) for file in files)
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise SettingError(f"{folder}: two sources have the same name")
    return sources


def rules_digest(sources: Sequence[Source]) -> str:
    """A hash of everything that decides how files are understood: the rules and our version."""
    parts = [
        metadata.version("guiyi"),
        shared_headers().model_dump_json(),
        *(source.model_dump_json() for source in sources),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

"""The audit sample: links that the merge made without asking, drawn by lot by their weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from matching.evaluate.share import Stratum
from warehouse.steward.learn.judgements import Facts, Judgement
from warehouse.steward.published import version_of

#: Bounds between the strata, in bits: where links are weak they are few, and worth more looks.
BOUNDS = (6.0, 8.0, 12.0, 20.0)
_LINKS = (Path(__file__).parent / "links.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was drawn. stratum: its place among the bands; size: links in its band."""

    link_id: str
    golden_id: str
    record_a: str
    record_b: str
    match_weight: float
    stratum: int
    size: int
    outlets: list[str]
    is_key_account: bool

    @property
    def key(self) -> str:
        """By what name it is claimed."""
        return f"links~{self.link_id}"

    @property
    def facts(self) -> Facts:
        """What is kept of it beside a decision."""
        return Facts("link", self.match_weight)


class Sample:
    """The links that are drawn, asked of each published version once."""

    def __init__(self, most: int) -> None:
        """most: links of each stratum."""
        self._most = most
        self._known: dict[tuple[Any, ...], list[Link]] = {}

    def drawn(self, con: duckdb.DuckDBPyConnection) -> list[Link]:
        """All of them, in the order of the lot."""
        version = version_of(con)
        if version not in self._known:
            asked = {"most": self._most, "bounds": list(BOUNDS)}
            rows = con.execute(_LINKS, asked).fetchall()
            self._known = {version: [Link(*row) for row in rows]}
        return self._known[version]


def band(stratum: int, link: float) -> tuple[float, float | None]:
    """From and to which weight a stratum goes; None for no end. link: the link threshold."""
    bounds = (link, *BOUNDS, None)
    return bounds[stratum] or 0.0, bounds[stratum + 1]


def strata(links: Iterable[Link], judged: Iterable[Judgement]) -> dict[int, Stratum]:
    """Stratum -> what was found in it. judged: answers in force; unsure ones do not count."""
    sizes = {link.stratum: link.size for link in links}
    looked, right = Counter[int](), Counter[int]()
    for one in judged:
        if one.source == "audit" and one.verdict != "unsure":
            place = sum(one.facts.match_weight >= bound for bound in BOUNDS)
            looked[place] += 1
            right[place] += one.verdict == "same"
    places = range(len(BOUNDS) + 1)
    return {place: Stratum(sizes.get(place, 0), looked[place], right[place]) for place in places}

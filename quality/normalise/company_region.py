"""The region in an organisation's name: 武汉 of 武汉宏达物流, 苏州工业园区, 中国 of 神州租车(中国).

A name in full (武汉市, 吴中区) is a region wherever a name begins with it. A short one (武汉) is a
region only of provinces, cities and counties that are cities, and only where the rest can be a
name: not in 上海滩 or 南京路步行街. `not_regions.csv` lists those that begin other words (三明治).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from quality.normalise.divisions import MUNICIPALITIES, atlas
from quality.reference import table

# what begins the rest where a short name of a place is part of another one: 南京路步行街, 上海滩
_GOES_ON = re.compile("路(?:步行|口|段|店|号|商|[东南西北中一二三])|[巷滩湾]")


class Region(NamedTuple):
    """The region that begins a text. name: the short name of its finest level;
    where several places bear that, behind those of the typed levels above that tell them apart.

    taken: characters of it. short: whether that level stands without its kind (武汉 for 武汉市).
    """

    name: str
    taken: int
    short: bool


def leading_region(text: str) -> Region | None:
    """The region that begins a simplified text, with a development zone behind it.

    >>> leading_region("江苏昆山宏达物流"), leading_region("杭州市泰安劳务")
    (Region(name='昆山', taken=4, short=True), Region(name='杭州', taken=3, short=False))
    >>> leading_region("苏州工业园区顺风汽修"), leading_region("阿里巴巴")
    (Region(name='苏州工业园区', taken=6, short=False), None)
    >>> leading_region("北京市朝阳区"), leading_region("江苏省南京市鼓楼区").name
    (Region(name='北京朝阳', taken=6, short=False), '南京鼓楼')
    """
    taken, found, short = 0, "", False
    above: tuple[str, ...] = ("",)
    levels: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(3):
        for size in _sizes().get(text[taken : taken + 2], ()):
            name = text[taken : taken + size]
            if len(name) < size:
                continue
            codes = _regions().get(name)
            inside = codes and tuple(code for code in codes if code.startswith(above))
            if inside:
                taken, found, above = taken + size, _short_name(name), inside
                short = found == name
                levels.append((found, inside))
                break
        else:
            break
    found = _told_apart(levels) if len(levels) > 1 else found
    zone = _zone(text, taken, above)
    if zone:
        return Region(found + zone if taken else zone, taken + len(zone), short=False)
    return Region(found, taken, short) if taken else None


def _told_apart(levels: list[tuple[str, tuple[str, ...]]]) -> str:
    """The finest level's name, behind those of the levels above that tell it from its namesakes.

    levels: short name and codes, the widest first.
    """
    *above, (finest, _) = levels
    bearers, name = _bearers().get(finest, frozenset()), finest
    for level, codes in reversed(above):
        if len(bearers) < 2:
            break
        bearers = frozenset(code for code in bearers if code.startswith(codes))
        name = name if level == finest else level + name
    return name


def whole_region(text: str) -> str:
    """The region that a whole text names, as in brackets; else ''.

    >>> [whole_region(text) for text in ("武汉", "武汉市", "中国", "沪", "武汉宏达")]
    ['武汉', '武汉', '中国', '上海', '']
    """
    if text in _wide():
        return _wide()[text]
    region = leading_region(text)
    return region.name if region and region.taken == len(text) else ""


def may_follow(core: str, rest: str) -> bool:
    """Whether a name can go on like that behind a short region: not 滩 behind 上海.

    core: what is left of the rest without trade words.
    """
    if rest and not core:
        return True  # 苏州出租汽车公司
    return len(core) > 1 and not _GOES_ON.match(core)


def abbreviates_region(core: str) -> bool:
    """Whether a core may begin with the one-character name of a province: 沪强生, but not 沪东.

    >>> [abbreviates_region(core) for core in ("沪强生", "沪东", "强生沪", "京东世纪")]
    [True, False, False, False]
    """
    return len(core) > 2 and core[0] in _abbreviations()


def _zone(text: str, taken: int, above: tuple[str, ...]) -> str:
    """The development zone that stands there, if it may: in the place before it, or alone."""
    for name, city, alone in _zones().get(text[taken : taken + 2], ()):
        fits = city.startswith(above) or any(code.startswith(city) for code in above)
        if text.startswith(name, taken) and (fits if taken else alone):
            return name
    return ""


@cache
def _zones() -> dict[str, list[tuple[str, str, bool]]]:
    """First two characters to (name, city code or '', alone), the longest first; only what says 区.

    alone: whether the name tells its city by itself.
    """
    zones: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for row in sorted(table("zones"), key=lambda row: -len(row["name"])):
        if row["name"].endswith("区"):
            alone = bool(row["city"]) and row["alone"] != "no"
            zones[row["name"][:2]].append((row["name"], row["city"], alone))
    return dict(zones)


@cache
def _regions() -> dict[str, list[str]]:
    """Every name that a company's region is written with, to the codes of the places so named.

    A code is cut to the digits that the codes of all places within begin with.
    """
    not_regions = {row["name"] for row in table("not_regions")}
    regions: dict[str, list[str]] = defaultdict(list)
    for division in atlas().by_code.values():
        code = division.code.removesuffix("00").removesuffix("00")
        if code[:2] in MUNICIPALITIES and code[2:] == "01":
            code = code[:2]
        regions[division.name].append(code)
        whole_city = division.code.endswith("00") or division.name.endswith("市")
        if whole_city and division.short not in (division.name, *not_regions):
            regions[division.short].append(code)
    return dict(regions)


@cache
def _sizes() -> dict[str, list[int]]:
    """The first two characters of regions' names to the lengths of these, the longest first."""
    sizes: dict[str, set[int]] = defaultdict(set)
    for name in _regions():
        sizes[name[:2]].add(len(name))
    return {start: sorted(found, reverse=True) for start, found in sizes.items()}


@cache
def _short_name(name: str) -> str:
    """The short name that stands for a region's name."""
    named = (d.short for d in atlas().by_code.values() if d.name == name)
    return next(named, name)


@cache
def _bearers() -> dict[str, frozenset[str]]:
    """Short name of places to the city codes, of four digits, of all that bear it."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for division in atlas().by_code.values():
        bearers[division.short].add(division.code[:4])
    return {name: frozenset(codes) for name, codes in bearers.items()}


@cache
def _wide() -> dict[str, str]:
    """Word in brackets to the region that it means."""
    return {row["name"]: row["region"] for row in table("wide_regions")}


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(row["name"] for row in table("wide_regions") if row["leads"])

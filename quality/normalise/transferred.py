"""Counties that went to another city: 寿县 was 六安市's, 仙桃市 荆州地区's, 沭阳县 淮阴市's.

Their former city stands before their name in old addresses. From the entries of `divisions`, whose
codes begin with that of the city at the time.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from quality.normalise.divisions import Division, Former, atlas, entries
from quality.normalise.place_names import cities
from quality.normalise.text import simplify

_KINDS = ("地区", "专区", "盟", "市")


@cache
def transferred() -> dict[str, dict[str, Former]]:
    """Code of a city to the names of counties that it had, and what has them today.

    >>> heir = transferred()["341500"]["寿县"].heir
    >>> heir.code, heir.name
    ('340422', '寿县')
    """
    had: dict[str, dict[str, Former]] = defaultdict(dict)
    for code, name, year in entries()[1]:
        city = None if code.endswith("00") or name[-1] not in "县市旗" else _city(code, year)
        heirs = _heirs(simplify(name), code[:2]) if city else []
        if city and len(heirs) == 1 and heirs[0].city_code != city.code:
            for known in (name, heirs[0].name, heirs[0].short):
                had[city.code][simplify(known)] = Former(heirs[0], year)
    return dict(had)


def _heirs(name: str, province: str) -> list[Division]:
    """The division of the name in the province, or what took it over."""
    present = [d for d in atlas().districts.get(name, ()) if d.code[:2] == province]
    gone = [f.heir for f in atlas().former.get(name, ()) if f.heir.code[:2] == province]
    return present or list(dict.fromkeys(gone))


def _city(code: str, year: int) -> Division | None:
    """What the city is today to which the code belonged in the year."""
    named = [(last, name) for last, name in _prefectures().get(code[:4], ()) if last >= year]
    name = simplify(min(named)[1]) if named else ""
    kind = next((kind for kind in _KINDS if name.endswith(kind)), "")
    for known in (name, name.removesuffix(kind)):
        found = [city for city in cities().get(known, ()) if city.code[:2] == code[:2]]
        if len(found) == 1:
            return found[0]
    return None


@cache
def _prefectures() -> dict[str, list[tuple[int, str]]]:
    """The first digits of a code to the cities that had them, each with its last year."""
    prefectures: dict[str, list[tuple[int, str]]] = defaultdict(list)
    current, ended = entries()
    for code, name, year in (*((code, name, 9999) for code, name in current), *ended):
        if code.endswith("00") and not code.endswith("0000"):
            prefectures[code[:4]].append((year, name))
    return dict(prefectures)

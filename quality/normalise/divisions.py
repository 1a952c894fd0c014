"""Provinces, cities and districts of China with their codes, past and present.

Codes and names: `stdnum/cn/loc.dat` of python-stdnum (from the annual lists of the Ministry of
Civil Affairs, with the years in which each was in force), read from the package, and
`division_corrections.csv` for what it lacks or keeps too long. Former districts lead to the present
ones: by `former_divisions.csv`, else by equal stem in the same province (余杭市 -> 余杭区). Towns
that changed hands while both divisions go on: `moved_towns.csv`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from quality.normalise.text import converted, simplify
from quality.reference import table

MUNICIPALITIES = ("11", "12", "31", "50")
_ENTRY = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[]+)")
_LINE = re.compile(r'^ +(\d{4}) county="(.*)"$')
_PROVINCE = re.compile(r'^(\d\d) province="(.*)"$')
_NOT_PLACES = re.compile("市辖区|^县$|^市区$|直辖|省辖|^郊县$")
_GENERIC = re.compile("^[城郊矿市]区$")
_PROVINCE_TAIL = re.compile("(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$")
_PEOPLES = (
    "(?:满族|回族|藏族|苗族|彝族|壮族|侗族|瑶族|白族|傣族|黎族|畲族|土族|羌族|水族|怒族|佤族|蒙古族|朝鲜族|"
    "土家族|哈尼族|哈萨克族|维吾尔族|傈僳族|拉祜族|仡佬族|东乡族|纳西族|景颇族|柯尔克孜|达斡尔族|仫佬族|布朗族|"
    "撒拉族|毛南族|普米族|裕固族|保安族|独龙族|布依族|布依|德昂族|各族|蒙古|哈萨克|柯尔克孜族|塔吉克|锡伯)*"
)
_CITY_TAIL = re.compile(f"{_PEOPLES}(?:自治州|地区|盟|市)$")
_DISTRICT_TAIL = re.compile(
    f"{_PEOPLES}(?:自治县|自治旗|特区|林区|(?<=..)新区|区|县|市|旗)$"  # 清新区 is 清新, not 清
)
_AUTONOMOUS = re.compile("^.+自治([县旗])$")
_VAGUE = re.compile(
    "^(?:[东西南北中城新市关郊桥站]+|.*市|公园|露天|动力)$"
)  # short names that say little
# what was Sichuan's until 1997 and is Chongqing's
_WAS_SICHUAN = ("5102", "5112", "5114", "5122", "5123", "5135")


@dataclass(frozen=True, slots=True)
class Division:
    """One division in force: its 6-digit code, full name, and short name (equal where none)."""

    code: str
    name: str
    short: str

    @property
    def city_code(self) -> str:
        """The code of the city above: its own for counties directly under a province."""
        if self.code[:2] in MUNICIPALITIES:
            return self.code[:2] + "0100"
        return self.code if self.code[2:4] == "90" else self.code[:4] + "00"


class Former(NamedTuple):
    """A division in force that took over a former one, or `towns` of it ('' in all: the rest)."""

    heir: Division
    year: int
    towns: tuple[str, ...] = ()


class Atlas(NamedTuple):
    """The divisions in force, by code and by any of their names in simplified characters."""

    provinces: dict[str, Division]  # name -> province
    cities: dict[str, list[Division]]  # name -> cities
    districts: dict[str, list[Division]]  # name -> districts, present ones
    generic: dict[str, list[Division]]  # 城区, 郊区, 矿区: names only within their city
    former: dict[str, list[Former]]  # former name, full or short -> what took it over
    moved: dict[str, list[Former]]  # code of a district -> the towns that others have now
    by_code: dict[str, Division]  # without the generic ones


@cache
def atlas() -> Atlas:
    """Read the divisions once (some 40 ms)."""
    current, ended = entries()
    every = {code: _division(code, name) for code, name in current}
    for code in ("110100", "120100", "310100", "500100"):
        municipality = every[code[:2] + "0000"]
        every[code] = Division(code, municipality.name, municipality.short)
    provinces: dict[str, Division] = {}
    cities: dict[str, list[Division]] = {}
    districts: dict[str, list[Division]] = {}
    generic: dict[str, list[Division]] = {}
    for division in every.values():
        written = (division.name, division.short, _plain(division))
        names = dict.fromkeys([*map(simplify, written), *map(converted, written)])
        if division.code.endswith("0000"):
            provinces |= dict.fromkeys(names, division)
            continue
        if not division.code.endswith("00"):
            level = generic if _GENERIC.match(division.name) else districts
        elif division.code[:2] in MUNICIPALITIES:
            continue
        else:
            level = cities
        for name in names:
            level.setdefault(name, []).append(division)
    by_code = {code: d for code, d in every.items() if not _GENERIC.match(d.name)}
    former, moved = _former(ended, every), _moved(every)
    return Atlas(provinces, cities, districts, generic, former, moved, by_code)


@cache
def entries() -> tuple[list[tuple[str, str]], list[tuple[str, str, int]]]:
    """(code, name) in force, and (code, name, last year) of the past."""
    current: list[tuple[str, str]] = []
    ended: list[tuple[str, str, int]] = []
    province = ""
    text = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    for line in text.splitlines():
        head, entry = _PROVINCE.match(line), _LINE.match(line)
        if head:
            province = head[1]
        if entry is None:
            continue
        for match in _ENTRY.finditer(entry[2]):
            code, name = province + entry[1], match[3].strip()
            if _NOT_PLACES.search(name):
                continue
            if match[2]:
                ended.append((code, name, int(match[2])))
            else:
                current.append((code, name))
    corrections = {
        (row["code"], row["name"]): row["in_force"] for row in table("division_corrections")
    }
    missing = [division for division, in_force in corrections.items() if in_force == "yes"]
    kept = [division for division in current if division not in corrections]
    return kept + missing, ended


def _division(code: str, name: str) -> Division:
    tail = (
        _PROVINCE_TAIL
        if code.endswith("0000")
        else _CITY_TAIL
        if code.endswith("00")
        else _DISTRICT_TAIL
    )
    short = tail.sub("", name)
    return Division(code, name, short if len(short) > 1 else name)


def _plain(division: Division) -> str:
    """陵水县 for 陵水黎族自治县."""
    return _AUTONOMOUS.sub(rf"{division.short}\1", division.name)


def _former(
    ended: list[tuple[str, str, int]], every: dict[str, Division]
) -> dict[str, list[Former]]:
    """Former name to the divisions that took it over, the own table first."""
    present = {d.name + d.code[:2] for d in every.values()}
    stems = defaultdict(list)
    for division in every.values():
        if not division.code.endswith("00"):
            stems[division.code[:2] + division.short].append(division)
    former: dict[str, list[Former]] = defaultdict(list)
    listed = set()
    for row in table("former_divisions"):
        heir = every[row["code"]]
        listed.add(row["former"] + heir.code[:2])
        former[row["former"]].append(Former(heir, int(row["year"]), tuple(row["towns"].split())))
    for code, name, year in ended:
        was_sichuan = code[:4] in _WAS_SICHUAN and year <= 1997
        province = "50" if was_sichuan else code[:2]
        heirs = stems.get(province + _division(code, name).short, [])
        if code.endswith("00") or name + province in listed or name + province in present:
            continue
        if len(heirs) == 1 and heirs[0] not in [f.heir for f in former[name]]:
            former[name].append(Former(heirs[0], year))
    return _with_short({simplify(name): took for name, took in former.items() if took})


def _with_short(full: dict[str, list[Former]]) -> dict[str, list[Former]]:
    """上海 闸北 for 闸北区, 路南县 for 路南彝族自治县 too."""
    short: dict[str, list[Former]] = defaultdict(list)
    for name, took in full.items():
        stem = _DISTRICT_TAIL.sub("", name)
        for other in (_AUTONOMOUS.sub(rf"{stem}\1", name), _VAGUE.sub("", stem)):
            if len(other) > 1 and other not in full:
                short[other] += took
    return {**full, **short}


def _moved(every: dict[str, Division]) -> dict[str, list[Former]]:
    """Code of a district to the towns that it lost."""
    moved: dict[str, list[Former]] = defaultdict(list)
    for row in table("moved_towns"):
        heir = every[row["has"]]
        moved[row["had"]].append(Former(heir, int(row["year"]), tuple(row["towns"].split())))
    return dict(moved)

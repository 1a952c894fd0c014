"""Provinces, cities and districts of China with their codes, past and present.

Codes and names: `stdnum/cn/loc.dat` of python-stdnum (from the annual lists of the Ministry of
Civil Affairs, with the years in which each was in force), read from the package, and
`division_corrections.csv` for what it lacks or keeps too long. Former districts lead to the present
one: by `former_divisions.csv`, else by equal stem in the same province (余杭市 -> 余杭区).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from quality.reference import table

MUNICIPALITIES = ("11", "12", "31", "50")
_ENTRY = re.compile(r"(?:\[(\d*)-(\d*)\])?([^,\[]+)")
_LINE = re.compile(r'^ +(\d{4}) county="(.*)"$')
_PROVINCE = re.compile(r'^(\d\d) province="(.*)"$')
_NOT_PLACES = re.compile("市辖区|^县$|^市区$|^郊区$|^城区$|^矿区$|直辖|省辖|^郊县$")
_PROVINCE_TAIL = re.compile("(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$")
_PEOPLES = (
    "(?:满族|回族|藏族|苗族|彝族|壮族|侗族|瑶族|白族|傣族|黎族|畲族|土族|羌族|水族|怒族|佤族|蒙古族|朝鲜族|"
    "土家族|哈尼族|哈萨克族|维吾尔族|傈僳族|拉祜族|仡佬族|东乡族|纳西族|景颇族|柯尔克孜|达斡尔族|仫佬族|布朗族|"
    "撒拉族|毛南族|普米族|裕固族|保安族|独龙族|布依族|布依|德昂族|各族|蒙古|哈萨克|柯尔克孜族|塔吉克|锡伯)*"
)
_CITY_TAIL = re.compile(f"{_PEOPLES}(?:自治州|地区|盟|市)$")
_DISTRICT_TAIL = re.compile(f"{_PEOPLES}(?:自治县|自治旗|特区|林区|新区|区|县|市|旗)$")


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


class Atlas(NamedTuple):
    """The divisions in force, by code and by any of their names, present or former."""

    provinces: dict[str, Division]  # name -> province
    cities: dict[str, list[Division]]  # name -> cities
    districts: dict[str, list[Division]]  # name -> districts, present ones
    former: dict[str, list[Division]]  # former name -> the districts of today
    moved: dict[str, dict[str, Division]]  # former name -> town -> its district, not the others'
    by_code: dict[str, Division]


@cache
def atlas() -> Atlas:
    """Read the divisions once (some 30 ms)."""
    current, ended = _read()
    by_code = {code: _division(code, name) for code, name in current}
    for code in ("110100", "120100", "310100", "500100"):
        municipality = by_code[code[:2] + "0000"]
        by_code[code] = Division(code, municipality.name, municipality.short)
    cities, districts = defaultdict(list), defaultdict(list)
    provinces: dict[str, Division] = {}
    for division in by_code.values():
        names = dict.fromkeys((division.name, division.short))
        if division.code.endswith("0000"):
            provinces |= dict.fromkeys(names, division)
        elif division.code.endswith("00") and division.code[:2] not in MUNICIPALITIES:
            for name in names:
                cities[name].append(division)
        elif not division.code.endswith("00"):
            for name in names:
                districts[name].append(division)
    former = _former(ended, by_code)
    return Atlas(provinces, dict(cities), dict(districts), former, _moved(by_code), by_code)


def _read() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(code, name) in force, and (code, name) of the past."""
    current: list[tuple[str, str]] = []
    ended: list[tuple[str, str]] = []
    province = ""
    text = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    for line in text.splitlines():
        head, entry = _PROVINCE.match(line), _LINE.match(line)
        if head:
            province = head[1]
        if entry is None:
            continue
        for match in _ENTRY.finditer(entry[2]):
            name, over = match[3].strip(), bool(match[2])
            if not _NOT_PLACES.search(name):
                (ended if over else current).append((province + entry[1], name))
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


def _former(
    ended: list[tuple[str, str]], by_code: dict[str, Division]
) -> dict[str, list[Division]]:
    """Former full name to the divisions that took it over, the own table first."""
    names = {d.name + d.code[:2]: d for d in by_code.values()}
    stems = defaultdict(list)
    for division in by_code.values():
        if not division.code.endswith("00"):
            stems[division.code[:2] + division.short].append(division)
    former: dict[str, list[Division]] = defaultdict(list)
    listed = set()
    for row in table("former_divisions"):
        listed.add(row["former"])
        if not row["towns"]:
            former[row["former"]].append(by_code[row["code"]])
    for code, name in ended:
        heirs = stems.get(code[:2] + _division(code, name).short, [])
        if code.endswith("00") or name in listed or name + code[:2] in names:
            continue
        if len(heirs) == 1 and heirs[0] not in former[name]:
            former[name].append(heirs[0])
    return {name: heirs for name, heirs in former.items() if heirs}


def _moved(by_code: dict[str, Division]) -> dict[str, dict[str, Division]]:
    """Former name to the towns that another district took over than the one that took the rest."""
    moved: dict[str, dict[str, Division]] = defaultdict(dict)
    for row in table("former_divisions"):
        moved[row["former"]] |= dict.fromkeys(row["towns"].split(), by_code[row["code"]])
    return {name: towns for name, towns in moved.items() if towns}

"""The lower levels of an address: town, road and number, estate, building, unit, room."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quality.normalise.text import HAN

_NUMERAL = "零〇一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾两"
_DIGITS = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九")} | {
    c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")
} | {"两": 2}  # fmt: skip
# a numeral is a number only before one of these; 三里屯 and 五一路 keep theirs
_COUNTED = re.compile(
    f"(?<![{_NUMERAL}])([{_NUMERAL}]+)(?=号楼|号|栋|幢|座|单元|梯|层|楼(?!路|街|村|镇)|室|弄)"
)
_TOWN = re.compile(
    f"([{HAN}]{{1,8}}?(?:街道(?:办事处|办)?|镇|乡|苏木))(?!路|街|中路|东路|西路|南路|北路|大道|村委)"
)
_ROAD = re.compile(
    f"([{HAN}0-9A-Za-z]{{1,12}}?(?:大道|大街|公路|胡同|马路|支路|环路|路|街|巷|道|里弄|国道|省道))"
    "(?![街道])([东西南北中]?(?:[一二三四五六七八九十]+)?[段侧]?)"
)
_LANE = re.compile(r"(\d+弄)(?:(\d+)(?:号楼?|栋|幢))?")
_NUMBER = re.compile(
    r"第?([甲乙丙丁]?\d+[A-Za-z]?(?:[-—之]\d+)?)(?:号院?(?!楼|房|室)(?:(附|-)(\d+)号?)?)"
)
_BUILDING = re.compile(
    r"(?:(?<!门)第)?([A-Za-z]?\d+[A-Za-z]?|[A-Za-z]|[甲乙丙丁东西南北])(?:号楼|#楼|栋楼?|幢|座|#)"
)
_BARE_BUILDING = re.compile(r"(\d+)(?:号|楼)(?=\d+(?:单元|梯|门))")
_UNIT = re.compile(r"第?(\d+|[A-Za-z甲乙丙东西中])(?:单元|梯|门(?!牌))")
_FLOOR = re.compile(r"(\d+)(?:层|楼|[Ff](?![A-Za-z]))")
_ROOM = re.compile(r"(\d{1,5}[A-Za-z]?|[A-Za-z]\d{1,4})(?:室|房|号房|号室|户|号)?$")
_TRIPLE = re.compile(
    r"(?<![\d-])([A-Za-z]?\d{1,3}[A-Za-z]?)[-—/#](\d{1,2})[-—/#](\d{2,5}[A-Za-z]?)(?:室|号|房)?$"
)
_DOUBLE = re.compile(r"(?<![\d-])([A-Za-z]?\d{1,3}[A-Za-z]?)[-—/#](\d{3,5}[A-Za-z]?)(?:室|号|房)?$")
_AFTER_BUILDING = re.compile(r"^[-—]?(\d{1,2})[-—](\d{2,5})(?:室|号|房)?$")
_BRACKETED = re.compile(r"\([^()]*\)?")


@dataclass(slots=True)
class Street:
    """The lower levels, each '' where missing; numbers in Arabic numerals."""

    town: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: str = ""

    def text(self) -> str:
        """The levels in the one order and spelling."""
        number = self.number and (self.number + ("" if self.number.endswith("弄") else "号"))
        parts = [self.town, self.road, number, self.estate]
        if not self.road:  # a house number counts within its village
            parts = [self.town, self.estate, number]
        parts.append(self.building and f"{self.building}栋")
        parts.append(self.unit and f"{self.unit}单元")
        parts.append(self.room and f"{self.room}室")
        return "".join(parts) + (f"({self.rest})" if self.rest else "")


def read_street(text: str) -> Street:
    """Read what follows the district.

    >>> s = read_street("人民路十二号阳光花园3-2-501")
    >>> s.road, s.number, s.estate, s.building, s.unit, s.room
    ('人民路', '12', '阳光花园', '3', '2', '501')
    """
    street = Street()
    notes = [n.strip("()") for n in _BRACKETED.findall(text)]
    text = _COUNTED.sub(lambda m: str(arabic(m[1])), _BRACKETED.sub("", text)).replace(")", "")
    text = _head(text, street)
    text = _tail(text, street)
    text = text.strip("-—,.#/")
    street.estate = text
    street.rest = ";".join(n for n in [street.rest, *notes] if n)
    return street


def _head(text: str, street: Street) -> str:
    """Town, road, number off the front."""
    town = _TOWN.match(text)
    road = _ROAD.match(text)
    if town and not (road and len(road[0]) < len(town[0])):
        street.town, text = town[1], text[town.end() :]
        road = _ROAD.match(text)
    if road:
        street.road, text = road[1] + road[2], text[road.end() :]
    lane = _LANE.match(text)
    number = None if lane else _NUMBER.match(text)
    if lane:
        street.number, street.building = lane[1], lane[2] or ""
        text = text[lane.end() :]
    elif number:
        street.number = number[1].replace("—", "-").replace("之", "-")
        street.number += f"{number[2]}{number[3]}" if number[3] else ""
        text = text[number.end() :]
    elif road and text.isdigit() and len(text) <= 4:
        street.number, text = text, ""
    return text


def _tail(text: str, street: Street) -> str:
    """Room, unit, building off the end; what is left is the estate."""
    triple, double = _TRIPLE.search(text), _DOUBLE.search(text)
    if triple:
        street.building, street.unit, street.room = triple.groups()
        return text[: triple.start()]
    if double:
        street.building, street.room = double.groups()
        return text[: double.start()]
    building = _BUILDING.search(text) or _BARE_BUILDING.search(text)
    unit = _UNIT.search(text, building.end() if building else 0)
    start = building or unit
    if building:
        street.building = building[1].upper()
    if unit:
        street.unit = unit[1].upper()
    if start is None:
        return _lone_room(text, street)
    rest = text[(unit or start).end() :]
    pair = _AFTER_BUILDING.match(rest)
    if pair:
        street.unit, street.room = pair[1], pair[2]
        return text[: start.start()]
    rest = _room(rest, street)
    return text[: start.start()] + rest


def _lone_room(text: str, street: Street) -> str:
    """A room without a building: only where something stands before it or a number was read."""
    room = _ROOM.search(text)
    if room is None or not (street.number or street.building or room.start() > 0):
        return text
    if room[0].endswith("号") and not room[0].endswith("房号") and not street.number:
        street.number = room[1].upper()
        return text[: room.start()]
    street.room = room[1].upper()
    return _FLOOR.sub("", text[: room.start()])


def _room(rest: str, street: Street) -> str:
    room = _ROOM.search(rest)
    if room is None:
        floor = _FLOOR.fullmatch(rest)
        street.rest = f"{floor[1]}层" if floor else ""
        return "" if floor else rest
    street.room = room[1].upper()
    return _FLOOR.sub("", rest[: room.start()]).strip("-—")


def arabic(numeral: str) -> int:
    """A Chinese numeral below a thousand, or digits in a row.

    >>> arabic("十二"), arabic("二十"), arabic("一〇三"), arabic("壹"), arabic("一百零五")
    (12, 20, 103, 1, 105)
    """
    if not any(c in "十百拾" for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for c in numeral:
        if c in "十拾百":
            total += (digit or 1) * (100 if c == "百" else 10)
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit

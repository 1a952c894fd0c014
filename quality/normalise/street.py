"""The street in an address: town, road and number; `door` reads what follows the number.

Reading divides the text into parts, in their order and without loss: what a part means goes to its
level, how it stands in the value is said beside it. The levels are for comparing: numbers without
leading zeros, sub-numbers as 12-3. In a lane (弄) of Shanghai the 号 is the building.
"""

from __future__ import annotations

import re

from quality.normalise.door import read_door
from quality.normalise.street_value import Street, unpadded
from quality.normalise.text import HAN

_TOWN = re.compile(
    f"([{HAN}]{{1,8}}?(?:街道(?:办事处|办)?|(?<!小)镇|(?<!水)乡(?![村音])|苏木)|\\d{{1,3}}团|"
    f"[{HAN}]{{1,4}}团场)(?!路|街|[中东西南北]路|大道|村委|花园|公寓)"
)
_VILLAGE = re.compile(
    f"([{HAN}]{{1,8}}?(?:社区|[居村]委会|行政村|自然村|村))"
    "(?![东西南北中大新老一二三四五六七八九十]{0,2}(?:路|街|道|巷))"
    f"(?=[{HAN}0-9]{{1,8}}?(?:路|街|大道|巷)\\d)"
)
_ROAD = re.compile(
    f"(?:[{HAN}0-9A-Za-z·]{{1,12}}?(?:大道|大街|公路|胡同|马路|支路|环路|路|街|巷|道|里弄|国道|省道|[一二三四五六七八九十]条)"
    "(?![街道区坊])|[东西南北]?[一二三四五六]环(?![路线岛]))"
    "(?:[东西南北中]?[一二三四五六七八九十0-9]{0,2}段|[东西南北中](?=\\d|第|$)|[东西南北]侧)?"
)
_LANE = re.compile(
    r"(?P<lane>\d+[弄巷](?:\d+支?弄)*)(?:(?P<b>\d+[A-Za-z]?(?:[-~、]\d+)*)(?:号楼?|栋|幢|座|#))?"
)
_NUMBER = re.compile(
    r"第?(?P<n>[甲乙丙丁戊]?\d+[A-Za-z甲乙丙丁戊]?(?:[-—~至之、/附]\d+[A-Za-z]?)*)号(?!楼|房|室|[线桥码路街])"
    r"(?:大?院|之(?P<of>\d+)|附(?P<annex>\d+)号?|(?P<and>[-—~至、])(?P<to>\d+)(?![-—\d])号?"
    r"|(?P<letter>[甲乙丙丁戊])(?=$|[\d(-]))?"
)
# 99号公馆 is the name of an estate where no road stands before it
_NAMED_BY_NUMBER = re.compile(r"\d+号(?:公馆|会馆|庄园|官邸|别墅|公寓|公社|院子|府)")
_BARE_NUMBER = re.compile(r"(\d{1,5}[A-Za-z]?)(?:$| (?=[0-9A-Za-z])|-(?=\d{1,3}-\d{1,2}-\d{2,5}))")
_NUMBER_ROOM = re.compile(r"(\d{1,4})-(\d{3,5}(?=$|室|房)|\d{1,2}$)(?:室|房)?$")
_CROSSING = re.compile(
    f"[与和跟及、]?[{HAN}0-9]{{1,10}}?(?:路|街|大道|道|巷)(?:交叉口|交汇处|交界处?|(?:十字)?路口|口)"
    "(?:[往向]?[东西南北]{1,2}(?:[侧面边角]|方向)?)?(?:\\d+米)?$"
)
_RELATIVE = re.compile(
    "[的之]?(?:[斜正]?对面|对过|旁边?|隔壁|附近|周边|边上|[前后]面|门[口前]|楼[上下]|[东西南北]{1,2}(?:[侧面边角]|方向)"
    r"|[往向][东西南北]{1,2}|\d+(?:公里|千米|米)(?:处|左右)?|(?:十字)?路口|交叉口|交汇处|红绿灯)+$"
)
_RELATIVE_ENDS = tuple("面过旁边壁近上下侧向东西南北里米处右口前汇灯角")
_FINEST_FIRST = ("room", "unit", "building", "estate", "number")


def read_street(text: str) -> Street:
    """Read what follows the district: simplified, without notes, numbers Arabic.

    >>> s = read_street("人民路12号阳光花园3-2-501")
    >>> s.road, s.number, s.estate, s.building, s.unit, s.room, s.reason
    ('人民路', '12', '阳光花园', '3', '2', '501', 'numbers_read_as_building_unit_room')
    >>> s = read_street("石路12弄3号401")
    >>> s.road, s.number, s.building, s.room, [raw for raw, _, _ in s.parts]
    ('石路', '12弄', '3', '401', ['石路', '12弄', '3号', '401'])
    """
    street = Street()
    relative = _RELATIVE.search(text) if text[-1:] in _RELATIVE_ENDS else None
    near = relative[0] if relative and relative.start() else ""
    behind = _head(text.removesuffix(near), street)
    if street.road and not street.number and _CROSSING.match(behind + near):
        street.add("rest", behind + near, behind + near)
        street.reason = "relative_location"
        return street
    read_door(behind, street)
    if near:
        _move_away(street, near)
    return street


def _move_away(street: Street, near: str) -> None:
    """What something lies opposite to is not where it lies."""
    street.reason = "relative_location"
    level = next((level for level in _FINEST_FIRST if getattr(street, level)), "")
    beside = street.parts[-1][0] if level else ""
    if level:
        setattr(street, level, "")
    street.add("rest", beside + near, near)


def _head(text: str, street: Street) -> str:
    """Town, village before a road, road and number off the front; return what is left."""
    town, road = _TOWN.match(text), _ROAD.match(text)
    if town and not (road and len(road[0]) < len(town[0])):
        street.add("town", town[1], town[0])
        text = text[town.end() :]
        road = _ROAD.match(text)
    village = _VILLAGE.match(text) if road else None
    if village:
        street.add("rest", village[1], village[0])
        text = text[village.end() :]
        road = _ROAD.match(text)
    if road:
        street.add("road", road[0], road[0])
        text = text[road.end() :]
    return _number(text, street)


def _number(text: str, street: Street) -> str:
    lane, number = _LANE.match(text), _NUMBER.match(text)
    if lane:
        street.add("number", lane["lane"], lane["lane"])
        if lane["b"]:
            street.add("building", unpadded(lane["b"]), text[lane.end("lane") : lane.end()])
        return text[lane.end() :]
    if number and (street.road or not _NAMED_BY_NUMBER.match(text)):
        street.add("number", _house(number), number[0])
        return text[number.end() :]
    return _bare_number(text, street) if street.road else text


def _house(number: re.Match[str]) -> str:
    """The number for comparing: 12-3 for 12之3号 and 12号之3."""
    house = re.sub("[—~至之/]", "-", number["n"])
    sign = "、" if number["and"] == "、" else "-"
    further = number["of"] or number["to"]
    annex = f"附{number['annex']}" if number["annex"] else ""
    return house + (f"{sign}{further}" if further else "") + annex + (number["letter"] or "")


def _bare_number(text: str, street: Street) -> str:
    """A number behind a road without 号."""
    room = _NUMBER_ROOM.match(text)
    if room and len(room[2]) < 3:  # a room has three digits, a sub-number hardly
        street.add("number", f"{room[1]}-{room[2]}", room[0], add="号")
        return ""
    if room:
        street.reason = "numbers_read_as_number_room"
        street.add("number", room[1], room[1], add="号")
        street.add("room", room[2], text[room.end(1) :], put=f"{room[2]}室")
        return ""
    number = _BARE_NUMBER.match(text)
    if number is None:
        return text
    end = number.end() + text.startswith("-", number.end())
    street.add("number", number[1], text[:end], put=f"{number[1]}号")
    return text[end:]

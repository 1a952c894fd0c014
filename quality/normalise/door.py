"""Estate, building, unit, floor and room: what follows the number of a house.

栋 幢 座 号楼 # are one thing, and the value keeps the word. Numbers without words (3-2-501) are
read as building, unit and room, and the reading is marked.
"""

from __future__ import annotations

import re

from quality.normalise.street_value import Street, unpadded

_LETTER = "(?:(?<![A-Za-z])[A-Za-z])"  # one, not the end of a word: SOHO5号楼
_SIDES = "甲乙丙丁戊东西南北主副中"
_BUILDING = re.compile(
    rf"(?:(?<!门)第)?(?:(?P<b>(?:{_LETTER}|[甲乙丙丁])?\d+(?:-\d+)?[A-Za-z]?)"
    r"(?:号楼|#楼|栋楼?|幢楼?|座(?![山标])|#(?!$))"
    rf"|(?P<side>{_LETTER}[A-Za-z]?|[{_SIDES}])(?:座|栋|幢|楼(?=$|[0-9A-Za-z])))"
)
_BUILDING_BEFORE = re.compile(
    rf"(?<![\d-])(?P<b>{_LETTER}?\d+)(?P<w>号|楼|-)"
    r"(?=\d+(?:单元|梯|门)|\d{1,2}[-—]\d{3,5}(?:室|房|号)?$)"
)
_UNIT = re.compile(
    rf"第?(?:(?P<u>\d+|[A-Za-z{_SIDES}])(?:单元|梯)|(?P<door>\d+)号?门(?!牌)|(?P<wing>[A-Za-z])座)"
)
_UNIT_ALONE = re.compile(rf"第?(?P<u>\d+|[A-Za-z{_SIDES}])单元")
_FLOOR = re.compile(r"第?(?P<f>(?:地下|负|B)?\d{1,3})(?:层|楼|[Ff](?![A-Za-z]))")
_ROOM_WORD = "(?:号?室|号?房|户|号铺?|铺)"
_ROOM = re.compile(
    rf"(?P<r>(?<![\d-])(?:{_LETTER}-?)?\d{{1,5}}[A-Za-z]?(?:[-~、至/]\d{{3,5}}|、\d{{1,5}})*(?:之\d+)?|[东西中南北左右](?=[户室]))"
    rf"(?P<w>{_ROOM_WORD}?)$"
)
_FLOOR_LAST = re.compile(rf"{_FLOOR.pattern}(?:{_ROOM.pattern}|$)")
_ROOM_OF_FLOOR = re.compile(r"(\d+)[楼层]之(\d+)$")
_UNIT_ROOM = re.compile(rf"(?P<u>\d{{1,2}})[-—](?P<r>\d{{2,5}}[A-Za-z]?){_ROOM_WORD}?$")
_SEP = "[-—/#. ]"
_TRIPLE = re.compile(
    rf"(?<![\d-])(?P<b>{_LETTER}?\d{{1,3}}[A-Za-z]?){_SEP}(?P<u>\d{{1,2}}){_SEP}"
    rf"(?P<r>\d{{2,5}}[A-Za-z]?){_ROOM_WORD}?$"
)
_DOUBLE = re.compile(
    rf"(?<![\d-])(?P<b>{_LETTER}?\d{{1,3}}[A-Za-z]?){_SEP}(?P<u>)(?P<r>\d{{3,5}}[A-Za-z]?){_ROOM_WORD}?$"
)
_SEPARATED = re.compile(rf"\d{_SEP}\d")
_NUMBER = re.compile(
    r"(?P<n>[甲乙丙丁]?\d+[A-Za-z]?(?:[-~、]\d+)*)号院?(?P<r>(?P<room>[A-Za-z]?\d{2,5}[A-Za-z]?)[室房]?)?$"
)
_VILLAGE = re.compile("[村组队社庄屯寨坝沟湾坪岗堡营圩塘]$")
_SMALL = re.compile(r"(?<![0-9A-Za-z-])(?:\d{1,2}|[A-Za-z]\d{0,2}|\d[A-Za-z])(?:[-/ ]\d+)*$")
_EDGES = "-—,.#/ 、"
BARE = "numbers_read_as_building_unit_room"


def read_door(text: str, street: Street) -> None:
    """Divide the text into parts, and what they say into levels of the street."""
    if not text:
        return
    for read in (_words, _numbers, _floors, _house, _lone_room):
        if read(text, street):
            return
    _estate(text, street)


def is_door(text: str) -> bool:
    """Whether a text is the bare numbers of building, unit and room and nothing else."""
    found = _TRIPLE.match(text) or _DOUBLE.match(text)
    return found is not None and found["b"][0] != "0"


def _estate(text: str, street: Street) -> None:
    """What has no better meaning, without the separators around it."""
    name = text.strip(_EDGES)
    start = text.find(name) if name else len(text)
    street.skip(text[:start])
    if name:
        street.add("estate", name, name)
    street.skip(text[start + len(name) :])


def _numbers(text: str, street: Street) -> bool:
    """3-2-501, 12-302."""
    found = _SEPARATED.search(text) and (_TRIPLE.search(text) or _DOUBLE.search(text))
    if not found:
        return False
    _estate(text[: found.start()], street)
    building, unit, room = map(unpadded, found.group("b", "u", "r"))
    put = f"{building}栋" + (f"{unit}单元" if unit else "") + f"{room}室"
    street.add("building", building, found[0], put=put)
    street.say("unit", unit)
    street.say("room", room)
    street.reason = BARE
    return True


def _words(text: str, street: Street) -> bool:
    """3栋2单元5层501室, any of them missing but the first."""
    found = _BUILDING.search(text)
    before = _BUILDING_BEFORE.search(text)
    if before and (found is None or before.start() < found.start()):
        found = before
    unit = None if found else _UNIT_ALONE.search(text)
    start = found or unit
    if start is None:
        return False
    _estate(text[: start.start()], street)
    if found is None:
        _inside(text[start.start() :], street)
        return True
    building = unpadded(found["b"] or found["side"])
    if found is before and found["w"] == "-":
        street.reason = BARE
        street.add("building", building, found[0], put=f"{building}栋")
    else:
        street.add("building", building, found[0])
    _inside(text[found.end() :], street)
    return True


def _inside(text: str, street: Street) -> None:
    """What follows the building."""
    while text:
        name = text.lstrip(_EDGES)
        street.skip(text[: len(text) - len(name)])
        pair, unit = _UNIT_ROOM.match(name), _UNIT.match(name)
        if pair and not street.unit:
            street.reason = BARE
            street.add("unit", unpadded(pair["u"]), pair[0], put=_unit_room(pair))
            street.say("room", unpadded(pair["r"]))
            return
        if unit and not street.unit:
            street.add("unit", unpadded(unit["u"] or unit["door"] or unit["wing"]), unit[0])
            text = name[unit.end() :]
            continue
        _room(name, street)
        return


def _unit_room(pair: re.Match[str]) -> str:
    return f"{unpadded(pair['u'])}单元{unpadded(pair['r'])}室"


def _room(text: str, street: Street) -> None:
    """Floor and room; what has no meaning goes to the rest."""
    floor = _FLOOR.match(text)
    if floor:
        street.add("rest", f"{floor['f']}层", floor[0])
        text = text[floor.end() :]
    room = _ROOM.search(text)
    other = text[: room.start()] if room else text
    if other.strip(_EDGES):
        street.add("rest", other.strip(_EDGES), other)
    else:
        street.skip(other)
    if room:
        street.add("room", unpadded(room["r"]), room[0], add="" if room["w"] else "室")


def _floors(text: str, street: Street) -> bool:
    """汇通大厦12层1205."""
    found, of_floor = _FLOOR_LAST.search(text), _ROOM_OF_FLOOR.search(text)
    if of_floor:  # 6楼之2, as in Taiwan
        _estate(text[: of_floor.start()], street)
        street.add("room", f"{of_floor[1]}-{of_floor[2]}", of_floor[0])
        return True
    if found is None:
        return False
    _estate(text[: found.start()], street)
    _room(text[found.start() :], street)
    return True


def _house(text: str, street: Street) -> bool:
    """世纪花园3号501, 金山村12号: a building where a number stands before it, or a room behind."""
    found = _NUMBER.search(text)
    if found is None:
        return False
    estate = text[: found.start()]
    _estate(estate, street)
    in_village = _VILLAGE.search(estate) is not None
    building = street.number or (found["room"] and estate and not in_village)
    raw = text[found.start() : found.start("r")] if found["r"] else found[0]
    street.add("building" if building else "number", unpadded(found["n"]), raw)
    if found["r"]:
        street.add("room", unpadded(found["room"]), found["r"], add=_room_word(found["r"]))
    return True


def _room_word(room: str) -> str:
    return "" if room[-1] in "室房" else "室"


def _lone_room(text: str, street: Street) -> bool:
    """世纪花园501: a room behind an estate. Small numbers may be anything, but not in a village."""
    room, small = _ROOM.search(text), _SMALL.search(text)
    estate = text[: room.start()] if room else ""
    if room and (estate or street.number) and (room["w"] or not small):
        _estate(estate, street)
        street.add("room", unpadded(room["r"]), room[0], add="" if room["w"] else "室")
        return True
    if small is None or (small.start() == 0 and not street.number):
        return False
    estate = text[: small.start()]
    _estate(estate, street)
    if _VILLAGE.search(estate) and small[0].isdigit() and not street.number:
        street.add("number", unpadded(small[0]), small[0], add="号")
        return True
    street.reason = "numbers_unclear"
    street.add("rest", small[0], small[0])
    return True

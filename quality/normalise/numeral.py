"""Chinese numerals in addresses: 十二号, 三〇一室, 贰单元, 廿三号.

A numeral is a number only in front of what is counted: 三里屯 and 五一路 keep theirs.
"""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
} | {"○": 0, "两": 2}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_NUMERAL = "".join({**_DIGITS, **_UNITS}) + "廿卅"
#: where there is none of these, there is no numeral
ANY = re.compile(f"[{_NUMERAL}]")
COUNTED = re.compile(
    f"(?<![{_NUMERAL}])([{_NUMERAL}]+)(?="
    "号(?![线桥路街码]|公馆)|栋|幢|座(?!山)|单元|梯|层|楼(?![路街村镇])|室|支?弄|期|(?<=村.)[组队社]"
    f"|(?<=[村组].)[组队社]|(?<=村..)[组队社])"
)
#: 12号之三
FOLLOWING = re.compile(f"(?<=[号楼室]之)([{_NUMERAL}]+)")
#: digits in a row behind a building, a unit or a floor: 三栋二单元五〇一
ROOM = re.compile("(?<=[栋幢座元楼层号梯门弄-])([〇○零一二三四五六七八九]{3,4})(?=室|房|号?$)")


def arabic(numeral: str) -> int:
    """A Chinese numeral below a thousand, or digits in a row.

    >>> arabic("十二"), arabic("二十"), arabic("一〇三"), arabic("壹"), arabic("一百零五")
    (12, 20, 103, 1, 105)
    >>> arabic("廿三"), arabic("卅")
    (23, 30)
    """
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for c in numeral:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit

"""Dealers and stations: where they are, what software writes their files, how they type."""

from __future__ import annotations

import math
from dataclasses import dataclass

from connectors.sample import numbers
from connectors.sample.dice import Dice, Weighted
from connectors.sample.people import Numbers
from connectors.sample.tables import Place, cities, words

# Headers met for each field, most usual first (FILES.md).
HEADERS: dict[str, tuple[str, ...]] = {
    "source_key": ("客户编号", "档案编号", "客户ID", "会员号", "customer_id"),
    "name": ("客户名称", "客户姓名", "车主姓名", "姓名", "车主", "单位名称", "name"),
    "phone": ("手机号码", "联系电话", "手机", "移动电话", "手机号", "电话", "联系方式", "phone"),
    "phone2": ("固定电话", "办公电话"),
    "id_number": ("证件号码", "身份证号", "证件号", "身份证号码"),
    "address": ("通讯地址", "住址", "联系地址", "家庭住址", "地址"),
    "vin": ("VIN码", "VIN", "车架号", "底盘号", "车辆识别代号"),
    "engine_number": ("发动机号",),
    "plate": ("车牌号", "车牌号码", "牌照号", "牌照", "车牌"),
    "model": ("车型", "车系", "车型名称"),
    "sold_on": ("销售日期", "购车日期", "购车时间", "交车日期", "开票日期"),
    "outlet_code": ("经销商代码",),
    "department": ("建档部门", "部门", "录入部门"),
    "updated_on": ("更新时间", "更新日期", "最后更新", "修改日期"),
    "visited_on": ("进厂日期", "进站日期"),
    "mileage_km": ("行驶里程", "里程数"),
    "service_kind": ("维修类型", "业务类型"),
    "amount_cny": ("金额", "结算金额"),
    "is_owner": ("是否车主",),
    "email": ("邮箱", "电子邮件"),
    "birth_date": ("出生日期", "生日"),
    "sex": ("性别",),
}
STATION_HEADERS = {
    "source_key": ("工单号", "结算单号"),
    "name": ("送修人", "联系人", "客户名称", "姓名"),
}
# Field -> share of outlets whose software has the column.
COLUMNS: dict[str, dict[str, float]] = {
    "dealer": {
        "source_key": 1,
        "department": 0.95,
        "name": 1,
        "phone": 1,
        "phone2": 0.25,
        "id_number": 0.9,
        "address": 0.85,
        "vin": 1,
        "engine_number": 0.3,
        "plate": 0.8,
        "model": 0.9,
        "sold_on": 0.9,
        "updated_on": 0.9,
        "email": 0.12,
        "birth_date": 0.2,
        "sex": 0.3,
    },
    "station": {
        "source_key": 1,
        "name": 1,
        "phone": 1,
        "plate": 1,
        "vin": 0.97,
        "model": 0.85,
        "visited_on": 1,
        "mileage_km": 0.9,
        "service_kind": 0.9,
        "amount_cny": 0.75,
        "is_owner": 0.7,
        "address": 0.12,
        "updated_on": 0.2,
    },
}
HQ_COLUMNS = (
    "source_key", "name", "sex", "birth_date", "phone", "id_number", "address", "email",
    "vin", "engine_number", "model", "plate", "sold_on", "outlet_code", "updated_on",
)  # fmt: skip
FORMS = Weighted(("csv", "xlsx", "xls", "html", "tsv"), (86, 8, 3, 1.5, 1.5))
ENCODINGS = Weighted(
    ("utf-8-sig", "utf-8", "gb18030", "gbk", "utf-16", "big5"), (22, 25, 30, 16, 5, 0.7)
)
DELIMITERS = Weighted((",", "\t", ";", "，"), (80, 10, 6, 4))
DATE_FORMS = Weighted(
    ("dash", "slash", "plain", "han", "dot", "time", "serial", "short"),
    (34, 26, 12, 8, 4, 8, 5, 1.5),
)


@dataclass(slots=True, eq=False)
class Outlet:
    """One source of files. `factor` multiplies the rate of a noise channel, `fill` is a share."""

    code: str
    source: str
    place: Place
    form: str
    encoding: str
    delimiter: str
    quote_all: bool
    columns: list[tuple[str, str]]
    date_form: str
    sloppiness: float
    own_phones: tuple[str, ...]
    own_phone_rate: float
    vin_style: str
    plate_bare: bool
    traits: frozenset[str]
    fill: dict[str, float]
    key_style: str
    habit: int  # seeds the factors of the noise channels
    keys: int = 0

    def next_key(self, day_text: str) -> str:
        """A key that is unique within the outlet."""
        self.keys += 1
        if self.key_style == "dated":
            return f"{day_text}{self.keys:05d}"
        return f"{self.key_style}{self.keys:06d}"


TRAITS = {
    "title_row": 0.12,
    "totals_row": 0.10,
    "empty_rows": 0.06,
    "repeated_header": 0.03,
    "two_sheets": 0.3,
    "notes_sheet": 0.2,
    "numeric_phone": 0.4,
    "real_dates": 0.5,
    "hidden_column": 0.1,
    "keyless_rows": 0.1,
    "padded": 0.05,
}


def make_outlet(dice: Dice, numbers_: Numbers, code: str, source: str, hard: bool) -> Outlet:
    """An outlet with its software and its habits."""
    place = dice.pick(_city(dice))
    style = dice.random()
    vin_style = "full" if style < 0.78 else ("last8" if style < 0.92 else "last6")
    quiet = source == "dealer" and dice.chance(0.2 if hard else 0.03)
    busy = source == "dealer" and dice.chance(0.4)
    form, encoding = FORMS.throw(dice), ENCODINGS.throw(dice)
    return Outlet(
        code=code,
        source=source,
        place=place,
        form=form,
        encoding=encoding,
        delimiter="\t" if encoding == "utf-16" else DELIMITERS.throw(dice),
        quote_all=dice.chance(0.2),
        columns=_columns(dice, source, vin_style),
        date_form=DATE_FORMS.throw(dice),
        sloppiness=math.exp(dice.gauss(-0.1, 0.55)),
        own_phones=_own_phones(dice, numbers_, place),
        own_phone_rate=0.35 + dice.random() * 0.3
        if quiet
        else busy * (0.01 + dice.random() * 0.04),
        vin_style=vin_style,
        plate_bare=dice.chance(0.06),
        traits=frozenset(trait for trait, share in TRAITS.items() if dice.chance(share)),
        fill=_fill(dice, source),
        key_style=_key_style(dice, source),
        habit=dice.below(2**40),
    )


def _own_phones(dice: Dice, numbers_: Numbers, place: Place) -> tuple[str, ...]:
    """The desk, a salesman's mobile, at some a hotline."""
    hotline = (f"400{dice.digits(7)}",) if dice.chance(0.3) else ()
    return numbers.landline(dice, place), numbers_.once(lambda: numbers.mobile(dice)), *hotline


def hq_outlet(place: Place) -> Outlet:
    """The maker's own register: one clean file in UTF-8."""
    columns = [(name, HEADERS[name][0]) for name in HQ_COLUMNS]
    fill = {"plate": 0.35, "email": 0.5, "birth_date": 0.55, "sex": 0.85, "id_number": 0.93}
    return Outlet(
        "hq", "hq", place, "csv", "utf-8-sig", ",", False, columns, "dash", 0.3, ("",), 0.0,
        "full", False, frozenset(), fill | {"phone": 0.97, "address": 0.9}, "HQ", 7,
    )  # fmt: skip


def _city(dice: Dice) -> list[Place]:
    """Big cities of the table have more districts and more outlets."""
    found = cities()
    return Weighted(list(found.values()), [len(each) for each in found.values()]).throw(dice)


def _columns(dice: Dice, source: str, vin_style: str) -> list[tuple[str, str]]:
    known = HEADERS | (STATION_HEADERS if source == "station" else {})
    columns = [
        (name, Weighted.falling(known[name], 1.5).throw(dice))
        for name, share in COLUMNS[source].items()
        if dice.chance(share)
    ]
    if vin_style == "last8" and dice.chance(0.6):
        columns = [(name, "车架号后八位" if name == "vin" else head) for name, head in columns]
    columns += [("extra", head) for head in words("extra") if dice.chance(0.1)]
    if dice.chance(0.6):
        dice.shuffle(columns)
    return columns


def _fill(dice: Dice, source: str) -> dict[str, float]:
    """Share of rows in which a field is filled: an outlet's own, around the trade's mean."""
    means = {"phone": 0.95, "phone2": 0.12, "id_number": 0.14, "address": 0.55, "vin": 0.9}
    means |= {"plate": 0.72, "email": 0.1, "birth_date": 0.3, "sex": 0.7, "engine_number": 0.6}
    if source == "station":
        means |= {"phone": 0.9, "plate": 0.94, "vin": 0.85, "is_owner": 0.6, "address": 0.3}
    return {name: mean ** math.exp(dice.gauss(0, 0.5)) for name, mean in means.items()}


def _key_style(dice: Dice, source: str) -> str:
    return dice.pick(("KH", "", "C", "dated") if source == "dealer" else ("RO", "dated", "WX", ""))

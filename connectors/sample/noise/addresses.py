"""How an address is typed."""

from __future__ import annotations

from connectors.sample.addresses import DIRECT
from connectors.sample.noise import Channel, Scene, fullwidth
from connectors.sample.tables import words

HAN_DIGITS = dict(enumerate("零一二三四五六七八九十"))


def no_province(text: str, scene: Scene) -> str:
    """From the city on."""
    return scene.address.place.city + scene.address.place.district + scene.address.detail


def from_district(text: str, scene: Scene) -> str:
    """From the district on: which city it is in only the outlet knows."""
    return scene.address.place.district + scene.address.detail


def from_road(text: str, scene: Scene) -> str:
    """From the road on."""
    return scene.address.detail


def short_levels(text: str, scene: Scene) -> str:
    """湖北武汉武昌: levels without their suffixes."""
    place = scene.address.place
    province = place.province.removesuffix("省")
    for tail in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区"):
        province = province.removesuffix(tail)
    if place.province in DIRECT:
        province = ""
    return province + place.city.removesuffix("市") + place.district + scene.address.detail


def doubled_city(text: str, scene: Scene) -> str:
    """上海市上海市, 上海市市辖区."""
    place = scene.address.place
    if place.province not in DIRECT:
        return text
    return (
        place.province
        + scene.dice.pick((place.city, "市辖区"))
        + place.district
        + scene.address.detail
    )


def old_district(text: str, scene: Scene) -> str:
    """The name that the district had before."""
    place = scene.address.place
    if place.city == "襄阳市":
        return text.replace("襄阳市", "襄樊市")
    return text.replace(place.district, place.old, 1) if place.old and place.district else text


def dashed_door(text: str, scene: Scene) -> str:
    """3-2-501."""
    address = scene.address
    if not address.estate:
        return text
    parts = (
        [address.building, address.unit, address.room]
        if address.unit
        else [address.building, address.room]
    )
    return text.replace(address.door, "-".join(map(str, parts)))


def no_number(text: str, scene: Scene) -> str:
    """The estate without road and number in front of it."""
    address = scene.address
    return address.region + address.estate + address.door if address.estate else text


def no_room(text: str, scene: Scene) -> str:
    """Only as far as the building."""
    address = scene.address
    return (
        text.replace(address.door, f"{address.building}{address.tower}") if address.estate else text
    )


def other_tower(text: str, scene: Scene) -> str:
    """幢 for 栋, and no 室."""
    address = scene.address
    if not address.estate:
        return text
    word = scene.dice.pick(("栋", "幢", "号楼", "座", "#"))
    return text.replace(
        f"{address.building}{address.tower}", f"{address.building}{word}"
    ).removesuffix("室")


def han_unit(text: str, scene: Scene) -> str:
    """三栋二单元."""
    address = scene.address
    if not address.estate or not 1 <= address.building <= 10:
        return text
    unit = f"{HAN_DIGITS[address.unit]}单元" if address.unit else ""
    return text.replace(
        address.door, f"{HAN_DIGITS[address.building]}{address.tower}{unit}{address.room}室"
    )


def spaced(text: str, scene: Scene) -> str:
    """Levels set apart."""
    return text.replace(scene.address.detail, f" {scene.address.detail}").strip()


LEVELS = (
    Channel("no_province", 0.22, no_province),
    Channel("from_district", 0.09, from_district),
    Channel("from_road", 0.05, from_road),
    Channel("short_levels", 0.07, short_levels),
    Channel("doubled_city", 0.02, doubled_city),
    Channel("no_number", 0.05, no_number),
    Channel(
        "placeholder", 0.012, lambda text, scene: scene.dice.pick(words("placeholder_address"))
    ),
)
FORMS = (
    Channel("dashed_door", 0.14, dashed_door),
    Channel("other_tower", 0.08, other_tower),
    Channel("no_room", 0.05, no_room),
    Channel("old_district", 0.06, old_district),
    Channel("han_unit", 0.02, han_unit),
    Channel("full_width", 0.004, fullwidth),
    Channel("line_break", 0.001, lambda text, scene: text.replace("号", "号\n", 1)),
    Channel("space", 0.01, spaced),
)

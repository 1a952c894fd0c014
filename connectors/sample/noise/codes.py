"""How VINs, plates and identity numbers are typed."""

from __future__ import annotations

from connectors.sample.noise import Change, Channel, Scene, fullwidth, sprinkle
from connectors.sample.tables import words

# Characters of a VIN that the eye or the stamp confuses.
CONFUSED = {
    "0": "OD", "1": "IL", "8": "B", "B": "8", "5": "S", "S": "5", "2": "Z", "Z": "2", "6": "G",
    "G": "6C", "U": "V", "V": "U", "M": "N", "N": "M", "7": "1", "3": "8", "D": "0", "C": "G",
    "4": "A", "A": "4", "E": "F", "F": "E", "W": "VV", "L": "1",
}  # fmt: skip
PROVINCE_SLIPS = {"湘": "相", "渝": "俞", "皖": "晥", "沪": "户", "鄂": "颚", "闽": "闵"}


def confused(text: str, scene: Scene) -> str:
    """One character for one that looks like it; O and I, which no VIN has, come first."""
    hits = [i for i, character in enumerate(text) if character in CONFUSED]
    if not hits:
        return text
    at = scene.dice.pick(hits)
    return text[:at] + scene.dice.pick(CONFUSED[text[at]]) + text[at + 1 :]


def transposed(text: str, scene: Scene) -> str:
    """Two neighbours swapped, mostly in the serial number."""
    at = len(text) - 2 - scene.dice.below(min(len(text) - 1, 9))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def digit(text: str, scene: Scene) -> str:
    """One of the last digits wrong."""
    at = len(text) - 1 - scene.dice.below(min(6, len(text)))
    return text[:at] + scene.dice.pick("0123456789") + text[at + 1 :]


def truncated(text: str, scene: Scene) -> str:
    """One character missing."""
    at = scene.dice.below(len(text))
    return text[:at] + text[at + 1 :]


def engine_number(text: str, scene: Scene) -> str:
    """The engine's number in the VIN column."""
    return scene.engine


def _placeholder(kind: str) -> Channel:
    return Channel("placeholder", 0.006, lambda text, scene: scene.dice.pick(words(kind)))


VIN_SLIPS = (
    Channel("confused", 0.006, confused),
    Channel("transposed", 0.003, transposed),
    Channel("one_digit", 0.002, digit),
    Channel("truncated", 0.002, truncated),
    Channel("engine_number", 0.002, engine_number),
    _placeholder("placeholder_vin"),
)
VIN_STYLES = (
    Channel("last_8", 0.025, lambda text, scene: text[-8:]),
    Channel("last_6", 0.015, lambda text, scene: text[-6:]),
    Channel("lower_case", 0.012, lambda text, scene: text.lower()),
    Channel("prefixed", 0.003, lambda text, scene: scene.dice.pick(("VIN:", "VIN ", "*")) + text),
    Channel("starred", 0.002, lambda text, scene: f"*{text}*"),
    Channel("space", 0.003, lambda text, scene: sprinkle(text, scene, " ")),
    Channel("full_width", 0.001, fullwidth),
)


def province_slip(text: str, scene: Scene) -> str:
    """A province character that looks or sounds alike."""
    return PROVINCE_SLIPS.get(text[0], text[0]) + text[1:]


def plate_dot(text: str, scene: Scene) -> str:
    """鄂A·12345."""
    return text[:2] + scene.dice.pick(("·", ".", "-", " ", "•")) + text[2:]


def behind_city(change: Change) -> Change:
    """The change applied to what follows the two characters of the place."""
    return lambda text, scene: text[:2] + change(text[2:], scene)


PLATE_SLIPS = (
    Channel("transposed", 0.003, behind_city(transposed)),
    Channel("one_digit", 0.004, behind_city(digit)),
    Channel("confused", 0.002, behind_city(confused)),
    Channel(
        "letter_for_digit", 0.004, lambda text, scene: text[:2] + text[2:].replace("0", "O", 1)
    ),
    Channel("province_slip", 0.02, province_slip),
    _placeholder("placeholder_plate"),
)
PLATE_STYLES = (
    Channel("no_province", 0.02, lambda text, scene: text[1:]),
    Channel("dot", 0.02, plate_dot),
    Channel("lower_case", 0.012, lambda text, scene: text[0] + text[1:].lower()),
    Channel("space", 0.003, lambda text, scene: sprinkle(text, scene, " ")),
    Channel("full_width", 0.001, fullwidth),
)


def id_slip(text: str, scene: Scene) -> str:
    """One digit wrong."""
    at = scene.dice.below(len(text) - 1)
    return text[:at] + scene.dice.pick("0123456789") + text[at + 1 :]


def old_form(text: str, scene: Scene) -> str:
    """The 15 digits of cards before 1999; a company's organisation code."""
    if len(text) != 18:
        return text
    if text[0] == "9":
        return f"{text[8:16]}-{text[16]}"
    return text[:6] + text[8:17] if text[6:8] == "19" else text


def as_float(text: str, scene: Scene) -> str:
    """What a spreadsheet leaves of 18 digits."""
    if len(text) != 18 or not text.isdigit():
        return text
    lost = str(int(float(text)))
    return scene.dice.pick((text[:15] + "000", lost, f"{float(text):.14E}"))


def masked(text: str, scene: Scene) -> str:
    """110105********002X."""
    return f"{text[:6]}********{text[-4:]}" if len(text) == 18 else text


ID_SLIPS = (
    Channel("one_digit", 0.006, id_slip),
    Channel("transposed", 0.004, transposed),
    Channel("short_number", 0.002, truncated),
    _placeholder("placeholder_id"),
)
ID_STYLES = (
    Channel("old_form", 0.012, old_form),
    Channel("float", 0.01, as_float),
    Channel("masked", 0.012, masked),
    Channel("lower_case", 0.15, lambda text, scene: text.replace("X", "x")),
    Channel("space", 0.003, lambda text, scene: f"{text[:6]} {text[6:14]} {text[14:]}"),
    Channel("full_width", 0.001, fullwidth),
    Channel("apostrophe", 0.005, lambda text, scene: f"'{text}"),
)

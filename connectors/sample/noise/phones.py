"""How a phone number is typed."""

from __future__ import annotations

from connectors.sample.noise import Channel, Scene, fullwidth
from connectors.sample.tables import words


def _mobile(text: str) -> bool:
    return len(text) == 11 and text[0] == "1"


def one_digit(text: str, scene: Scene) -> str:
    """One digit wrong, mostly a neighbour on the keypad."""
    at = 3 + scene.dice.below(len(text) - 3)
    near = {"0": "12", "1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359"}
    digit = text[at]
    return (
        text[:at]
        + scene.dice.pick(near.get(digit, "489" if digit == "7" else "76"))
        + text[at + 1 :]
    )


def transposed(text: str, scene: Scene) -> str:
    """Two neighbouring digits swapped."""
    at = 2 + scene.dice.below(len(text) - 3)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def doubled(text: str, scene: Scene) -> str:
    """A key that stuck: one digit too many."""
    at = 3 + scene.dice.below(len(text) - 3)
    return text[:at] + text[at] + text[at:]


def short(text: str, scene: Scene) -> str:
    """A digit that did not arrive."""
    at = 3 + scene.dice.below(len(text) - 3)
    return text[:at] + text[at + 1 :]


def own_phone(text: str, scene: Scene) -> str:
    """The outlet's own number in place of the customer's."""
    return scene.dice.pick(scene.outlet.own_phones)


def grouped(text: str, scene: Scene) -> str:
    """138 0013 8000."""
    return f"{text[:3]} {text[3:7]} {text[7:]}" if _mobile(text) else dashed(text, scene)


def dashed(text: str, scene: Scene) -> str:
    """138-0013-8000; a landline as it is usually written."""
    if _mobile(text):
        return f"{text[:3]}-{text[3:7]}-{text[7:]}"
    head = _area(text)
    mark = scene.dice.pick(("-", "-", "-", "—", " "))
    return f"{text[:head]}{mark}{text[head:]}"


def _area(text: str) -> int:
    """How many digits of a landline are its area code."""
    return 3 if text[1] in "12" else 4


def country(text: str, scene: Scene) -> str:
    """With the country code in one of its forms."""
    if text[0] == "+":
        return text
    bare = text.removeprefix("0")
    return scene.dice.pick(("+86", "+86 ", "86", "0086", "86-")) + bare


def leading_zero(text: str, scene: Scene) -> str:
    """0138…, as long-distance calls once were dialled."""
    return f"0{text}" if _mobile(text) else text


def carrier(text: str, scene: Scene) -> str:
    """With the access code of a cheaper line in front."""
    return scene.dice.pick(("17951", "12593", "17951 ")) + text if _mobile(text) else text


def as_float(text: str, scene: Scene) -> str:
    """What a spreadsheet makes of a number column."""
    return f"{int(text)}.0"


def scientific(text: str, scene: Scene) -> str:
    """1.38123E+10: the other digits are gone."""
    value = int(text)
    return f"{value:.5E}".replace("E+0", "E+0") if value else text


def letters(text: str, scene: Scene) -> str:
    """O for 0 or l for 1."""
    return (
        text.replace("0", "O", 1)
        if scene.dice.chance(0.6)
        else text[:1].replace("1", "l") + text[1:]
    )


def masked(text: str, scene: Scene) -> str:
    """138****8000."""
    return f"{text[:3]}****{text[7:]}" if _mobile(text) else f"{text[:-4]}****"


def two_numbers(text: str, scene: Scene) -> str:
    """Another number of the family or the firm in the same cell."""
    other = scene.dice.pick(["13", "15", "18"]) + scene.dice.digits(9)
    known = getattr(scene.party, "second_phone", "") or getattr(scene.party, "switchboard", "")
    pair = [text, known or other]
    if scene.dice.chance(0.25):
        pair.reverse()
    return scene.dice.pick(("/", " ", "、", ";", ",", "；", "\n")).join(pair)


def noted(text: str, scene: Scene) -> str:
    """A remark behind the number."""
    surname = getattr(scene.party, "surname", "") or "本人"
    return text + scene.dice.pick((f"({surname})", "微信", "（同微信）", f" {surname}"))


def local(text: str, scene: Scene) -> str:
    """A landline without its area code."""
    return text if _mobile(text) else text[_area(text) :]


def extension(text: str, scene: Scene) -> str:
    """A landline with the extension behind it."""
    if _mobile(text):
        return text
    return dashed(text, scene) + scene.dice.pick(("-", "转", "分机")) + scene.dice.digits(3)


def telematics(text: str, scene: Scene) -> str:
    """The 13 digits of the car's own SIM card."""
    return scene.dice.pick(("14400", "14410", "10647")) + scene.dice.digits(8)


def placeholder(text: str, scene: Scene) -> str:
    """Something typed to satisfy the form."""
    return scene.dice.pick(words("placeholder_phone"))


SLIPS = (
    Channel("one_digit", 0.011, one_digit),
    Channel("transposed", 0.006, transposed),
    Channel("doubled_digit", 0.001, doubled),
    Channel("short_number", 0.002, short),
    Channel("placeholder", 0.012, placeholder),
    Channel("telematics", 0.0007, telematics),
)
STYLES = (
    Channel("grouped", 0.008, grouped),
    Channel("dashed", 0.008, dashed),
    Channel("country_code", 0.006, country),
    Channel("leading_zero", 0.002, leading_zero),
    Channel("carrier_prefix", 0.0007, carrier),
    Channel("float", 0.007, as_float),
    Channel("scientific", 0.001, scientific),
    Channel("full_width", 0.002, fullwidth),
    Channel("letter_for_digit", 0.002, letters),
    Channel("masked", 0.005, masked),
    Channel("two_numbers", 0.008, two_numbers),
    Channel("noted", 0.003, noted),
    Channel("apostrophe", 0.003, lambda text, scene: f"'{text}"),
)
# Landlines are typed in other ways than mobiles at every outlet.
LANDLINE = (
    Channel("dashed", 0.4, dashed),
    Channel("no_area_code", 0.2, local),
    Channel("extension", 0.03, extension),
)

"""Valid numbers: mobiles, landlines, resident ids, company codes, VINs, engine numbers, plates."""

from __future__ import annotations

from datetime import date

from connectors.sample.dice import Dice, Weighted
from connectors.sample.tables import Place

# Mobile prefixes with rough shares: the old networks dominate, 16x, 17x and 19x are in use.
_PREFIXES = {
    5.0: "138 139",
    4.0: "135 136 137",
    3.0: "159 158 150 151 188 187 130 131 132 186 133 189",
    2.0: "152 157 182 183 155 156 185 153 180 181 177",
    1.2: "184 178 198 176 173 199 175",
    0.6: "147 195 166 196 191 193 170",
    0.2: "172 197 145 190 149 162 165 167 171 192",
}
MOBILE = Weighted(
    [prefix for group in _PREFIXES.values() for prefix in group.split(" ")],
    [weight for weight, group in _PREFIXES.items() for _ in group.split(" ")],
)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
VIN_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
VIN_VALUES = VIN_LETTERS | {str(digit): digit for digit in range(10)}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"  # 2010 is A; 30 years round
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def mobile(dice: Dice) -> str:
    """An 11-digit mobile number of the present plan."""
    return MOBILE.throw(dice) + dice.digits(8)


def landline(dice: Dice, place: Place) -> str:
    """Area code and local number, digits only."""
    return place.area_code + dice.pick("2345678") + dice.digits(place.local_digits - 1)


def resident_check(body: str) -> str:
    """The last character of a resident id, GB 11643-1999."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, body, strict=True))
    return "10X98765432"[total % 11]


def resident_id(dice: Dice, region: str, born: date, sex: str) -> str:
    """An 18-character resident id; odd sequence for men, even for women."""
    sequence = dice.below(498) * 2 + (1 if sex == "M" else 2)
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return body + resident_check(body)


def organisation_code(dice: Dice) -> str:
    """The 9 characters of GB 11714-1997."""
    body = dice.pick("23456789M") + dice.digits(7)
    values = [int(character, 36) for character in body]
    total = sum(w * v for w, v in zip(ORGANISATION_WEIGHTS, values, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def company_code(dice: Dice, region: str, kind: str = "91") -> str:
    """A unified social credit code, GB 32100-2015."""
    body = kind + region + organisation_code(dice)
    total = sum(w * USCC_ALPHABET.index(c) for w, c in zip(USCC_WEIGHTS, body, strict=True))
    return body + USCC_ALPHABET[(31 - total) % 31]


def vin_check(vin: str) -> str:
    """The check character that position 9 of this VIN must hold, GB 16735."""
    total = sum(w * VIN_VALUES[c] for w, c in zip(VIN_WEIGHTS, vin, strict=True))
    return "0123456789X"[total % 11]


def vin(prefix: str, year: int, plant: str, serial: int) -> str:
    """A VIN from its first 8 characters, model year, plant and serial number."""
    blank = f"{prefix}0{YEAR_CODES[(year - 2010) % 30]}{plant}{serial:06d}"
    return blank[:8] + vin_check(blank) + blank[9:]


def engine(dice: Dice, family: str) -> str:
    """An engine number: a family that many engines share, and a serial."""
    return family + dice.pick(PLATE_LETTERS) + dice.digits(6)


def plate(dice: Dice, place: Place, electric: bool) -> str:
    """A plate of the place; new-energy cars have eight characters, GA 36-2018."""
    city = place.plate
    if electric:
        return city + dice.pick("DDDDDDFFFAB") + dice.pick("0123456789ABCDEFGHJK") + dice.digits(4)
    body = list(dice.digits(5))
    for _ in range(dice.pick((0, 1, 1, 1, 2))):
        body[dice.below(5)] = dice.pick(PLATE_LETTERS)
    return city + "".join(body)

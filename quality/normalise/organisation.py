"""Numbers of organisations.

- USCC (GB 32100-2015): 18 of `0-9A-HJ-NPQRTUWXY`, weights powers of 3 modulo 31; its places 9-17
  are the organisation code.
- organisation code (GB 11714-1997): 8 characters and a check, written XXXXXXXX-X.
- 15 characters: business licence (GS15-2006, ISO 7064 MOD 11,10), or the old tax number, which is
  the region and the organisation code.
"""

from __future__ import annotations

import re
from operator import mul

from quality.normalise import Status
from quality.normalise.identity_value import IdentityValue
from quality.normalise.permit import is_built_like_one
from quality.normalise.resident import region_name

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = bytes.maketrans(_USCC_ALPHABET.encode(), bytes(range(31)))
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY]{17}")
# the five letters that no USCC has, each as what it looks like
_USCC_LETTERS = str.maketrans("IOZSV", "1025U")


def uscc_check(body: str) -> str:
    """The last character of a USCC, from its first 17 (GB 32100-2015).

    >>> uscc_check("91110000600037341")
    'L'
    """
    total = sum(map(mul, body.encode().translate(_USCC_VALUE), _USCC_WEIGHTS))
    return _USCC_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code, from its first 8 (GB 11714-1997).

    >>> organisation_check("60003734")
    '1'
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(body, weights, strict=True))
    return "0123456789X"[-total % 11]


def uscc(typed: str | None, bare: str) -> IdentityValue | None:
    """18 characters as a USCC, its letters mended where that makes the check right."""
    bare = bare.replace("-", "")
    reason = ""
    if len(bare) == 18 and not _USCC.fullmatch(bare):
        bare, reason = bare.translate(_USCC_LETTERS), "letters_for_digits"
    if not _USCC.fullmatch(bare) or uscc_check(bare[:17]) != bare[17]:
        return None
    # a resident id with a wrong date can pass by chance; then the code inside decides
    if bare[:17].isdigit() and not _is_organisation(bare[8:17]):
        return None
    status = Status.REPAIRED if reason else Status.OK
    return IdentityValue(
        typed, bare, bare, status, reason, "uscc", region=region_name(bare[2:8]),
        region_code=bare[2:8], organisation_code=bare[8:17],
    )  # fmt: skip


def _is_organisation(code: str) -> bool:
    return bool(
        re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code)
        and len(set(code)) > 2
        and organisation_check(code[:8]) == code[8]
    )


def organisation(typed: str | None, bare: str) -> IdentityValue | None:
    """XXXXXXXX-X; without the hyphen only when it is not built like a passport or permit."""
    code = bare.replace("-", "")
    if not _is_organisation(code):
        if not re.fullmatch(r"[0-9A-Z]{8}-[0-9X]", bare) or len(set(code)) <= 2:
            return None
        return IdentityValue(
            typed, None, "", Status.INVALID, "check_digit_failed", "organisation_code", raw=code
        )
    if "-" not in bare and is_built_like_one(code):
        return None
    return IdentityValue(
        typed, code, f"{code[:8]}-{code[8]}", Status.OK, "", "organisation_code",
        organisation_code=code,
    )  # fmt: skip


def registered_15(typed: str | None, bare: str) -> IdentityValue | None:
    """A 15-character business licence (MOD 11,10) or tax number (region + organisation code)."""
    if len(bare) != 15 or not bare[:6].isdigit():
        return None
    if bare.isdecimal() and bare.isascii():
        check = 10
        for digit in bare[:14]:
            check = ((check + int(digit)) % 10 or 10) * 2 % 11
        if (check + int(bare[14])) % 10 == 1:
            return IdentityValue(
                typed, bare, bare, Status.OK, "", "business_licence",
                region=region_name(bare[:6]), region_code=bare[:6],
            )  # fmt: skip
    if not _is_organisation(bare[6:]):
        return None
    return IdentityValue(
        typed, bare, bare, Status.OK, "", "tax_number", region=region_name(bare[:6]),
        region_code=bare[:6], organisation_code=bare[6:],
    )  # fmt: skip


def failed_uscc(typed: str | None, bare: str) -> IdentityValue | None:
    """18 characters built like a USCC whose check is wrong; the code inside may yet be right."""
    if not _USCC.fullmatch(bare):
        return None
    code = bare[8:17] if _is_organisation(bare[8:17]) else None
    return IdentityValue(
        typed, None, "", Status.INVALID, "check_digit_failed", "uscc",
        organisation_code=code, raw=bare,
    )  # fmt: skip

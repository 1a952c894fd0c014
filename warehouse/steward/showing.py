"""How values of a customer are shown: masked, or in clear to whoever revealed them."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
from dataclasses import dataclass

from warehouse.masking import HIDDEN, MASKS

#: What stands where there is nothing to show.
NONE = "–"
#: How long a customer stays revealed to the session that asked for it.
REVEALED = datetime.timedelta(minutes=10)
_MOBILE = re.compile(r"\+?(?:86)?(1[3-9]\d)(\d{4})(\d{4})")


@dataclass(frozen=True, slots=True)
class Eyes:
    """What somebody may see of a customer. is_clear: everything."""

    is_clear: bool = False

    def see(self, attribute: str, value: object, kind: str = "person") -> str:
        """A value of an attribute, as it is shown. kind: of the customer.

        >>> Eyes().see("name", "欧阳娜娜"), Eyes(True).see("phone", "+8613912348000")
        ('欧阳*', '139 1234 8000')
        >>> Eyes().see("name", "远大汽车租赁有限公司", "company"), Eyes().see("phone", None)
        ('远大汽车租赁有限公司', '–')
        """
        if value is None:
            return NONE
        text = str(value)
        if self.is_clear:
            return _MOBILE.sub(r"\1 \2 \3", text) if attribute == "phone" else text
        if attribute == "name" and kind == "company":
            return text
        return MASKS[attribute].one(text) if attribute in MASKS else HIDDEN


def pass_for(csrf: str, golden_id: str, until: datetime.datetime) -> str:
    """What in an address shows a customer in clear, to this session alone, until then."""
    return f"{until:%Y%m%d%H%M%S}-{_signed(csrf, golden_id, f'{until:%Y%m%d%H%M%S}')}"


def is_pass(given: str, csrf: str, golden_id: str, now: datetime.datetime) -> bool:
    """Whether this is one that `pass_for` gave, in time."""
    until, _, signed = given.partition("-")
    in_time = until >= f"{now:%Y%m%d%H%M%S}"
    return bool(csrf) and in_time and hmac.compare_digest(signed, _signed(csrf, golden_id, until))


def _signed(csrf: str, golden_id: str, until: str) -> str:
    return hmac.new(csrf.encode(), f"{golden_id} {until}".encode(), hashlib.sha256).hexdigest()

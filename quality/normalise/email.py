"""Mail addresses, in lower case.

The local part is compared without regard to case, as every large provider does. Full-width
characters, spaces and 。 for the dot are put right; well-known domains mistyped (qq.con) are
repaired by `reference/email_domains.csv`. Only the usual unquoted form of RFC 5321 is accepted.

>>> normalise("Li.Lei＠QQ。com").value, normalise("12345678@qq.con").reason
('li.lei@qq.com', 'domain_typo')
>>> normalise("无").status.value, normalise("lilei").status.value
('placeholder', 'invalid')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import clean, is_placeholder
from quality.reference import table


@dataclass(frozen=True, slots=True)
class EmailValue(Value):
    """A mail cell; domain stands behind the @."""

    domain: str | None = None


_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
)


def normalise(typed: str | None, near: Near = NOWHERE) -> EmailValue:
    """Understand a mail cell; `near` is not used."""
    text = re.sub(r"\s+", "", clean(typed)).lower() if typed else ""
    text = text.removeprefix("mailto:").replace("。", ".").rstrip(".,;")
    if not text:
        return EmailValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "email"):
        return EmailValue(typed, None, "", Status.PLACEHOLDER, "listed")
    local, at, domain = text.rpartition("@")
    meant = _typos().get(domain, domain)
    match = _ADDRESS.fullmatch(local + at + meant)
    if match is None or len(local) > 64:
        return EmailValue(typed, None, "", Status.INVALID, "not_an_address")
    if is_placeholder(match[0], "email"):
        return EmailValue(typed, None, "", Status.PLACEHOLDER, "listed")
    status, reason = (Status.OK, "") if meant == domain else (Status.REPAIRED, "domain_typo")
    return EmailValue(typed, match[0], match[0], status, reason, match[1])


@cache
def _typos() -> dict[str, str]:
    return {row["typed"]: row["meant"] for row in table("email_domains")}

"""Showing in clear: for a while, to the session that asked, and noted in the audit."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi.responses import Response

from warehouse.steward.access.visit import Visit
from warehouse.steward.showing import REVEALED, Eyes, is_pass, pass_for

#: The field of an address that has the pass.
CLEAR = "clear"
MINUTES = int(REVEALED.total_seconds() // 60)


def eyes_on(visit: Visit, about: str) -> Eyes:
    """What the visitor sees of a customer or a case: clear with a pass in the address."""
    given, now = visit.request.query_params.get(CLEAR, ""), visit.services.site.clock()
    return Eyes(visit.may("customer.reveal") and is_pass(given, visit.csrf, about, now))


def reveal(visit: Visit, path: str, about: str) -> Response:
    """Go to a page with a pass for what it is about, and put that into the audit."""
    visit.note("customer.reveal", about)
    until = visit.services.site.clock() + REVEALED
    mark = "&" if "?" in path else "?"
    given = urlencode({CLEAR: pass_for(visit.csrf, about, until)})
    return visit.go(f"{path}{mark}{given}")

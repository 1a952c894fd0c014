"""Pictures of the console's pages for its documents, in both languages, of a made-up home.

`python -m tests.warehouse.steward.pictures --home HOME --to docs/pictures`, where HOME is what
`guiyi sample` and `guiyi run` made. Its decisions database is not touched.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.warehouse.steward.browsing import chromium, served, tab
from warehouse import naming
from warehouse.database import connect
from warehouse.desk import Desk
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import create_app
from warehouse.steward.cases import bulk
from warehouse.steward.services import Services
from warehouse.steward.site import Site
from warehouse.steward.wording import LANGUAGES

_PASSWORD = "made up for pictures"
_SIZE = (1200, 740)
#: Name of a picture -> its page; `{customer}` is one with much to tell of.
PAGES = {
    "home": "/",
    "queue": "/review",
    "case": "/review/case/{case}",
    "preview": "/review/case/{case}/preview",
    "bulk": "/review/bulk/{pattern}",
    "suspect": "{suspect}",
    "conflict": "/review/next?kind=conflict",
    "held": "/review/next?kind=held",
    "customer_review": "/review/customer/{customer}",
    "customers": "/customers?q=zhang",
    "customer": "/customers/{customer}",
    "quarantine": "/quarantine",
    "outlets": "/outlets",
    "outlet": "/outlets/{outlet}",
    "quality": "/quality",
    "runs": "/runs/1",
    "audit": "/audit",
    "users": "/users",
    "tokens": "/tokens",
}


def draw(home: Path, folder: Path) -> None:
    """Write `<name>.<language>.png` of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as beside:
        app = create_app(Site(home, f"sqlite:///{Path(beside) / 'decisions.sqlite'}"))
        services: Services = app.state.services
        user = services.users.add("wang", "王芳", "admin", Scope())
        services.users.set_password(user.number, _PASSWORD)
        services.users.add("li", "李雷", "steward", Scope.of(["D0012"], ["苏"]))
        services.tokens.make("呼叫中心", "viewer", Scope(), "wang", 365)
        values = _values(home) | _cases(services)
        _contradict(services, values["customer"])
        with served(app) as address, chromium() as browser, tab(browser, address) as found:
            for language in LANGUAGES:
                found.page.goto(f"{address}/language/{language}")
                _shoot(found.page, "/sign-in", folder / f"sign_in.{language}.png")
            page = found.sign_in("wang", _PASSWORD)
            for language in LANGUAGES:
                page.goto(f"/language/{language}")
                for name, path in PAGES.items():
                    _shoot(page, path.format(**values), folder / f"{name}.{language}.png")


def _shoot(page: Page, path: str, file: Path) -> None:
    page.goto(path)
    page.set_viewport_size({"width": _SIZE[0], "height": _SIZE[1]})
    # as it shows itself to whoever did not come by keyboard
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=file, animations="disabled")


def _cases(services: Services) -> dict[str, str]:
    """A case of two persons, a suspicious customer, and the largest set of like cases."""
    with services.published.reading() as con:
        cases = services.queue.waiting(con, None)
        suspects = services.suspects.of(con, None)
    persons = [case for case in cases if (case.kind_a, case.kind_b) == ("person", "person")]
    return {
        "case": persons[0].key.replace("~", "/"),
        "suspect": suspects[0].path if suspects else "/review?kind=suspect",
        "pattern": bulk.sets(cases)[0].pattern if bulk.sets(cases) else "",
    }


def _contradict(services: Services, golden_id: str) -> None:
    """Two stewards who say otherwise of two records."""
    with services.published.reading() as con:
        one, other = naming.records(con, golden_id)[:2]
    Desk(services.office, "li", "父子两人").pair(one, other, "different")
    Desk(services.office, "zhao", "同一身份证").pair(one, other, "same")


def _values(home: Path) -> dict[str, str]:
    with connect((home / LINK).resolve(), read_only=True) as con:
        rows = con.execute("""
            SELECT golden_id, last_outlet
            FROM mart_customer_360 JOIN pii.dim_customer c USING (golden_id)
            WHERE c.kind = 'person' AND c.phone IS NOT NULL AND c.id_number IS NOT NULL
            ORDER BY cars_owned BETWEEN 2 AND 4 DESC, visits BETWEEN 4 AND 12 DESC, golden_id
            LIMIT 1
        """).fetchall()
    return {"customer": rows[0][0], "outlet": rows[0][1]}


def draw_as_told(draw: Callable[[Path, Path], None]) -> None:
    """Draw as the command line says: pictures of a home, to a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    draw(given.home, given.to)


if __name__ == "__main__":
    draw_as_told(draw)

"""Pictures of what decisions teach, in both languages, of a made-up home and made-up work.

`python -m tests.warehouse.steward.learn.pictures --home HOME --to docs/pictures`, where HOME is
what `guiyi sample` and `guiyi run` made. Its decisions database is not touched.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.warehouse.steward.browsing import chromium, served, tab
from tests.warehouse.steward.learn.work import make_up
from tests.warehouse.steward.pictures import draw_as_told
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import create_app
from warehouse.steward.services import Services
from warehouse.steward.site import Site
from warehouse.steward.wording import LANGUAGES

_PASSWORD = "made up for pictures"
#: Name of a picture -> its page, and how high it is.
PAGES = {
    "learn": ("/learn", 880),
    "thresholds": ("/learn#thresholds", 760),
    "link": ("/review/links/next", 740),
    "seconds": ("/review/next?kind=conflict", 640),
}


def draw(home: Path, folder: Path) -> None:
    """Write `<name>.<language>.png` of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as beside:
        app = create_app(Site(home, f"sqlite:///{Path(beside) / 'decisions.sqlite'}"))
        services: Services = app.state.services
        make_up(services)
        user = services.users.add("zhao", "赵敏", "lead", Scope())
        services.users.set_password(user.number, _PASSWORD)
        with served(app) as address, chromium() as browser, tab(browser, address) as found:
            page = found.sign_in("zhao", _PASSWORD)
            for language in LANGUAGES:
                page.goto(f"/language/{language}")
                for name, (path, height) in PAGES.items():
                    page.set_viewport_size({"width": 1200, "height": height})
                    page.goto(path)
                    page.evaluate("document.activeElement.blur()")
                    file = folder / f"{name}.{language}.png"
                    page.screenshot(path=file, animations="disabled")


if __name__ == "__main__":
    draw_as_told(draw)

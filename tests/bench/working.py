"""What stewards and a call centre do all day, for locust, which runs it in a process of its own.

Whom to be and whom to ask for stands in the JSON file that `$GUIYI_BENCH_WORLD` names: sessions and
a token, names and phones. Of every decision that was accepted the path of its case is written as a
line to `decided` there.
"""

from __future__ import annotations

import html
import itertools
import json
import os
import random
import re
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, constant_throughput, task

WORLD: dict[str, Any] = json.loads(Path(os.environ["GUIYI_BENCH_WORLD"]).read_text("utf-8"))
_SESSIONS = itertools.cycle(WORLD["sessions"])
_VERDICTS = ("same", "different")
_AHEAD = re.compile(r'rel="prefetch" href="([^"]+)"')
_CSRF = re.compile(r'name="csrf" value="(\w+)"')


class Steward(FastHttpUser):
    """Takes cases and decides them, two hundred an hour, and looks customers up between."""

    wait_time = between(7, 13)
    weight = 5

    def on_start(self) -> None:
        """Have a session: signing in is slow on purpose, and not what is measured."""
        self.cookies = {"cookie": f"session={next(_SESSIONS)}"}
        self.random = random.Random(self.cookies["cookie"])

    @task(5)
    def decide(self) -> None:
        """Open the next case and decide it; the answer leads to the one after."""
        # by hand, because this client follows a redirect without the session
        asked = "/review/next?kind=pair"  # what is no pair is not decided by one word
        path = self._page("next case", asked, follow=False).split("?")[0]
        if not path.startswith("/review/case/"):
            return
        path += "?kind=pair"
        page = self._page("case", path)
        csrf, ahead = _CSRF.search(page), _AHEAD.search(page)
        if ahead:  # as a browser does by itself
            self._page("read ahead", html.unescape(ahead[1]))
        form = {"csrf": csrf[1] if csrf else "", "verdict": self.random.choice(_VERDICTS)}
        answer = self.client.post(
            path, form, headers=self.cookies, name="decide", allow_redirects=False
        )
        if f"said=decided_{form['verdict']}" in _location(answer):
            with Path(WORLD["decided"]).open("a", encoding="utf-8") as file:
                file.write(f"{path.partition('?')[0]}\n")

    @task(3)
    def search(self) -> None:
        """Somebody's name, typed into the search, and his page."""
        one = self.random.choice(WORLD["customers"])
        self._page("search", f"/customers?q={one['name']}")
        self._page("customer", f"/customers/{one['golden_id']}")

    @task(1)
    def look_around(self) -> None:
        """The queue and the first page."""
        self._page("queue", "/review")
        self._page("home", "/")

    def _page(self, name: str, path: str, follow: bool = True) -> str:
        """The page; or where it leads to, if that is not followed."""
        answer = self.client.get(
            path, headers=self.cookies, name=f"page: {name}", allow_redirects=follow
        )
        return str(answer.text) if follow else _location(answer)


class CallCentre(FastHttpUser):
    """Looks callers up by phone, one each second."""

    wait_time = constant_throughput(1)
    weight = 1

    @task
    def look_up(self) -> None:
        """Who calls."""
        number = random.choice(WORLD["customers"])["phone"]
        self.client.get(
            f"/api/v1/phones/{number}",
            headers={"authorization": f"Bearer {WORLD['token']}"},
            name="look-up by phone",
        )


def _location(answer: Any) -> str:
    """Where an answer leads to; empty where it leads nowhere, or there is none."""
    return str((answer.headers or {}).get("location", ""))

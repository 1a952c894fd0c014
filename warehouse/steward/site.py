"""What the console is given by the rim: where things are, and what time it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from connectors.config import Config
from connectors.intake import SHANGHAI
from matching import golden, model
from matching.golden import Survivorship
from matching.model import Model
from warehouse.database import Limits


class Oidc(Config):
    """A provider of OpenID Connect. issuer: its address; client_id: how it knows the console.

    login_claim: what it says that is the login here. label: what it is called on the page.
    """

    issuer: str = Field(pattern=r"^https?://\S+$")
    client_id: str
    login_claim: str = "preferred_username"
    label: str = "SSO"


class ConsoleSettings(Config):
    """What `guiyi.yml` may say of the console, under `steward`.

    address: where people reach it, such as https://guiyi.example.cn; needed behind a proxy that
    adds TLS. dagster: the address of Dagster's page, to link to; dashboard: that of the pages which
    `guiyi dashboard` writes. idle_minutes, session_hours: after
    which a session ends. oidc: who else tells who people are. second_reviews: the share of decided
    cases that a second steward is asked about. audited_links: how many links that the merge made by
    itself are looked at, of each band of match weight.
    """

    address: str = Field(default="", pattern=r"^(https?://[^/\s]+)?$")
    dagster: str = Field(default="", pattern=r"^(https?://\S+)?$")
    dashboard: str = Field(default="", pattern=r"^(https?://\S+)?$")
    idle_minutes: int = Field(default=60, ge=1)
    session_hours: int = Field(default=12, ge=1)
    oidc: Oidc | None = None
    second_reviews: float = Field(default=0.05, ge=0, le=1)
    audited_links: int = Field(default=40, ge=0)

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak to it by TLS alone."""
        return self.address.startswith("https://")


def now() -> datetime.datetime:
    """The present time in Shanghai, without a zone, as decisions have it."""
    return datetime.datetime.now(SHANGHAI).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Site:
    """home: the home folder, of which only the published warehouse is read.

    database: URL of the decisions database, as `decisions.place` gives it. oidc_secret: by which
    the OpenID provider recognises the console. model, rules: those in force. apply: begins a run
    that applies what was decided; None where nobody may. release, drop: do as `guiyi release` and
    `guiyi drop` of a run, with a note and who says so; None where nobody may.
    """

    home: Path
    database: str
    settings: ConsoleSettings = field(default_factory=ConsoleSettings)
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], datetime.datetime] = now
    oidc_secret: str = ""
    model: Callable[[], Model] = model.load
    rules: Callable[[], Survivorship] = golden.load
    apply: Callable[[], None] | None = None
    release: Callable[[int, str, str], None] | None = None
    drop: Callable[[int, str, str], object] | None = None

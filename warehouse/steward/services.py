"""What the console's pages work with, made once for an app."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.decisions import DecisionLog
from warehouse.desk import Office
from warehouse.log_database import LogDatabase
from warehouse.steward.accounts.links import Links
from warehouse.steward.accounts.lockout import Lockout
from warehouse.steward.accounts.oidc import Provider
from warehouse.steward.accounts.sessions import Sessions
from warehouse.steward.accounts.tokens import Tokens
from warehouse.steward.accounts.users import Users
from warehouse.steward.audit import Audit
from warehouse.steward.cases.ahead import Ahead
from warehouse.steward.cases.claims import Claims
from warehouse.steward.cases.conflicts import Conflicts
from warehouse.steward.cases.held import HeldFiles
from warehouse.steward.cases.known import Decisions
from warehouse.steward.cases.queue import Queue
from warehouse.steward.cases.rulings import Rulings
from warehouse.steward.cases.saved import SavedFilters
from warehouse.steward.cases.suspects import Suspects
from warehouse.steward.indexes import Indexes
from warehouse.steward.learn.judgements import Judgements
from warehouse.steward.learn.sample import Sample
from warehouse.steward.migrations import SCHEMA
from warehouse.steward.published import PublishedFile
from warehouse.steward.site import Site
from warehouse.steward.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that keep something, over one database and one published warehouse."""

    site: Site
    published: PublishedFile
    indexes: Indexes
    decisions: DecisionLog
    database: LogDatabase
    users: Users
    sessions: Sessions
    links: Links
    lockout: Lockout
    tokens: Tokens
    audit: Audit
    throttle: Throttle
    provider: Provider | None
    office: Office
    claims: Claims
    queue: Queue
    ahead: Ahead
    rulings: Rulings
    known: Decisions
    suspects: Suspects
    conflicts: Conflicts
    held: HeldFiles
    saved: SavedFilters
    judgements: Judgements
    sample: Sample

    @classmethod
    def of(cls, site: Site) -> Services:
        """The services of a site."""
        database, clock = LogDatabase(site.database, SCHEMA, "console's database"), site.clock
        settings = site.settings
        indexes = Indexes(site.home)
        published = PublishedFile(site.home, site.limits, indexes.is_ready)
        decisions, claims = DecisionLog(site.database), Claims(database, clock)
        known = Decisions(decisions, indexes)
        return cls(
            site,
            published,
            indexes,
            decisions,
            database,
            Users(database, clock),
            Sessions(database, clock, settings),
            Links(database, clock),
            Lockout(database, clock),
            Tokens(database, clock),
            Audit(database, clock),
            Throttle(),
            Provider(settings.oidc, site.oidc_secret) if settings.oidc else None,
            Office(decisions, published.reading, site.model, site.rules),
            claims,
            Queue(),
            Ahead(),
            Rulings(known, indexes, claims.reopen),
            known,
            Suspects(),
            Conflicts(),
            HeldFiles(),
            SavedFilters(database),
            Judgements(database, clock),
            Sample(settings.audited_links),
        )

    def link_to(self, number: int | None, reached_at: str) -> str:
        """The address of a new link: `Links.make`. reached_at: where the console is reached."""
        return f"{self.site.settings.address or reached_at}/link/{self.links.make(number)}"

"""What the console's pages work with, made once for an app."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.decisions import DecisionLog
from warehouse.desk import Office
from warehouse.log_database import LogDatabase
from warehouse.steward.accounts.sessions import Sessions
from warehouse.steward.accounts.users import Users
from warehouse.steward.audit import Audit
from warehouse.steward.cases.claims import Claims
from warehouse.steward.migrations import SCHEMA
from warehouse.steward.published import PublishedFile
from warehouse.steward.site import Site


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that keep something, over one database and one published warehouse."""

    site: Site
    published: PublishedFile
    database: LogDatabase
    users: Users
    sessions: Sessions
    audit: Audit
    office: Office
    claims: Claims

    @classmethod
    def of(cls, site: Site) -> Services:
        """The services of a site."""
        database = LogDatabase(site.database, SCHEMA, "console's database")
        published = PublishedFile(site.home, site.limits)
        return cls(
            site,
            published,
            database,
            Users(database, site.clock),
            Sessions(database, site.clock, site.settings),
            Audit(database, site.clock),
            Office(DecisionLog(site.database), published.reading, site.model, site.rules),
            Claims(database, site.clock),
        )

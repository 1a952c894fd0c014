"""The console's own tables in the decisions database; `migrations/` makes them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

META = MetaData()

#: People. scope: `Scope` as JSON. password: by argon2; null where there is none (yet).
#: subject: who he is at the OpenID provider.
ACCOUNT = Table(
    "account",
    META,
    Column("account_id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("scope", Text, nullable=False),
    Column("password", Text),
    Column("subject", Text, unique=True),
    Column("is_active", Boolean, nullable=False),
    Column("made_at", DateTime, nullable=False),
)
#: digest: SHA-256 of the secret in the cookie, here as in the two tables below.
SESSION = Table(
    "account_session",
    META,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.account_id"), nullable=False, index=True),
    Column("made_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("address", Text, nullable=False),
)
#: Links that work once. account_id: whose password it sets; null: it makes the first admin.
LINK = Table(
    "account_link",
    META,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.account_id")),
    Column("made_at", DateTime, nullable=False),
)
#: Programs that ask the API.
TOKEN = Table(
    "application_token",
    META,
    Column("token_id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("scope", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("expires_at", DateTime),
    Column("revoked_at", DateTime),
)
#: Sign-ins that failed, until they are too old to count.
FAILURE = Table(
    "sign_in_failure",
    META,
    Column("failure_id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, index=True),
    Column("failed_at", DateTime, nullable=False),
)
#: What is being done about a case. case_key: its golden ids. state: claimed, skipped, decided or
#: unsure. number: of the decision.
CASE_WORK = Table(
    "review_case",
    META,
    Column("case_key", String(64), primary_key=True),
    Column("login", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("number", Integer),
)
#: Filters of the queue. query: the end of its address.
SAVED_FILTER = Table(
    "review_filter",
    META,
    Column("login", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("query", Text, nullable=False),
)
#: What a decision on a case was made about, so that it can be learned from when a run has settled
#: the case. number: of the decision. case_key: its golden ids, or the id of a link that was drawn.
#: source: queue or audit. evidence: the levels as JSON. Appended to, and never edited.
JUDGEMENT = Table(
    "judgement",
    META,
    Column("number", Integer, primary_key=True),
    Column("case_key", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("login", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("match_weight", Float, nullable=False),
    Column("pattern", String(32), nullable=False),
    Column("evidence", Text, nullable=False),
)
#: Second opinions on decisions, each by its number. what: answer, withdrawn or settled.
#: Appended to; an erasure takes notes out of it.
OPINION = Table(
    "second_opinion",
    META,
    Column("opinion_id", Integer, primary_key=True),
    Column("number", Integer, nullable=False, index=True),
    Column("what", String(16), nullable=False),
    Column("login", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", DateTime, nullable=False),
)
AUDIT = Table(
    "audit",
    META,
    Column("audit_id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("what", String(64), nullable=False),
    Column("about", String(64), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("address", Text, nullable=False),
)

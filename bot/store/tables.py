"""The tables, and the column types that both SQLite (STRICT) and PostgreSQL understand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)

from bot.jobs.announcing import DeliveryState, SubscriptionState
from bot.jobs.job import PayPeriod
from bot.language.facets import Level

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# STRICT tables of SQLite know INTEGER, which holds 64 bits, and no BIGINT
Big = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as milliseconds since 1970."""

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the milliseconds; a time without a zone is a fault of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time that was stored."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


def _one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def _flag(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN (0, 1)", name=f"{column}_flag")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NARROWED_BY = ("level", "remote", "countries", "employment", "pay_yearly_high", "company_key")
_SHOWN = text("state = 'open' AND copy_of IS NULL")

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text),
    Column("role", Text),
    Column("place", Text),
    Column("countries", Text, nullable=False),  # "" or " NL SE "
    Column("remote", Integer),
    Column("employment", Text, nullable=False),  # "" or " full-time contract "
    Column("level", Text),
    Column("pay_low", Big),
    Column("pay_high", Big),
    Column("pay_currency", Text),
    Column("pay_period", Text),
    Column("pay_yearly_high", Big),  # to be searched by
    Column("url", Text),
    Column("posted", Moment),
    Column("first_seen", Moment, nullable=False),
    Column("featured", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("position", Big, nullable=False),
    Column("expires", Moment),
    Column("last_seen", Moment, nullable=False, server_default=text("0")),
    Column("expired", Integer, nullable=False, server_default=text("0")),  # of a closed job: nobody closed it
    Column("number", Big),  # by which the index of words knows it
    Column("appeared", Moment, nullable=False, server_default=text("0")),  # posted, or first seen
    Column("hybrid", Integer, nullable=False, server_default=text("0")),
    Column("text", Text),
    Column("tags", Text, nullable=False, server_default=text("''")),  # a line each
    Column("credit", Text),
    Column("company_key", Text),
    Column("title_key", Text, nullable=False, server_default=text("''")),
    Column("copy_of", Text),  # the id of the job that this is another advert of
    Column("evidence", Text),  # why it is a copy
    Column("copies", Integer, nullable=False, server_default=text("0")),  # that are open
    Column("elsewhere", Text, nullable=False, server_default=text("''")),  # their other places, a line each
    Column("reposts", Integer, nullable=False, server_default=text("0")),
    Column("reopened", Integer, nullable=False, server_default=text("0")),
    Column("gone", Integer, nullable=False, server_default=text("0")),  # of a closed job: its source has it no more
    Column("edited", Integer, nullable=False, server_default=text("0")),  # by hand: what a source says counts no more
    Column("planned", Integer, nullable=False, server_default=text("0")),  # 1: for all who want it; 2: begun
    Column("altered", Big),  # which of all changes of a job's state or places was its last
    Column("stamped", Moment),  # the date of the last repost that was only a later date
    CheckConstraint("length(title) > 0 AND length(company) > 0", name="named"),
    CheckConstraint(
        "(pay_low IS NULL) = (pay_high IS NULL) AND (pay_low IS NULL) = (pay_currency IS NULL) "
        "AND (pay_low IS NULL) = (pay_period IS NULL) AND (pay_low IS NULL OR pay_low <= pay_high)",
        name="pay_whole",
    ),
    _flag("remote"),
    _flag("featured"),
    _one_of("level", Level),
    _one_of("pay_period", PayPeriod),
    CheckConstraint("state IN ('open', 'closed')", name="state_known"),
    Index("ix_jobs_number", "number", "state", "copy_of", "role", *_NARROWED_BY, "appeared", "position", "id"),
    Index("ix_jobs_company_key_number", "company_key", "number", "title_key"),
    Index("ix_jobs_company_key_title_key", "company_key", "title_key"),
    Index("ix_jobs_copy_of", "copy_of", sqlite_where=text("copy_of IS NOT NULL")),
    # what a search narrows by stands in these: a job that does not fit is passed over without being read
    Index("ix_jobs_shown", text("appeared DESC"), "position", "id", *_NARROWED_BY, sqlite_where=_SHOWN),
    Index("ix_jobs_shown_role", "role", text("appeared DESC"), "position", "id", *_NARROWED_BY, sqlite_where=_SHOWN),
    Index("ix_jobs_unplanned", "number", sqlite_where=text(f"featured = 1 AND planned <> 1 AND {_SHOWN.text}")),
    Index("ix_jobs_altered", "altered", sqlite_where=text("altered IS NOT NULL")),
    Index("ix_jobs_featured", "featured", sqlite_where=text("featured = 1"), postgresql_where=text("featured = 1")),
    sqlite_strict=True,
)

_WORDS = "title, company, place, elsewhere, tags, text"
_NEW, _OLD = (", ".join(f"{row}.{column}" for column in _WORDS.split(", ")) for row in ("new", "old"))
_ADD = f"INSERT INTO job_words (rowid, {_WORDS}) VALUES (new.number, {_NEW});"  # noqa: S608  # constants
_REMOVE = f"INSERT INTO job_words (job_words, rowid, {_WORDS}) VALUES ('delete', old.number, {_OLD});"  # noqa: S608

INDEX_WORDS = text(
    f"INSERT INTO job_words (rowid, {_WORDS}) SELECT number, {_WORDS} FROM jobs WHERE number > :last"  # noqa: S608
)
"""Makes new jobs findable, many in one statement: by a trigger, FTS5 writes after each row, a third as fast."""

for statement in (
    (
        f"CREATE VIRTUAL TABLE job_words USING fts5({_WORDS}, content='jobs', content_rowid='number', "
        "detail=column, columnsize=0, "
        "tokenize=\"unicode61 remove_diacritics 2 tokenchars '+#'\")"
    ),
    f"CREATE TRIGGER jobs_words_update AFTER UPDATE OF {_WORDS} ON jobs BEGIN {_REMOVE} {_ADD} END",
    (
        "CREATE TRIGGER jobs_altered AFTER UPDATE OF state, elsewhere ON jobs "
        "WHEN new.state IS NOT old.state OR new.elsewhere IS NOT old.elsewhere BEGIN "
        "UPDATE jobs SET altered = 1 + coalesce((SELECT max(altered) FROM jobs WHERE altered IS NOT NULL), 0) "
        "WHERE id = new.id; END"
    ),
    f"CREATE TRIGGER jobs_words_delete AFTER DELETE ON jobs BEGIN {_REMOVE} END",
):
    event.listen(jobs, "after_create", DDL(statement))  # type: ignore[no-untyped-call]

guilds = Table(
    "guilds",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("joined", Moment, nullable=False),
    Column("left", Moment),
    sqlite_strict=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild", Big, ForeignKey("guilds.id"), nullable=False),
    Column("target", Text, nullable=False),  # channel:ID or person:ID
    Column("mode", Text, nullable=False),
    Column("filter", Text, nullable=False),  # a JSON object, {} for all jobs
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("detail", Text),
    Column("since", Moment, nullable=False),
    Column("cron", Text),  # of a digest
    Column("zone", Text, nullable=False, server_default=text("'UTC'")),
    Column("quiet_from", Integer),  # minutes of the local day
    Column("quiet_to", Integer),
    Column("cap", Integer),
    Column("mention", Big),
    Column("removed", Moment),
    Column("venue", Text, nullable=False, server_default=text("'text'")),
    Column("told", Moment),  # when somebody was told that it is paused
    Column("admin", Big),  # who set it up
    CheckConstraint("(state = 'paused') = (reason IS NOT NULL)", name="paused_for_a_reason"),
    _one_of("state", SubscriptionState),
    Index("ix_subscriptions_target", "target"),
    Index("ix_subscriptions_guild", "guild"),
    Index("ix_subscriptions_paused", "id", sqlite_where=text("state = 'paused'")),
    sqlite_strict=True,
)

SUBSCRIPTIONS_VERSION = "subscriptions.version"
"""The key in `meta` of a number that changes whenever what somebody subscribed to does."""
for name, moment in (("insert", "INSERT"), ("update", "UPDATE OF filter, removed")):
    bumped = (
        f"CREATE TRIGGER subscriptions_version_{name} AFTER {moment} ON subscriptions BEGIN "  # noqa: S608  # constants
        f"INSERT INTO meta (key, value) VALUES ('{SUBSCRIPTIONS_VERSION}', '1') "
        "ON CONFLICT (key) DO UPDATE SET value = value + 1; END"
    )
    event.listen(metadata, "after_create", DDL(bumped))  # type: ignore[no-untyped-call]

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", Integer, ForeignKey("subscriptions.id"), nullable=False),
    Column("target", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("claimed", Moment),
    Column("fence", Big),
    Column("uncertain_attempt", Integer),  # the first attempt whose outcome is not known
    Column("uncertain_since", Moment),
    Column("message", Big),
    Column("shown", Big),  # of the changes of its jobs, the last that the message shows
    Column("settled", Moment),  # when it was sent, skipped, failed or became unknown
    Column("reason", Text),
    Column("publish_due", Moment),  # when its message is to be published to the channels that follow
    Column("published", Moment),
    Column("told", Moment),  # when an admin was told that its outcome is unknown
    CheckConstraint("length(nonce) BETWEEN 1 AND 25", name="nonce_fits"),
    CheckConstraint("state <> 'sending' OR (fence IS NOT NULL AND claimed IS NOT NULL)", name="sending_is_claimed"),
    CheckConstraint("(uncertain_attempt IS NULL) = (uncertain_since IS NULL)", name="uncertain_whole"),
    _one_of("state", DeliveryState),
    Index("ix_deliveries_state_due", "state", "due", "id"),
    Index("ix_deliveries_nonce", "nonce", unique=True),
    Index("ix_deliveries_target_state", "target", "state"),
    Index("ix_deliveries_publish_due", "publish_due", sqlite_where=text("publish_due IS NOT NULL")),
    Index("ix_deliveries_published", "target", "published", sqlite_where=text("published IS NOT NULL")),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

delivery_jobs = Table(
    "delivery_jobs",
    metadata,
    Column("delivery", Integer, ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("target", Text, nullable=False),
    Column("job", Text, ForeignKey("jobs.id"), nullable=False),
    UniqueConstraint("target", "job"),
    Index("ix_delivery_jobs_delivery", "delivery"),
    Index("ix_delivery_jobs_job", "job"),
    sqlite_strict=True,
)

saved = Table(  # jobs that people keep for themselves
    "saved",
    metadata,
    Column("person", Big, primary_key=True, autoincrement=False),
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
    sqlite_strict=True,
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", Big, nullable=False),
    Column("expires", Moment, nullable=False),
    sqlite_strict=True,
)

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("form", Text),  # None: told by the content
    Column("company", Text),  # of a board whose jobs do not name it
    Column("every", Integer, nullable=False),  # seconds
    Column("daily", Integer),  # requests that the source allows
    Column("featured", Text, nullable=False),
    Column("matching", Text),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("due", Moment, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("failures", Integer, nullable=False),  # since the last success
    Column("succeeded", Moment),
    Column("asked", Integer, nullable=False),  # requests on the day `asked_on`
    Column("asked_on", Text),
    sqlite_strict=True,
)

sightings = Table(  # which jobs a source that is polled has, and how many fetches have missed them since
    "sightings",
    metadata,
    Column("source", Text, ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
    Column("job", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("missed", Integer, nullable=False),
    Index("ix_sightings_job", "job"),
    sqlite_strict=True,
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

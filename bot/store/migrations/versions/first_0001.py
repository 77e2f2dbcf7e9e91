"""Jobs, guilds, subscriptions, deliveries, leases and meta."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None

_FEATURED = text("featured = 1")


def upgrade() -> None:
    """Make the first tables."""
    _jobs()
    _subscriptions()
    _deliveries()
    op.create_table(
        "leases",
        Column("name", Text, nullable=False),
        Column("holder", Text, nullable=False),
        Column("fence", _big(), nullable=False),
        Column("expires", _big(), nullable=False),
        PrimaryKeyConstraint("name", name="pk_leases"),
        sqlite_strict=True,
    )
    op.create_table(
        "meta",
        Column("key", Text, nullable=False),
        Column("value", Text, nullable=False),
        PrimaryKeyConstraint("key", name="pk_meta"),
        sqlite_strict=True,
    )


def _big() -> BigInteger:
    return BigInteger().with_variant(Integer(), "sqlite")


def _jobs() -> None:
    op.create_table(
        "jobs",
        Column("id", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("company", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("source_id", Text),
        Column("role", Text),
        Column("place", Text),
        Column("countries", Text, nullable=False),
        Column("remote", Integer),
        Column("employment", Text, nullable=False),
        Column("level", Text),
        Column("pay_low", _big()),
        Column("pay_high", _big()),
        Column("pay_currency", Text),
        Column("pay_period", Text),
        Column("pay_yearly_high", _big()),
        Column("url", Text),
        Column("posted", _big()),
        Column("first_seen", _big(), nullable=False),
        Column("featured", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("position", _big(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_jobs"),
        CheckConstraint("length(title) > 0 AND length(company) > 0", name="ck_jobs_named"),
        CheckConstraint(
            "(pay_low IS NULL) = (pay_high IS NULL) AND (pay_low IS NULL) = (pay_currency IS NULL) "
            "AND (pay_low IS NULL) = (pay_period IS NULL) AND (pay_low IS NULL OR pay_low <= pay_high)",
            name="ck_jobs_pay_whole",
        ),
        CheckConstraint("remote IN (0, 1)", name="ck_jobs_remote_flag"),
        CheckConstraint("featured IN (0, 1)", name="ck_jobs_featured_flag"),
        CheckConstraint("level IN ('entry', 'mid', 'senior', 'executive')", name="ck_jobs_level_known"),
        CheckConstraint("pay_period IN ('hour', 'day', 'week', 'month', 'year')", name="ck_jobs_pay_period_known"),
        CheckConstraint("state IN ('open', 'closed')", name="ck_jobs_state_known"),
        sqlite_strict=True,
    )
    op.create_index("ix_jobs_state_role", "jobs", ["state", "role"])
    op.create_index("ix_jobs_featured", "jobs", ["featured"], sqlite_where=_FEATURED, postgresql_where=_FEATURED)


def _subscriptions() -> None:
    op.create_table(
        "guilds",
        Column("id", _big(), nullable=False),
        Column("joined", _big(), nullable=False),
        Column("left", _big()),
        PrimaryKeyConstraint("id", name="pk_guilds"),
        sqlite_strict=True,
    )
    op.create_table(
        "subscriptions",
        Column("id", Integer, nullable=False),
        Column("guild", _big(), nullable=False),
        Column("target", Text, nullable=False),
        Column("mode", Text, nullable=False),
        Column("filter", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text),
        Column("detail", Text),
        Column("since", _big(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_subscriptions"),
        CheckConstraint("(state = 'paused') = (reason IS NOT NULL)", name="ck_subscriptions_paused_for_a_reason"),
        CheckConstraint("state IN ('on', 'off', 'paused')", name="ck_subscriptions_state_known"),
        ForeignKeyConstraint(["guild"], ["guilds.id"], name="fk_subscriptions_guild"),
        sqlite_strict=True,
    )
    op.create_index("ix_subscriptions_target", "subscriptions", ["target"], unique=True)
    op.create_index("ix_subscriptions_guild", "subscriptions", ["guild"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("id", Integer, primary_key=True),
        Column("subscription", Integer, nullable=False),
        Column("target", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("nonce", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("due", _big(), nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("claimed", _big()),
        Column("fence", _big()),
        Column("uncertain_attempt", Integer),
        Column("uncertain_since", _big()),
        Column("message", _big()),
        Column("settled", _big()),
        Column("reason", Text),
        CheckConstraint("length(nonce) BETWEEN 1 AND 25", name="ck_deliveries_nonce_fits"),
        CheckConstraint(
            "state <> 'sending' OR (fence IS NOT NULL AND claimed IS NOT NULL)",
            name="ck_deliveries_sending_is_claimed",
        ),
        CheckConstraint(
            "(uncertain_attempt IS NULL) = (uncertain_since IS NULL)", name="ck_deliveries_uncertain_whole"
        ),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'retry', 'paused', 'failed', 'unknown', 'skipped')",
            name="ck_deliveries_state_known",
        ),
        ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name="fk_deliveries_subscription"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state_due", "deliveries", ["state", "due", "id"])
    op.create_index("ix_deliveries_nonce", "deliveries", ["nonce"], unique=True)
    op.create_index("ix_deliveries_target_state", "deliveries", ["target", "state"])
    op.create_table(
        "delivery_jobs",
        Column("delivery", Integer, nullable=False),
        Column("target", Text, nullable=False),
        Column("job", Text, nullable=False),
        UniqueConstraint("target", "job", name="uq_delivery_jobs_target_job"),
        ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_delivery_jobs_delivery", ondelete="CASCADE"),
        ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_delivery_jobs_job"),
        sqlite_strict=True,
    )
    op.create_index("ix_delivery_jobs_delivery", "delivery_jobs", ["delivery"])
    op.create_index("ix_delivery_jobs_job", "delivery_jobs", ["job"])

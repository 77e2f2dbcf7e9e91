"""Subscriptions with a filter, a timetable, a cap and a mention; jobs that are planned once; posts that keep up."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0005"
down_revision = "0004"

_big = BigInteger().with_variant(Integer(), "sqlite")
_BUMPED = (
    "INSERT INTO meta (key, value) VALUES ('subscriptions.version', '1') "
    "ON CONFLICT (key) DO UPDATE SET value = value + 1; END"
)


def upgrade() -> None:
    """Add the columns; every featured job is looked at once more, and sent nowhere where it was."""
    for column in (
        Column("cron", Text),
        Column("zone", Text, nullable=False, server_default=text("'UTC'")),
        Column("quiet_from", Integer),
        Column("quiet_to", Integer),
        Column("cap", Integer),
        Column("mention", _big),
        Column("removed", _big),
    ):
        op.add_column("subscriptions", column)
    op.drop_index("ix_subscriptions_target", "subscriptions")
    op.create_index("ix_subscriptions_target", "subscriptions", ["target"])
    op.add_column("jobs", Column("planned", Integer, nullable=False, server_default=text("0")))
    unplanned = text("featured = 1 AND planned <> 1 AND state = 'open' AND copy_of IS NULL")
    op.create_index("ix_jobs_unplanned", "jobs", ["number"], sqlite_where=unplanned)
    op.add_column("jobs", Column("altered", _big))
    op.create_index("ix_jobs_altered", "jobs", ["altered"], sqlite_where=text("altered IS NOT NULL"))
    op.add_column("deliveries", Column("shown", _big))
    op.execute(
        "CREATE TRIGGER jobs_altered AFTER UPDATE OF state, elsewhere ON jobs "
        "WHEN new.state IS NOT old.state OR new.elsewhere IS NOT old.elsewhere BEGIN "
        "UPDATE jobs SET altered = 1 + coalesce((SELECT max(altered) FROM jobs WHERE altered IS NOT NULL), 0) "
        "WHERE id = new.id; END"
    )
    for name, moment in (("insert", "INSERT"), ("update", "UPDATE OF filter, removed")):
        op.execute(f"CREATE TRIGGER subscriptions_version_{name} AFTER {moment} ON subscriptions BEGIN {_BUMPED}")

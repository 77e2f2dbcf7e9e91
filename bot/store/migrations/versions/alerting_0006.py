"""Subscriptions of people, forum and announcement channels, messages that are published, jobs that people keep."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, text

revision = "0006"
down_revision = "0005"

_big = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table; the words of new jobs are indexed many at a time.

    What went wrong before is told to nobody now.
    """
    op.execute("DROP TRIGGER jobs_words_insert")
    op.add_column("subscriptions", Column("venue", Text, nullable=False, server_default=text("'text'")))
    op.add_column("subscriptions", Column("told", _big))
    op.add_column("subscriptions", Column("admin", _big))
    op.create_index("ix_subscriptions_paused", "subscriptions", ["id"], sqlite_where=text("state = 'paused'"))
    op.add_column("deliveries", Column("publish_due", _big))
    op.add_column("deliveries", Column("published", _big))
    op.add_column("deliveries", Column("told", _big))
    due, done = text("publish_due IS NOT NULL"), text("published IS NOT NULL")
    op.create_index("ix_deliveries_publish_due", "deliveries", ["publish_due"], sqlite_where=due)
    op.create_index("ix_deliveries_published", "deliveries", ["target", "published"], sqlite_where=done)
    op.execute("UPDATE subscriptions SET told = since WHERE state = 'paused'")
    op.execute("UPDATE deliveries SET told = settled WHERE state = 'unknown'")
    op.create_table(
        "saved",
        Column("person", _big, nullable=False),
        Column("job", Text, nullable=False),
        Column("at", _big, nullable=False),
        PrimaryKeyConstraint("person", "job", name="pk_saved"),
        ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_saved_job", ondelete="CASCADE"),
        sqlite_strict=True,
    )

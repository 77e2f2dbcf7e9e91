"""When jobs expire, and when they were last met."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; a job that is there already was last met when it was first met."""
    big = BigInteger().with_variant(Integer(), "sqlite")
    op.add_column("jobs", Column("expires", big))
    op.add_column("jobs", Column("last_seen", big, nullable=False, server_default=text("0")))
    op.add_column("jobs", Column("expired", Integer, nullable=False, server_default=text("0")))
    op.execute("UPDATE jobs SET last_seen = first_seen")

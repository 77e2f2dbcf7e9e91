"""An index of words without what only ranking by frequency needs, and numbers that tell what a search narrows by."""

from alembic import op

revision = "0004"
down_revision = "0003"

_WORDS = (
    "CREATE VIRTUAL TABLE job_words USING fts5(title, company, place, elsewhere, tags, text, "
    "content='jobs', content_rowid='number', detail=column, columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 2 tokenchars '+#'\")"
)
_NARROWED_BY = ("level", "remote", "countries", "employment", "pay_yearly_high", "company_key")


def upgrade() -> None:
    """Make both anew; what is in the index of words comes from the jobs."""
    op.drop_index("ix_jobs_number", "jobs")
    columns = ["number", "state", "copy_of", "role", *_NARROWED_BY, "appeared", "position", "id"]
    op.create_index("ix_jobs_number", "jobs", columns)
    op.execute("DROP TABLE job_words")
    op.execute(_WORDS)
    op.execute("INSERT INTO job_words (job_words) VALUES ('rebuild')")

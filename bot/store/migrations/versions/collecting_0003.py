"""Copies and reposts of jobs, their texts in an index of words, and sources that are polled."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, text

from bot.jobs.duplicates import company_key, title_key

revision = "0003"
down_revision = "0002"

_big = BigInteger().with_variant(Integer(), "sqlite")
_WORDS = (
    (
        "CREATE VIRTUAL TABLE job_words USING fts5(title, company, place, elsewhere, tags, text, "
        "content='jobs', content_rowid='number', detail=column, "
        "tokenize=\"unicode61 remove_diacritics 2 tokenchars '+#'\")"
    ),
    (
        "CREATE TRIGGER jobs_words_insert AFTER INSERT ON jobs BEGIN "
        "INSERT INTO job_words (rowid, title, company, place, elsewhere, tags, text) VALUES "
        "(new.number, new.title, new.company, new.place, new.elsewhere, new.tags, new.text); END"
    ),
    (
        "CREATE TRIGGER jobs_words_update AFTER UPDATE OF title, company, place, elsewhere, tags, text ON jobs BEGIN "
        "INSERT INTO job_words (job_words, rowid, title, company, place, elsewhere, tags, text) VALUES "
        "('delete', old.number, old.title, old.company, old.place, old.elsewhere, old.tags, old.text); "
        "INSERT INTO job_words (rowid, title, company, place, elsewhere, tags, text) VALUES "
        "(new.number, new.title, new.company, new.place, new.elsewhere, new.tags, new.text); END"
    ),
    (
        "CREATE TRIGGER jobs_words_delete AFTER DELETE ON jobs BEGIN "
        "INSERT INTO job_words (job_words, rowid, title, company, place, elsewhere, tags, text) VALUES "
        "('delete', old.number, old.title, old.company, old.place, old.elsewhere, old.tags, old.text); END"
    ),
)


def upgrade() -> None:
    """Add the columns and tables, and fill in what known jobs need in order to be compared and found."""
    for column in (
        Column("number", _big),
        Column("appeared", _big, nullable=False, server_default=text("0")),
        Column("hybrid", Integer, nullable=False, server_default=text("0")),
        Column("text", Text),
        Column("tags", Text, nullable=False, server_default=text("''")),
        Column("credit", Text),
        Column("company_key", Text),
        Column("title_key", Text, nullable=False, server_default=text("''")),
        Column("copy_of", Text),
        Column("evidence", Text),
        Column("copies", Integer, nullable=False, server_default=text("0")),
        Column("elsewhere", Text, nullable=False, server_default=text("''")),
        Column("reposts", Integer, nullable=False, server_default=text("0")),
        Column("reopened", Integer, nullable=False, server_default=text("0")),
        Column("gone", Integer, nullable=False, server_default=text("0")),
        Column("edited", Integer, nullable=False, server_default=text("0")),
        Column("stamped", _big),
    ):
        op.add_column("jobs", column)
    _fill_in()
    op.drop_index("ix_jobs_state_role", "jobs")
    op.create_index("ix_jobs_number", "jobs", ["number"], unique=True)
    op.create_index("ix_jobs_company_key_number", "jobs", ["company_key", "number", "title_key"])
    op.create_index("ix_jobs_company_key_title_key", "jobs", ["company_key", "title_key"])
    op.create_index("ix_jobs_copy_of", "jobs", ["copy_of"], sqlite_where=text("copy_of IS NOT NULL"))
    shown = text("state = 'open' AND copy_of IS NULL")
    narrowed_by = ("level", "remote", "countries", "employment", "pay_yearly_high", "company_key")
    newest = (text("appeared DESC"), "position", "id", *narrowed_by)
    op.create_index("ix_jobs_shown", "jobs", [*newest], sqlite_where=shown)
    op.create_index("ix_jobs_shown_role", "jobs", ["role", *newest], sqlite_where=shown)
    for statement in _WORDS:
        op.execute(statement)
    op.execute("INSERT INTO job_words (job_words) VALUES ('rebuild')")
    op.create_table(
        "sources",
        Column("name", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("form", Text),
        Column("company", Text),
        Column("every", Integer, nullable=False),
        Column("daily", Integer),
        Column("featured", Text, nullable=False),
        Column("matching", Text),
        Column("origin", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text),
        Column("due", _big, nullable=False),
        Column("etag", Text),
        Column("modified", Text),
        Column("failures", Integer, nullable=False),
        Column("succeeded", _big),
        Column("asked", Integer, nullable=False),
        Column("asked_on", Text),
        PrimaryKeyConstraint("name", name="pk_sources"),
        sqlite_strict=True,
    )
    op.create_table(
        "sightings",
        Column("source", Text, nullable=False),
        Column("job", Text, nullable=False),
        Column("missed", Integer, nullable=False),
        PrimaryKeyConstraint("source", "job", name="pk_sightings"),
        ForeignKeyConstraint(["source"], ["sources.name"], name="fk_sightings_source", ondelete="CASCADE"),
        ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_sightings_job"),
        sqlite_strict=True,
    )
    op.create_index("ix_sightings_job", "sightings", ["job"])


def _fill_in() -> None:
    op.execute("UPDATE jobs SET number = rowid, appeared = coalesce(posted, first_seen)")
    connection = op.get_bind()
    known = connection.execute(text("SELECT id, company, title, place FROM jobs")).all()
    for job, company, title, place in known:
        connection.execute(
            text("UPDATE jobs SET company_key = :company, title_key = :title WHERE id = :job"),
            {"job": job, "company": company_key(company), "title": title_key(title, place)},
        )

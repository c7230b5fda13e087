"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them, with the two counters at nought."""
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(counters, [{"name": "revision", "value": 0}, {"name": "entry", "value": 0}])
    op.create_table(
        "pollings",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("next_poll_at", sa.BigInteger, index=True),
        sa.Column("polling", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "shown",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("keys", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("num", Number, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.LargeBinary, nullable=False),
        sa.Index("outcomes_by_source", "source", "at"),
    )
    op.create_table(
        "days",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("gaps", sa.Integer, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("num", Number, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False, index=True),
        sa.Column("revision", sa.BigInteger, nullable=False, index=True),
        sa.Column("story", sa.Text),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sa.Column("features", sa.LargeBinary, nullable=False),
        sa.Column("held", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.Text),
    )
    op.create_table(
        "versions",
        sa.Column("num", Number, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False, index=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.UniqueConstraint("source", "key"),
        sa.Index("versions_by_link", "link"),
    )
    op.create_table(
        "aliases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entry", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "publications",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("entry", sa.BigInteger, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Index("publications_by_entry", "entry"),
    )
    op.create_table(
        "marks",
        sa.Column("space", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )

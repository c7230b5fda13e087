"""Every wording of an entry has its sketch, not the leading one alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move the sketches of entries to a table of their own."""
    op.create_table(
        "sketches",
        sa.Column("num", Number, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.BigInteger, nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False, index=True),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
    )
    op.execute(
        "INSERT INTO sketches (entry, at, seen, sketch) "
        "SELECT num, first_seen, first_seen, sketch FROM entries WHERE length(sketch) > 0 ORDER BY first_seen, num"
    )
    op.drop_column("entries", "sketch")

"""The beginnings of an entry's words, which upkeep fills in for what is held already."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Put them before the texts: SQLite reads a row up to the last column that is asked for."""
    beginnings = sa.Column("beginnings", sa.LargeBinary)
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("entries", recreate="always") as entries:
            entries.add_column(beginnings, insert_after="features")
    else:
        op.add_column("entries", beginnings)

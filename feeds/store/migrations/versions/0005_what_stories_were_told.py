"""Every entry keeps what it added to its story, as it weighed when it came."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DAYS_8 = 8 * 86400 * 10**6  # microseconds: what is older is compared with no more


def upgrade() -> None:
    """Weigh the features of the last days, which lay beside the entries, and keep them in a table of their own."""
    tellings = op.create_table(
        "tellings",
        sa.Column(
            "num",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("entry", sa.BigInteger, nullable=False, index=True),
        sa.Column("story", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False, index=True),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("squares", sa.BigInteger, nullable=False),
        sa.Column("names", sa.BigInteger, nullable=False),
    )
    found = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT num, coalesce(story, id), first_seen, features FROM entries WHERE length(features) > 0 "
                "AND first_seen > (SELECT max(first_seen) FROM entries) - :days ORDER BY first_seen, num"
            ),
            {"days": DAYS_8},
        )
        .fetchall()
    )
    if found:
        op.bulk_insert(tellings, _told([tuple(row) for row in found]))
    for column in ("story", "digest", "features"):
        op.drop_column("entries", column)


def _told(found: Sequence[tuple[int, str, int, bytes]]) -> list[dict[str, object]]:
    """Return the rows: the first of a story has the square of the length of all of it, the others nothing."""
    features = [array("I", bytes(row[3])) for row in found]
    counts = Counter(term >> 8 for terms in features for term in terms[1:])
    sums: dict[str, Counter[int]] = {}
    rows: list[dict[str, object]] = []
    for (num, story, at, _), (script, *terms) in zip(found, features, strict=True):
        raw = [(term & 255) * (math.log(len(found) / counts[term >> 8]) + 0.1) ** 1.5 for term in terms]
        length = math.sqrt(sum(weight**2 for weight in raw)) or 1.0
        weights = [round(weight / length * 255) for weight in raw]
        sums.setdefault(story, Counter()).update(
            {term >> 8: weight for term, weight in zip(terms, weights, strict=True)}
        )
        packed = array("I", [script, *(t >> 8 << 8 | weight for t, weight in zip(terms, weights, strict=True))])
        told = {"story": story, "at": at, "seen": at, "terms": packed.tobytes(), "squares": 0, "names": 0}
        rows.append({"entry": num, **told})
    for row in rows:
        if (told_by := sums.pop(str(row["story"]), None)) is not None:
            row["squares"] = sum(weight**2 for weight in told_by.values())
            row["names"] = sum(weight**2 for key, weight in told_by.items() if key & 1)
    return rows

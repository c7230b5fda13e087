"""The tables. A change here is a change of the schema: add a migration and its revision below.

Times are microseconds since 1970 UTC: `datetime(next_poll_at / 1000000, 'unixepoch')` shows one.
Values are JSON as bytes: `CAST(held AS TEXT)`, or `convert_from(held, 'UTF8')` on PostgreSQL.
Every table of SQLite is a rowid table: WITHOUT ROWID was measured two to three times slower to fill.
"""

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

REVISIONS = ("0001", "0002", "0004", "0005")  # oldest first; the last is what this program writes

metadata = MetaData()


class Octets(LargeBinary):
    """Bytes as the drivers give and take them: the stock type wraps each value, a fifth of a save's time."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Wrap nothing."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Unwrap nothing."""


# rowid on SQLite, where only INTEGER is one
Number = BigInteger().with_variant(Integer(), "sqlite")

# One row each: "revision" counts the saves that changed what may be published, "entry" the entries
# ever held. Updating it locks it until the transaction ends, so revisions become visible in order.
counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# The schedule: a source is due when next_poll_at is past
pollings = Table(
    "pollings",
    metadata,
    Column("source", Text, primary_key=True),
    Column("next_poll_at", BigInteger, index=True),
    Column("polling", Octets, nullable=False),  # model.Polling
)

# The keys a source showed last; they outlive their entries, so that nothing is published again
shown = Table(
    "shown",
    metadata,
    Column("source", Text, primary_key=True),
    Column("keys", Octets, nullable=False),
)

# The log of polls, the newest per source kept by prune
outcomes = Table(
    "outcomes",
    metadata,
    Column("num", Number, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", Octets, nullable=False),  # values.Outcome
    Index("outcomes_by_source", "source", "at"),
)

days = Table(
    "days",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Integer, primary_key=True),  # days since 1970-01-01 UTC
    Column("polls", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("gaps", Integer, nullable=False),
)

# What may be published. `content` is last: a row is read up to the columns that are asked for
entries = Table(
    "entries",
    metadata,
    Column("num", Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),  # of the version that leads
    Column("first_seen", BigInteger, nullable=False, index=True),
    Column("revision", BigInteger, nullable=False, index=True),  # of the last save that changed it
    Column("beginnings", Octets),  # of its words, for queries; NULL until upkeep has made them
    Column("held", Octets, nullable=False),  # model.Held without its content
    Column("content", Text),
)

versions = Table(
    "versions",
    metadata,
    Column("num", Number, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("entry", BigInteger, nullable=False, index=True),  # entries.num
    Column("digest", Octets, nullable=False),
    Column("link", Text),
    Column("body", Octets),  # model.Entry of a copy
    UniqueConstraint("source", "key"),
    Index("versions_by_link", "link"),
)

# The wordings by which copies of an entry are known, in the order in which they were compared
sketches = Table(
    "sketches",
    metadata,
    Column("num", Number, primary_key=True, autoincrement=True),
    Column("entry", BigInteger, nullable=False, index=True),  # entries.num
    Column("at", BigInteger, nullable=False),  # published, or seen
    Column("seen", BigInteger, nullable=False, index=True),
    Column("sketch", Octets, nullable=False),
)

# What each entry added to its story, in the order in which they were placed: stories are the sums of these
tellings = Table(
    "tellings",
    metadata,
    Column("num", Number, primary_key=True, autoincrement=True),
    Column("entry", BigInteger, nullable=False, index=True),  # entries.num
    Column("story", Text, nullable=False, index=True),  # as it stands by now
    Column("at", BigInteger, nullable=False),  # published, or seen
    Column("seen", BigInteger, nullable=False, index=True),
    Column("terms", Octets, nullable=False),
    Column("squares", BigInteger, nullable=False),
    Column("names", BigInteger, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entry", BigInteger, nullable=False, index=True),  # entries.num
)

publications = Table(
    "publications",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("entry", BigInteger, primary_key=True),  # entries.num
    Column("since", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("month", Text, nullable=False),
    Column("until", BigInteger),
    Index("publications_by_entry", "entry"),
)

# Small things remembered by name, owned by whoever names them: the digest of a published file, a revision
marks = Table(
    "marks",
    metadata,
    Column("space", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

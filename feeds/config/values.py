"""What the configuration is, once it is right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from feeds.model import Site, Source, Topic
from feeds.regions import Custom
from feeds.themes import Vocabulary

PRIVATE = "state"  # the folder beside the file, for what tells whom the editor watches
PREFIX = "FEEDS_"
# Read by the command line itself, so they are not keys of the file.
NOT_KEYS = frozenset({"FEEDS_NOW", "FEEDS_CONFIG", "FEEDS_CACHE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where the state is, and how long an entry is kept."""

    url: str = "sqlite:///state/feeds.db"
    keep: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How sources are asked."""

    interval: timedelta = timedelta(minutes=30)
    min: timedelta = timedelta(minutes=5)
    max: timedelta = timedelta(days=1)
    per_host: int = 2
    spacing: timedelta = timedelta(0)
    deadline: timedelta = timedelta(seconds=60)
    max_body_bytes: int = 10 * 2**20
    max_entries: int = 1000
    first_max_age: timedelta = timedelta(days=7)
    first_max_entries: int = 50
    concurrency: int = 64
    allow_networks: tuple[str, ...] = ()
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where files go, and which."""

    folder: Path
    templates: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """When files are written, and what runs afterwards."""

    interval: timedelta = timedelta(minutes=1)
    burst: int | None = None  # entries that enter a topic within `burst_every`; None: half of its limit, 0: any number
    burst_every: timedelta = timedelta(minutes=30)
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeChange:
    """What the editor adds to a theme, or takes out of it."""

    slug: str
    label: str | None = None
    add: Mapping[str, float] = field(default_factory=dict)  # term -> weight; below 0 counts against
    veto: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole of config.yaml."""

    site: Site
    output: Output
    store: Store = Store()
    poll: Poll = Poll()
    publish: Publish = Publish()
    regions: Custom = field(default_factory=Custom)
    themes: Vocabulary = field(default_factory=Vocabulary)
    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = ()
    hand: Path  # the editor's own decisions
    private: Path  # for what tells whom the editor watches

    def source(self, source_id: str) -> Source | None:
        """Return the source of this id."""
        return next((source for source in self.sources if source.id == source_id), None)


def set_from_outside(environ: Mapping[str, str]) -> list[str]:
    """Return the variables that overlay keys of the file."""
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in NOT_KEYS)

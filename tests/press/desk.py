"""A desk to publish from: a configuration in a folder, a state, and entries put into it as a poll would."""

import weakref
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds import config, press, store
from feeds.config import Config
from feeds.model import Entry, Held, Polling, Tags

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

CONFIG = """
site: {title: Wire, url: "https://wire.example.org/"}
sources:
  - {id: one, url: "https://one.example/feed", title: One}
  - {id: two, url: "https://two.example/feed", title: Two}
topics:
  - {slug: kazakhstan, title: Kazakhstan, match: "region:kz"}
  - {slug: all, title: Everything, match: "lang:en OR -lang:en"}
"""


class Desk:
    """One deployment, as `feeds publish` meets it."""

    def __init__(self, folder: Path, text: str = CONFIG) -> None:
        self.folder = folder
        self.write(text)
        self.state = store.open(self.config.store.url)
        weakref.finalize(self, self.state.close)  # Python 3.13 tells of a connection that nobody closed

    def write(self, text: str) -> None:
        """Replace the configuration."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")
        self.config: Config = config.load(self.folder / "config.yaml", environ={})

    def keep(self, *helds: Held, aliases: Sequence[tuple[str, str]] = ()) -> None:
        """Save entries as one poll does."""
        kept = tuple(store.Kept(held=held) for held in helds)
        failed = self.state.save([store.Poll(polling=Polling(source="one"), kept=kept, aliases=tuple(aliases))])
        assert not failed

    def publish(self, now: datetime = NOON) -> press.PublishReport:
        """Publish what is held."""
        return press.issue(self.config, self.state, now=now)

    def forget(self) -> None:
        """Lose all that the last pass left but the state and the closed archives."""
        for name in ("press.db", "published.json"):
            (self.config.private / name).unlink(missing_ok=True)
        self.state.mark("press", {"stamp": None})
        for path in self.config.output.folder.glob("*.*"):
            path.unlink()

    def file(self, path: str) -> str:
        """Return a published file."""
        return (self.config.output.folder / path).read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        """Return every published file."""
        folder = self.config.output.folder
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def held(number: int, **changes: object) -> Held:
    """Return an entry of source one about Kazakhstan, an hour older than the one before it."""
    at = NOON - timedelta(hours=1 + number)
    made = Held(
        entry=Entry(
            id=f"https://one.example/{number}",
            link=f"https://one.example/{number}",
            title=f"Matter {number}",
            summary=f"What is said of matter {number}.",
            published=at,
            language="en",
        ),
        source="one",
        first_seen=at + timedelta(minutes=5),
        changed=at + timedelta(minutes=5),
        tags=Tags(language="en", regions=("kz", "central-asia"), primary=("KZ",), countries=("KZ",)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]

"""What `feeds serve` answers at /search: a query in, a page out; bounded, and nothing is written."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from feeds import finding, publish
from feeds.cli import context
from feeds.config import Config
from feeds.errors import QueryError
from feeds.render import search, site
from feeds.render.place import Place

MAX_QUERY_CHARS = 500
MAX_PARAMETERS_CHARS = 20 * MAX_QUERY_CHARS  # a letter takes up to twelve of them, escaped
MAX_RESULTS = 50
PATIENCE = timedelta(seconds=5)
# One search at a time: each reads the window, and whoever waits for longer is told so.
TURN_SECONDS = 10
DAYS = (1, 7, 30, 90, 365)
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """A status of HTTP, and the page."""

    status: int
    body: bytes


class Searching:
    """Answers queries over one deployment's state."""

    def __init__(self, config: Config, *, clock: Callable[[], datetime]) -> None:
        own = config.output.templates
        self._config, self._clock, self._turn = config, clock, threading.Lock()
        self._desk = site.desk(config.site, templates=publish.templates(own), translations=publish.translations(own))
        examples = list(dict.fromkeys(topic.match for topic in config.topics if len(topic.match) <= 60))
        self._empty = search.Answer(
            days=USUAL_DAYS, choices=DAYS, longest=MAX_QUERY_CHARS, examples=tuple(examples[:3])
        )

    def reply(self, parameters: str) -> Reply:
        """Return the page for what stands after the question mark of an address."""
        given = parse_qs(parameters[:MAX_PARAMETERS_CHARS], errors="replace")
        text = "".join(char if char.isprintable() else " " for char in given.get("q", [""])[0]).strip()
        days = given.get("days", [""])[0]
        asked = replace(self._empty, query=text, days=int(days) if days in map(str, DAYS) else USUAL_DAYS)
        if not text:
            return self._page(200, asked)
        if len(text) > MAX_QUERY_CHARS:
            return self._page(400, replace(asked, query="", refusal="search_long"))
        if not self._turn.acquire(timeout=TURN_SECONDS):
            return self._page(503, replace(asked, refusal="search_busy"))
        with contextlib.ExitStack() as held:
            held.callback(self._turn.release)
            try:
                return self._page(200, self._found(asked))
            except QueryError as exc:
                return self._page(400, replace(asked, mistake=exc))

    def index(self, page: bytes, *, status: bool) -> bytes:
        """Return the index with the links that only this server can answer."""
        return search.bar(self._desk, page, status=status)

    def _found(self, asked: search.Answer) -> search.Answer:
        config, now = self._config, self._clock()
        span = timedelta(days=asked.days)
        with context.state(config) as state:
            found = finding.search(
                config, state, asked.query, since=span, limit=MAX_RESULTS, now=now, patience=PATIENCE, public=True
            )
        titles = {source.id: source.title or source.id for source in config.sources}
        topics = {
            topic.slug: (Place(site=config.site, slug=topic.slug).path("html"), topic.title) for topic in config.topics
        }
        return replace(
            asked,
            count=found.count,
            since=found.since,
            stopped=found.since > now - span,
            results=tuple(
                search.Result(
                    title=hit.title,
                    link=hit.link,
                    language=hit.language,
                    source=titles.get(hit.source, hit.source),
                    published=hit.published,
                    matched=hit.matched,
                    topics=tuple(topics[slug] for slug in hit.topics if slug in topics),
                )
                for hit in found.hits
            ),
        )

    def _page(self, status: int, answer: search.Answer) -> Reply:
        return Reply(status, search.page(self._desk, answer))

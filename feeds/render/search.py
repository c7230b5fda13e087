"""The page that answers a query over the stored entries: served, never published as a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds.errors import QueryError
from feeds.render import site

# Of the page alone: the others have no form.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An entry that was found."""

    title: str
    link: str | None
    language: str | None
    source: str
    published: datetime
    matched: tuple[str, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()  # path of the page, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query came to: entries found, or why there are none."""

    query: str = ""
    days: int
    choices: tuple[int, ...]  # of days
    longest: int  # of a query, in characters
    examples: tuple[str, ...] = ()
    count: int | None = None  # None: nothing was asked
    results: Sequence[Result] = field(default=())
    since: datetime | None = None  # how far the search looked back
    stopped: bool = False  # it should have looked back further
    mistake: QueryError | None = None
    refusal: str | None = None  # a phrase of the interface: why nothing was searched


def page(desk: site.Desk, answer: Answer) -> bytes:
    """Return the page; its links are relative to the site's folder."""
    results = tuple(replace(one, link=site.safe(one.link)) for one in answer.results)
    return site.search(desk, answer=replace(answer, results=results), policy=POLICY)


def bar(desk: site.Desk, page: bytes, *, status: bool) -> bytes:
    """Return the index with the links that only this server can answer, below its title."""
    head, mark, rest = page.partition(b"</header>")
    return head + site.here(desk, status=status) + mark + rest if mark else page

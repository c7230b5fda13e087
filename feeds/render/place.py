"""Where a document of a feed stands: its paths, its addresses, its id, and its neighbours in time."""

import uuid
from dataclasses import dataclass
from typing import Literal

from feeds.model import Format, Site

# Published for ever: the name space of every feed id. Neither the address of the site nor the state is in it.
_IDS = uuid.UUID("6f1d3b5e-2c0a-5c1e-9f0b-6b1a1c0f7d42")

SUFFIX: dict[Format, str] = {"atom": ".atom", "rss": ".xml", "json": ".json", "html": ".html"}
MEDIA_TYPE: dict[Format, str] = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
    "html": "text/html",
}

Kind = Literal["topic", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One document: the subscription document of a feed, or (with `month`) one of its archive documents."""

    site: Site
    slug: str
    kind: Kind = "topic"
    month: str | None = None  # "2026-10": an archive document (RFC 5005 4)
    closed: bool = False  # the month is over: the document will not change
    previous: str | None = None  # the month of the archive document before this one
    following: str | None = None  # and of the one after

    @property
    def id(self) -> str:
        """The id of the feed, the same for all its documents, formats, hosts and machines."""
        return f"urn:uuid:{uuid.uuid5(_IDS, f'{self.site.id}/{self.kind}/{self.slug}')}"

    @property
    def name(self) -> str:
        """What the feed is called in the configuration and in paths: "kazakhstan", "regions/kz"."""
        return f"{self._folder}{self.slug}"

    @property
    def notice_id(self) -> str:
        """The id of the entry that says the feed has ended."""
        return f"urn:uuid:{uuid.uuid5(_IDS, f'{self.id}/removed')}"

    def path(self, form: Format, *, month: str | None = None) -> str:
        """Return the path of this document in a format."""
        month = month or self.month
        if month:
            return f"archive/{self.name}/{month}{SUFFIX[form]}"
        return f"{self.name}{SUFFIX[form]}"

    def url(self, form: Format) -> str:
        """Return the absolute address of this document in a format."""
        return self.site.url + self.path(form)

    def current_url(self, form: Format) -> str:
        """Return the absolute address of the subscription document (RFC 5005 `current`)."""
        return f"{self.site.url}{self.name}{SUFFIX[form]}"

    def previous_url(self, form: Format) -> str | None:
        """Return the absolute address of the archive document before this one, if there is one."""
        return self.site.url + self.path(form, month=self.previous) if self.previous else None

    def following_url(self, form: Format) -> str | None:
        """Return the absolute address of the archive document after this one, if there is one."""
        return self.site.url + self.path(form, month=self.following) if self.following else None

    @property
    def page_url(self) -> str:
        """The address of the page a person reads: the feed's own, or the site's where no pages are made."""
        return self.url("html") if "html" in self.site.formats else self.site.url

    def relative(self, path: str) -> str:
        """Return a path of the site as a link from this document's page, so that a page works on any host."""
        return "../" * self.path("html").count("/") + path

    @property
    def _folder(self) -> str:
        return "regions/" if self.kind == "region" else ""


def month_after(month: str) -> str:
    """Return the month after "2026-12": "2027-01"."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"


def months(first: str, last: str) -> tuple[str, ...]:
    """Return every month from the first to the last, both included, oldest first."""
    found = []
    while first <= last:
        found.append(first)
        first = month_after(first)
    return tuple(found)

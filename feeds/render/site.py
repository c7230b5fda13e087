"""The pages a person opens: the index with its map, a river of entries for every feed, and a last notice.

No script, no picture of another host, no font to fetch: text, one style sheet, inline SVG.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from feeds import text
from feeds.errors import RenderError
from feeds.model import ISO_3166_1, ISO_3166_2, M49, REGION, Entry, Feed, Site
from feeds.render import body, pictures, wording
from feeds.render.place import MEDIA_TYPE, Place
from feeds.render.summary import Summary
from feeds.render.wording import Words

_EXCERPT_CHARS = 320
FILTERS = {"r": 40, "s": 60}  # as many regions and sources as style.css has rules for
_FEEDS = ("atom", "rss", "json")
_LABELS = {"atom": "Atom", "rss": "RSS", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page is made with: the site, its words, its templates."""

    site: Site
    words: Words
    environment: Environment
    translations: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A feed as the index lists it."""

    place: Place
    title: str
    description: str | None
    country: str | None  # ISO 3166-1 alpha-2 of a country's feed
    summary: Summary


def desk(
    site: Site,
    *,
    templates: Mapping[str, str] | None = None,
    translations: Mapping[str, Mapping[str, Any]] | None = None,
) -> Desk:
    """Return what pages are made with; the editor's templates and translations go before ours."""
    environment = _environment(DictLoader(dict(templates))) if templates else _shipped()
    return Desk(site, wording.words(site.language, translations), environment, translations or {})


def index(desk: Desk, *, rows: Sequence[Row], frame: Sequence[str] = ()) -> bytes:
    """Return index.html: what this is, the topics, how to subscribe, the map."""
    topics = [row for row in rows if row.place.kind == "topic"]
    regions = sorted((row for row in rows if row.place.kind == "region"), key=lambda row: row.title)
    newest = max((row.summary.newest for row in rows if row.summary.newest), default=None)
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for row in topics:
        for code, label, count in row.summary.countries:
            counts[code] += count
            names.setdefault(code, label)
    linked = {row.country: row.place.path("html") for row in regions if row.country}
    names |= {row.country: row.title for row in regions if row.country}
    return _page(
        desk,
        "index.html",
        desk.words,
        up="",
        topics=[_row(row, newest.date() if newest else None) for row in topics],
        regions=[{"title": row.title, "href": row.place.path("html"), "count": row.summary.entries} for row in regions],
        newest=newest,
        map=pictures.world(counts, frame) if desk.site.map else None,
        names=names,
        linked=linked,
        counted=[(names[code], count, linked.get(code)) for code, count in counts.most_common()],
        feeds=[_link(row.place, row.title) for row in topics],
    )


def page(desk: Desk, feed: Feed, *, place: Place) -> bytes:
    """Return the page of a feed, or of one of its archive documents."""
    words = desk.words
    regions = _options((label for entry in feed.entries for label in _regions(entry)), FILTERS["r"])
    sources = _options((e.source.title for e in feed.entries if e.source), FILTERS["s"])
    last = max((_day(entry) for entry in feed.entries), default=None)
    bars, _ = pictures.spark(Counter(_day(entry) for entry in feed.entries).items(), last) if last else ("", 0)
    return _page(
        desk,
        "page.html",
        words,
        up="../" * place.path("html").count("/"),
        place=place,
        feed=feed,
        days=_days(feed.entries, words, regions, sources),
        regions=list(regions.items()),
        sources=list(sources.items()),
        bars=bars,
        newest=body.newest(feed) if feed.entries else None,
        feeds=[_link(place, feed.title or place.slug)],
        older=_neighbour(place, place.previous, words),
        newer=_neighbour(place, place.following, words),
    )


def removed(desk: Desk, *, title: str, place: Place, to: tuple[str, Place] | None) -> bytes:
    """Return the page that a removed feed leaves."""
    target = place.relative(to[1].path("html")) if to else None
    up = "../" * place.path("html").count("/")
    return _page(
        desk, "removed.html", desk.words, up=up, title=title, to=to[0] if to else None, target=target, feeds=[]
    )


def status(desk: Desk, **values: Any) -> bytes:
    """Return the page of the sources' health."""
    return _page(desk, "status.html", desk.words, up="", feeds=[], **values)


def _page(desk: Desk, name: str, words: Words, **values: Any) -> bytes:
    try:
        template = desk.environment.get_template(name)
        written = template.render(site=desk.site, words=words, direction=wording.direction, **values)
    except TemplateError as exc:
        line = f", line {exc.lineno}" if isinstance(exc, TemplateSyntaxError) else ""
        raise RenderError(f"{name}{line}: {exc.message}") from exc
    return written.encode("utf-8", "replace")


def _row(row: Row, last: date | None) -> dict[str, Any]:
    bars, total = pictures.spark(row.summary.days, last) if last else ("", 0)
    return {
        "slug": row.place.slug,
        "title": row.title,
        "description": row.description,
        "href": row.place.path("html"),
        "summary": row.summary,
        "latest": [(title, _safe(link), language) for title, link, language in row.summary.latest],
        "bars": bars,
        "total": total,
        "link": _link(row.place, row.title),
    }


def _link(place: Place, title: str) -> dict[str, Any]:
    """Return the feeds of a place: for autodiscovery, and for the subscribe buttons."""
    return {
        "title": title,
        "forms": [
            {"label": _LABELS[form], "type": MEDIA_TYPE[form], "path": place.path(form), "url": place.url(form)}
            for form in _FEEDS
            if form in place.site.formats
        ],
    }


def _neighbour(place: Place, month: str | None, words: Words) -> dict[str, str] | None:
    if not month:
        return None
    return {"href": place.relative(place.path("html", month=month)), "month": words.month(month)}


def _options(found: Iterable[str], most: int) -> dict[str, int]:
    """Return what can be filtered by, with counts, most frequent first."""
    return dict(sorted(Counter(found).items(), key=lambda pair: (-pair[1], pair[0]))[:most])


def _days(
    entries: Iterable[Entry], words: Words, regions: Mapping[str, int], sources: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the river: days, newest first; in a day the stories in the feed's order; in a story its entries."""
    region_at = {label: number for number, label in enumerate(regions)}
    source_at = {title: number for number, title in enumerate(sources)}
    days: dict[date, dict[str, list[dict[str, Any]]]] = {}
    for entry in entries:
        classes = [f"r{region_at[label]}" for label in _regions(entry) if label in region_at]
        if entry.source and entry.source.title in source_at:
            classes.append(f"s{source_at[entry.source.title]}")
        told = {
            "entry": entry,
            "title": body.title(entry, words),
            "anchor": _safe(entry.link),
            "when": entry.published or body.updated(entry),
            "text": text.cut(text.from_html(entry.summary or entry.content or ""), _EXCERPT_CHARS),
            "classes": " ".join(classes),
            "labels": _regions(entry),
            "copies": [(copy.source_title or copy.source, _safe(copy.link), copy.paywalled) for copy in entry.copies],
        }
        days.setdefault(_day(entry), {}).setdefault(entry.story or entry.id, []).append(told)
    return [
        {
            "day": day,
            "classes": " ".join(sorted({c for story in stories.values() for t in story for c in t["classes"].split()})),
            "stories": list(stories.values()),
            "count": sum(map(len, stories.values())),
        }
        for day, stories in sorted(days.items(), reverse=True)
    ]


def _day(entry: Entry) -> date:
    return (entry.published or body.updated(entry)).date()


def _regions(entry: Entry) -> list[str]:
    """Return the places an entry is about, by name: the narrow ones where there are any, else the wide.

    A country belongs to a dozen groups and organisations; naming them all on every entry tells nothing.
    """
    for schemes in ((ISO_3166_1, ISO_3166_2), (REGION,), (M49,)):
        if found := [c.label or c.term for scheme in schemes for c in entry.categories if c.scheme == scheme]:
            return list(dict.fromkeys(found))
    return []


def _safe(link: str | None) -> str | None:
    return body.address(link) if link and link.startswith(("https://", "http://")) else None


@cache
def _shipped() -> Environment:
    return _environment()


def _environment(first: BaseLoader | None = None) -> Environment:
    ours = PackageLoader("feeds.render")
    environment = Environment(
        loader=ChoiceLoader([first, ours]) if first else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["stamp"] = lambda moment: moment.isoformat(timespec="minutes").replace("+00:00", "Z")
    return environment

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
from markupsafe import Markup

from feeds import text
from feeds.errors import RenderError
from feeds.model import Entry, Feed, Site
from feeds.render import body, pictures, splice, wording
from feeds.render.place import MEDIA_TYPE, Place
from feeds.render.river import Part, places
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


def page(desk: Desk, feed: Feed, *, place: Place, parts: Sequence[Part], articles: Mapping[str, str]) -> bytes:
    """Return the page of a feed, or of one of its archive documents, with the inner HTML of each entry by id."""
    words = desk.words
    regions = _options((label for one in parts for label in one.places), FILTERS["r"])
    sources = _options((one.source_title for one in parts if one.source_title), FILTERS["s"])
    last = max((one.when.date() for one in parts), default=None)
    bars, _ = pictures.spark(Counter(one.when.date() for one in parts).items(), last) if last else ("", 0)
    return _page(
        desk,
        "page.html",
        words,
        up="../" * place.path("html").count("/"),
        place=place,
        feed=feed,
        count=len(parts),
        days=_days(parts, articles, regions, sources),
        regions=list(regions.items()),
        sources=list(sources.items()),
        bars=bars,
        newest=feed.updated if parts else None,
        feeds=[_link(place, feed.title or place.slug)],
        older=_neighbour(place, place.previous, words),
        newer=_neighbour(place, place.following, words),
    )


def articles(desk: Desk, entries: Iterable[Entry]) -> dict[str, str]:
    """Return the inner HTML of each entry on a page, by id."""
    words = desk.words
    return {
        entry.id: _written(
            desk,
            "entry.html",
            words,
            entry=entry,
            language=body.language(entry),
            title=body.title(entry, words),
            anchor=safe(entry.link),
            when=entry.published or body.updated(entry),
            text=text.cut(text.from_html(entry.summary or entry.content or ""), _EXCERPT_CHARS),
            rights=body.rights(entry),
            labels=places(entry),
            copies=[(copy.source_title or copy.source, safe(copy.link), copy.paywalled) for copy in entry.copies],
        )
        for entry in entries
    }


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


def search(desk: Desk, **values: Any) -> bytes:
    """Return the page that answers a query."""
    return _page(desk, "search.html", desk.words, up="", feeds=[], **values)


def here(desk: Desk, *, status: bool) -> bytes:
    """Return the links to what only this machine's server answers."""
    return _page(desk, "here.html", desk.words, status=status)


def _page(desk: Desk, name: str, words: Words, **values: Any) -> bytes:
    return _written(desk, name, words, **values).encode("utf-8", "replace")


def _written(desk: Desk, name: str, words: Words, **values: Any) -> str:
    try:
        template = desk.environment.get_template(name)
        return template.render(site=desk.site, words=words, direction=wording.direction, **values)
    except TemplateError as exc:
        line = f", line {exc.lineno}" if isinstance(exc, TemplateSyntaxError) else ""
        raise RenderError(f"{name}{line}: {exc.message}") from exc


def _row(row: Row, last: date | None) -> dict[str, Any]:
    bars, total = pictures.spark(row.summary.days, last) if last else ("", 0)
    return {
        "slug": row.place.slug,
        "title": row.title,
        "description": row.description,
        "href": row.place.path("html"),
        "summary": row.summary,
        "latest": [(title, safe(link), language) for title, link, language in row.summary.latest],
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
    parts: Iterable[Part], articles: Mapping[str, str], regions: Mapping[str, int], sources: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the river, newest first: days, in a day its stories, in a story its entries."""
    region_at = {label: f"r{number}" for number, label in enumerate(regions)}
    source_at = {title: f"s{number}" for number, title in enumerate(sources)}
    days: dict[date, dict[str, list[tuple[list[str], Part]]]] = {}
    for one in sorted(parts, key=lambda one: one.when, reverse=True):
        classes = [region_at[label] for label in one.places if label in region_at]
        if one.source_title in source_at:
            classes.append(source_at[one.source_title])
        days.setdefault(one.when.date(), {}).setdefault(one.story or one.id, []).append((classes, one))
    return [
        {
            "day": day,
            "classes": " ".join(sorted({c for story in stories.values() for classes, _ in story for c in classes})),
            "stories": _stories(stories.values(), articles),
            "count": sum(map(len, stories.values())),
        }
        for day, stories in sorted(days.items(), reverse=True)
    ]


def _stories(stories: Iterable[Iterable[tuple[list[str], Part]]], articles: Mapping[str, str]) -> Markup:
    """Return the stories of a day. Put together here: a template takes longer over them than over all else."""
    told = (
        "\n".join(
            splice.article(" ".join(("entry", *(["further"] if number else []), *classes)), one.id, articles[one.id])
            for number, (classes, one) in enumerate(story)
        )
        for story in stories
    )
    return Markup("\n".join(f'<div class="story">\n{one}\n</div>' for one in told))  # noqa: S704 - escaped by templates


def safe(link: str | None) -> str | None:
    """Return a link as a page may have it; None for one that leads to no web page."""
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
        auto_reload=False,  # an edited template is another environment: no file is looked at again for every entry
    )
    environment.filters["stamp"] = lambda moment: moment.isoformat(timespec="minutes").replace("+00:00", "Z")
    return environment

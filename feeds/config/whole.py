"""What only the whole file can tell: things named twice, things that name nothing, and the values."""

import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from feeds import model, query, regions, themes
from feeds.config import schema, values
from feeds.config.places import Key
from feeds.errors import QueryError

SQLITE = "sqlite:///"

Numbered = list[tuple[int, dict[str, Any]]]


def contradictions(document: object) -> Iterator[tuple[Key, str]]:
    """Yield (key, what is wrong) for mistakes that no single value shows.

    Reads the document as it was written, so that these are told beside those of single values.
    """
    sources, topics = _parts(document, "sources"), _parts(document, "topics")
    sets, names = _part(document, "regions"), _part(_part(document, "names"), "add")
    yield from _twice("sources", "id", sources)
    yield from _twice("sources", "url", sources)
    yield from _twice("topics", "slug", topics)
    for n, source in sources:
        if source.get("home") is True and source.get("country") is None:
            yield ("sources", n, "home"), "says that the source speaks from home, but `country` is missing"
        if source.get("password") is not None and source.get("username") is None:
            yield ("sources", n, "password"), "needs a `username`"
    yield from _countries(sources, sets, names)
    for slug in sets:
        if slug in regions.known():
            yield ("regions", slug), f"is the name of a region already ({regions.label(slug)})"
    known = _known(document, [str(source.get("id")) for _, source in sources])
    for n, topic in topics:
        if isinstance(topic.get("match"), str):
            try:
                query.parse(topic["match"], known=known)
            except QueryError as exc:
                yield ("topics", n, "match"), "\n" + exc.pointed()
    yield from _periods(_part(document, "poll"))
    yield from _redirects(
        _part(_part(document, "publish"), "redirects"),
        {str(topic.get("slug")) for _, topic in topics} | {f"regions/{slug}" for slug in (*sets, *regions.known())},
    )


def _countries(sources: Numbered, sets: Mapping[str, Any], names: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    written: list[tuple[Key, object]] = [(("sources", n, "country"), source.get("country")) for n, source in sources]
    written += [
        (("regions", slug, "members", n), member)
        for slug, region in sets.items()
        for n, member in enumerate(_list(_part(region, "members", of=list)))
    ]
    written += [(("names", "add", code), code) for code in names]
    for key, code in written:
        # What is not two capitals is told already.
        if isinstance(code, str) and len(code) == 2 and code.isupper() and code.lower() not in regions.known():
            yield key, f"{code!r} is no country (ISO 3166-1)"


def _periods(poll: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    try:
        least, most = (schema.duration(poll.get(key, default)) for key, default in (("min", "5m"), ("max", "1d")))
    except ValueError:
        return  # told already
    if least > most:
        yield ("poll", "min"), "is more than `max`"


def _redirects(redirects: Mapping[str, Any], here: Collection[str]) -> Iterator[tuple[Key, str]]:
    for old, new in redirects.items():
        if old in here:
            yield ("publish", "redirects", old), "is published still: a redirect would hide it"
        if isinstance(new, str) and new not in here:
            yield ("publish", "redirects", old), f"leads to {new!r}, which is neither a topic nor regions/ and a region"


def _twice(section: str, key: str, parts: Numbered) -> Iterator[tuple[Key, str]]:
    first: dict[object, int] = {}
    for n, part in parts:
        name = part.get(key)
        if isinstance(name, str) and first.setdefault(name, n) != n:
            yield (section, n, key), f"{name!r} is {section}[{first[name]}]'s already"


def _known(document: object, sources: Iterable[str]) -> query.Known:
    return query.Known(
        regions=regions.known() | frozenset(_part(document, "regions")),
        themes=themes.slugs() | frozenset(_part(document, "themes")),
        sources=frozenset(sources),
        kinds=themes.kinds(),
        near_region=regions.nearest,
    )


def known(config: values.Config) -> query.Known:
    """Return the names that queries may use: regions, themes, kinds and sources."""
    return query.Known(
        regions=regions.known(config.regions),
        themes=config.themes.slugs,
        sources=frozenset(source.id for source in config.sources),
        kinds=themes.kinds(),
        near_region=partial(regions.nearest, custom=config.regions),
    )


def _part(document: object, key: str, *, of: type = dict) -> Any:
    """Return what stands under a key if it is of the right kind; an empty one otherwise."""
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, of) else of()


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _parts(document: object, key: str) -> Numbered:
    return [(n, part) for n, part in enumerate(_part(document, key, of=list)) if isinstance(part, dict)]


def config(file: schema.File, *, folder: Path, environ: Mapping[str, str]) -> values.Config:
    """Return the values of a file without mistakes; relative paths are the file's own folder's."""
    out, poll = file.output, file.poll
    return values.Config(
        site=model.Site(
            **(_fields(file.site) | _fields(out, but=("folder", "templates"))),
            redirects=file.publish.redirects,
        ),
        output=values.Output(
            folder=folder / out.folder,
            templates=None if out.templates is None else folder / out.templates,
        ),
        store=values.Store(
            url=_beside(string.Template(file.store.url).safe_substitute(environ), folder), keep=file.store.keep
        ),
        poll=values.Poll(**(_fields(poll, but=("max_body",)) | {"max_body_bytes": poll.max_body})),
        publish=values.Publish(**_fields(file.publish, but=("redirects",))),
        regions=regions.Custom(
            sets={
                slug: regions.Region(label=region.label, members=frozenset(region.members))
                for slug, region in file.regions.items()
            },
            names={name: code for code, names in file.names.add.items() for name in names},
            vetoes=frozenset(file.names.veto),
        ),
        themes=themes.Vocabulary(
            changes=tuple(values.ThemeChange(slug=slug, **_fields(theme)) for slug, theme in file.themes.items())
        ),
        sources=tuple(model.Source(**_fields(source)) for source in file.sources),
        topics=tuple(model.Topic(**_fields(topic)) for topic in file.topics),
        hand=folder / file.hand,
        private=folder / values.PRIVATE,
    )


def _fields(part: BaseModel, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: getattr(part, name) for name in type(part).model_fields if name not in but}


def _beside(url: str, folder: Path) -> str:
    """Return a relative SQLite address as one beside the file; any other as it is."""
    path = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or not path or path.startswith((":memory:", "/")):
        return url
    return SQLITE + str(folder.absolute() / path)

"""What of an entry may be shown: each source's rights, attribution, and the copy that leads."""

import html
from collections.abc import Mapping
from dataclasses import replace

from feeds import text, urls
from feeds.model import Copy, Entry, Held, Origin, Source

MAX_EXCERPT_CHARS = 400


def leading(held: Held, sources: Mapping[str, Source]) -> Held | None:
    """Return the entry led by a copy that may be published and, where there is one, can be read by all.

    None where no copy may be published. A copy that takes the lead brings its headline and link only:
    the text stays its own source's.
    """
    source = sources.get(held.source)
    shown = source is None or source.rights != "never"
    if shown and not (source is not None and source.paywalled):
        return _only_shown(held, sources)
    able = [copy for copy in held.copies if _rights(copy.source, sources) != "never"]
    # Stable: the copy seen first leads; the order in which they are stored.
    better = next((copy for copy in able if not _paywalled(copy, sources)), able[0] if able and not shown else None)
    if better is None:
        return _only_shown(held, sources) if shown else None
    own = Copy.of(held.entry, held.source, source)
    others = tuple(copy for copy in held.copies if copy is not better)
    entry = replace(
        held.entry,
        title=better.title or held.entry.title,
        link=better.link,
        summary=None,
        content=None,
        authors=(),
        enclosures=(),
        image=None,
        source=None,
    )
    return _only_shown(replace(held, entry=entry, source=better.source, copies=(own, *others)), sources)


def _only_shown(held: Held, sources: Mapping[str, Source]) -> Held:
    copies = tuple(
        replace(
            copy,
            paywalled=_paywalled(copy, sources),
            source_title=copy.source_title or (sources[copy.source].title if copy.source in sources else None),
        )
        for copy in held.copies
        if _rights(copy.source, sources) != "never"
    )
    return replace(held, copies=copies)


def _rights(source: str, sources: Mapping[str, Source]) -> str:
    return sources[source].rights if source in sources else "excerpt"


def _paywalled(copy: Copy, sources: Mapping[str, Source]) -> bool:
    return copy.paywalled or (copy.source in sources and sources[copy.source].paywalled)


def allowed(entry: Entry, source: Source | None, source_id: str) -> Entry:
    """Return the entry with as much text as its source allows, attributed to it."""
    rights = "excerpt" if source is None else source.rights
    own = None if source is None else source.rights_line
    attributed = replace(
        entry,
        source=Origin(
            id=source_id if source is None else urls.absolute(source.url) or source_id,  # says no password
            title=source_id if source is None or source.title is None else source.title,
            link=None if source is None else source.link,
            label=None if source is None else source.label,
            rights=own,
            paywalled=source is not None and source.paywalled,
        ),
        rights=own or entry.rights,
    )
    match rights:
        case "full":
            return attributed
        case "excerpt":
            return replace(attributed, summary=_excerpt(entry), content=None)
    return replace(attributed, summary=None, content=None, image=None, enclosures=())


def _excerpt(entry: Entry) -> str | None:
    plain = text.from_html(entry.summary or entry.content or "").strip()
    return html.escape(text.cut(plain, MAX_EXCERPT_CHARS), quote=False) if plain else None

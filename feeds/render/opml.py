"""Lists of feeds as OPML 2.0: the topics for subscribers, the sources for the editor."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from feeds.model import Format, Source
from feeds.render.body import legal
from feeds.render.place import Place


def topics(title: str, feeds: Iterable[tuple[str, Place]]) -> bytes:
    """Return the list of published feeds as (title, place): what a reader imports to subscribe to all."""
    lines = []
    for name, place in feeds:
        form: Format = "atom" if "atom" in place.site.formats else "rss"
        lines.append(_outline(name, place.url(form), place.page_url))
    return _document(title, lines)


def sources(title: str, sources: Iterable[Source]) -> bytes:
    """Return the list of the sources the editor reads."""
    return _document(title, [_outline(source.title or source.id, source.url, None) for source in sources])


def _outline(name: str, url: str, page: str | None) -> str:
    name, url = quoteattr(_text(name)), quoteattr(legal(url))
    html = f" htmlUrl={quoteattr(legal(page))}" if page else ""
    return f'    <outline type="rss" text={name} title={name} xmlUrl={url}{html}/>'


def _text(name: str) -> str:
    """Return a name as OPML's HTML: escaped once more where it would be taken for markup."""
    name = legal(name)
    return escape(name) if "<" in name else name


def _document(title: str, lines: list[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n'
    return (
        f"{head}    <title>{escape(_text(title))}</title>\n  </head>\n  <body>\n"
        + "".join(line + "\n" for line in lines)
        + "  </body>\n</opml>\n"
    ).encode()

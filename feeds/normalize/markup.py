"""Publishers' HTML made safe for any reader: an allow-list, absolute links, no spies; or plain text.

ammonia (by nh3) parses as browsers do and writes only what is allowed, so that what it did not
understand is gone. feedparser's own sanitiser was seen to let `<svg><a xlink:href="javascript:…">`
and `jav&#x09;ascript&colon;` through.
"""

import re
from functools import cache, lru_cache
from html import escape
from importlib import resources

import nh3

from feeds import text, urls

MAX_TITLE_CHARS = 300  # the longest honest title of the corpus has 254
MAX_REWRITES = 4  # a title escaped more often than that is no title
MAX_CLEANINGS = 4
MAX_TAGS = 20_000  # beyond it nesting could cost more than its length; the text is kept

_TAGS = set(
    re.findall(
        r"\w+",
        "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn dl dt em figcaption"
        " figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span"
        " strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr div section",
    )
)
_GONE = set(
    re.findall(
        r"\w+",
        "script style noscript template svg math iframe object embed applet form textarea select"
        " button title head frameset noembed xmp plaintext",
    )
)
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "srcset", "alt", "title", "width", "height"},
    "ol": {"start", "reversed"},
    "source": {"src", "srcset", "type", "media"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "width", "height"},
}
_ADDRESSES = {"href", "src", "cite", "poster"}
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
# HTML drops the first line break of a <pre>, and a second reading the next.
_PRE = re.compile(r"(<pre(?: [a-z]+=\"[^\"]*\")*>)\n+")
_SOURCE = re.compile(r' src="([^"]*)"')
_PIXEL = re.compile(r' (?:width|height)="0*[01](?:px)?"')
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(\s+[\d.]+[wx])?\s*(?:,|$)")
# A heading in a heading, once the unknown tag between them is gone: the next reading would part them.
_NESTED_HEADING = re.compile(r'<h[1-6](?: [a-z]+="[^"]*")*>(?:[^<]|<(?!/?h[1-6]\b))*+<h[1-6]\b')
_SAYS_SOMETHING = re.compile(r"<(?:img|audio|video|table|hr)\b")


def plain(markup: str | None, max_chars: int) -> str:
    """Return plain text on one line, cut at its bound.

    Undone until nothing changes: publishers escape titles twice and thrice, and readers that
    take a title for HTML must find none in it. A title that means to show a tag loses it.
    """
    if not markup:
        return ""
    said = text.clean(_mended(markup[: max_chars * 16]))
    if "<" in said or "&" in said:
        said = text.clean(_mended(_unwritten(said)))  # references may have hidden what mended looks for
    return said if len(said) <= max_chars else text.cut(said, max_chars)


def _mended(said: str) -> str:
    """Return the text legal and mended; what is invisible may have stood between the two parts of a letter."""
    for _ in range(MAX_REWRITES):
        before, said = said, text.legal(text.mended(said))
        if said == before:
            break
    return said


def _unwritten(said: str) -> str:
    for _ in range(MAX_REWRITES):
        before, said = said, text.clean(text.from_html(said))
        if said == before or ("<" not in said and "&" not in said):
            return said
    return text.clean(re.sub("[<>&]", " ", said))


@lru_cache(maxsize=4096)
def name(markup: str | None, max_chars: int) -> str:
    """Return `plain`, remembered: a feed's authors and categories are few and come with every entry."""
    return plain(markup, max_chars)


def safe(markup: str, base: str) -> str | None:
    """Return the HTML made safe, links and images absolute; None where nothing to see is left."""
    markup = _mended(markup).strip()
    if "<" not in markup and "&" not in markup and ">" not in markup:
        return markup or None
    if markup.count("<") > MAX_TAGS:
        return escape(text.from_html(markup), quote=False) or None
    cleaned = _clean(markup, base)
    if cleaned is None:
        return escape(text.from_html(markup), quote=False) or None
    cleaned = _mended(cleaned).strip()
    if len(cleaned) < 200 and not _SAYS_SOMETHING.search(cleaned) and not text.from_html(cleaned):
        return None
    return cleaned


def _clean(markup: str, base: str) -> str | None:
    """Return the markup cleaned, without images that are not there to be seen; None where it will not settle.

    A quoted attribute can be written so that taking an image out of it lets something else out:
    what was changed is always cleaned again. So is a table, out of which browsers move what is not its own,
    and a heading in a heading.
    """
    cleaner = _cleaner(base)
    for _ in range(MAX_CLEANINGS):
        cleaned = _PRE.sub(r"\1", text.legal(cleaner.clean(markup)))
        moves = "<table" in cleaned or _NESTED_HEADING.search(cleaned) is not None
        if not moves and "<img" not in cleaned:
            return cleaned
        seen = _IMAGE.sub(_seen, cleaned)
        if seen == cleaned and (not moves or cleaned == markup):
            return cleaned
        markup = seen
    return None


@lru_cache(maxsize=64)
def _cleaner(base: str) -> nh3.Cleaner:
    def kept(_tag: str, attribute: str, value: str) -> str | None:
        if attribute in _ADDRESSES:
            return _address(value, base, mail=attribute == "href")
        if attribute == "srcset":
            return _srcset(value, base)
        return value

    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,  # nothing here opens a window
    )


def _address(value: str, base: str, *, mail: bool) -> str | None:
    value = value.strip()
    if mail and value[:7].lower() == "mailto:":
        return value if value.isprintable() and " " not in value else None
    if value.startswith("#"):
        return None  # a place in a page that is not here
    return urls.absolute(value, base)


def _srcset(value: str, base: str) -> str | None:
    """Return the candidates of a srcset (HTML, 4.8.4.2.1), each absolute."""
    candidates = ((urls.absolute(found[1], base), found[2] or "") for found in _CANDIDATE.finditer(value[:8192]))
    return ", ".join(f"{url}{' ' + size.strip() if size else ''}" for url, size in candidates if url) or None


def _seen(image: re.Match[str]) -> str:
    """Return the image, or nothing where it is not there to be seen."""
    source = _SOURCE.search(image[1])
    if (source is None and " srcset=" not in image[1]) or _PIXEL.search(image[1]):
        return ""
    if source is not None and _is_tracker(urls.host(source[1])):
        return ""
    return image[0]


def _is_tracker(host: str) -> bool:
    parts = host.split(".")
    return any(".".join(parts[start:]) in _trackers() for start in range(len(parts) - 1))


@cache
def _trackers() -> frozenset[str]:
    lines = resources.files("feeds").joinpath("data/trackers.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line and not line.startswith("#"))

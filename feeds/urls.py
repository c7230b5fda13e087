"""Links: made absolute and safe, and told to lead to the same page.

`absolute` makes a link fit for publishing, `clean` takes off what spies on the reader, and
`canonical` gives the key under which two links to one page are equal; the key is for
comparing and is not promised to open in a browser. What may be ignored is in data/urls.toml.
"""

import posixpath
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

MAX_LINK_CHARS = 4096
MAX_REDIRECTORS = 4  # a redirector inside a redirector happens; a loop must end
DEFAULT_PORTS = {"http": "80", "https": "443"}

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d+(?:[/?#]|$))")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SLASHES = re.compile(r"/{2,}")
_HASH = re.compile(r"[0-9a-f-]{12,}|[0-9a-z]{20,}")
_NUMBERED_WWW = re.compile(r"www\d{1,2}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|\(S\([0-9a-z]{20,}\)\)/?", re.IGNORECASE)
_AMP_ENDING = re.compile(r"\.amp(?=\.s?html?$)|\.amp$|(?<=\.html)/amp$", re.IGNORECASE)
_AMP_VIEWER = re.compile(r"(?:^|\.)(?:google\.[a-z.]+|bing\.com)$")
_AMP_CACHE = re.compile(r"/(?:[a-z]/)?(s/)?([^/]+\.[^/]+)(/.*)?$")
_PRINT_ENDING = re.compile(r"(?:(?<=\d)|(?<=[\w-]{8}))/print(?:er|able)?$")  # after a name, not after a section
_VIDEO = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})$")
_STATUS = re.compile(r"/[^/]+/status/\d+$")
_TURBO = re.compile(r"/(?:turbo/)?([^/]+\.[^/]+)/s(/.*)?$")
_YAHOO = re.compile(r"/RU=([^/]+)/R[KS]=")
_BLOGSPOT = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2,3}$")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Nine links of ten are written as they should be: absolute, small letters, nothing to encode, to join or to take off.
_PLAIN = re.compile(
    r"https?://((?=[a-z0-9])[a-z0-9._-]*[a-z0-9_-])(/[A-Za-z0-9/._~!$'()*,:@&=+-]*)?"
    r"(?:\?([A-Za-z0-9/._~!$'()*,:@?&=+-]+))?(?:#([A-Za-z0-9/._~!$'()*,:@?&=+-]+))?"
)
_PATH_SAFE = "/-._~!$'()*,;:@&=+%"
_QUERY_SAFE = "/-._~!$'()*,;:@?%"


@dataclass(frozen=True, slots=True)
class _Redirector:
    """A service that carries its target in a parameter."""

    host: re.Pattern[str]
    path: re.Pattern[str]
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """data/urls.toml, compiled."""

    ignored: frozenset[str]
    ignored_starts: tuple[str, ...]
    hashes: frozenset[str]
    only_with: dict[str, re.Pattern[str]]
    dress_hosts: frozenset[str]
    second_level: frozenset[str]
    aliases: dict[str, str]
    index: re.Pattern[str]
    places: frozenset[str]
    redirectors: tuple[_Redirector, ...]


@cache
def _rules() -> _Rules:
    text = resources.files("feeds").joinpath("data/urls.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    names = [*said["tracking"], *said["session"], *said["dress"]]
    index, extensions = ("|".join(said["paths"][key]) for key in ("index", "index_extensions"))
    return _Rules(
        ignored=frozenset(name for name in names if not name.endswith("*")),
        ignored_starts=tuple(name[:-1] for name in names if name.endswith("*")),
        hashes=frozenset(said["session_hash"]),
        only_with={
            name: re.compile("|".join(translate(glob) for glob in globs)) for name, globs in said["only_with"].items()
        },
        dress_hosts=frozenset(said["hosts"]["dress"]),
        second_level=frozenset(said["hosts"]["second_level"]),
        aliases=said["hosts"]["aliases"],
        index=re.compile(rf"/(?:{index})\.(?:{extensions})$", re.IGNORECASE),
        places=frozenset(said["paths"]["places"]),
        redirectors=tuple(
            _Redirector(
                host=re.compile(translate(one["host"])),
                path=re.compile(one["path"] if one["host"] == "*" else _glob(one["path"])),
                parameters=tuple(one["parameters"]),
            )
            for one in said["redirectors"]
        ),
    )


def _glob(path: str) -> str:
    return re.escape(path.rstrip("/")).replace(r"\*", ".*") + "/?"


# Safe links


def absolute(link: str, base: str | None = None) -> str | None:
    """Return the link as an absolute http(s) address in ASCII, or None if it cannot be one.

    Control, zero-width and bidirectional characters and credentials are taken off; what is not
    ASCII is percent-encoded (RFC 3987 3.1) and the host made punycode; a link over
    MAX_LINK_CHARS is refused. Nothing else is changed, so the link opens the page the publisher
    meant.
    """
    return link if len(link) <= MAX_LINK_CHARS and _PLAIN.fullmatch(link) else _absolute(link, base)


@lru_cache(maxsize=2**12)
def _absolute(link: str, base: str | None) -> str | None:
    link = _UNSEEN.sub("", link).strip()
    if not link or len(link) > MAX_LINK_CHARS:
        return None
    try:
        parts = urlsplit(urljoin(base, link) if base else link)
        scheme, name, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    ascii_name = _ascii_host(name or "")
    if scheme not in DEFAULT_PORTS or not ascii_name:
        return None
    address = f"{scheme}://{ascii_name}{f':{port}' if port else ''}{_encode(parts.path, _PATH_SAFE)}"
    if parts.query:
        address += "?" + _encode(parts.query, _QUERY_SAFE + "&=+[]|")
    if parts.fragment:
        address += "#" + _encode(parts.fragment, _QUERY_SAFE + "&=+[]|#")
    return address if len(address) <= MAX_LINK_CHARS else None


def clean(link: str) -> str:
    """Return the absolute link free of tracking parameters; everything else stays byte for byte.

    A parameter escaped twice (`&amp;utm_medium=rss`) is known all the same, as `canonical` knows it.
    """
    if "?" not in link:
        return link
    address, _, fragment = link.partition("#")
    place = _untracked(fragment)
    return _untracked(address) + (f"#{place}" if place else "")


def _untracked(asking: str) -> str:
    """Return what may end in a query, of an address or of a place in a page, without its tracking parameters."""
    head, mark, query = asking.partition("?")
    if not mark:
        return asking
    rules = _rules()
    first, *others = query.split("&")
    kept = [] if _says_nothing(first, rules) else [first]
    kept += [pair for pair in others if not _says_nothing(pair.removeprefix("amp;"), rules)]
    if kept and kept[0] != first:
        kept[0] = kept[0].removeprefix("amp;")
    return head + ("?" + "&".join(kept) if any(kept) else "")


def shown(url: str) -> str:
    """Return a URL as people may see it: without user and password."""
    start, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{start}{mark}{authority.rpartition('@')[2]}{slash}{path}" if mark and "@" in authority else url


def host(url: str) -> str:
    """Return the hostname in lower-case punycode, without port; "" if there is none."""
    try:
        return _ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _encode(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)


@lru_cache(maxsize=2**12)
def _ascii_host(name: str) -> str:
    """Return the hostname as it goes on the wire; "" if it cannot be one."""
    name = name.rstrip(".").lower()
    if ":" in name:  # RFC 3986 3.2.2: an IPv6 literal stands in brackets
        return f"[{name}]"
    if name.isascii():
        return name if name and re.fullmatch(r"[a-z0-9._-]+", name) else ""
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


# One key for one page


@lru_cache(maxsize=2**12)
def canonical(url: str) -> str:
    """Return the key that links to one page share: no scheme, dress, tracking or session in it.

    What is not an http(s) link comes back trimmed. canonical(canonical(u)) == canonical(u).
    """
    for _ in range(MAX_REDIRECTORS):
        key, target = _one_pass(url)
        if target is None:
            return key
        url = target
    return key


def _one_pass(url: str) -> tuple[str, str | None]:
    """Return the key of the link, or the target it carries when it is a redirector."""
    if plain := _PLAIN.fullmatch(url):
        name, path, query, fragment = plain.groups("")
        return _key(url, name=name, port=None, path=path, query=query, fragment=fragment)
    text = _UNSEEN.sub("", url).strip().replace("\\", "/").replace("&amp;", "&")
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in DEFAULT_PORTS:
        return text, None
    if not scheme:
        if not (text.startswith("//") or "." in re.split(r"[/?#]", text, maxsplit=1)[0].strip(".")):
            return text, None
        text = "https://" + text.lstrip("/")
    try:
        parts = urlsplit(text)
        name, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return text, None
    if not name:
        return text, None
    return _key(text, name=name, port=port, path=parts.path, query=parts.query, fragment=parts.fragment)


def _key(text: str, *, name: str, port: int | None, path: str, query: str, fragment: str) -> tuple[str, str | None]:
    """Return the key of a link in its parts, or the target it carries; `text` is all of it."""
    rules = _rules()
    target = _target(name, path, query, rules)
    if target is not None:
        return text, target
    name = _plain_host(name)
    name, path, query = _special(name, _plain_path(path, rules), _plain_query(query, rules))
    key = f"https://{name}"
    if port and str(port) not in DEFAULT_PORTS.values():
        key += f":{port}"
    key += path
    if query:
        key += "?" + query
    fragment = _plain_fragment(fragment, rules)
    return (f"{key}#{fragment}" if fragment else key), None


def _target(name: str, path: str, query: str, rules: _Rules) -> str | None:
    """Return the address a redirector, an AMP cache or a Turbo page carries, if it is one."""
    if name.endswith(".cdn.ampproject.org") or (_AMP_VIEWER.search(name) and path.startswith("/amp/")):
        cached = _AMP_CACHE.match(path.removeprefix("/amp"))
        return f"https://{cached[2]}{cached[3] or ''}{'?' + query if query else ''}" if cached else None
    if name.endswith("turbopages.org") or (name.startswith("yandex.") and path.startswith("/turbo/")):
        turbo = _TURBO.match(path)
        return f"https://{turbo[1]}{turbo[2] or ''}{'?' + query if query else ''}" if turbo else None
    if name.endswith("search.yahoo.com") and (carried := _YAHOO.search(path)):
        return unquote(carried[1])
    if "://" not in query and "%3a" not in query.lower():
        return None
    if name == "href.li" and query.startswith("http"):
        return query
    for one in rules.redirectors:
        if one.host.fullmatch(name) and one.path.fullmatch(path):
            for pair in query.split("&"):
                key, _, value = pair.partition("=")
                address = unquote(value)
                if key.lower() in one.parameters and address.lower().startswith(("http://", "https://")):
                    return address
    return None


@lru_cache(maxsize=2**12)
def _plain_host(name: str) -> str:
    """Return the hostname without www, m, amp and their like, as long as a registrable name remains."""
    rules = _rules()
    labels = name.split(".")
    while len(labels) > 2 and (labels[0] in rules.dress_hosts or _NUMBERED_WWW.fullmatch(labels[0])):
        rest = labels[1:]
        if len(rest) == 2 and rest[0] in rules.second_level and len(rest[1]) == 2 and not labels[0].startswith("www"):
            break
        labels = rest
    if len(labels) > 3 and labels[1] in {"m", "amp", "mobile"}:  # en.m.wikipedia.org
        labels = [labels[0], *labels[2:]]
    name = _BLOGSPOT.sub(".blogspot.com", ".".join(labels))
    return rules.aliases.get(name, name)


def _plain_path(path: str, rules: _Rules) -> str:
    path = _normal(path, _PATH_SAFE)
    if ";" in path or "(S(" in path:
        path = _PATH_SESSION.sub("", path)
    path = _SLASHES.sub("/", path)
    if "/." in path:
        path = posixpath.normpath(path)
    path = rules.index.sub("/", path).rstrip("/")
    if "/print" in path:
        path = _PRINT_ENDING.sub("", path)
    if "amp" in path.lower():
        path = _AMP_ENDING.sub("", path)
        path = "/".join(part for part in path.split("/") if part.lower() != "amp").rstrip("/")
        path = rules.index.sub("/", path).rstrip("/")
    return path if not path or path.startswith("/") else "/" + path


def _plain_query(query: str, rules: _Rules) -> str:
    """Return the parameters that choose the page, sorted, in one spelling."""
    if not query:
        return ""
    kept = [_normal(pair.replace("+", " "), _QUERY_SAFE + "=") for pair in query.split("&") if pair]
    # A stable sort by name: the order of `a[]=1&a[]=2` may matter, that of different names does not.
    return "&".join(sorted((p for p in kept if not _says_nothing(p, rules)), key=lambda p: p.partition("=")[0]))


@lru_cache(maxsize=2**12)
def _ignored_name(name: str) -> bool:
    rules = _rules()
    return name in rules.ignored or name.startswith(rules.ignored_starts)


def _says_nothing(pair: str, rules: _Rules) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if _ignored_name(name):
        return True
    value = value.lower()
    if name in rules.hashes:
        return _HASH.fullmatch(value) is not None
    pattern = rules.only_with.get(name)
    return pattern is not None and pattern.match(value) is not None


def _plain_fragment(fragment: str, rules: _Rules) -> str:
    """Return the fragment if it may be another page or place: a route, an update of a live page."""
    fragment = _normal(fragment.partition(":~:")[0], _QUERY_SAFE + "&=+#")
    if fragment.lower() in rules.places or all(_says_nothing(pair, rules) for pair in fragment.split("&")):
        return ""
    return _untracked(fragment)


def _special(name: str, path: str, query: str) -> tuple[str, str, str]:
    """Return host, path and query of sites that have two addresses for everything."""
    if name == "youtu.be" and path:
        return "youtube.com", "/watch", f"v={path[1:]}"
    if name == "youtube.com" and (video := _VIDEO.match(path)):
        return name, "/watch", f"v={video[1]}"
    if name == "x.com" and _STATUS.match(path):
        return name, path, ""
    if name == "youtube.com" and path == "/watch":
        return name, path, "&".join(p for p in query.split("&") if p.startswith("v="))
    if name == "t.me" and path.startswith("/s/"):  # the preview of a channel in a browser
        return name, path[2:], query
    return name, path, query


def _normal(text: str, safe: str) -> str:
    """Return the text with each character in its one percent-encoding (RFC 3986 6.2.2)."""
    if "%" not in text:
        return quote(text if text.isascii() else unicodedata.normalize("NFC", text), safe=safe)
    text = _STRAY_PERCENT.sub("%25", text)
    text = _ESCAPE.sub(_one_escape, text)
    if not text.isascii() or _ESCAPES.search(text):
        text = unicodedata.normalize("NFC", _ESCAPES.sub(_decoded, text))
    return quote(text, safe=safe)


def _one_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED or character in "!$'()*,;:@" else "%" + match[1].upper()


def _decoded(match: re.Match[str]) -> str:
    """Return UTF-8 escapes as characters; other encodings (windows-1251 paths exist) stay escapes."""
    try:
        return bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]

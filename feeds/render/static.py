"""The files that are the same until the settings change: style sheet, icon, and what hosts and robots read."""

from collections.abc import Iterator
from importlib import resources
from urllib.parse import urlsplit

from feeds.model import Site
from feeds.render.place import SUFFIX
from feeds.render.site import FILTERS

# A page may show itself and its style sheet, and nothing else: hostile markup that got this far does nothing.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
_CACHE_SECONDS = 300  # a reader that asks more often than this is told nothing new anyway

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#8a2b1e"/>'
    '<g fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round"><path d="M8 15a9 9 0 0 1 9 9"/>'
    '<path d="M8 8a16 16 0 0 1 16 16"/></g><circle cx="10" cy="22" r="2.6" fill="#fff"/></svg>\n'
)


def files(site: Site) -> tuple[tuple[str, bytes], ...]:
    """Return (path, bytes)."""
    found = [("robots.txt", _robots()), ("_headers", _headers(site)), (".htaccess", _htaccess(site))]
    if "html" in site.formats:
        found += [("style.css", style()), ("favicon.svg", _ICON)]
    if site.redirects:
        found.append(("_redirects", _redirects(site)))
    return tuple((path, content.encode()) for path, content in found)


def style() -> str:
    """Return the style sheet: the one of the templates, and a rule for every choice of the filters."""
    own = resources.files("feeds").joinpath("render/templates/style.css").read_text(encoding="utf-8")
    rules = [
        f":root:has(#{kind}{n}:checked) :is(.entry,.story,.day):not(.{kind}{n},:has(.{kind}{n}))"
        for kind, most in FILTERS.items()
        for n in range(most)
    ]
    return own + ",\n".join(rules) + "{display:none}\n"


def _robots() -> str:
    return "User-agent: *\nAllow: /\n"


def _headers(site: Site) -> str:
    """Return Netlify's and Cloudflare Pages' file of headers."""
    lines = [
        "/*",
        f"  Content-Security-Policy: {POLICY}; frame-ancestors 'none'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: no-referrer",
        "  Access-Control-Allow-Origin: *",
        f"  Cache-Control: public, max-age={_CACHE_SECONDS}",
    ]
    kinds = {"atom": "application/atom+xml", "xml": "application/rss+xml", "json": "application/feed+json"}
    for suffix, kind in kinds.items():
        lines += [f"/*.{suffix}", f"  Content-Type: {kind}; charset=utf-8"]
    if site.hub:
        lines += ["/*.atom", f'  Link: <{site.hub}>; rel="hub"']
    return "\n".join(lines) + "\n"


def _htaccess(site: Site) -> str:
    """Return Apache's file; every module it asks for may be absent."""
    lines = [
        "AddDefaultCharset utf-8",
        "<IfModule mod_mime.c>",
        "  AddType application/atom+xml .atom",
        "  AddType application/feed+json .json",
        "</IfModule>",
        '<FilesMatch "\\.xml$">',
        "  ForceType application/rss+xml",
        "</FilesMatch>",
        "<IfModule mod_headers.c>",
        f"  Header set Content-Security-Policy \"{POLICY}; frame-ancestors 'none'\"",
        '  Header set X-Content-Type-Options "nosniff"',
        '  Header set Referrer-Policy "no-referrer"',
        '  Header set Access-Control-Allow-Origin "*"',
        f'  Header set Cache-Control "public, max-age={_CACHE_SECONDS}"',
        "</IfModule>",
    ]
    below = urlsplit(site.url).path  # Apache's paths begin at the host
    moved = [f"Redirect permanent {below}{old} {site.url}{new}" for old, new in _moved(site)]
    if moved:
        lines += ["<IfModule mod_alias.c>", *(f"  {line}" for line in moved), "</IfModule>"]
    return "\n".join(lines) + "\n"


def _redirects(site: Site) -> str:
    """Return Netlify's and Cloudflare Pages' file of redirects."""
    return "".join(f"/{old} /{new} 301\n" for old, new in _moved(site))


def _moved(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the path of every document of a removed feed that another follows, and that one's."""
    for old, new in sorted(site.redirects.items()):
        for form in site.formats:
            yield f"{old}{SUFFIX[form]}", f"{new}{SUFFIX[form]}"

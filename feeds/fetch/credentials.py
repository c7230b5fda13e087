"""Secrets: taken from the environment at the last moment, told to one origin, never shown."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from feeds.model import Source

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Said by the program itself; a source that sets them would break its manners or its framing.
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "referer"})


class MissingVariableError(Exception):
    """A setting names a variable that the environment does not have."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credentials:
    """Headers for one origin, and the secret texts that no line may show."""

    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Return `text` with its ${VARIABLES} filled in; MissingVariableError names the one that is not there."""

    def value(match: re.Match[str]) -> str:
        try:
            return environment[match[1]].strip()
        except KeyError:
            raise MissingVariableError(f"${{{match[1]}}} is not set in the environment") from None

    return _VARIABLE.sub(value, text)


def of(source: Source, environment: Mapping[str, str]) -> Credentials:
    """Return what `source` shows of itself to its own origin; MissingVariableError when it cannot."""
    username, password = source.username, source.password
    if "@" in source.url:
        url = httpx.URL(source.url)
        username = username if username is not None else url.username or None
        password = password if password is not None else url.password
    if username is None and not source.headers:
        return Credentials()
    headers: list[tuple[str, str]] = []
    secrets: list[str] = []
    if username is not None:
        pair = f"{expand(username, environment)}:{expand(password or '', environment)}"
        packed = base64.b64encode(pair.encode()).decode("ascii")
        headers.append(("Authorization", f"Basic {packed}"))
        secrets += [packed, pair.partition(":")[2]]
    for name, written in source.headers.items():
        value = expand(written, environment)
        if any(character in name + value for character in "\r\n\0"):
            raise MissingVariableError(f"header {name!r} holds a line break")
        if name.lower() in _OURS:
            raise MissingVariableError(f"header {name!r} is not for a source to set")
        headers.append((name, value))
        secrets += [value, *value.split()[1:]]
    return Credentials(headers=tuple(headers), secrets=tuple(secret for secret in secrets if len(secret) >= 4))


def same_origin(home: httpx.URL, there: httpx.URL) -> bool:
    """Return whether secrets of `home` may be told `there`: same host and port, or its move to https."""
    if home.host != there.host:
        return False
    if (home.scheme, _port(home)) == (there.scheme, _port(there)):
        return True
    return (home.scheme, _port(home), there.scheme, _port(there)) == ("http", 80, "https", 443)


def hide(line: str, secrets: tuple[str, ...]) -> str:
    """Return a line for people without any of the secret texts."""
    for secret in secrets:
        line = line.replace(secret, "***")
    return line


def shown(url: httpx.URL) -> str:
    """Return a URL as a line may show it: without user, password and query."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)

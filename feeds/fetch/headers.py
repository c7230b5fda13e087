"""What a request says and what an answer's headers mean (RFC 9110, RFC 9111, RFC 6585)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from feeds.model import Validators

RawHeaders = Sequence[tuple[bytes, bytes]]
_SECONDS = re.compile(r"\s*\"?(\d+)(?:\.\d+)?\"?\s*")
_MAX_DIGITS = 12  # of seconds: 30,000 years
_MEMBER = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*(?:"|$))+')  # a comma may stand within quotes (RFC 9110 5.6.1)
_EQUALS = re.compile(r"\s*=\s*")
_MAX = timedelta(days=3650)


def first(headers: RawHeaders, name: bytes) -> str | None:
    """Return the first field of that name, None when it is missing or empty; a character stands for a byte."""
    for key, value in headers:
        if key.lower() == name:
            return value.decode("latin-1").strip(" \t") or None
    return None


def joined(headers: RawHeaders, name: bytes) -> str:
    """Return a field that is a list, however many lines it is on (RFC 9110 5.3)."""
    return ",".join(value.decode("latin-1") for key, value in headers if key.lower() == name)


def location(headers: RawHeaders) -> str | None:
    """Return where a redirect leads, None when it does not say; bytes that are not UTF-8 are asked for as bytes."""
    written = first(headers, b"location")
    if written is None or written.isascii():
        return written
    octets = written.encode("latin-1")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)


def validators(headers: RawHeaders) -> Validators:
    """Return ETag and Last-Modified as they came, opaque (RFC 9110 8.8), a character for a byte."""
    return Validators(etag=first(headers, b"etag"), last_modified=first(headers, b"last-modified"))


def conditions(known: Validators) -> list[tuple[bytes, bytes]]:
    """Return the request fields that ask for a document only if it changed (RFC 9110 13.1): the bytes that came."""
    said: list[tuple[bytes, bytes]] = []
    if known.etag is not None:
        said.append((b"If-None-Match", known.etag.encode("latin-1", "replace")))
    if known.last_modified is not None:
        said.append((b"If-Modified-Since", known.last_modified.encode("latin-1", "replace")))
    return said


def fresh_for(headers: RawHeaders, *, now: datetime) -> timedelta | None:
    """Return how long the answer says it stays fresh, None when it does not say (RFC 9111 4.2)."""
    directives = [_EQUALS.sub("=", part.strip().lower()) for part in _MEMBER.findall(joined(headers, b"cache-control"))]
    age_s = _seconds(first(headers, b"age")) or 0
    for directive in directives:
        if directive.startswith("max-age="):
            seconds = _seconds(directive.partition("=")[2])
            if seconds is not None:
                return min(max(timedelta(seconds=seconds - age_s), timedelta()), _MAX)
    if "no-cache" in directives or "no-store" in directives:
        return timedelta()
    expires = first(headers, b"expires")
    if expires is None:
        return None
    moment = _date(expires)
    if moment is None:
        return timedelta()  # RFC 9111 5.3: "0" and the like mean already expired
    return _until(moment, headers, now=now)


def retry_after(headers: RawHeaders, *, now: datetime) -> timedelta | None:
    """Return what Retry-After asks for, in either of its forms (RFC 9110 10.2.3)."""
    text = first(headers, b"retry-after")
    if text is None:
        return None
    seconds = _seconds(text)
    if seconds is not None:
        return min(timedelta(seconds=seconds), _MAX)
    moment = _date(text)
    return None if moment is None else _until(moment, headers, now=now)


def _until(moment: datetime, headers: RawHeaders, *, now: datetime) -> timedelta:
    """From now to `moment`; where the server's clock and ours disagree, the shorter wait that is one."""
    ours = moment - now
    date = _date(first(headers, b"date") or "")
    theirs = ours if date is None else moment - date
    ahead = [span for span in (ours, theirs) if span > timedelta()]
    return min([*ahead, _MAX]) if ahead else timedelta()


def _seconds(text: str | None) -> int | None:
    match = _SECONDS.fullmatch(text or "")
    return int(match[1].lstrip("0")[:_MAX_DIGITS] or 0) if match else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

"""Serves the sample sources on loopback, as publishers of every temper would."""

import hashlib
import json
import re
import string
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

MEDIA_TYPES = MappingProxyType(
    {
        "atom": "application/atom+xml",
        "html": "text/html; charset=utf-8",
        "json": "application/feed+json",
        "rdf": "application/rdf+xml",
        "rss": "application/rss+xml",
    }
)
# An address that moved for good, and one whose server has collapsed.
MOVED = MappingProxyType({"/bogaz-eski.rss": "/bogaz.rss"})
COLLAPSED = frozenset({"/collapsed.rss"})

# {{rfc822 -3h +0500}} is three hours ago on a clock in Astana; {{base}} is where we are served.
PLACEHOLDER = re.compile(rb"\{\{(base|(rfc822|rfc3339) -(\d+)h ([+-])(\d\d)(\d\d))\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One document as it is served."""

    body: bytes
    media_type: str
    etag: str
    last_modified: str


class Press:
    """The running server: where it is, and the hand that turns the page."""

    def __init__(self, *, base_url: str, now: datetime) -> None:
        self.base_url = base_url
        self._first = _samples("sources", base_url=base_url, now=now, modified=now)
        self._second = self._first | _samples("update", base_url=base_url, now=now, modified=now + timedelta(minutes=1))
        self._samples = self._first

    def advance(self) -> None:
        """Serve the second answers from now on: one title corrected, one entry more."""
        self._samples = self._second

    def sample(self, path: str) -> Sample | None:
        """Return what is served at a path such as `/ala-too.atom`, or None."""
        return self._samples.get(path)


@contextmanager
def serve(*, now: datetime, port: int = 0) -> Iterator[Press]:
    """Serve the samples on 127.0.0.1 until the block ends, dated around `now`.

    Port 0 takes a free one. The same `now` and port give the same bytes.
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler)
    press = Press(base_url=f"http://127.0.0.1:{server.server_address[1]}", now=now)
    server.RequestHandlerClass = _handler(press)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield press
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def config_text(base_url: str, folder: Path, *, site_url: str = "http://127.0.0.1:8080/") -> str:
    """Return the config.yaml of the demo: sources at `base_url`, state and output under `folder`."""
    template = string.Template(_here().joinpath("config.yaml").read_text(encoding="utf-8"))
    # A JSON string is a YAML string, whatever the path holds.
    return template.substitute(
        base=base_url,
        public=json.dumps(str(folder / "public")),
        store=json.dumps(f"sqlite:///{folder / 'feeds.db'}"),
        site_url=json.dumps(site_url),
    )


def _here() -> Traversable:
    return resources.files("feeds.demo")


def _samples(folder: str, *, base_url: str, now: datetime, modified: datetime) -> dict[str, Sample]:
    samples = {}
    for file in _here().joinpath(folder).iterdir():
        media_type = MEDIA_TYPES.get(file.name.rpartition(".")[2])
        if media_type is None:
            continue
        body = _dated(file.read_bytes(), base_url=base_url, now=now)
        samples[f"/{file.name}"] = Sample(
            body=body,
            media_type=media_type,
            etag=f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"',
            last_modified=format_datetime(modified.astimezone(UTC), usegmt=True),
        )
    return samples


def _dated(body: bytes, *, base_url: str, now: datetime) -> bytes:
    """Fill the placeholders; on bytes, so that a file keeps the encoding it declares."""

    def fill(found: re.Match[bytes]) -> bytes:
        whole, kind, hours, sign, zone_hours, zone_minutes = (part and part.decode() for part in found.groups())
        if whole == "base":
            return base_url.encode()
        zone = datetime.strptime(f"{sign}{zone_hours}{zone_minutes}", "%z").tzinfo
        then = (now - timedelta(hours=int(hours))).replace(second=0, microsecond=0).astimezone(zone)
        return (then.isoformat() if kind == "rfc3339" else format_datetime(then)).encode()

    return PLACEHOLDER.sub(fill, body)


def _handler(press: Press) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            sample = press.sample(path)
            if path in COLLAPSED:
                self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"Content-Type": "text/plain"}, b"database is down\n")
            elif path in MOVED:
                self._answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": press.base_url + MOVED[path]})
            elif sample is None:
                self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"no such feed\n")
            elif self._holds(sample):
                self._answer(HTTPStatus.NOT_MODIFIED, _validators(sample))
            else:
                self._answer(HTTPStatus.OK, _validators(sample) | {"Content-Type": sample.media_type}, sample.body)

        def _holds(self, sample: Sample) -> bool:
            """RFC 9110 13.2.2: If-None-Match, where there is one, decides alone."""
            tags = self.headers.get("If-None-Match")
            if tags is not None:
                return sample.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return self.headers.get("If-Modified-Since") == sample.last_modified

        def _answer(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing: the demo's own summary is what a person reads."""

    return Handler


def _validators(sample: Sample) -> dict[str, str]:
    return {"ETag": sample.etag, "Last-Modified": sample.last_modified}

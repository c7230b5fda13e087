"""A small web server for looking at the output on this machine; a web host serves it to others."""

import contextlib
import io
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import click

from feeds.cli.answering import Searching
from feeds.errors import FeedsError
from feeds.render import search

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # what the editor searches for is nobody's business
    "Cache-Control": "no-store",
}
# A page elsewhere whose name is made to lead here must not read what is not published.
OURSELVES = frozenset(("127.0.0.1", "localhost", "::1"))


class _Handler(SimpleHTTPRequestHandler):
    """Files of the output with their right types; the status pages; answers to queries."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def __init__(
        self, *args: object, folder: Path, private: Path | None, searching: Searching | None, **options: object
    ) -> None:
        self._private, self._searching = private, searching
        super().__init__(*args, directory=str(folder), **options)  # type: ignore[arg-type]

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        asked = urlsplit(self.path)
        if self._searching is not None and self._for_us():
            if asked.path == "/search":
                reply = self._searching.reply(asked.query)
                return self._answer(reply.status, reply.body, policy=search.POLICY)
            index = Path(self.directory) / "index.html"
            if asked.path in {"/", "/index.html"} and index.is_file():
                status = self._private is not None and (self._private / "status.html").is_file()
                return self._answer(200, self._searching.index(index.read_bytes(), status=status))
        return super().send_head()

    def _for_us(self) -> bool:
        """Tell whether the request is meant for this machine, by the name that the browser used."""
        with contextlib.suppress(ValueError):
            return urlsplit(f"//{self.headers.get('Host', '')}").hostname in OURSELVES
        return False

    def _answer(self, status: int, body: bytes, *, policy: str | None = None) -> io.BytesIO:
        self.send_response(HTTPStatus(status))
        headers = {"Content-Type": TYPES[".html"], "Content-Length": str(len(body))} | HEADERS
        if policy is not None:
            headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        return io.BytesIO(body)

    def translate_path(self, path: str) -> str:
        public = super().translate_path(path)
        if self._private is None or Path(public).exists() or not self._for_us():
            return public
        private = self._private / Path(public).relative_to(self.directory)
        return str(private) if private.is_file() else public

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is the editor's."""


def server(
    folder: Path, *, port: int, private: Path | None = None, searching: Searching | None = None
) -> ThreadingHTTPServer:
    """Return a server of `folder` on loopback, not yet running; port 0 takes any that is free.

    `private` holds the status pages; `searching` answers /search, and the index it serves links to it.
    """
    if not folder.is_dir():
        raise FeedsError(f"{folder} is not there yet: `feeds once` writes it")
    handler = partial(_Handler, folder=folder, private=private, searching=searching)
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as exc:
        raise FeedsError(f"port {port} cannot be used: {exc.strerror}; `--port 0` takes any that is free") from exc


def forever(folder: Path, *, port: int, private: Path | None = None, searching: Searching | None = None) -> None:
    """Serve until Ctrl-C."""
    serving = server(folder, port=port, private=private, searching=searching)
    click.echo(f"serving {folder} at http://127.0.0.1:{serving.server_address[1]}/  (Ctrl-C ends)")
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    with contextlib.suppress(KeyboardInterrupt):
        thread.join()
    serving.shutdown()
    serving.server_close()

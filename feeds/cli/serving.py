"""A small web server for looking at the output on this machine; a web host serves it to others."""

import contextlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from feeds.errors import FeedsError

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


class _Handler(SimpleHTTPRequestHandler):
    """Files of the output, then those of the private folder (status pages), with their right types."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def __init__(self, *args: object, folder: Path, private: Path | None, **options: object) -> None:
        self._private = private
        super().__init__(*args, directory=str(folder), **options)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        public = super().translate_path(path)
        if self._private is None or Path(public).exists():
            return public
        private = self._private / Path(public).relative_to(self.directory)
        return str(private) if private.is_file() else public

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is the editor's."""


def server(folder: Path, *, port: int, private: Path | None = None) -> ThreadingHTTPServer:
    """Return a server of `folder` on loopback, not yet running; port 0 takes any that is free."""
    if not folder.is_dir():
        raise FeedsError(f"{folder} is not there yet: `feeds once` writes it")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, folder=folder, private=private))
    except OSError as exc:
        raise FeedsError(f"port {port} cannot be used: {exc.strerror}; `--port 0` takes any that is free") from exc


def forever(folder: Path, *, port: int, private: Path | None = None) -> None:
    """Serve until Ctrl-C."""
    serving = server(folder, port=port, private=private)
    click.echo(f"serving {folder} at http://127.0.0.1:{serving.server_address[1]}/  (Ctrl-C ends)")
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    with contextlib.suppress(KeyboardInterrupt):
        thread.join()
    serving.shutdown()
    serving.server_close()

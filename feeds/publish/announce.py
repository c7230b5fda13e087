"""Word of what changed: a ping to the WebSub hub, and the editor's own command."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import httpx

from feeds.errors import PublishError

_PING_SECONDS = 10.0
_COMMAND_SECONDS = 600.0
_FEEDS = (".atom", ".xml", ".json")


def ping(hub: str, site_url: str, written: Iterable[str], *, client: httpx.Client | None = None) -> None:
    """Tell the hub which feeds changed (WebSub 0.4 6, "publish"). Raises PublishError; nothing is lost by it."""
    changed = [site_url + path for path in written if path.endswith(_FEEDS) and not path.startswith("archive/")]
    if not changed:
        return
    form = {"hub.mode": "publish", "hub.url": changed}
    try:
        with client or httpx.Client(timeout=_PING_SECONDS) as session:
            session.post(hub, data=form).raise_for_status()
    except httpx.HTTPError as exc:
        raise PublishError(f"{hub}: the hub did not take the ping: {exc}") from exc


def after(command: str, folder: Path, written: Iterable[str], removed: Iterable[str] = ()) -> None:
    """Run the editor's command in a shell, after something changed.

    It finds the folder in FEEDS_FOLDER and what changed on its standard input, a path a line.
    Raises PublishError with the command's last line of complaint.
    """
    changed = "".join(f"{path}\n" for path in (*written, *removed))
    environment = {**os.environ, "FEEDS_FOLDER": str(folder.resolve())}
    try:
        # A shell, because the editor writes the line in config.yaml as in a terminal: it is theirs, not a feed's.
        done = subprocess.run(  # noqa: S602
            command,
            shell=True,
            input=changed,
            capture_output=True,
            text=True,
            env=environment,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise PublishError(f"publish.after: stopped after {_COMMAND_SECONDS:.0f} s: {command}") from exc
    if done.returncode:
        complaint = (done.stderr or done.stdout).strip().rsplit("\n", 1)[-1]
        raise PublishError(f"publish.after: exit {done.returncode}: {complaint or command}")

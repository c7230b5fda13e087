"""What tells two states of the site apart, and two versions of what makes it."""

import hashlib
from functools import cache
from importlib import resources


def fingerprint(*parts: object) -> str:
    """Return a short digest of what tells two states apart; order matters."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


@cache
def program() -> str:
    """Return a digest of what curates and renders: another version of the program may write other bytes."""
    ours = hashlib.blake2b(digest_size=16)
    root = resources.files("feeds")
    ways = ("curate", "press", "query", "render", "render/templates", "data/i18n", "data/map")
    folders = [root.joinpath(*way.split("/")) for way in ways]
    for folder in folders:
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.is_file() and not file.name.endswith(".pyc"):
                ours.update(file.name.encode() + b"\0" + file.read_bytes())
    return ours.hexdigest()

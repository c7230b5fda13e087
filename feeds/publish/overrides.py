"""What the editor puts in the place of ours: templates and interface languages, as files of a folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feeds.errors import PublishError


def templates(folder: Path | None) -> dict[str, str]:
    """Return the editor's own templates (`*.html`), by name. Raises PublishError."""
    return _files(folder, ".html")


def translations(folder: Path | None) -> dict[str, Mapping[str, Any]]:
    """Return the editor's own phrases (`kk.json` ...), by language. Raises PublishError."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, body in _files(folder, ".json").items():
        try:
            phrases = json.loads(body)
        except ValueError as exc:
            raise PublishError(f"{name}: not JSON: {exc}") from exc
        if not isinstance(phrases, dict):
            raise PublishError(f"{name}: not a JSON object of phrases")
        found[name.removesuffix(".json")] = phrases
    return found


def _files(folder: Path | None, suffix: str) -> dict[str, str]:
    if folder is None:
        return {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == suffix)
        return {path.name: path.read_text("utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as exc:
        raise PublishError(f"{folder}: {exc}") from exc

"""What was published from which inputs; losing it costs one pass of comparing and changes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feeds.publish import landing

_VERSION = 1


@dataclass(slots=True)
class Ledger:
    """What was published from which inputs, and small things worth not working out again."""

    path: Path | None = None  # None: remembered by nobody
    files: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # path -> inputs, bytes, mtime in ns
    notes: dict[str, Any] = field(default_factory=dict)  # JSON values, by a key of the caller's
    _asked: set[str] = field(default_factory=set)
    _dirty: bool = False

    def recall(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what is noted under a key ("kind:name"), made when it is not.

        When a kind is asked for in a pass, its keys that nobody asked for are forgotten by `save`.
        """
        self._asked.add(key)
        if key not in self.notes:
            self.notes[key] = make()
            self._dirty = True
        return self.notes[key]

    def save(self) -> None:
        """Write the ledger where it was read from, if it changed."""
        kinds = {key.split(":")[0] for key in self._asked}
        for key in [key for key in self.notes if key.split(":")[0] in kinds and key not in self._asked]:
            del self.notes[key]
            self._dirty = True
        if not (self._dirty and self.path):
            return
        whole = {"version": _VERSION, "files": self.files, "notes": self.notes}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        landing.replace(self.path, json.dumps(whole, separators=(",", ":")).encode())
        self._dirty = False

    def record(self, path: str, known: tuple[str, int, int]) -> None:
        """Remember what a file was made of."""
        if self.files.get(path) != known:
            self.files[path] = known
            self._dirty = True

    def forget(self, path: str) -> None:
        """Forget a file that is no longer published."""
        self._dirty = self.files.pop(path, None) is not None or self._dirty


def ledger(path: Path) -> Ledger:
    """Return the ledger of a file; an empty one where it is absent, torn or of another version."""
    try:
        whole = json.loads(path.read_bytes())
        if whole["version"] != _VERSION:
            return Ledger(path)
        files = {name: (str(known[0]), int(known[1]), int(known[2])) for name, known in whole["files"].items()}
        return Ledger(path, files, dict(whole["notes"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Ledger(path)

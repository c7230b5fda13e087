"""The editor's hand as a plain file: a dated list of decisions that people review and commands add to.

Decisions are only ever appended, so the file is its own log, and what stands in it, comments included,
stays as it is. `unhide`, `unpin` and `release` undo; `withdraw` is not undone by a command.
"""

import contextlib
import difflib
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from feeds import regions
from feeds.curate import ACTS, Act, Decision, Hand
from feeds.errors import ConfigError
from feeds.regions import Custom

_HEAD = "# What the editor decided by hand, oldest first. Commands add at the end; edit it as you like.\n"
_NO_CUSTOM = Custom()
_KEYS = frozenset(
    {"at", "act", "entry", "links", "topic", "source", "text", "regions", "themes", "doubtful", "by", "why"}
)


def load(path: Path, *, custom: Custom = _NO_CUSTOM) -> Hand:
    """Return the decisions of a file; of one that is not there, none. Raises ConfigError with every mistake.

    `custom` has the editor's own regions: a correction to KZ counts for every set KZ is in.
    """
    try:
        written = path.read_text("utf-8")
    except FileNotFoundError:
        return Hand()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(str(path), (f"cannot be read: {exc}",)) from exc
    return _parsed(written, str(path), custom)


def says_none(path: Path) -> bool:
    """Say whether a file tells outright that there are no decisions: with a line `[]`."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return "[]" in map(str.strip, path.read_text("utf-8").splitlines())
    return False


def _parsed(written: str, path: str, custom: Custom) -> Hand:
    from feeds.config import places  # noqa: PLC0415 YAML, which a desk without decisions does not need

    try:
        tree = places.read(written)
    except places.SyntaxMistake as exc:
        raise ConfigError(path, (f"line {exc.line}: {exc}",)) from exc
    if tree.value and not isinstance(tree.value, list):
        raise ConfigError(path, (f"line {tree.line(())}: is not a list of decisions",))
    decisions, mistakes = [], [(line, f"{key}: is here twice") for line, key in tree.repeated]
    for number, one in enumerate(tree.value if isinstance(tree.value, list) else ()):
        line = tree.line((number,))
        try:
            decisions.append(replace(_decision(one), line=line))
        except (KeyError, TypeError, ValueError) as exc:
            mistakes.append((line, str(exc.args[0] if exc.args else exc)))
    if mistakes:
        raise ConfigError(path, tuple(f"line {line}: {what}" for line, what in sorted(mistakes)))
    slugs = {slug for decision in decisions for slug in decision.regions or ()}
    return Hand(decisions=tuple(decisions), above={slug: regions.above(slug.upper(), custom) for slug in slugs})


def _decision(line: Any) -> Decision:
    if not isinstance(line, dict) or (unknown := sorted(str(key) for key in line if key not in _KEYS)):
        raise ValueError(
            "is no decision; write {at: …, act: …, entry: …}" if not isinstance(line, dict) else _unknown(unknown[0])
        )
    act = line.get("act")
    if act not in ACTS:
        raise ValueError(f"act is one of {', '.join(ACTS)}, not {act}")
    if not line.get("entry") and (act not in {"hold", "release"} or not (line.get("topic") or line.get("source"))):
        raise ValueError(f"{act} of what? entry is missing")
    return Decision(
        at=_moment(line.get("at")),
        act=cast(Act, act),
        regions=_slugs(line, "regions"),
        themes=_slugs(line, "themes"),
        doubtful=bool(line.get("doubtful", False)),
        entry=_text(line, "entry"),
        links=_links(line),
        topic=_text(line, "topic"),
        source=_text(line, "source"),
        text=_text(line, "text"),
        by=_text(line, "by"),
        why=_text(line, "why"),
    )


def _text(line: Mapping[str, Any], key: str) -> str | None:
    return None if line.get(key) is None else str(line[key])


def _links(line: Mapping[str, Any]) -> tuple[str, ...]:
    value = line.get("links") or ()
    return (value,) if isinstance(value, str) else tuple(map(str, value))


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, sorted(_KEYS), n=1)
    return f"does not know `{key}`" + (
        f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(sorted(_KEYS))}"
    )


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise ValueError("at is not a date")  # noqa: TRY004 a mistake of the file, as the others
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _slugs(line: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    value = line.get(key)
    if value is None:
        return None
    return tuple(
        str(slug).lower() for slug in (value if isinstance(value, list) else str(value).replace(",", " ").split())
    )


def record(path: Path, decision: Decision, *, custom: Custom = _NO_CUSTOM) -> Hand:
    """Add a decision at the end of the file, all or nothing, and return what now holds."""
    import yaml  # noqa: PLC0415 as above

    head = path.read_text("utf-8") if path.exists() else _HEAD
    lines = {"at": f"{decision.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "act": decision.act}
    values = {key: getattr(decision, key) for key in ("entry", "topic", "source", "text", "doubtful", "by", "why")}
    listed = {key: list(value) for key in ("regions", "themes") if (value := getattr(decision, key)) is not None}
    listed |= {"links": list(decision.links)} if decision.links else {}
    written = yaml.safe_dump(
        [lines | {key: value for key, value in values.items() if value} | listed],
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    whole = head + ("" if not head or head.endswith("\n") else "\n") + written
    hand = _parsed(whole, str(path), custom)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return hand
